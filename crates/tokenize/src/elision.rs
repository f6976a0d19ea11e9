//! Words that English shortens with an apostrophe at an edge: ’tis, ’em, goin’, o’.

use crate::chars::{is_single, is_word};

/// Words that drop their beginning.
#[rustfmt::skip]
const ELISIONS: &[&str] = &[
    "tis", "twas", "twere", "twill", "twould", "tisn't", "tisn’t", "twasn't", "twasn’t", "em",
    "n", "til", "till", "cause", "cos", "coz", "cuz", "bout", "round", "neath", "gainst",
    "fraid", "pon", "ere", "im", "er", "e", "s", "m", "re", "ve", "ll", "d", "t", "less",
    "nother", "nuff", "specially", "spose", "scuse", "ud", "ow", "ere's", "ere’s", "tain't",
    "tain’t", "bain't", "twixt", "mongst", "way", "onest", "ave", "ad", "as", "ome", "ouse",
    "ead", "ard",
];

/// Whether the word that follows an apostrophe's `glyph` drops its beginning; `after` is the
/// text past the glyph.
pub(crate) fn is_elision(after: &str, glyph: char) -> bool {
    let end = after
        .char_indices()
        .take(16)
        .find(|&(_, c)| !is_word(c) && !is_single(c))
        .map_or(after.len().min(16), |(at, _)| at);
    let word = after.get(..end).unwrap_or("").trim_end_matches(is_single);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 2 && matches!(word.get(2..), Some("" | "s")) {
        return true;
    }
    // Real words that English also shortens to are elisions only with the apostrophe's glyph.
    let real = matches!(
        word,
        "round" | "way" | "less" | "as" | "ad" | "till" | "cause"
    );
    if real && glyph != '’' {
        return false;
    }
    word.len() <= 10
        && ELISIONS
            .iter()
            .any(|elision| elision.eq_ignore_ascii_case(word))
}

/// Words that drop their end, besides those in -in’ and the plurals in -s’.
#[rustfmt::skip]
const DROPPED: &[&str] = &[
    "o", "an", "th", "wi", "ol", "lil", "ha", "t", "i", "mo", "de", "fo", "po", "gi", "a",
    "wid", "tha", "yo", "jus", "mos", "las", "bes", "tol", "han", "lan", "fin", "groun", "min",
    "col", "kin", "ev", "gran", "thousan", "husban", "agin", "lef", "lov", "tak", "mak", "hav",
];

/// Whether the word at the end of `before` drops its end.
pub(crate) fn drops_its_end(before: &str) -> bool {
    let start = before
        .char_indices()
        .rev()
        .find(|&(_, c)| !is_word(c) && !is_single(c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let word = before.get(start..).unwrap_or("");
    word.len() > 3 && (word.ends_with("in") || word.ends_with("IN"))
        || DROPPED
            .iter()
            .any(|dropped| dropped.eq_ignore_ascii_case(word))
}
