//! Word pieces: what the encoder reads, with the case and the quotation marks that its
//! vocabulary loses given back as a token type for each piece.
//!
//! `models/train/data.py` computes the same features for training; the fixture
//! `models/train/features.json` holds the two together.

use dixit_document::Span;
use tokenizers::Tokenizer;

/// How many different token types [`WordPieces::read`] gives.
pub const TOKEN_TYPES: usize = 16;

/// Longer texts are cut at blanks into parts of at most this many bytes before they are looked
/// up, which changes nothing but memory: no piece ever spans a blank.
const PART: usize = 4096;

/// Word pieces could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PieceError {
    /// The vocabulary file is not one.
    #[error("the tokenizer file cannot be read: {0}")]
    Vocabulary(String),
    /// The tokenizer refused a text.
    #[error("word pieces cannot be made near byte {byte}: {reason}")]
    Text {
        /// Where the refused part begins.
        byte: usize,
        /// What the tokenizer says.
        reason: String,
    },
}

/// One word, as the encoder's vocabulary sees words: blanks and punctuation divide them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceWord {
    /// Its bytes in the text.
    pub span: Span,
    /// The index of its first piece.
    pub first_piece: u32,
}

/// A text as word pieces, without the special pieces that open and close a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Vocabulary ids.
    pub ids: Vec<u32>,
    /// The token type of each piece: case shape (0 none, 1 Title, 2 CAPITALS, 3 mixed), plus 4
    /// inside quotation marks, plus 8 at the start of a line.
    pub types: Vec<u8>,
    /// The words, in text order.
    pub words: Vec<PieceWord>,
}

impl Pieces {
    /// One past the last piece of word `index`.
    #[must_use]
    pub fn word_end(&self, index: usize) -> usize {
        self.words
            .get(index + 1)
            .map_or(self.ids.len(), |next| next.first_piece as usize)
    }
}

/// A word-piece vocabulary.
pub struct WordPieces {
    tokenizer: Tokenizer,
}

impl WordPieces {
    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// Where the bytes are no tokenizer of the `tokenizers` crate.
    pub fn from_json(json: &[u8]) -> Result<Self, PieceError> {
        let mut tokenizer =
            Tokenizer::from_bytes(json).map_err(|e| PieceError::Vocabulary(e.to_string()))?;
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(None)
            .map_err(|e| PieceError::Vocabulary(e.to_string()))?;
        Ok(Self { tokenizer })
    }

    /// The pieces of a text.
    ///
    /// # Errors
    /// Where the tokenizer refuses a part of the text.
    pub fn read(&self, text: &str) -> Result<Pieces, PieceError> {
        let mut pieces = Pieces::default();
        for part in parts(text) {
            let refused = |reason: tokenizers::Error| PieceError::Text {
                byte: part.start(),
                reason: reason.to_string(),
            };
            let encoding = self
                .tokenizer
                .encode(part.of(text), false)
                .map_err(refused)?;
            for ((&id, piece), &(start, end)) in encoding
                .get_ids()
                .iter()
                .zip(encoding.get_tokens())
                .zip(encoding.get_offsets())
            {
                let span = on_characters(text, part.start() + start, part.start() + end);
                match pieces.words.last_mut() {
                    Some(word) if start > 0 && piece.starts_with("##") => {
                        word.span = word.span.cover(span);
                    }
                    _ => pieces.words.push(PieceWord {
                        span,
                        first_piece: pieces.ids.len() as u32,
                    }),
                }
                pieces.ids.push(id);
            }
        }
        pieces.types = token_types(text, &pieces);
        Ok(pieces)
    }
}

/// Cuts a text at blanks into parts of at most 4096 bytes, so that a tokenizer need not hold the
/// whole of it; only a run without any blank is cut inside. Blanks go with what follows them.
#[must_use]
pub fn parts(text: &str) -> Vec<Span> {
    let mut parts = Vec::with_capacity(text.len() / PART + 1);
    let mut start = 0;
    while start < text.len() {
        let mut end = text.len().min(start + PART);
        if end < text.len() {
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let blank = text[start..end].rfind(char::is_whitespace);
            end = blank.filter(|&b| b > 0).map_or(end, |b| start + b);
        }
        parts.push(Span::new(start, end));
        start = end;
    }
    parts
}

/// A tokenizer's offsets, widened to whole characters.
fn on_characters(text: &str, start: usize, end: usize) -> Span {
    let mut start = start.min(text.len());
    let mut end = end.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span::new(start, end)
}

fn token_types(text: &str, pieces: &Pieces) -> Vec<u8> {
    let mut types = Vec::with_capacity(pieces.ids.len());
    let mut inside = false;
    let mut at = 0;
    for (index, word) in pieces.words.iter().enumerate() {
        let mut new_line = at == 0;
        let seen = Span::new(at, word.span.end().max(at));
        for (offset, c) in seen.of(text).char_indices() {
            match c {
                '\n' => (inside, new_line) = (false, true),
                _ if at + offset < word.span.start() => {}
                '“' | '„' | '«' => inside = true,
                '”' | '»' => inside = false,
                '"' => inside = !inside,
                _ => {}
            }
        }
        at = seen.end();
        let word_type = shape(word.span.of(text)) + 4 * u8::from(inside) + 8 * u8::from(new_line);
        types.resize(pieces.word_end(index), word_type);
    }
    types
}

fn shape(word: &str) -> u8 {
    let letters = word.chars().filter(|c| c.is_alphabetic());
    let (all, upper) = letters.fold((0, 0), |(all, upper), c| {
        (all + 1, upper + u32::from(c.is_uppercase()))
    });
    match (all, upper) {
        (_, 0) => 0,
        (all, upper) if all == upper && all > 1 => 2,
        (_, 1) if word.starts_with(char::is_uppercase) => 1,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_tell_the_case() {
        for (word, expected) in [
            ("the", 0),
            ("The", 1),
            ("I", 1),
            ("NATO", 2),
            ("McCain", 3),
            ("iPod", 3),
            ("42", 0),
        ] {
            assert_eq!(shape(word), expected, "{word}");
        }
    }

    #[test]
    fn parts_cover_the_text_and_cut_at_blanks() {
        let text = "élan vital — ".repeat(2000);
        let parts = parts(&text);
        let joined: String = parts.iter().map(|part| part.of(&text)).collect();
        assert_eq!(joined, text);
        assert!(
            parts
                .iter()
                .skip(1)
                .all(|p| p.of(&text).starts_with(char::is_whitespace))
        );
        let solid = "é".repeat(10_000);
        assert_eq!(
            super::parts(&solid)
                .iter()
                .map(|p| p.of(&solid))
                .collect::<String>(),
            solid
        );
    }
}
