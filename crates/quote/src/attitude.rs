//! Attitudes: who condemned, praised or discussed a thing, where nothing tells what was said of it.
//!
//! Leech and Short (Style in Fiction, 1981) call this the narrative report of a speech act, apart
//! from indirect speech.

use dixit_document::{Mode, Quotation};
use dixit_tokenize::Layout;

/// Takes such quotations out of speech and writing.
pub(crate) fn set_apart(text: &str, layout: &Layout, found: &mut [Quotation]) {
    for quotation in found {
        let said = matches!(quotation.mode, Some(Mode::Speech | Mode::Writing));
        if said
            && quotation.marked == Some(false)
            && takes_a_stand(text, layout, quotation)
            && is_bare(text, layout, quotation)
        {
            quotation.mode = Some(Mode::Other);
        }
    }
}

/// Whether its cue judges or treats a thing.
fn takes_a_stand(text: &str, layout: &Layout, quotation: &Quotation) -> bool {
    let words = |span| layout.tokens_in(span).iter();
    let mut tokens = quotation.cue.iter().flat_map(|&span| words(span));
    tokens.any(|token| {
        let word = token.span.of(text).to_lowercase();
        let endings = ["ing", "ed", "es", "s", "e"];
        let stem = endings.iter().find_map(|ending| word.strip_suffix(ending));
        STANDS.contains(&word.as_str()) || stem.is_some_and(|stem| STANDS.contains(&stem))
    })
}

/// Whether its content is but a thing: no clause, nobody's own words, no reason.
fn is_bare(text: &str, layout: &Layout, quotation: &Quotation) -> bool {
    let contents = quotation.content.iter();
    let tokens = contents.flat_map(|&span| layout.tokens_in(span));
    let mut words = tokens.map(|token| token.span.of(text));
    let marks = |word: &str| word.contains(['"', '“', '”', '«', '»']);
    let opens = |word: &str| OPENERS.contains(&word.to_ascii_lowercase().as_str());
    words
        .next()
        .is_some_and(|word| !opens(word) && !marks(word))
        && words.all(|word| !matches!(word, "for" | "as" | "because") && !marks(word))
}

/// Verbs without their endings.
#[rustfmt::skip]
const STANDS: &[&str] = &[
    "applaud", "assail", "attack", "back", "bash", "bemoan", "blast", "celebrat",
    "champion", "condemn", "criticis", "criticiz", "criticism", "decri", "decry",
    "defend", "denounc", "deplor", "discuss", "embrac", "emphasis", "emphasiz", "endors",
    "endorsement", "hail", "highlight", "lambast", "lament", "laud", "mock", "oppos",
    "outlin", "prais", "promot", "rebuk", "salut", "slam", "slamm", "stress", "support",
    "tout", "underscor", "welcom",
];

/// What a clause begins with.
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "that", "how", "what", "why", "whether", "if", "who", "when", "where", "it", "he", "she",
    "they", "we", "i", "there", "you", "to", "of",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::blank;
    use crate::place;
    use dixit_document::Kind;

    /// Whether every (subject, cue, content), taken for speech, comes out as of a mode.
    fn come_out(mode: Mode, cases: &[(&str, &str, &str)]) {
        for (who, cue, content) in cases {
            let text = format!("{who} {cue} {content}.");
            let mut found = [blank(
                vec![place(&text, content)],
                Kind::Indirect,
                false,
                0.9,
            )];
            found[0].cue.push(place(&text, cue));
            found[0].mode = Some(Mode::Speech);
            set_apart(&text, &Layout::read(&text), &mut found);
            assert_eq!(found[0].mode, Some(mode), "{text}");
        }
    }

    #[test]
    fn a_thing_that_is_judged_is_not_what_was_said() {
        let cases = [
            ("Mayor Finch", "condemned", "the flooding of Osterhaven"),
            ("Zoë Lind", "is praising", "the new dike"),
            ("They", "outlined", "the next steps"),
            ("The mayor", "emphasized", "the damage"),
        ];
        come_out(Mode::Other, &cases);
    }

    #[test]
    fn what_tells_something_stays() {
        let cases = [
            ("Mayor Finch", "said", "the dike was old"),
            ("Mayor Finch", "discussed", "how the dike broke"),
            ("Mayor Finch", "criticized", "the builders for their haste"),
            ("Mayor Finch", "praised", "the “brave little town”"),
            ("Mayor Finch", "announced", "a new dike"),
        ];
        come_out(Mode::Speech, &cases);
    }
}
