//! Names by a model that somebody brings.

use std::path::Path;

use dixit_document::NamedEntity;
use dixit_encoder::{Device, Frame, frames};
use dixit_ner::{LabelMap, LabelNames};
use dixit_tokenize::{Layout, Pieces};
use ndarray::{Array2, s};
use rayon::prelude::*;

use crate::ModelError;
use crate::architecture::{Classifier, architecture};
use crate::folder::Folder;
use crate::libtorch::{self, integers, matrix};
use crate::pieces::PieceMaker;
use crate::replicas::{Replicas, Stored};

/// The most pieces that are read at once, where a model allows it.
const LONGEST: usize = 256;
/// About how many pieces of a window only give context to the others, on either side.
const MARGIN: usize = 32;

/// A token-classification model that finds names, with its tokenizer and labels.
pub struct NameModel {
    models: Replicas<Classifier>,
    device: tch::Device,
    pieces: PieceMaker,
    labels: LabelMap,
    longest: usize,
    vocabulary: i64,
}

impl NameModel {
    /// Loads a folder as Hugging Face has them: `config.json`, `tokenizer.json` or the vocabulary
    /// files of the architecture, `model.safetensors` or `rust_model.ot`.
    ///
    /// # Errors
    /// Where a file is missing or broken, `rust-bert` does not have the architecture, a tensor is
    /// missing or has another shape than config.json says, it cannot be told what a label stands
    /// for, or the device is not there. The error names which.
    pub fn open(folder: &Path, device: Device, said: &LabelNames) -> Result<Self, ModelError> {
        let folder = Folder::open(folder)?;
        let architecture = architecture(&folder)?;
        let names = folder.labels()?;
        let labels = LabelMap::new(&names, said).map_err(|problem| ModelError::Labels {
            file: folder.config_file(),
            problem,
        })?;
        let pieces = PieceMaker::open(&folder, architecture.kind)?;
        let special = pieces.before.len() + pieces.after.len();
        if architecture.longest < special + 4 {
            return Err(folder.config_error("`max_position_embeddings` leaves no room for words"));
        }
        let known = architecture.vocabulary;
        let framing = pieces.before.iter().chain(&pieces.after);
        if let Some(&(id, _)) = framing.clone().find(|(id, _)| !(0..known).contains(id)) {
            return Err(ModelError::Piece { id, known });
        }
        let weights = ["model.safetensors", "rust_model.ot"];
        let weights = folder.one_of(&weights, "the weights")?;
        let device = libtorch::device(device)?;
        let stored = Stored::read(&weights, &architecture.name)?;
        let model = Self {
            models: Replicas::new(device, stored, architecture.make)?,
            device,
            longest: architecture.longest.min(LONGEST),
            vocabulary: known,
            pieces,
            labels,
        };
        // What config.json says and no tensor shows comes to light when it is used.
        model.scores(&[], &[])?;
        Ok(model)
    }

    /// The names in a text, whose `layout` tells its words. Windows run in parallel on the
    /// current thread pool.
    ///
    /// # Errors
    /// Where the tokenizer gives pieces that the model does not know, or libtorch fails.
    pub fn named_entities(
        &self,
        text: &str,
        layout: &Layout,
    ) -> Result<Vec<NamedEntity>, ModelError> {
        let special = self.pieces.before.len() + self.pieces.after.len();
        let room = self.longest - special;
        let pieces = self.pieces.pieces(text, layout, room)?;
        // Frames keep room for two special pieces.
        let frames = frames(&pieces, room + 2, MARGIN);
        let scored = frames
            .par_iter()
            .map(|frame| self.read(&pieces, frame))
            .collect::<Result<Vec<_>, _>>()?;
        let mut scores = Array2::zeros((pieces.words.len(), self.labels.len()));
        for (frame, scored) in frames.iter().zip(scored) {
            scores.slice_mut(s![frame.kept.clone(), ..]).assign(&scored);
        }
        let words: Vec<_> = pieces.words.iter().map(|word| word.span).collect();
        Ok(self.labels.decode(text, &words, scores.view()))
    }

    /// The scores of a frame's kept words.
    fn read(&self, pieces: &Pieces, frame: &Frame) -> Result<Array2<f32>, ModelError> {
        let first = pieces.words[frame.words.start].first_piece as usize;
        let end = pieces.word_end(frame.words.end - 1);
        let before = self.pieces.before.len();
        let rows: Vec<i64> = pieces.words[frame.kept.clone()]
            .iter()
            .map(|word| (word.first_piece as usize - first + before) as i64)
            .collect();
        self.scores(&pieces.ids[first..end], &rows)
    }

    /// The scores of some rows of a window.
    fn scores(&self, pieces: &[u32], rows: &[i64]) -> Result<Array2<f32>, ModelError> {
        let known = self.vocabulary;
        let pieces = pieces.iter().map(|&id| (i64::from(id), 0));
        let (before, after) = (self.pieces.before.iter(), self.pieces.after.iter());
        let window = before.copied().chain(pieces).chain(after.copied());
        let (ids, types): (Vec<i64>, Vec<i64>) = window.unzip();
        if let Some(&id) = ids.iter().find(|id| !(0..known).contains(*id)) {
            return Err(ModelError::Piece { id, known });
        }
        self.models.with(|classify| {
            let mask = vec![1; ids.len()];
            let tensor = |numbers: &[i64]| {
                Ok::<_, ModelError>(integers(numbers, self.device)?.f_unsqueeze(0)?)
            };
            let (ids, mask, types) = (tensor(&ids)?, tensor(&mask)?, tensor(&types)?);
            let scores = classify(Some(&ids), Some(&mask), Some(&types));
            let scores = scores.map_err(|error| ModelError::Torch(error.to_string()))?;
            let scores = scores.f_squeeze_dim(0)?;
            let rows = integers(rows, self.device)?;
            matrix(&scores.f_index_select(0, &rows)?)
        })
    }
}
