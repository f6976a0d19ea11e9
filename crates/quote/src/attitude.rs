//! Attitudes: who condemned, praised or discussed a thing, where nothing tells what was said of it.
//!
//! Leech and Short (Style in Fiction, 1981) call this the narrative report of a speech act, apart
//! from indirect speech.

use dixit_document::{Mode, Quotation};
use dixit_tokenize::{Layout, TokenKind};

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
    let mut tokens = contents.flat_map(|&span| layout.tokens_in(span));
    let opens = |word: &str| {
        OPENERS
            .iter()
            .any(|opener| word.eq_ignore_ascii_case(opener))
    };
    let first = tokens.next().map(|token| token.span.of(text));
    first.is_some_and(|word| !opens(word) && !marks(word))
        && tokens.all(|token| {
            let word = token.span.of(text);
            token.kind == TokenKind::Word && !matches!(word, "for" | "as" | "because")
                || token.kind != TokenKind::Word && !marks(word)
        })
}

fn marks(word: &str) -> bool {
    word.contains(['"', '“', '”', '«', '»'])
}

/// Verbs without their endings.
const STANDS: [&str; 43] = [
    "applaud",
    "assail",
    "attack",
    "back",
    "bash",
    "bemoan",
    "blast",
    "celebrat",
    "champion",
    "condemn",
    "criticis",
    "criticiz",
    "criticism",
    "decri",
    "decry",
    "defend",
    "denounc",
    "deplor",
    "discuss",
    "embrac",
    "emphasis",
    "emphasiz",
    "endors",
    "endorsement",
    "hail",
    "highlight",
    "lambast",
    "lament",
    "laud",
    "mock",
    "oppos",
    "outlin",
    "prais",
    "promot",
    "rebuk",
    "salut",
    "slam",
    "slamm",
    "stress",
    "support",
    "tout",
    "underscor",
    "welcom",
];

/// What a clause begins with.
const OPENERS: [&str; 19] = [
    "that", "how", "what", "why", "whether", "if", "who", "when", "where", "it", "he", "she",
    "they", "we", "i", "there", "you", "to", "of",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::blank;
    use dixit_document::{Kind, Span};

    fn mode(text: &str, cue: &str, content: &str) -> Option<Mode> {
        let span = |part: &str| {
            let start = text.find(part).expect("it stands in the text");
            Span::new(start, start + part.len())
        };
        let mut found = [blank(vec![span(content)], Kind::Indirect, false, 0.9)];
        found[0].cue.push(span(cue));
        found[0].mode = Some(Mode::Speech);
        set_apart(text, &Layout::read(text), &mut found);
        found[0].mode
    }

    #[test]
    fn a_thing_that_is_judged_is_not_what_was_said() {
        let cases = [
            ("Mayor Finch", "condemned", "the flooding of Osterhaven"),
            ("Zoë Lind", "is praising", "the new dike"),
            ("They", "outlined", "the next steps"),
            ("The mayor", "emphasized", "the damage"),
        ];
        for (who, cue, content) in cases {
            let text = format!("{who} {cue} {content}.");
            assert_eq!(mode(&text, cue, content), Some(Mode::Other), "{text}");
        }
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
        for (who, cue, content) in cases {
            let text = format!("{who} {cue} {content}.");
            assert_eq!(mode(&text, cue, content), Some(Mode::Speech), "{text}");
        }
    }
}
