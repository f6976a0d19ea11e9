//! Sentences: where a stop ends one, and what still belongs to it.

use dixit_document::Span;

use crate::abbreviation::{Abbreviation, abbreviation};
use crate::chars::{is_close_bracket, is_terminal};
use crate::mark::{Mark, MarkKind};
use crate::token::{Token, TokenKind};

/// The sentences of one paragraph's tokens, appended to `sentences`. `marks` are those of the
/// same paragraph, in order.
pub(crate) fn read(text: &str, tokens: &[Token], marks: &[Mark], sentences: &mut Vec<Span>) {
    let mut start = 0;
    let mut at = 0;
    let mut quoted = Quoted {
        marks,
        double: false,
    };
    while let Some(token) = tokens.get(at) {
        quoted.pass(token);
        at += 1;
        let Some(stop) = stop(text, tokens, at - 1, start) else {
            continue;
        };
        while let Some(next) = tokens
            .get(at)
            .filter(|next| quoted.closes(text, tokens, at, next))
        {
            quoted.pass(next);
            at += 1;
        }
        if ends(text, tokens, at, stop) {
            push(tokens, start, at, sentences);
            start = at;
        }
    }
    push(tokens, start, at, sentences);
}

fn push(tokens: &[Token], start: usize, end: usize, sentences: &mut Vec<Span>) {
    if let Some([first, .., last]) = tokens.get(start..end) {
        sentences.push(first.span.cover(last.span));
    } else if let Some([only]) = tokens.get(start..end) {
        sentences.push(only.span);
    }
}

/// Keeps count of straight double marks, which look alike at both ends.
struct Quoted<'m> {
    marks: &'m [Mark],
    double: bool,
}

impl Quoted<'_> {
    fn find(&self, token: &Token) -> Option<Mark> {
        let at = self
            .marks
            .partition_point(|mark| mark.span.start() < token.span.start());
        self.marks
            .get(at)
            .copied()
            .filter(|mark| mark.span == token.span)
    }

    fn pass(&mut self, token: &Token) {
        if token.kind == TokenKind::Mark
            && let Some(mark) = self.find(token)
            && mark.kind == MarkKind::DoubleStraight
        {
            self.double = if mark.can_open && mark.can_close {
                !self.double
            } else {
                mark.can_open
            };
        }
    }

    /// Whether a token after the stop still belongs to the sentence that it ends.
    fn closes(&self, text: &str, tokens: &[Token], at: usize, token: &Token) -> bool {
        let word = token.span.of(text);
        if word.chars().all(is_close_bracket) || matches!(word, "_" | "*") {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            return before.is_some_and(|before| before.span.end() == token.span.start())
                || word.chars().all(is_close_bracket);
        }
        if token.kind != TokenKind::Mark {
            return false;
        }
        let Some(mark) = self.find(token) else {
            return false;
        };
        match mark.kind {
            MarkKind::DoubleStraight if mark.can_open && mark.can_close => self.double,
            MarkKind::GuillemetLeft
            | MarkKind::GuillemetRight
            | MarkKind::AngleLeft
            | MarkKind::AngleRight => {
                let before = at.checked_sub(1).and_then(|at| tokens.get(at));
                before.is_some_and(|before| before.span.end() == token.span.start())
                    || tokens
                        .get(at + 1)
                        .is_none_or(|next| next.span.start() > token.span.end())
            }
            _ => mark.can_close && !mark.can_open,
        }
    }
}

/// What kind of stop a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// A full stop.
    Full,
    /// An exclamation or a question: speech may go on to its “he said”.
    Loud,
    /// An ellipsis.
    Trailing,
    /// An abbreviation's own stop.
    Short(Abbreviation),
}

fn stop(text: &str, tokens: &[Token], at: usize, start: usize) -> Option<Stop> {
    let token = tokens.get(at)?;
    let word = token.span.of(text);
    match token.kind {
        TokenKind::Punctuation if word.chars().all(is_terminal) => {
            // “1.” at the start of a line counts; it says nothing.
            let counter = at == start + 1
                && word == "."
                && tokens.get(start).is_some_and(|first| {
                    first.kind == TokenKind::Number
                        && first.span.len() <= 3
                        && first.span.end() == token.span.start()
                });
            if counter {
                None
            } else if word.contains(['!', '?', '！', '？']) {
                Some(Stop::Loud)
            } else if word.contains('…') || word.len() > 1 && word.is_ascii() {
                Some(Stop::Trailing)
            } else {
                Some(Stop::Full)
            }
        }
        TokenKind::Word if word.ends_with('.') => {
            let after = text.get(token.span.end()..).unwrap_or("");
            abbreviation(word.trim_end_matches('.'), after).map(Stop::Short)
        }
        _ => None,
    }
}

/// Whether a new sentence begins at token `at`, after a stop.
fn ends(text: &str, tokens: &[Token], at: usize, stop: Stop) -> bool {
    let Some(next) = tokens.get(at) else {
        return true;
    };
    let word = next.span.of(text);
    // Look through an opening mark or bracket at the word behind it.
    let behind = tokens
        .get(at..(at + 4).min(tokens.len()))
        .unwrap_or(&[])
        .iter()
        .find(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number));
    let begins = behind.map_or("", |token| token.span.of(text));
    let first = begins.chars().find(|c| c.is_alphanumeric());
    let opens = next.kind == TokenKind::Mark;
    let small = first.is_some_and(char::is_lowercase);
    match stop {
        Stop::Full if opens => true,
        Stop::Full => !small && !is_clause_mark(word),
        Stop::Loud | Stop::Trailing => {
            !(small || is_clause_mark(word) || stop == Stop::Loud && says(text, tokens, at))
        }
        Stop::Short(Abbreviation::Title) => false,
        Stop::Short(Abbreviation::Closer) => opens && !small || STARTERS.contains(&begins),
    }
}

fn is_clause_mark(word: &str) -> bool {
    matches!(
        word,
        "," | ";" | ":" | ")" | "]" | "–" | "—" | "--" | "-" | "&" | "/" | "%"
    )
}

/// `“Stop!” Mary said`: the sentence goes on to the words that say who spoke.
fn says(text: &str, tokens: &[Token], at: usize) -> bool {
    let closed = at.checked_sub(1).and_then(|at| tokens.get(at));
    if closed.is_none_or(|token| token.kind != TokenKind::Mark) {
        return false;
    }
    tokens
        .get(at..(at + 4).min(tokens.len()))
        .unwrap_or(&[])
        .iter()
        .take_while(|token| token.kind == TokenKind::Word)
        .skip(1)
        .any(|token| SAYING.contains(&token.span.of(text)))
}

#[rustfmt::skip]
const SAYING: &[&str] = &[
    "said", "says", "asked", "asks", "cried", "cries", "replied", "answered", "exclaimed",
    "shouted", "whispered", "called", "inquired", "demanded", "returned", "repeated", "added",
    "muttered", "murmured", "screamed", "yelled", "thought", "wrote", "tweeted", "began",
    "continued", "went", "laughed", "snapped", "sighed", "remarked", "observed", "declared",
];

/// Words that begin sentences far more often than they follow an abbreviation.
#[rustfmt::skip]
const STARTERS: &[&str] = &[
    "The", "A", "An", "He", "She", "It", "We", "They", "You", "I", "In", "On", "At", "But",
    "And", "This", "That", "These", "Those", "His", "Her", "Their", "Its", "Our", "My", "There",
    "As", "If", "When", "While", "After", "Before", "For", "From", "With", "Since", "So",
    "Then", "What", "Who", "How", "Why", "Where", "Yet", "Not", "No", "Yes", "One", "Some",
    "Many", "Both", "By", "To", "I’m", "I'm", "It’s", "It's", "He’s", "He's", "However",
    "Although", "Asked", "Now", "Meanwhile", "Still", "Even", "Under", "According", "Last",
    "Also", "Or", "Here", "Such",
];

#[cfg(test)]
mod tests {
    use crate::Layout;

    fn sentences(text: &str) -> Vec<&str> {
        Layout::read(text)
            .sentences
            .iter()
            .map(|span| span.of(text))
            .collect()
    }

    fn splits(parts: &[&str]) {
        assert_eq!(sentences(&parts.join(" ")), parts);
    }

    #[test]
    fn stops_and_abbreviations() {
        splits(&[
            "Sen. Ada M. Quill spoke at 5 p.m. in St. Ives.",
            "She left the U.S. in 1990.",
        ]);
        splits(&[
            "They moved to the U.S.",
            "The firm, Moss Inc., stayed.",
            "It cost $3.5 million.",
        ]);
        splits(&["See No. 5.", "He said no.", "Nobody came."]);
        splits(&["Oda P. Marsh spoke.", "Look at p. 5."]);
    }

    #[test]
    fn closing_marks_belong_to_their_sentence() {
        splits(&["“I am tired.", "I am leaving.”", "She left."]);
        splits(&[
            "\"I am tired.",
            "I am leaving.\"",
            "\"Go, then.\"",
            "She left.",
        ]);
        splits(&["(Nobody moved.)", "He wept."]);
        splits(&["‘Go.’", "‘Never.’"]);
    }

    #[test]
    fn speech_goes_on_to_its_speaker() {
        splits(&[
            "“Who is it?” he asked.",
            "“Stop!” Mary Ann said.",
            "“Who?”",
            "Nobody knew.",
        ]);
        splits(&["“Well... maybe,” he said.", "And then…", "Silence."]);
    }

    #[test]
    fn other_scripts_and_line_ends() {
        assert_eq!(sentences("他说。「走吧。」她走了。").len(), 3);
        assert_eq!(
            sentences("One.\r\nTwo\r\nThree."),
            ["One.", "Two", "Three."]
        );
    }
}
