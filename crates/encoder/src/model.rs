//! The model as a whole: text in, scores of every word out.

use rayon::prelude::*;

use dixit_model_1::TOKENIZER;
use dixit_tokenize::{Pieces, WordPieces};

use crate::crf::Crf;
use crate::heads::{FrameScores, Heads, NER_LABELS, ROLE_LABELS, WordScores};
use crate::weights::Weights;
use crate::windows::{Frame, frames};
use crate::{EncoderError, Engine, NativeEngine, Precision, Window};

static WEIGHTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/model.safetensors"));

const CLS: u32 = 101;
const SEP: u32 = 102;
/// The length that the model was trained on; longer windows gain nothing.
const LONGEST: usize = 256;
const MARGIN: usize = 32;

/// Encoder, heads and vocabulary, ready to read.
pub struct Model {
    engine: Box<dyn Engine>,
    heads: Heads,
    ner: Crf,
    roles: Crf,
    vocabulary: WordPieces,
}

/// What the model says of one document.
pub struct Reading {
    /// The document's words, as the model sees them; scores go by these.
    pub pieces: Pieces,
    /// The heads' scores.
    pub scores: WordScores,
}

impl Model {
    /// The model that travels inside the program.
    ///
    /// # Errors
    /// Where the program was built with a broken model.
    pub fn bundled(precision: Precision) -> Result<Self, EncoderError> {
        Self::bundled_on(|weights| {
            let engine = NativeEngine::from_weights(weights, precision)?;
            Ok(Box::new(engine))
        })
    }

    /// The model that travels inside the program, on an engine that is made of its weights.
    ///
    /// # Errors
    /// Where the engine cannot be made, or the program was built with a broken model.
    pub fn bundled_on(
        engine: impl FnOnce(&Weights) -> Result<Box<dyn Engine>, EncoderError>,
    ) -> Result<Self, EncoderError> {
        let weights = Weights::from_safetensors(WEIGHTS)?;
        let engine = engine(&weights)?;
        Self::new(engine, &weights, TOKENIZER)
    }

    /// A model of any engine, with the heads that `weights` hold and a `tokenizer.json`.
    ///
    /// # Errors
    /// Where a head is missing or has another shape, or the tokenizer cannot be read.
    pub fn new(
        engine: Box<dyn Engine>,
        weights: &Weights,
        tokenizer: &[u8],
    ) -> Result<Self, EncoderError> {
        Ok(Self {
            heads: Heads::from_weights(weights, engine.hidden_size())?,
            ner: Crf::from_weights(weights, "ner", NER_LABELS)?,
            roles: Crf::from_weights(weights, "roles", ROLE_LABELS)?,
            vocabulary: WordPieces::from_json(tokenizer)?,
            engine,
        })
    }

    /// The heads, to weigh links with.
    #[must_use]
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    /// The decoder of [`WordScores::ner`].
    #[must_use]
    pub fn ner(&self) -> &Crf {
        &self.ner
    }

    /// The decoder of [`WordScores::roles`].
    #[must_use]
    pub fn roles(&self) -> &Crf {
        &self.roles
    }

    /// The word pieces of a text.
    ///
    /// # Errors
    /// Where the vocabulary refuses a part of the text.
    pub fn pieces(&self, text: &str) -> Result<Pieces, EncoderError> {
        Ok(self.vocabulary.read(text)?)
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    /// Reads a document's pieces: its windows run in parallel on the current thread pool.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn read(&self, pieces: Pieces) -> Result<Reading, EncoderError> {
        let scored = self
            .frames(&pieces)
            .par_iter()
            .map(|frame| self.read_frame(&pieces, frame))
            .collect::<Result<Vec<_>, _>>()?;
        self.gather(pieces, scored)
    }

    /// The windows of a document: what can be read by itself, with [`Model::read_frame`].
    #[must_use]
    pub fn frames(&self, pieces: &Pieces) -> Vec<Frame> {
        frames(pieces, LONGEST.min(self.engine.max_pieces()), MARGIN)
    }

    /// Puts the scores of a document's frames together, which come in text order.
    ///
    /// # Errors
    /// Where they are not those of one document.
    pub fn gather(
        &self,
        pieces: Pieces,
        scored: Vec<FrameScores>,
    ) -> Result<Reading, EncoderError> {
        let scores = self.heads.gather(scored)?;
        Ok(Reading { pieces, scores })
    }

    /// The scores of one of a document's frames.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn read_frame(&self, pieces: &Pieces, frame: &Frame) -> Result<FrameScores, EncoderError> {
        let (window, rows) = Self::window(pieces, frame);
        let vectors = self.engine.encode_rows(&window, &rows)?;
        self.heads.score(frame, vectors.view())
    }

    /// What the engine is given of a frame: the window, and the rows that the heads need.
    #[must_use]
    pub fn window(pieces: &Pieces, frame: &Frame) -> (Window, Vec<usize>) {
        let first = pieces.words[frame.words.start].first_piece as usize;
        let end = pieces.word_end(frame.words.end - 1);
        let mut window = Window {
            ids: vec![CLS],
            types: vec![0],
        };
        window.ids.extend(&pieces.ids[first..end]);
        window.types.extend(&pieces.types[first..end]);
        window.ids.push(SEP);
        window.types.push(0);
        let rows: Vec<usize> = pieces.words[frame.words.clone()]
            .iter()
            .map(|word| word.first_piece as usize - first + 1)
            .collect();
        (window, rows)
    }
}
