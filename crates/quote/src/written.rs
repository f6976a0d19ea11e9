//! Words in marks that nobody says in a story: what stands written (“the note ran: …”), and what is sung or
//! recited.

use dixit_document::{Mode, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::marks::{MarkedSpan, is_verse};

/// The longest stanza, in bytes.
const STANZA: usize = 10_000;

/// What may stand before a line of verse.
const OPENING: [char; 10] = ['"', '“', '”', '\'', '‘', '’', '«', '‹', '„', '_'];

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
    let end = span.outer.end();
    if told_after(text, layout, Span::new(end, own.end().max(end))) {
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
    let leads_up = any(last(6), &["ran", "runs"]) || any(last(8), PAPERS) && !any(last(8), HEARD);
    any(last(6), WRITES)
        || ends_with_colon(lead.of(text)) && leads_up
        || ends(["as", "follows"]) && any(&words, RAN)
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

/// Whether marked words stand in a paragraph of verse.
fn is_stanza(text: &str, layout: &Layout, span: &MarkedSpan) -> bool {
    let paragraph = layout
        .paragraph_at(span.outer.start())
        .and_then(|index| layout.paragraphs.get(index));
    let Some(paragraph) = paragraph.filter(|paragraph| paragraph.len() <= STANZA) else {
        return false;
    };
    let lines = || paragraph.of(text).lines();
    let opens = |line: &&str| line.trim_start().starts_with(['"', '“', '«', '„']);
    // A line for each turn of a dialogue is no verse.
    let turns = lines().skip(1).filter(opens).count() * 2 > lines().count();
    !turns && is_verse(paragraph.of(text), &OPENING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::marked_speech;

    /// The modes of the marked words of a text, where their cues are these words or none.
    fn modes(text: &str, cue: Option<&str>) -> Vec<Option<Mode>> {
        let layout = Layout::read(text);
        let cue = cue.map(|cue| crate::place(text, cue));
        marked_speech(text, &layout)
            .iter()
            .map(|span| mode(text, &layout, span, cue))
            .collect()
    }

    #[test]
    fn words_on_paper_are_written() {
        for text in [
            "It was labelled “Plum Jam” in red.",
            "She scrawled on the wall, “Row home.”",
            "There was a note on the table: “Row home.”",
            "His letter ran as follows:\n\n“Row home.”",
            "The card bore the words “Row home”.",
            "“Row home,” the telegram said.",
            "It ran in this way:--\n\n“Lost, a boat.”",
        ] {
            assert_eq!(modes(text, None), [Some(Mode::Writing)], "{text}");
        }
        assert_eq!(
            modes("“Row home,” Una read.", Some("read")),
            [Some(Mode::Writing)]
        );
    }

    #[test]
    fn words_that_are_said_are_not() {
        for text in [
            "She wrote busily on her slate. “Row home,” she said.",
            "Una held the letter up, and Zoë said: “Row home.”",
            "She heard the words “Row home.”",
            "He left a note.\n\n“Row home,” said Una.",
            "“Row home,” said Una. The letter was wet.",
        ] {
            assert_eq!(modes(text, None), [None], "{text}");
        }
        let far = "“Row home.”\n\nHe sang it.";
        assert_eq!(
            modes(far, Some("sang")),
            [None],
            "the cue of another paragraph"
        );
    }

    #[test]
    fn what_is_sung_or_set_in_verse_is_neither() {
        assert_eq!(
            modes("Zoë sang, “Row home.”", Some("sang")),
            [Some(Mode::Other)]
        );
        // Lines broken at a width, so that a verse is one paragraph.
        let prose = "The harbour lay under the fog all morning, and nobody who had come down\n\
            from the hill could tell the boats from the stones that the winter had\n\
            left there.\n\n";
        let verse = "“The ferry rows,” the old man said,\n  “And nobody knows why;\n\
            The river has an iron bed,\n  The stars are in the sky.”";
        assert_eq!(
            modes(&(prose.repeat(3) + verse), None),
            [Some(Mode::Other); 2]
        );
        let turns = "“Row!”\n“Now?”\n“Now.”\n“Émile!”";
        assert!(
            modes(turns, None).iter().all(Option::is_none),
            "turns of a dialogue"
        );
    }
}
