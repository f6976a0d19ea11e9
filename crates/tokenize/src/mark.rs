use dixit_document::Span;

use crate::chars::{char_at, char_before, is_blank, is_dash, is_open_bracket};
use crate::chars::{is_emphasis, is_hyphen, is_single, is_trailing_punctuation, is_word};

/// What a quotation mark looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// `"`, and its typewriter kin: `''`, ` `` `, `＂`.
    DoubleStraight,
    /// `'`, and `` ` `` where it opens.
    SingleStraight,
    /// `“`: opens in English, closes in German.
    DoubleLeft,
    /// `”`.
    DoubleRight,
    /// `‘`.
    SingleLeft,
    /// `’` where it is no apostrophe.
    SingleRight,
    /// `„`.
    DoubleLow,
    /// `‚`.
    SingleLow,
    /// `«`.
    GuillemetLeft,
    /// `»`.
    GuillemetRight,
    /// `‹`.
    AngleLeft,
    /// `›`.
    AngleRight,
    /// `「`.
    CornerOpen,
    /// `」`.
    CornerClose,
    /// `『`.
    WhiteCornerOpen,
    /// `』`.
    WhiteCornerClose,
    /// A dash at the start of a paragraph, which may introduce speech.
    Dash,
}

impl MarkKind {
    /// The kind of a glyph that is a quotation mark wherever it stands.
    pub(crate) fn of(c: char) -> Option<Self> {
        Some(match c {
            '"' | '＂' | '‶' => Self::DoubleStraight,
            '“' | '‟' | '〝' => Self::DoubleLeft,
            '”' | '〞' | '〟' => Self::DoubleRight,
            '„' | '⹂' => Self::DoubleLow,
            '‚' => Self::SingleLow,
            '«' => Self::GuillemetLeft,
            '»' => Self::GuillemetRight,
            '‹' => Self::AngleLeft,
            '›' => Self::AngleRight,
            '「' | '｢' => Self::CornerOpen,
            '」' | '｣' => Self::CornerClose,
            '『' => Self::WhiteCornerOpen,
            '』' => Self::WhiteCornerClose,
            _ => return None,
        })
    }

    /// The kind of a glyph that may also be an apostrophe.
    pub(crate) fn of_single(c: char) -> Self {
        match c {
            '’' => Self::SingleRight,
            '‘' | '‛' => Self::SingleLeft,
            _ => Self::SingleStraight,
        }
    }
}

/// A quotation mark or speech dash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where.
    pub span: Span,
    /// What it looks like.
    pub kind: MarkKind,
    /// Whether it can begin a quotation here, by its shape and its neighbours.
    pub can_open: bool,
    /// Whether it can end one here. Both may hold (a straight mark with blanks on both sides).
    pub can_close: bool,
}

impl Mark {
    /// A mark with what its neighbours say of its direction.
    pub(crate) fn read(text: &str, span: Span, kind: MarkKind) -> Self {
        let (can_open, can_close) = directions(text, span, kind);
        Self {
            span,
            kind,
            can_open,
            can_close,
        }
    }
}

fn directions(text: &str, span: Span, kind: MarkKind) -> (bool, bool) {
    use MarkKind as K;
    let sides = Sides::of(text, span);
    match kind {
        K::CornerOpen | K::WhiteCornerOpen | K::DoubleLow | K::SingleLow | K::Dash => (true, false),
        K::CornerClose | K::WhiteCornerClose => (false, true),
        // English opens with “ and ‘, German closes with them: the blanks tell which.
        K::DoubleLeft | K::SingleLeft => {
            let closes = !sides.open_left && sides.open_right;
            (!closes || sides.loose(), closes || sides.loose())
        }
        // Swedish and careless typing open with ” as well.
        K::DoubleRight | K::SingleRight => {
            let opens = sides.open_left && !sides.open_right;
            (opens, !opens)
        }
        // « opens in French and closes in German; French sets blanks inside.
        K::GuillemetLeft | K::GuillemetRight | K::AngleLeft | K::AngleRight => (true, true),
        K::DoubleStraight | K::SingleStraight => {
            if sides.loose() || (!sides.open_left && !sides.open_right) {
                (true, true)
            } else {
                (sides.open_left, sides.open_right)
            }
        }
    }
}

/// Whether the neighbours leave room for a quotation to lie outside the mark on each side.
struct Sides {
    open_left: bool,
    open_right: bool,
    blank_left: bool,
    blank_right: bool,
}

impl Sides {
    fn of(text: &str, span: Span) -> Self {
        let left = seen_before(text, span.start());
        let right = seen_after(text, span.end());
        let blank_left = left.is_none_or(is_blank);
        let blank_right = right.is_none_or(is_blank);
        let quote = |c: char| is_single(c) || MarkKind::of(c).is_some();
        let dash = |c: char| is_dash(c) || is_hyphen(c);
        let mut open_left =
            blank_left || left.is_some_and(|c| is_open_bracket(c) || c == '/' || c == '=');
        let mut open_right =
            blank_right || right.is_some_and(|c| is_trailing_punctuation(c) || c == '/');
        // A dash or another mark leaves the question to the other side.
        if !open_left && left.is_some_and(|c| dash(c) || quote(c)) {
            open_left = !open_right && right.is_some_and(|c| is_word(c) || quote(c) || c == '$');
        }
        if !open_right && right.is_some_and(|c| dash(c) || quote(c)) {
            open_right = !blank_left && !open_left;
        }
        if open_left && open_right && !(blank_left && blank_right) {
            // `"...and` and `(")`: a terminal may also begin what is quoted.
            if blank_left {
                open_right = false;
            } else if blank_right {
                open_left = false;
            }
        }
        Self {
            open_left,
            open_right,
            blank_left,
            blank_right,
        }
    }

    fn loose(&self) -> bool {
        self.blank_left && self.blank_right
    }
}

/// The character before byte `at` that the eye sees, through glyphs of emphasis.
fn seen_before(text: &str, at: usize) -> Option<char> {
    let c = char_before(text, at)?;
    if is_emphasis(c) {
        char_before(text, at - c.len_utf8())
    } else {
        Some(c)
    }
}

/// The character at byte `at` that the eye sees, through glyphs of emphasis.
fn seen_after(text: &str, at: usize) -> Option<char> {
    let c = char_at(text, at)?;
    if is_emphasis(c) {
        char_at(text, at + c.len_utf8())
    } else {
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directions_of(text: &str) -> Vec<(bool, bool)> {
        text.char_indices()
            .filter_map(|(at, c)| {
                let kind = MarkKind::of(c)?;
                let mark = Mark::read(text, Span::new(at, at + c.len_utf8()), kind);
                Some((mark.can_open, mark.can_close))
            })
            .collect()
    }

    #[test]
    fn straight_marks_lean_on_their_words() {
        let both = [(true, false), (false, true)];
        for text in [
            "\"Go,\" he said.",
            "He said \"_go_\".",
            "(\"go\")",
            "it over) \"--yes, that's it--\" he",
            "she said--\"Go!\"--twice",
            "\"...and then,\" she",
        ] {
            assert_eq!(directions_of(text), both, "{text}");
        }
    }

    #[test]
    fn loose_marks_may_go_either_way() {
        assert_eq!(
            directions_of("\" Go , \" he said"),
            [(true, true), (true, true)]
        );
    }

    #[test]
    fn german_marks_close_upwards() {
        assert_eq!(
            directions_of("„Geh“, sagte er"),
            [(true, false), (false, true)]
        );
    }
}
