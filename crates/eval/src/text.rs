//! A document's text as the metrics count it: code points, tokens, and what does not count at the
//! ends of a span.

use dixit_document::{Offsets, Span};

use crate::region::Region;

/// A text by code points.
pub(crate) struct Text<'t> {
    offsets: Offsets<'t>,
    chars: Vec<char>,
    /// Tokens that begin before code point `i`; one entry more than there are code points.
    begun: Vec<u32>,
}

impl<'t> Text<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut begun = Vec::with_capacity(chars.len() + 1);
        let mut count = 0;
        let mut inside_word = false;
        for &character in &chars {
            begun.push(count);
            let word = character.is_alphanumeric();
            if (word && !inside_word) || (!word && !is_blank(character)) {
                count += 1;
            }
            inside_word = word;
        }
        begun.push(count);
        Self {
            offsets: Offsets::new(text),
            chars,
            begun,
        }
    }

    /// What `spans` cover, in code points.
    pub(crate) fn region(&self, spans: &[Span]) -> Region {
        let at = |byte| u32::try_from(self.offsets.code_point(byte)).unwrap_or(u32::MAX);
        Region::new(
            spans
                .iter()
                .map(|span| (at(span.start()), at(span.end())))
                .collect(),
        )
    }

    /// The region without blanks, quotation marks and punctuation at both ends of every piece. A
    /// region of nothing else loses its blanks only, so that it stays a region.
    pub(crate) fn stripped(&self, region: &Region) -> Region {
        for bare in [is_strippable, is_blank] {
            let pieces = region.pieces().iter().map(|&piece| self.trim(piece, bare));
            let stripped = Region::new(pieces.collect());
            if !stripped.is_empty() {
                return stripped;
            }
        }
        region.clone()
    }

    fn trim(&self, (start, end): (u32, u32), bare: fn(char) -> bool) -> (u32, u32) {
        let Some(chars) = self.chars.get(start as usize..end as usize) else {
            return (start, end);
        };
        let keep = |character: &char| !bare(*character);
        match (chars.iter().position(keep), chars.iter().rposition(keep)) {
            (Some(first), Some(last)) => (start + first as u32, start + last as u32 + 1),
            _ => (start, start),
        }
    }

    /// The tokens that a region of code points touches, as a region of token numbers. A token is a
    /// run of letters and digits, or any other character that is not blank.
    pub(crate) fn tokens(&self, region: &Region) -> Region {
        let begun = |at: u32| {
            self.begun
                .get(at as usize)
                .or(self.begun.last())
                .copied()
                .unwrap_or(0)
        };
        let pieces = region.pieces().iter().map(|&(start, end)| {
            let inside = self
                .chars
                .get(start as usize)
                .is_some_and(|&c| !is_blank(c))
                && begun(start) == begun(start + 1);
            (begun(start).saturating_sub(u32::from(inside)), begun(end))
        });
        Region::new(pieces.collect())
    }

    /// Whether a quotation mark stands before the word that begins at `start`, with nothing but
    /// punctuation between them.
    pub(crate) fn opens_with_mark(&self, start: u32) -> bool {
        let before = self.chars.get(..start as usize).unwrap_or(&[]).iter().rev();
        before
            .take_while(|&&character| is_strippable(character) && !is_blank(character))
            .any(|&character| is_quotation_mark(character))
    }

    /// The characters of a region; what lies between its pieces becomes “ … ”.
    pub(crate) fn of(&self, region: &Region) -> String {
        let pieces = region.pieces().iter().map(|&(start, end)| {
            let chars = self.chars.get(start as usize..end as usize).unwrap_or(&[]);
            chars.iter().collect::<String>()
        });
        pieces.collect::<Vec<_>>().join(" … ")
    }
}

/// White space, and the marks of no width that stand for none.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn is_quotation_mark(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '`' | '«' | '»' | '‘'..='‟' | '‹' | '›' | '「' | '『' | '＂'
    )
}

/// Blanks, quotation marks and punctuation. Signs that belong to a word or a number (`$ % & # @`)
/// are none of these.
pub(crate) fn is_strippable(character: char) -> bool {
    is_blank(character)
        || matches!(character,
            '!' | '"' | '\'' | '(' | ')' | '*' | ',' | '-' | '.' | '/' | ':' | ';' | '?'
            | '[' | '\\' | ']' | '_' | '`' | '{' | '}'
            | '¡' | '§' | '«' | '´' | '¶' | '·' | '»' | '¿'
            // Dashes, quotation marks, ellipsis and the like; then those of East Asia.
            | '\u{2010}'..='\u{2027}' | '\u{2032}'..='\u{205e}' | '\u{2e00}'..='\u{2e5d}'
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}'
            | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe63}'
            | '\u{ff01}' | '\u{ff02}' | '\u{ff07}'..='\u{ff09}' | '\u{ff0c}'..='\u{ff0f}'
            | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{ff3b}'..='\u{ff3d}' | '\u{ff5b}'..='\u{ff65}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    }

    #[test]
    fn strips_marks_dashes_and_blanks_on_both_sides() {
        let text = "🙂 — “Ça va, José…”,\r\n said Zoë.";
        let view = Text::new(text);
        let region = view.region(&[span(text, "— “Ça va, José…”,\r\n")]);
        assert_eq!(view.of(&view.stripped(&region)), "Ça va, José");
        assert_eq!(
            view.stripped(&region),
            view.region(&[span(text, "Ça va, José")])
        );
    }

    #[test]
    fn strips_every_piece() {
        let text = "“Well,” he said, “no.”";
        let view = Text::new(text);
        let region = view.region(&[span(text, "“Well,”"), span(text, "“no.”")]);
        assert_eq!(view.of(&view.stripped(&region)), "Well … no");
    }

    #[test]
    fn what_is_only_punctuation_stays() {
        let text = "“ — ” cried he";
        let view = Text::new(text);
        let region = view.region(&[span(text, " — ")]);
        assert_eq!(view.of(&view.stripped(&region)), "—");
        assert_eq!(view.stripped(&Region::default()), Region::default());
    }

    #[test]
    fn money_and_shares_keep_their_signs() {
        let text = "“$5, 50%.”";
        let view = Text::new(text);
        assert_eq!(
            view.of(&view.stripped(&view.region(&[Span::new(0, text.len())]))),
            "$5, 50%"
        );
    }

    #[test]
    fn tokens_are_words_and_single_signs() {
        // it ’ s 🙂 done .
        let text = "it’s 🙂 done.";
        let view = Text::new(text);
        let whole = view.region(&[Span::new(0, text.len())]);
        assert_eq!(view.tokens(&whole), Region::new(vec![(0, 6)]));
        // Half of a word touches the word; a blank touches nothing.
        assert_eq!(
            view.tokens(&view.region(&[span(text, "on")])),
            Region::new(vec![(4, 5)])
        );
        assert!(view.tokens(&view.region(&[span(text, " ")])).is_empty());
        assert_eq!(
            view.tokens(&view.region(&[span(text, "’")])),
            Region::new(vec![(1, 2)])
        );
    }

    #[test]
    fn spans_past_the_end_do_no_harm() {
        let view = Text::new("é");
        let region = view.region(&[Span::new(0, 99), Span::new(50, 60)]);
        assert_eq!(view.of(&view.stripped(&region)), "é");
        assert_eq!(view.tokens(&Region::new(vec![(7, 9)])), Region::default());
    }
}
