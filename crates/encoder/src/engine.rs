//! What every engine offers, and what can go wrong with one.

use dixit_tokenize::PieceError;
use ndarray::{Array2, Axis};

/// A run of word pieces that is read at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Vocabulary ids, with the special pieces that open and close a window.
    pub ids: Vec<u32>,
    /// The token type of each piece.
    pub types: Vec<u8>,
}

impl Window {
    /// Whether a model can read the window that knows so many pieces and token types, and reads
    /// at most `most` pieces at once.
    ///
    /// # Errors
    /// Where it cannot.
    pub fn check(&self, known: usize, known_types: usize, most: usize) -> Result<(), EncoderError> {
        let (pieces, types) = (self.ids.len(), self.types.len());
        if pieces == 0 || pieces > most || types != pieces {
            return Err(EncoderError::Window {
                pieces,
                types,
                most,
            });
        }
        if let Some(at) = self.ids.iter().position(|&id| id as usize >= known) {
            let id = self.ids[at];
            return Err(EncoderError::Piece { at, id, known });
        }
        let unknown = |&id: &u8| usize::from(id) >= known_types;
        if let Some(at) = self.types.iter().position(unknown) {
            let (id, known) = (self.types[at], known_types);
            return Err(EncoderError::TokenType { at, id, known });
        }
        Ok(())
    }
}

/// How many numbers each attention head of a model works on. Nothing in a file of weights tells
/// it, and all models of the project have it from their ancestor.
pub const HEAD_SIZE: usize = 32;

/// Something that turns windows into vectors.
///
/// One window is one piece of work on one thread: run many windows in parallel instead of
/// expecting an engine to divide one.
pub trait Engine: Send + Sync {
    /// How many numbers the vector of a piece has.
    fn hidden_size(&self) -> usize;

    /// How many pieces a window may have, special pieces counted in.
    fn max_pieces(&self) -> usize;

    /// The vectors of the last layer, `[pieces, hidden_size]`.
    ///
    /// # Errors
    /// Where the window is too long, or has an id or a token type that the model does not know.
    fn encode(&self, window: &Window) -> Result<Array2<f32>, EncoderError>;

    /// The vectors of the last layer for some of the pieces, `[rows, hidden_size]`: the same as
    /// those rows of [`Engine::encode`], but an engine may leave out what only the others need.
    ///
    /// # Errors
    /// As [`Engine::encode`], and where the window has no such piece.
    fn encode_rows(&self, window: &Window, rows: &[usize]) -> Result<Array2<f32>, EncoderError> {
        let vectors = self.encode(window)?;
        let pieces = vectors.nrows();
        match rows.iter().find(|&&row| row >= pieces) {
            Some(&row) => Err(EncoderError::Row { row, pieces }),
            None => Ok(vectors.select(Axis(0), rows)),
        }
    }
}

/// A model could not be loaded, or a window could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncoderError {
    /// The weights are not a safetensors file.
    #[error("the weights cannot be read ({0}): give a complete .safetensors file")]
    Container(#[from] safetensors::SafeTensorError),
    /// A tensor that the model needs is not there.
    #[error("the weights have no tensor `{0}`: export the model with the names of Hugging Face")]
    Missing(String),
    /// A tensor, or an array made from some, has another shape or form than the model needs.
    #[error("wrong shape: {0}")]
    Shape(String),
    /// A tensor holds what no weight can be.
    #[error("tensor `{name}`: {problem}")]
    Tensor {
        /// The tensor's name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A window has a piece that the vocabulary lacks.
    #[error(
        "piece {at} of the window has the id {id}, but the model knows {known} pieces: tokenizer and weights do not belong together"
    )]
    Piece {
        /// Its place in the window.
        at: usize,
        /// Its id.
        id: u32,
        /// How many ids there are.
        known: usize,
    },
    /// A window has a token type that the model lacks.
    #[error("piece {at} of the window has the token type {id}, but the model knows {known} types")]
    TokenType {
        /// Its place in the window.
        at: usize,
        /// The type.
        id: u8,
        /// How many types there are.
        known: usize,
    },
    /// A window has no pieces, too many, or not one type for each piece.
    #[error(
        "a window of {pieces} pieces and {types} token types: from 1 to {most} pieces with a type each are possible"
    )]
    Window {
        /// How many pieces it has.
        pieces: usize,
        /// How many token types it has.
        types: usize,
        /// How many pieces a window may have.
        most: usize,
    },
    /// Vectors are asked for of a piece that a window does not have.
    #[error("piece {row} is asked for of a window of {pieces} pieces")]
    Row {
        /// The piece that is asked for.
        row: usize,
        /// How many pieces the window has.
        pieces: usize,
    },
    /// Word pieces could not be made.
    #[error(transparent)]
    Pieces(#[from] PieceError),
    /// An engine that is not ours could not be set up, or failed in a way of its own.
    #[error("{0}")]
    Engine(String),
}
