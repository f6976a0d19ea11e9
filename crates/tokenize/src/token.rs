//! Words, numbers, punctuation, marks and symbols.

use dixit_document::Span;

use crate::abbreviation::abbreviation;
use crate::apostrophe::{Decision, Role};
use crate::chars::{
    char_at, char_before, is_blank, is_dash, is_extending, is_hyphen, is_ideograph,
};
use crate::chars::{is_punctuation, is_single, is_terminal, is_word};
use crate::mark::{Mark, MarkKind};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with the apostrophes, hyphens and full stops that belong to them.
    Word,
    /// Begins with a digit.
    Number,
    /// Punctuation that is no quotation mark.
    Punctuation,
    /// A quotation mark or speech dash.
    Mark,
    /// Anything else: currency signs, emoji, mathematical signs.
    Symbol,
}

/// A piece of a text that stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// The tokens and marks of one paragraph, appended to `tokens` and `marks`. `decisions` are
/// those of the same paragraph, in order.
pub(crate) fn read(
    text: &str,
    paragraph: Span,
    decisions: &[Decision],
    tokens: &mut Vec<Token>,
    marks: &mut Vec<Mark>,
) {
    let reader = Reader {
        text,
        end: paragraph.end(),
        start: paragraph.start(),
    };
    let mut decisions = decisions.iter().peekable();
    let mut at = paragraph.start();
    while let Some(c) = reader.char(at) {
        while decisions.next_if(|decision| decision.at < at).is_some() {}
        let role = decisions
            .peek()
            .filter(|decision| decision.at == at)
            .map(|d| d.role);
        if is_blank(c) {
            at += c.len_utf8();
            continue;
        }
        let (end, kind) = if let Some((end, mark)) = reader.mark(at, c, role, tokens.last()) {
            marks.push(mark);
            (end, TokenKind::Mark)
        } else {
            reader.token(at, c, &mut decisions.clone())
        };
        let end = end.max(at + c.len_utf8());
        tokens.push(Token {
            span: Span::new(at, end),
            kind,
        });
        at = end;
    }
}

struct Reader<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

type Decisions<'d> = std::iter::Peekable<std::slice::Iter<'d, Decision>>;

impl Reader<'_> {
    fn char(&self, at: usize) -> Option<char> {
        if at < self.end {
            char_at(self.text, at)
        } else {
            None
        }
    }

    /// The mark that begins here, if one does.
    fn mark(
        &self,
        at: usize,
        c: char,
        role: Option<Role>,
        last: Option<&Token>,
    ) -> Option<(usize, Mark)> {
        let next = at + c.len_utf8();
        if at == self.start
            && let Some(end) = self.speech_dash(at)
        {
            return Some((
                end,
                Mark::read(self.text, Span::new(at, end), MarkKind::Dash),
            ));
        }
        if let Some(role) = role {
            let (can_open, can_close) = match role {
                Role::Apostrophe => return None,
                Role::Open => (true, false),
                Role::Close => (false, true),
            };
            let span = Span::new(at, next);
            return Some((
                next,
                Mark {
                    span,
                    kind: MarkKind::of_single(c),
                    can_open,
                    can_close,
                },
            ));
        }
        // '' and `` stand for double marks; ` opens where ' closes.
        if matches!(c, '\'' | '`') && self.char(next) == Some(c) {
            let span = Span::new(at, next + 1);
            let mut mark = Mark::read(self.text, span, MarkKind::DoubleStraight);
            if c == '`' {
                (mark.can_open, mark.can_close) = (true, false);
            }
            return Some((next + 1, mark));
        }
        if c == '`' && self.char(next).is_some_and(|c| !is_blank(c)) {
            let span = Span::new(at, next);
            let kind = MarkKind::SingleStraight;
            return Some((
                next,
                Mark {
                    span,
                    kind,
                    can_open: true,
                    can_close: false,
                },
            ));
        }
        let kind = MarkKind::of(c)?;
        if kind == MarkKind::DoubleStraight && self.is_inch(at, last) {
            return None;
        }
        Some((next, Mark::read(self.text, Span::new(at, next), kind)))
    }

    /// The end of a dash that begins a paragraph and has words after it.
    fn speech_dash(&self, at: usize) -> Option<usize> {
        let c = self.char(at)?;
        let mut end = at;
        while let Some(dash) = self.char(end).filter(|&dash| is_dash(dash) || dash == '-') {
            end += dash.len_utf8();
        }
        let hyphens = c == '-';
        let length = end - at;
        let shape = match (hyphens, length) {
            (true, 1) => self.char(end).is_some_and(is_blank),
            (true, n) => n <= 3,
            (false, n) => n <= 2 * c.len_utf8(),
        };
        let words = self
            .text
            .get(end..self.end)
            .is_some_and(|rest| rest.contains(is_word));
        (length > 0 && shape && words).then_some(end)
    }

    /// `5'10"`: a straight mark that measures.
    fn is_inch(&self, at: usize, last: Option<&Token>) -> bool {
        let Some(last) = last.filter(|last| last.span.end() == at) else {
            return false;
        };
        last.kind == TokenKind::Number && last.span.of(self.text).contains(['\'', '’', '′'])
    }

    /// The end and the kind of the token that begins here and is no mark.
    fn token(&self, at: usize, c: char, decisions: &mut Decisions<'_>) -> (usize, TokenKind) {
        let next = at + c.len_utf8();
        if is_word(c) {
            return self.word(at, c, decisions);
        }
        let after = self.char(next);
        if is_single(c) && after.is_some_and(is_word) {
            // An apostrophe that begins its word.
            let (end, kind) =
                after.map_or((next, TokenKind::Word), |c| self.word(next, c, decisions));
            return (end, kind);
        }
        if matches!(c, '@' | '#') && after.is_some_and(|c| is_word(c) || c == '_') {
            return (self.run(next, |c| is_word(c) || c == '_'), TokenKind::Word);
        }
        if is_terminal(c) {
            return (self.run(next, is_terminal), TokenKind::Punctuation);
        }
        if is_dash(c) || c == '-' {
            return (
                self.run(next, |c| is_dash(c) || c == '-'),
                TokenKind::Punctuation,
            );
        }
        if is_single(c) || is_punctuation(c) || c == '"' && self.is_quote_like(at) {
            return (next, TokenKind::Punctuation);
        }
        (self.symbol(next, c), TokenKind::Symbol)
    }

    fn is_quote_like(&self, at: usize) -> bool {
        char_before(self.text, at).is_some_and(|c| c.is_ascii_digit())
    }

    fn run(&self, mut at: usize, belongs: impl Fn(char) -> bool) -> usize {
        while let Some(c) = self.char(at).filter(|&c| belongs(c)) {
            at += c.len_utf8();
        }
        at
    }

    /// One emoji with its modifiers, a flag, or a run of the same sign.
    fn symbol(&self, mut at: usize, first: char) -> usize {
        let regional = |c: char| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
        if regional(first)
            && let Some(second) = self.char(at).filter(|&c| regional(c))
        {
            return at + second.len_utf8();
        }
        let mut joined = false;
        while let Some(c) = self.char(at) {
            let emoji = !c.is_ascii() && !is_word(c) && !is_blank(c);
            if !(is_extending(c) || joined && emoji) {
                break;
            }
            joined = c == '\u{200D}';
            at += c.len_utf8();
        }
        at
    }

    fn word(&self, start: usize, first: char, decisions: &mut Decisions<'_>) -> (usize, TokenKind) {
        if is_ideograph(first) {
            return (
                self.run(start + first.len_utf8(), is_extending),
                TokenKind::Word,
            );
        }
        if let Some(end) = self.address(start) {
            return (end, TokenKind::Word);
        }
        let number = first.is_numeric();
        let kind = if number {
            TokenKind::Number
        } else {
            TokenKind::Word
        };
        let mut at = start + first.len_utf8();
        let mut last = first;
        while let Some(c) = self.char(at) {
            let next = at + c.len_utf8();
            let after = self.char(next);
            let joins = if is_word(c) {
                !is_ideograph(c)
            } else if is_extending(c) {
                true
            } else if is_single(c) {
                self.keeps_apostrophe(at, after, number, decisions)
            } else {
                after.is_some_and(|after| joins(last, c, after, number))
            };
            if !joins {
                break;
            }
            if !is_extending(c) {
                last = c;
            }
            at = next;
        }
        (self.with_stop(start, at), kind)
    }

    /// Inside a word, or at its end where no quotation is closed.
    fn keeps_apostrophe(
        &self,
        at: usize,
        after: Option<char>,
        number: bool,
        decisions: &mut Decisions<'_>,
    ) -> bool {
        while decisions.next_if(|decision| decision.at < at).is_some() {}
        match decisions.peek().filter(|decision| decision.at == at) {
            Some(decision) => decision.role == Role::Apostrophe,
            // Between two letters, or `5'10`; two glyphs in a row are a double mark.
            None => {
                after.is_some_and(|c| is_word(c) && !is_ideograph(c)) || number && after.is_none()
            }
        }
    }

    /// The full stop of an abbreviation belongs to it.
    fn with_stop(&self, start: usize, end: usize) -> usize {
        if self.char(end) != Some('.') || self.char(end + 1).is_some_and(|c| c == '.' || is_word(c))
        {
            return end;
        }
        let word = self.text.get(start..end).unwrap_or("");
        let after = self.text.get(end + 1..self.end).unwrap_or("");
        if abbreviation(word, after).is_some() {
            end + 1
        } else {
            end
        }
    }

    /// The end of a web or mail address that begins here.
    fn address(&self, start: usize) -> Option<usize> {
        let rest = self.text.get(start..self.end)?;
        let scheme = ["http://", "https://", "www."].iter().any(|scheme| {
            rest.get(..scheme.len())
                .is_some_and(|r| r.eq_ignore_ascii_case(scheme))
        });
        if !scheme {
            return None;
        }
        let stop = |c: char| {
            is_blank(c) || MarkKind::of(c).is_some() || is_single(c) || matches!(c, '<' | '>' | ')')
        };
        let address = rest.get(..rest.find(stop).unwrap_or(rest.len()))?;
        let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '…']);
        Some(start + address.len())
    }
}

/// Whether `c` joins the characters on both sides into one word or number.
fn joins(last: char, c: char, after: char, number: bool) -> bool {
    if !is_word(after) || is_ideograph(after) {
        return false;
    }
    let digits = last.is_ascii_digit() && after.is_ascii_digit();
    match c {
        _ if is_hyphen(c) => true,
        '.' if digits => true,
        // U.S., a.m., example.com; but “end.The” are two words.
        '.' => !number && (after.is_lowercase() || last.is_uppercase() && after.is_uppercase()),
        ',' | ':' | '/' => digits && number,
        '&' => last.is_uppercase() && after.is_uppercase(),
        '_' => last != '_',
        '@' => last.is_ascii_alphanumeric() && after.is_ascii_alphanumeric(),
        '·' | '‧' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Layout, TokenKind};

    fn words(text: &str) -> Vec<&str> {
        Layout::read(text)
            .tokens
            .iter()
            .map(|token| token.span.of(text))
            .collect()
    }

    #[test]
    fn words_keep_what_belongs_to_them() {
        assert_eq!(
            words("Don’t tell Ana’s sister-in-law, O'Hara."),
            [
                "Don’t",
                "tell",
                "Ana’s",
                "sister-in-law",
                ",",
                "O'Hara",
                "."
            ]
        );
        assert_eq!(
            words("’Tis the boys’ naïve café."),
            ["’Tis", "the", "boys’", "naïve", "café", "."]
        );
        assert_eq!(
            words("cafe\u{301} AT&T snake_case _really_"),
            ["cafe\u{301}", "AT&T", "snake_case", "_", "really", "_"]
        );
    }

    #[test]
    fn abbreviations_keep_their_stops() {
        assert_eq!(
            words("Sen. J. K. Moss left the U.S. at 5 p.m. Friday, No. 7."),
            [
                "Sen.", "J.", "K.", "Moss", "left", "the", "U.S.", "at", "5", "p.m.", "Friday",
                ",", "No.", "7", "."
            ]
        );
        assert_eq!(
            words("Oda P. Marsh turned to p. 7."),
            ["Oda", "P.", "Marsh", "turned", "to", "p.", "7", "."]
        );
    }

    #[test]
    fn numbers() {
        assert_eq!(
            words("$1,200.50 at 10:30, 3rd of the 1990s"),
            [
                "$", "1,200.50", "at", "10:30", ",", "3rd", "of", "the", "1990s"
            ]
        );
    }

    #[test]
    fn inches_are_no_marks() {
        let text = "She is 5'10\" tall.";
        assert_eq!(words(text), ["She", "is", "5'10", "\"", "tall", "."]);
        assert!(Layout::read(text).marks.is_empty());
    }

    #[test]
    fn emoji_and_signs() {
        assert_eq!(words("Yes 👩🏽‍🚒🇳🇱!"), ["Yes", "👩🏽‍🚒", "🇳🇱", "!"]);
        assert_eq!(
            words("see https://example.org/a?b=1, @orla_f #news"),
            ["see", "https://example.org/a?b=1", ",", "@orla_f", "#news"]
        );
    }

    #[test]
    fn marks_and_dashes() {
        let text = "“Go—” she said...";
        assert_eq!(words(text), ["“", "Go", "—", "”", "she", "said", "..."]);
        let kinds: Vec<_> = Layout::read(text)
            .tokens
            .iter()
            .map(|token| token.kind)
            .collect();
        assert_eq!(kinds.first(), Some(&TokenKind::Mark));
        assert_eq!(
            words("— Go, said Una."),
            ["—", "Go", ",", "said", "Una", "."]
        );
    }
}
