//! Paragraphs, by the custom that a text follows.
//!
//! News sets one paragraph a line. Books as plain text break their lines at a fixed width and
//! set a blank line, or an indentation, between paragraphs. The width tells them apart: where
//! lines are broken to fit, the first word of the next line would not have fitted.

use dixit_document::Span;

use crate::chars::{is_blank, is_close_bracket, is_dash, is_single, is_terminal, is_word};
use crate::mark::MarkKind;

/// How a text sets its paragraphs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Custom {
    /// Every line break ends a paragraph.
    #[default]
    Lines,
    /// Lines are broken at a fixed width; a blank line ends a paragraph.
    BlankLines,
    /// Lines are broken at a fixed width; an indented line begins a paragraph.
    Indents,
}

/// No typesetter breaks plain lines beyond this many bytes.
const WIDEST: usize = 120;

struct Line {
    /// What is not blank of it.
    span: Span,
    indent: usize,
    first_word: usize,
    /// Begins with a small letter.
    small: bool,
    /// Begins with a quotation mark.
    quotes: bool,
    /// Ends as a sentence does, or with a mark after it.
    ends: bool,
    /// Begins with a dash and what may be speech.
    speaks: bool,
    /// A line break alone, no blank line, parts it from the line before.
    joins: bool,
}

/// The paragraphs of a text without their outer blanks, and the custom they follow.
pub(crate) fn paragraphs(text: &str) -> (Vec<Span>, Custom) {
    let lines = lines(text);
    let custom = custom(&lines);
    let parted = custom == Custom::Lines && is_parted(text, &lines);
    let mut paragraphs: Vec<Span> = Vec::new();
    let mut ended = true;
    let mut interrupted = false;
    for line in &lines {
        let continues = line.joins
            && !(ended && line.speaks)
            && match custom {
                // A sentence a line: “said Una .” goes with the words before it, and with those
                // that she goes on with.
                Custom::Lines => parted && (line.small || interrupted && line.quotes),
                Custom::BlankLines => true,
                Custom::Indents => line.indent < 2,
            };
        match paragraphs.last_mut() {
            Some(last) if continues => *last = last.cover(line.span),
            _ => paragraphs.push(line.span),
        }
        ended = line.ends;
        interrupted = parted && interrupts(line.span.of(text));
    }
    (paragraphs, custom)
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut after_blank = true;
    for raw in text.split_inclusive(is_break) {
        let span = trimmed(raw, start);
        if span.is_empty() {
            // The line feed of CRLF ends no line of its own.
            let second_half = raw == "\n" && text.get(..start).is_some_and(|t| t.ends_with('\r'));
            after_blank |= !second_half;
        } else {
            let first_word = span.of(text).find(is_blank).unwrap_or(span.len());
            let indent = span.start() - start;
            let words = span.of(text);
            let ends = words.trim_end_matches(is_closing).ends_with(is_terminal);
            lines.push(Line {
                span,
                indent,
                first_word,
                small: words.starts_with(char::is_lowercase),
                quotes: words.starts_with(is_mark),
                ends,
                speaks: speaks(words),
                joins: !after_blank,
            });
            after_blank = raw.ends_with('\u{2029}');
        }
        start += raw.len();
    }
    lines
}

fn is_mark(c: char) -> bool {
    is_single(c) || MarkKind::of(c).is_some()
}

/// `“ … , ” said Una .`: few words behind a comma and a mark. What she says mostly goes on.
fn interrupts(line: &str) -> bool {
    let Some(at) = line.rfind(is_mark) else {
        return false;
    };
    let (before, behind) = line.split_at(at);
    let words = behind.split(is_blank).filter(|word| word.contains(is_word));
    before.trim_end_matches(is_blank).ends_with(',') && (1..=6).contains(&words.count())
}

/// Whether blanks part punctuation from the words before it, as in tokenised corpora.
fn is_parted(text: &str, lines: &[Line]) -> bool {
    let (mut loose, mut all) = (0_usize, 0_usize);
    for line in lines.iter().take(400) {
        let words = line.span.of(text);
        let mut before = 'a';
        for c in words.chars() {
            if matches!(c, ',' | '.' | '?') {
                all += 1;
                loose += usize::from(is_blank(before));
            }
            before = c;
        }
    }
    lines.len() >= 8 && loose * 5 > all * 4
}

fn is_closing(c: char) -> bool {
    is_close_bracket(c) || is_single(c) || MarkKind::of(c).is_some()
}

/// `— Where?` at the start of a line: a turn of its own, even where lines are broken to fit.
fn speaks(words: &str) -> bool {
    let rest = words.trim_start_matches(is_dash);
    rest.len() < words.len()
        && rest
            .chars()
            .find(|&c| is_word(c))
            .is_some_and(|c| !c.is_lowercase() && !c.is_numeric())
}

fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn trimmed(raw: &str, start: usize) -> Span {
    let left = raw.len() - raw.trim_start_matches(is_blank).len();
    let right = raw.trim_end_matches(is_blank).len();
    Span::new(start + left.min(right), start + right)
}

fn custom(lines: &[Line]) -> Custom {
    let pairs = || {
        lines
            .iter()
            .zip(lines.iter().skip(1))
            .filter(|(_, next)| next.joins)
    };
    let joins = pairs().count();
    if joins == 0 {
        return Custom::Lines;
    }
    // The width is what all but a few stray lines keep to.
    let mut widths: Vec<usize> = lines
        .iter()
        .map(|line| line.indent + line.span.len())
        .collect();
    widths.sort_unstable();
    let width = widths
        .get((widths.len() * 98 / 100).min(widths.len() - 1))
        .copied()
        .unwrap_or(0);
    if width > WIDEST {
        return Custom::Lines;
    }
    let full =
        |line: &Line, next: &Line| line.indent + line.span.len() + 1 + next.first_word + 3 > width;
    let indented = pairs().filter(|(_, next)| next.indent >= 2).count();
    let flush = || pairs().filter(|(_, next)| indented == joins || next.indent < 2);
    let fitted = flush().filter(|(line, next)| full(line, next)).count();
    // Lines that are broken to fit mostly end in mid-sentence.
    let cut = flush()
        .filter(|(line, next)| full(line, next) && !line.ends)
        .count();
    // Width says nothing of a handful of lines that differ little; those are lists or headings.
    if width < 40 || fitted * 2 < flush().count() || cut * 3 < flush().count() {
        return Custom::Lines;
    }
    let blanks = lines.len() - joins;
    if indented * 12 > joins && indented > blanks {
        Custom::Indents
    } else {
        Custom::BlankLines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<&str>, Custom) {
        let (spans, custom) = paragraphs(text);
        (
            spans.into_iter().map(|span| span.of(text)).collect(),
            custom,
        )
    }

    #[test]
    fn a_sentence_a_line_is_joined_where_it_certainly_goes_on() {
        let text = "Una sat , and Zoë stood .\n“ Is it late ? ”\nasked Zoë .\n“ It is , ” said Una .\n\
                    “ Go to bed . ”\nShe yawned .\nThe lamp went out .\n“ No ! ”\ncried Zoë .\n";
        let (paragraphs, custom) = read(text);
        assert_eq!(custom, Custom::Lines);
        assert_eq!(
            paragraphs,
            [
                "Una sat , and Zoë stood .",
                "“ Is it late ? ”\nasked Zoë .",
                "“ It is , ” said Una .\n“ Go to bed . ”",
                "She yawned .",
                "The lamp went out .",
                "“ No ! ”\ncried Zoë .",
            ]
        );
        let plain = text
            .replace(" .", ".")
            .replace(" ,", ",")
            .replace(" ?", "?");
        assert_eq!(read(&plain).0.len(), 9);
    }

    #[test]
    fn news_sets_one_paragraph_a_line() {
        let text = "Mayor Orla Finch resigned.\r\n“I am tired,” she said, and walked out of the \
                    hall where three hundred people had waited since the early morning for her.\r\n\
                    Nobody clapped.";
        assert_eq!(read(text).0.len(), 3);
        assert_eq!(read(text).1, Custom::Lines);
    }

    #[test]
    fn books_break_lines_to_a_width() {
        let text = "The ferry was late, and the three brothers stood on the pier in\n\
                    the rain without a word, as they had stood every Friday since\n\
                    the war.\n\n\
                    “It will come,” said Joost, who was the eldest and had said the\n\
                    same thing every Friday.\n";
        let (paragraphs, custom) = read(text);
        assert_eq!(custom, Custom::BlankLines);
        assert_eq!(paragraphs.len(), 2);
        assert!(paragraphs.first().is_some_and(|p| p.ends_with("the war.")));
    }

    #[test]
    fn some_books_indent_instead() {
        let text = "The ferry was late, and the three brothers stood on the pier in\n\
                    the rain without a word, as they had stood every Friday since\n\
                    the war.\n\
                    \u{20}   “It will come,” said Joost, who was the eldest and had said it\n\
                    every Friday of his life, whatever the weather.\n\
                    \u{20}   Nobody answered him, and the rain went on falling on the pier\n\
                    and on the sea.\n";
        let (paragraphs, custom) = read(text);
        assert_eq!(custom, Custom::Indents);
        assert_eq!(paragraphs.len(), 3);
    }

    #[test]
    fn blank_texts_have_none() {
        for text in ["", " \n\r\n\t", "\u{feff}\u{200b}"] {
            assert!(read(text).0.is_empty());
        }
    }

    #[test]
    fn windows_line_ends_are_one_break() {
        let text = "One.\r\nTwo.\r\n\r\nThree.";
        assert_eq!(read(text).0, ["One.", "Two.", "Three."]);
    }
}
