//! Names behind a dash that sign what stands before them: `“…” — Orla Finch`.

use dixit_document::Span;
use dixit_tokenize::{Layout, Token, TokenKind};

use super::{Found, MarkedSpan, cues};

/// How many words and marks a signature may have, with what tells of the person.
const LONGEST: usize = 20;

/// How many words a name may have.
const NAME: usize = 5;

/// Gives their signatures to spans in marks: in the same paragraph or alone in the next one.
pub(super) fn read(text: &str, layout: &Layout, found: &mut Found) {
    for span in found.spans.iter_mut().filter(|span| span.label.is_none()) {
        span.label = behind(text, layout, span);
    }
}

fn behind(text: &str, layout: &Layout, span: &MarkedSpan) -> Option<Span> {
    let from = span.outer.end();
    let line = text.get(from..)?.split('\n').next()?;
    if line.trim().is_empty() {
        let next = layout.paragraph_at(span.outer.start())? + 1;
        return below(text, layout, *layout.paragraphs.get(next)?);
    }
    // A full stop may end it here, where the dash follows the marks.
    let signed = line.trim_end();
    let signed = signed.strip_suffix('.').unwrap_or(signed);
    name(text, layout, Span::new(from, from + signed.len()))
}

/// Whose signature a paragraph is: `— Orla Finch (@orlaf) October 3`, a dash and a name, no sentence.
pub(super) fn below(text: &str, layout: &Layout, paragraph: Span) -> Option<Span> {
    if paragraph.of(text).ends_with(['.', '!', '?', ':', ';']) {
        return None;
    }
    name(text, layout, paragraph)
}

/// The byte of the last dash of a line that a signature may stand behind.
pub(super) fn dash(line: &str) -> Option<usize> {
    line.rfind(['—', '–', '―'])
}

/// What some lines say and whose name they end in, behind their last dash: `I never row. — Orla Finch`.
pub(super) fn at_end(
    text: &str,
    layout: &Layout,
    lines: Span,
    dash: usize,
) -> Option<(Span, Span)> {
    let words = text.get(lines.start()..dash)?.trim_end();
    if !words.ends_with(['.', '!', '?', '…']) {
        return None;
    }
    let signed = text.get(dash..lines.end())?.trim_end();
    let signed = signed.strip_suffix('.').unwrap_or(signed);
    let label = name(text, layout, Span::new(dash, dash + signed.len()))?;
    Some((Span::new(lines.start(), lines.start() + words.len()), label))
}

/// The name in words that begin with a dash and hold nothing but a name and what tells of it.
fn name(text: &str, layout: &Layout, signed: Span) -> Option<Span> {
    let words = signed.of(text).trim_start();
    let after = words.trim_start_matches(['—', '–', '―', '-']);
    if after.len() == words.len() {
        return None;
    }
    let tokens = layout.tokens_in(Span::new(signed.end() - after.len(), signed.end()));
    let word = |index: usize| tokens.get(index).map(|token| token.span.of(text));
    let says = |token: &Token| cues::is_cue(token.span.of(text));
    if tokens.len() > LONGEST || tokens.iter().any(says) {
        return None;
    }
    let length = tokens
        .iter()
        .take_while(|token| token.kind == TokenKind::Word)
        .take_while(|token| token.span.of(text).starts_with(char::is_uppercase))
        .count();
    let handle = tokens
        .iter()
        .any(|token| token.span.of(text).starts_with('@'));
    let ends = matches!(word(length), None | Some("," | "("));
    let named = handle && length > 0 || (2..=NAME).contains(&length);
    let (first, last) = (tokens.first()?, tokens.get(length.checked_sub(1)?)?);
    (ends && named).then(|| first.span.cover(last.span))
}
