//! Tells apostrophes from single quotation marks.
//!
//! Between two letters the glyph is always an apostrophe, and the tokenizer keeps it in its
//! word. Everywhere else each opening candidate of a paragraph looks for the closing one that
//! fits it best; what no pair claims is an apostrophe, unless its place says otherwise.

use dixit_document::Span;

use crate::chars::is_word;
use crate::chars::{char_at, char_before, is_blank, is_close_bracket, is_dash, is_emphasis};
use crate::chars::{is_hyphen, is_open_bracket, is_single, is_terminal, is_trailing_punctuation};
use crate::elision::{drops_its_end, is_elision};
use crate::mark::MarkKind;

/// What a single glyph at a word's edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Apostrophe,
    Open,
    Close,
}

/// A decided glyph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision {
    pub at: usize,
    pub role: Role,
}

/// How well a glyph would serve to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Closing {
    No,
    /// After a plural's s or a dropped ending (the boys’, goin’).
    Doubtful,
    /// After another letter, before a blank.
    Fair,
    /// After a letter, before punctuation.
    Good,
    /// After punctuation.
    Firm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Opening {
    No,
    /// A word that drops its beginning (’tis).
    Elision,
    /// In mid-sentence before a small letter.
    Fair,
    /// Where speech begins, or a glyph that can do nothing else.
    Firm,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    at: usize,
    opening: Opening,
    closing: Closing,
    /// A capital, a digit or punctuation follows: what begins here may be a sentence.
    capital: bool,
    /// How many full stops, exclamations and questions of the paragraph stand before it.
    sentence: usize,
    /// Begins the paragraph, or stands after a comma or colon that introduces speech.
    introduced: bool,
}

/// Decides every single glyph of a paragraph that does not stand between two letters.
pub(crate) fn decide(text: &str, paragraph: Span, decisions: &mut Vec<Decision>) {
    let candidates = candidates(text, paragraph);
    let mut next = 0;
    while let Some(candidate) = candidates.get(next) {
        let rest = candidates.get(next + 1..).unwrap_or(&[]);
        let (role, skip) = match candidate.opening {
            Opening::No => (lone_close(candidate), 0),
            Opening::Elision if !(candidate.introduced && firmly_closed(rest)) => {
                (Role::Apostrophe, 0)
            }
            _ => match partner(candidate, rest) {
                Some(ahead) => (Role::Open, ahead + 1),
                None => (lone_open(text, candidate), 0),
            },
        };
        decisions.push(Decision {
            at: candidate.at,
            role,
        });
        let claimed = rest.get(..skip).unwrap_or(&[]);
        for (index, inside) in claimed.iter().enumerate() {
            let role = if index + 1 == skip {
                Role::Close
            } else {
                Role::Apostrophe
            };
            decisions.push(Decision {
                at: inside.at,
                role,
            });
        }
        next += 1 + skip;
    }
}

/// As far as a pair may reach. The bound keeps endless rows of glyphs from costing their square.
fn near(rest: &[Candidate]) -> &[Candidate] {
    rest.get(..rest.len().min(96)).unwrap_or(&[])
}

/// How many candidates ahead the one stands that closes what `open` opens.
fn partner(open: &Candidate, rest: &[Candidate]) -> Option<usize> {
    // A small quotation in mid-sentence ends before the next one begins; speech goes past it.
    let bound = if open.opening == Opening::Fair {
        Opening::Fair
    } else {
        Opening::Firm
    };
    let fair = open.opening == Opening::Fair;
    // Speech begins with a capital and ends with punctuation; small quotations end at once.
    let enough = if open.capital && !fair {
        Closing::Good
    } else {
        Closing::Fair
    };
    let mut best: Option<(Closing, usize)> = None;
    for (ahead, candidate) in near(rest).iter().enumerate() {
        let passed = candidate.opening >= bound && candidate.closing == Closing::No;
        if passed || fair && candidate.sentence != open.sentence {
            break;
        }
        if candidate.closing >= enough {
            return Some(ahead);
        }
        if candidate.closing > best.map_or(Closing::No, |(closing, _)| closing) {
            best = Some((candidate.closing, ahead));
        }
    }
    best.map(|(_, ahead)| ahead)
}

/// Whether a firm closing comes before the next firm opening.
fn firmly_closed(rest: &[Candidate]) -> bool {
    near(rest)
        .iter()
        .find(|c| c.closing == Closing::Firm || c.opening == Opening::Firm)
        .is_some_and(|c| c.closing == Closing::Firm)
}

/// An opening candidate that nothing closes before the paragraph ends.
fn lone_open(text: &str, candidate: &Candidate) -> Role {
    let straight = char_at(text, candidate.at) == Some('\'');
    let keeps = if straight {
        candidate.introduced && candidate.capital
    } else {
        true
    };
    match candidate.opening {
        Opening::Firm | Opening::Fair if keeps => Role::Open,
        _ => lone_close(candidate),
    }
}

/// A closing candidate that nothing opened.
fn lone_close(candidate: &Candidate) -> Role {
    if candidate.closing == Closing::Firm {
        Role::Close
    } else {
        Role::Apostrophe
    }
}

fn candidates(text: &str, paragraph: Span) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut sentence = 0;
    for (offset, glyph) in paragraph.of(text).char_indices() {
        if !is_single(glyph) {
            sentence += usize::from(is_terminal(glyph));
            continue;
        }
        let at = paragraph.start() + offset;
        let left = char_before(text, at).filter(|_| at > paragraph.start());
        let right = char_at(text, at + glyph.len_utf8())
            .filter(|_| at + glyph.len_utf8() < paragraph.end());
        // Straight glyphs in pairs stand for double marks.
        if left.is_some_and(is_word) && right.is_some_and(is_word)
            || glyph == '\'' && (left == Some('\'') || right == Some('\''))
        {
            continue;
        }
        let candidate = candidate(text, paragraph, at, glyph, left, right);
        candidates.push(Candidate {
            sentence,
            ..candidate
        });
    }
    candidates
}

fn candidate(
    text: &str,
    paragraph: Span,
    at: usize,
    glyph: char,
    left: Option<char>,
    right: Option<char>,
) -> Candidate {
    let before = before_in(text, paragraph, at);
    let after = text
        .get(at + glyph.len_utf8()..paragraph.end())
        .unwrap_or("");
    let capital = after
        .chars()
        .find(|&c| !is_emphasis(c) && !is_blank(c))
        .is_some_and(|c| !c.is_lowercase());
    let last = before.trim_end_matches(is_blank).chars().next_back();
    let introduced = last.is_none_or(|c| {
        matches!(c, ',' | ':') || is_terminal(c) || is_dash(c) || MarkKind::of(c).is_some()
    });
    let loose = left.is_none_or(is_blank) && right.is_none_or(is_blank);
    let mut opening = opening(glyph, left, right, after);
    if opening > Opening::Elision {
        opening = if glyph == '‘' || introduced || capital {
            Opening::Firm
        } else {
            Opening::Fair
        };
    }
    let mut closing = closing(before, left, right);
    if loose {
        // Tokenised text sets blanks on both sides; the glyph and what precedes it decide.
        closing = match last {
            Some(c) if is_trailing_punctuation(c) || is_dash(c) || is_hyphen(c) => Closing::Firm,
            Some('s') | None => Closing::Doubtful,
            Some(_) => Closing::Fair,
        };
        opening = if capital || introduced {
            Opening::Firm
        } else {
            Opening::Fair
        };
    }
    match glyph {
        // German closes with ‘; nothing else does.
        '‘' | '‛' if opening >= Opening::Fair => closing = Closing::No,
        '’' => opening = opening.min(Opening::No),
        _ => {}
    }
    Candidate {
        at,
        opening,
        closing,
        capital,
        introduced,
        sentence: 0,
    }
}

/// The last bytes of the paragraph before `at`: enough for one word, so that long paragraphs
/// cost no more than short ones.
fn before_in(text: &str, paragraph: Span, at: usize) -> &str {
    let mut from = at.saturating_sub(48).max(paragraph.start());
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..at).unwrap_or("")
}

fn opening(glyph: char, left: Option<char>, right: Option<char>, after: &str) -> Opening {
    let room = left.is_none_or(|c| {
        is_blank(c)
            || is_open_bracket(c)
            || is_dash(c)
            || is_hyphen(c)
            || is_emphasis(c)
            || matches!(c, '/' | '=')
            || MarkKind::of(c).is_some()
            || is_single(c)
    });
    let begins = right.is_some_and(|c| {
        !is_blank(c) && !is_close_bracket(c) && !matches!(c, ',' | ';' | ':' | '!' | '?')
    });
    if !room || !begins {
        return Opening::No;
    }
    // Before another mark at a word's end (`.'"`) the glyph closes.
    if right.is_some_and(|c| MarkKind::of(c).is_some())
        && !left.is_none_or(|c| is_blank(c) || is_open_bracket(c))
    {
        return Opening::No;
    }
    if is_elision(after, glyph) {
        Opening::Elision
    } else {
        Opening::Fair
    }
}

fn closing(before: &str, left: Option<char>, right: Option<char>) -> Closing {
    let Some(left) = left else { return Closing::No };
    if is_blank(left) || is_open_bracket(left) {
        return Closing::No;
    }
    let ends = right.is_none_or(|c| {
        is_blank(c)
            || is_trailing_punctuation(c)
            || is_dash(c)
            || is_hyphen(c)
            || is_emphasis(c)
            || is_single(c)
            || c == '/'
            || MarkKind::of(c).is_some()
    });
    if !ends {
        return Closing::No;
    }
    if !is_word(left) && !is_emphasis(left) {
        return Closing::Firm;
    }
    let word = before.trim_end_matches(is_emphasis);
    let before_punctuation = right.is_none_or(|c| is_trailing_punctuation(c) || is_dash(c));
    if drops_its_end(word) {
        Closing::Doubtful
    } else if before_punctuation {
        Closing::Good
    } else if word.ends_with(['s', 'S', 'z', 'x']) {
        Closing::Doubtful
    } else {
        Closing::Fair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its single marks shown as ‹ and ›.
    fn shown(text: &str) -> String {
        let mut decisions = Vec::new();
        decide(text, Span::new(0, text.len()), &mut decisions);
        let role = |at| decisions.iter().find(|d| d.at == at).map(|d| d.role);
        text.char_indices()
            .map(|(at, c)| match role(at) {
                Some(Role::Open) => '‹',
                Some(Role::Close) => '›',
                _ => c,
            })
            .collect()
    }

    fn both_glyphs(curly: &str, expected: &str) {
        assert_eq!(shown(curly), expected);
        let straight: String = curly
            .chars()
            .map(|c| if is_single(c) { '\'' } else { c })
            .collect();
        let expected = expected.replace('’', "'");
        assert_eq!(shown(&straight), expected);
    }

    #[test]
    fn possessives_and_contractions_are_no_marks() {
        both_glyphs(
            "The boys’ mother didn’t see the Joneses’ dog.",
            "The boys’ mother didn’t see the Joneses’ dog.",
        );
        both_glyphs(
            "’Tis rock ’n’ roll of the ’90s, she said.",
            "’Tis rock ’n’ roll of the ’90s, she said.",
        );
        both_glyphs(
            "Nothin’ doin’, said Wim o’ the mill.",
            "Nothin’ doin’, said Wim o’ the mill.",
        );
    }

    #[test]
    fn british_speech_keeps_its_apostrophes() {
        both_glyphs(
            "‘The boys’ boat isn’t here,’ said Una. ‘Ask ’em.’",
            "‹The boys’ boat isn’t here,› said Una. ‹Ask ’em.›",
        );
        both_glyphs("‘It’s goin’ well,’ he said.", "‹It’s goin’ well,› he said.");
        both_glyphs("‘Go!’—‘Never!’", "‹Go!›—‹Never!›");
    }

    #[test]
    fn small_quotations_close_at_the_first_chance() {
        both_glyphs(
            "the ‘great’ and the ‘good’ of the town",
            "the ‹great› and the ‹good› of the town",
        );
        both_glyphs(
            "He calls them ‘elites’ and the workers’ party ‘old’.",
            "He calls them ‹elites› and the workers’ party ‹old›.",
        );
    }

    #[test]
    fn dialect_drops_what_it_likes() {
        both_glyphs(
            "They reckon ’most any fool can sing. Not so goin’ home.",
            "They reckon ’most any fool can sing. Not so goin’ home.",
        );
    }

    #[test]
    fn titles_may_end_in_s() {
        both_glyphs(
            "He reads ‘Quiet Byways’? Never. But he ‘does’ museums.",
            "He reads ‹Quiet Byways›? Never. But he ‹does› museums.",
        );
    }

    #[test]
    fn marks_inside_marks() {
        both_glyphs("“She said ‘no,’” he said.", "“She said ‹no,›” he said.");
        both_glyphs("“‘No’ is what she said.”", "“‹No› is what she said.”");
    }

    #[test]
    fn tokenised_text() {
        assert_eq!(
            shown("‘ Go , ’ said Una , ‘ it ’s late . ’"),
            "‹ Go , › said Una , ‹ it ’s late . ›"
        );
        assert_eq!(
            shown("' Go , ' said Una , ' it 's late . '"),
            "‹ Go , › said Una , ‹ it 's late . ›"
        );
    }

    #[test]
    fn an_opening_may_wait_for_a_later_paragraph() {
        both_glyphs("‘We’ll leave at dawn.", "‹We’ll leave at dawn.");
    }
}
