//! Words of a span, without their possessive endings.

use dixit_document::Span;
use dixit_tokenize::{Layout, TokenKind};

/// A word, number or piece of punctuation as the rules read it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word<'t> {
    /// As it stands, without a possessive ending.
    pub text: &'t str,
    /// The same in lower case, with straight apostrophes.
    pub lower: String,
    /// Without the ending.
    pub span: Span,
    /// Whether it ended in ’s or s’.
    pub possessive: bool,
    pub kind: TokenKind,
}

impl Word<'_> {
    pub fn is_word(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Number)
    }

    pub fn is_capital(&self) -> bool {
        is_capital(self.text)
    }
}

/// Whether a word begins with a capital letter.
pub(crate) fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// The tokens of a span.
pub(crate) fn words<'t>(text: &'t str, layout: &Layout, span: Span) -> Vec<Word<'t>> {
    layout
        .tokens_in(span)
        .iter()
        .map(|token| {
            let start = token.span.start().max(span.start());
            let end = token.span.end().min(span.end()).max(start);
            word(text, Span::new(start, end), token.kind)
        })
        .filter(|word| !word.span.is_empty())
        .collect()
}

/// One token.
pub(crate) fn word(text: &str, span: Span, kind: TokenKind) -> Word<'_> {
    let whole = span.of(text);
    let bare = if kind == TokenKind::Word {
        without_possessive(whole)
    } else {
        whole
    };
    Word {
        text: bare,
        lower: lower(bare),
        span: Span::new(span.start(), span.start() + bare.len()),
        possessive: bare.len() < whole.len(),
        kind,
    }
}

/// Lower case, with straight apostrophes.
pub(crate) fn lower(word: &str) -> String {
    word.to_lowercase().replace('’', "'")
}

/// The word without ’s, ’S or the apostrophe of a plural.
pub(crate) fn without_possessive(word: &str) -> &str {
    for ending in ["’s", "'s", "’S", "'S"] {
        if let Some(bare) = word.strip_suffix(ending)
            && !bare.is_empty()
            // “It’s” and “he’s” are contractions.
            && !matches!(
                bare.to_lowercase().as_str(),
                "it" | "he" | "she" | "that" | "who" | "what" | "there" | "here" | "let"
            )
        {
            return bare;
        }
    }
    match word.strip_suffix(['’', '\'']) {
        Some(bare) if bare.ends_with(['s', 'S', 'x', 'z']) => bare,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn possessives_go() {
        for (with, without) in [
            ("Orsini’s", "Orsini"),
            ("JONES'", "JONES"),
            ("it’s", "it’s"),
            ("Łódź’s", "Łódź"),
            ("’s", "’s"),
            ("O’Hara", "O’Hara"),
        ] {
            assert_eq!(without_possessive(with), without);
        }
    }
}
