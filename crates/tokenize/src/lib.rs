//! Paragraphs, sentences, words, quotation marks and word pieces, with exact offsets.
//!
//! [`Layout::read`] finds everything that a text shows without understanding it: paragraphs by
//! the custom that the text follows, sentences, tokens, and quotation marks told from
//! apostrophes. Every position is a span of bytes into the text as it was given.
//!
//! ```
//! use dixit_tokenize::Layout;
//!
//! let text = "‘The boys’ boat isn’t here,’ said Una.";
//! let layout = Layout::read(text);
//! let marks: Vec<&str> = layout.marks.iter().map(|mark| mark.span.of(text)).collect();
//! assert_eq!(marks, ["‘", "’"]);
//! assert_eq!(layout.sentences.len(), 1);
//! ```

mod abbreviation;
mod apostrophe;
mod chars;
mod elision;
mod layout;
mod mark;
mod paragraph;
mod pieces;
mod sentence;
mod token;

pub use layout::Layout;
pub use mark::{Mark, MarkKind};
pub use paragraph::Custom;
pub use pieces::{PieceError, PieceWord, Pieces, TOKEN_TYPES, WordPieces, parts};
pub use token::{Token, TokenKind};
