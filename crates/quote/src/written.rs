//! Words in marks that nobody says in a story: what stands written (“the note ran: …”), and what is sung or
//! recited.

use dixit_document::{Mode, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::marks::MarkedSpan;

/// The longest line of verse, in bytes.
const LINE: usize = 70;

/// What writes.
#[rustfmt::skip]
const WRITES: &[&str] = &[
    "carved", "engraved", "headed", "inscribed", "labeled", "labelled", "painted", "printed",
    "scrawled", "scribbled", "telegraphed", "wired", "write", "writes", "writing", "written",
    "wrote",
];

/// What has words written on it.
#[rustfmt::skip]
const PAPERS: &[&str] = &[
    "advertisement", "card", "document", "epitaph", "heading", "headline", "inscription", "label",
    "letter", "message", "motto", "note", "notice", "paper", "placard", "postcard", "poster",
    "postscript", "scroll", "sign", "slip", "telegram",
];

/// What makes known words heard ones.
#[rustfmt::skip]
const HEARD: &[&str] = &[
    "catch", "caught", "hear", "heard", "murmured", "murmuring", "repeated", "said", "say",
    "shout", "shouted", "spoke", "spoken", "uttered",
];

/// What has the words that are named next.
const HOLDS: &[&str] = &[
    "bore",
    "consisted",
    "contained",
    "inscribed",
    "letters",
    "read",
    "which",
];

/// What letters do.
const RAN: &[&str] = &["ran", "read", "reads", "runs"];

/// What is done with written or recited words, where marked words with such a cue are no speech.
const READ: [&str; 5] = ["read", "reads", "writes", "written", "wrote"];
const SUNG: [&str; 8] = [
    "chanted", "recite", "recited", "sang", "sing", "singing", "sings", "sung",
];

/// How marked words of a story are meant that are not said: [`Mode::Writing`], or [`Mode::Other`] where they
/// are sung or recited.
pub(crate) fn mode(
    text: &str,
    layout: &Layout,
    span: &MarkedSpan,
    cue: Option<Span>,
) -> Option<Mode> {
    let paragraph = |at: Span| layout.paragraph_at(at.start());
    let cue = cue.filter(|&cue| paragraph(cue) == paragraph(span.outer));
    let cue = cue.map(|cue| cue.of(text).to_lowercase());
    let is = |words: &[&str]| cue.as_deref().is_some_and(|cue| words.contains(&cue));
    if is(&SUNG) || is_stanza(text, layout, span) {
        Some(Mode::Other)
    } else if is(&READ) || is_written(text, layout, span) {
        Some(Mode::Writing)
    } else {
        None
    }
}

/// Whether what stands around marked words tells that they are written.
fn is_written(text: &str, layout: &Layout, span: &MarkedSpan) -> bool {
    let index = layout.paragraph_at(span.outer.start());
    let paragraph = |index: usize| layout.paragraphs.get(index).copied();
    let own = index.and_then(paragraph).unwrap_or(span.outer);
    if told_after(text, layout, Span::new(span.outer.end(), own.end())) {
        return true;
    }
    let mut lead = Span::new(own.start(), span.outer.start().max(own.start()));
    if !lead.of(text).contains(char::is_alphanumeric) {
        // Words of a paragraph of their own may be led up to by the one above.
        let above = index.and_then(|index| paragraph(index.checked_sub(1)?));
        let Some(above) = above.filter(|above| ends_with_colon(above.of(text))) else {
            return false;
        };
        lead = above;
    }
    let leads = |c: char| c.is_alphanumeric() || matches!(c, ',' | ':' | '-' | '—' | '_');
    if !lead.of(text).trim_end().ends_with(leads) {
        return false;
    }
    let words = words(text, layout, within_sentence(layout, lead));
    let last = |count: usize| &words[words.len().saturating_sub(count)..];
    let ends = |with: [&str; 2]| words.ends_with(&with.map(str::to_owned));
    any(last(6), WRITES)
        || ends_with_colon(lead.of(text)) && any(last(8), PAPERS) && !any(last(8), HEARD)
        || ends(["as", "follows"]) && any(&words, RAN)
        || ends_with_colon(lead.of(text)) && any(last(6), &["ran", "runs"])
        || ends(["the", "words"]) && (any(&words, HOLDS) || any(&words, PAPERS))
}

/// Whether a letter or the like is said to have said what stands before: “…,” the note ran.
fn told_after(text: &str, layout: &Layout, after: Span) -> bool {
    let tokens = layout.tokens_in(after).iter();
    let words = tokens.filter(|token| token.kind != TokenKind::Punctuation);
    let words: Vec<String> = words
        .take(4)
        .map(|t| t.span.of(text).to_lowercase())
        .collect();
    let ran = |word: &String| matches!(word.as_str(), "ran" | "read" | "said");
    let at = words.iter().position(ran);
    at.is_some_and(|at| any(&words[..at], PAPERS))
}

fn any(words: &[String], among: &[&str]) -> bool {
    words.iter().any(|word| among.contains(&word.as_str()))
}

fn ends_with_colon(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '—'))
        .ends_with(':')
}

/// The part of a lead that belongs to its last sentence.
fn within_sentence(layout: &Layout, lead: Span) -> Span {
    let sentence = layout.sentences_in(lead).last();
    let start = sentence.map_or(lead.start(), |sentence| sentence.start());
    Span::new(start.max(lead.start()), lead.end())
}

/// The words of a span, in small letters.
fn words(text: &str, layout: &Layout, span: Span) -> Vec<String> {
    let tokens = layout.tokens_in(span).iter();
    let words = tokens.filter(|token| token.kind == TokenKind::Word);
    words
        .map(|token| token.span.of(text).to_lowercase())
        .collect()
}

/// Whether marked words stand in lines of verse: short ones that begin with capitals, set in where they are few.
fn is_stanza(text: &str, layout: &Layout, span: &MarkedSpan) -> bool {
    let paragraph = layout
        .paragraph_at(span.outer.start())
        .and_then(|index| layout.paragraphs.get(index));
    let Some(paragraph) = paragraph else {
        return false;
    };
    let mut lines = paragraph.of(text).lines();
    let short = |line: &str| line.len() <= LINE;
    let opens = |c: char| c.is_whitespace() || "\"“”'‘’«‹„_".contains(c);
    if !lines.next().is_some_and(short) {
        return false;
    }
    let (mut count, mut indented, mut marked) = (1, false, 0);
    for line in lines {
        let words = line.trim_start_matches(opens);
        if !short(line) || words.starts_with(char::is_lowercase) {
            return false;
        }
        count += 1;
        indented |= line.starts_with("  ") || line.starts_with('\t');
        // A line for each turn of a dialogue is no verse.
        marked += usize::from(line.trim_start().starts_with(['"', '“', '«', '„']));
    }
    count > 1 && (indented || count > 3) && marked * 2 <= count
}
