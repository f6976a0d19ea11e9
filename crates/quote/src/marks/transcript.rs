//! Transcripts, interviews and plays: `NAME: words`.

use std::collections::HashMap;

use dixit_document::Span;
use dixit_tokenize::{Layout, Token, TokenKind};

use super::{Found, MarkStyle, MarkedSpan};

/// Words before a colon that name no speaker.
#[rustfmt::skip]
const NO_SPEAKERS: &[&str] = &[
    "note", "notes", "update", "updated", "correction", "source", "sources", "photo", "photos",
    "image", "video", "related", "read", "more", "see", "also", "watch", "listen", "tags",
    "tag", "copyright", "warning", "editor's", "editor’s", "share", "date", "time", "place",
    "subject", "to", "from", "cc", "re", "via", "breaking", "exclusive", "opinion", "analysis",
    "here", "today", "tip", "ps", "p.s", "p.s.", "example", "http", "https", "summary",
    "conclusion", "chapter", "part", "section", "figure", "table", "where", "when", "who",
    "what", "why", "how", "first", "second", "third", "price", "ingredients", "serves",
    "result", "results", "credit",
];

/// A paragraph that begins with a label.
#[derive(Clone, Copy)]
struct Turn {
    paragraph: usize,
    start: usize,
    label: Span,
    words: Span,
    capitals: bool,
}

pub(super) fn read(text: &str, layout: &Layout, found: &mut Found) {
    let mut turns: Vec<Turn> = layout
        .paragraphs
        .iter()
        .enumerate()
        .filter_map(|(index, &paragraph)| turn(text, layout, index, paragraph))
        .collect();
    if !is_custom(text, &turns) {
        return;
    }
    if is_headline(&turns) {
        turns.remove(0);
    }
    let first = turns.first().map_or(0, |turn| turn.paragraph);
    let last = turns.last().map_or(0, |turn| turn.paragraph);
    // Where nearly every paragraph has a label, those without one go on with the last turn.
    let dense = turns.len() * 5 >= (last - first + 1) * 3;
    let starts: HashMap<usize, usize> = found
        .spans
        .iter()
        .enumerate()
        .map(|(id, span)| (span.outer.start(), id))
        .collect();
    let following = turns.iter().skip(1).map(|turn| turn.paragraph).chain([0]);
    for (turn, next) in turns.iter().zip(following) {
        if marked(turn, &starts, found) {
            continue;
        }
        let mut previous = found.add(text, span(turn.label.cover(turn.words), turn, None));
        let following = turn.paragraph + 1..next.max(turn.paragraph + 1);
        for &paragraph in layout.paragraphs.get(following).unwrap_or(&[]) {
            if !dense || previous.is_none() || is_stage_direction(text, paragraph) {
                break;
            }
            let turn = Turn {
                words: paragraph,
                ..*turn
            };
            previous = found.add(text, span(paragraph, &turn, previous));
        }
    }
}

fn span(outer: Span, turn: &Turn, continues: Option<usize>) -> MarkedSpan {
    MarkedSpan {
        inner: turn.words,
        outer,
        style: MarkStyle::Transcript,
        closed: false,
        nested: false,
        continues,
        label: Some(turn.label),
    }
}

/// Gives the label to the span whose marks already hold the turn, if one does: `NAME: “words”`,
/// or `“NAME: words` in a transcript that is quoted as a whole.
fn marked(turn: &Turn, starts: &HashMap<usize, usize>, found: &mut Found) -> bool {
    let id = |start: usize| starts.get(&start).copied();
    if turn.start < turn.label.start()
        && let Some(span) = id(turn.start).and_then(|id| found.spans.get_mut(id))
        && span.inner.end() > turn.words.start()
    {
        span.inner = Span::new(turn.words.start(), span.inner.end());
        span.label = Some(turn.label);
        span.continues = None;
        return true;
    }
    if let Some(span) = id(turn.words.start()).and_then(|id| found.spans.get_mut(id))
        && span.outer.end() + 1 >= turn.words.end()
    {
        span.label = Some(turn.label);
        return true;
    }
    false
}

fn is_stage_direction(text: &str, paragraph: Span) -> bool {
    let words = paragraph.of(text);
    words.starts_with(['(', '[', '<', '*']) || !words.contains(char::is_lowercase)
}

/// Labels come back, or stand in capitals; a single line with a colon shows no custom.
fn is_custom(text: &str, turns: &[Turn]) -> bool {
    let mut labels: Vec<&str> = turns.iter().map(|turn| turn.label.of(text)).collect();
    labels.sort_unstable();
    labels.dedup();
    let returns = turns.len() - labels.len();
    if in_capitals(turns) {
        turns.len() >= 2 && (returns > 0 || turns.len() <= 4)
    } else {
        turns.len() >= 3 && returns > 0
    }
}

/// Whether the first turn is the headline of a transcript whose speakers stand in capitals:
/// `Finch: Nobody Rows at Night`, then `FINCH: …`.
fn is_headline(turns: &[Turn]) -> bool {
    let headline = |first: &Turn| first.paragraph == 0 && !first.capitals;
    in_capitals(turns) && turns.first().is_some_and(headline)
}

/// Whether most labels stand in capitals.
fn in_capitals(turns: &[Turn]) -> bool {
    let capitals = turns.iter().filter(|turn| turn.capitals).count();
    capitals * 2 > turns.len()
}

fn turn(text: &str, layout: &Layout, index: usize, paragraph: Span) -> Option<Turn> {
    let head = Span::new(
        paragraph.start(),
        (paragraph.start() + 90).min(paragraph.end()),
    );
    let tokens = layout.tokens_in(head);
    let opened = tokens
        .first()
        .is_some_and(|token| token.kind == TokenKind::Mark);
    let tokens = tokens.get(usize::from(opened)..)?;
    let colon = tokens.iter().position(|token| token.span.of(text) == ":")?;
    let mut label = tokens.get(..colon)?;
    // “SEN. MOSS (D-Ohio):” — what stands in brackets tells no more of the name.
    if let Some(bracket) = label
        .iter()
        .position(|token| matches!(token.span.of(text), "(" | "["))
    {
        label = label.get(..bracket)?;
    }
    if label.is_empty() || label.len() > 6 {
        return None;
    }
    let name = |token: &Token| {
        let word = token.span.of(text);
        match token.kind {
            TokenKind::Word => {
                word.starts_with(char::is_uppercase)
                    || matches!(word, "de" | "von" | "van" | "of" | "the" | "la" | "al")
            }
            TokenKind::Number => label.len() > 1,
            _ => matches!(word, "." | "," | "&"),
        }
    };
    let first = label.first()?.span;
    let known = NO_SPEAKERS.contains(&first.of(text).to_lowercase().as_str());
    if known || !label.iter().all(name) || !first.of(text).starts_with(char::is_uppercase) {
        return None;
    }
    let span = first.cover(label.last()?.span);
    let colon = tokens.get(colon)?.span;
    let gap = text.get(colon.end()..paragraph.end())?.chars().next()?;
    let words = super::trim(text, Span::new(colon.end(), paragraph.end()));
    if !gap.is_whitespace() || words.is_empty() {
        return None;
    }
    let capitals = !span.of(text).contains(char::is_lowercase);
    Some(Turn {
        paragraph: index,
        start: paragraph.start(),
        label: span,
        words,
        capitals,
    })
}
