use std::path::{Path, PathBuf};

use dixit_document::Mode;
use dixit_encoder::{Device, Precision};
use dixit_ner::LabelNames;

use crate::{Error, Pipeline};

/// The least confidence of the quotations that are given by default. On `polnear-speakers.dev` 89
/// of 100 records that are given are attributions, and one right one in eleven is held back.
pub const MIN_CONFIDENCE: f32 = 0.35;

/// What computes the encoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineKind {
    /// The one in Rust, for CPUs: nothing to install, and the fastest there.
    #[default]
    Native,
    /// The crate `rust-bert` on libtorch, for CPUs and graphics processors, in 32-bit floating
    /// point; only in builds with the feature `rust-bert`.
    RustBert,
}

/// What a [`Pipeline`] does; made by [`Pipeline::builder`].
#[derive(Clone, Debug)]
pub struct Config {
    jobs: usize,
    modes: Vec<Mode>,
    min_confidence: Option<f32>,
    precision: Precision,
    engine: EngineKind,
    device: Device,
    ner_model: Option<PathBuf>,
    ner_labels: LabelNames,
}

impl Default for Config {
    /// As many threads as there are cores; speech and writing that is rather right than wrong.
    fn default() -> Self {
        let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            jobs,
            modes: vec![Mode::Speech, Mode::Writing],
            min_confidence: None,
            precision: Precision::default(),
            engine: EngineKind::default(),
            device: Device::default(),
            ner_model: None,
            ner_labels: LabelNames::default(),
        }
    }
}

impl Config {
    /// How many threads read documents.
    #[must_use]
    pub fn jobs(&self) -> usize {
        self.jobs
    }

    /// The modes of attribution that are given.
    #[must_use]
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// Whether every mode is asked for. Documents then tell the cues and sources too that no quotation holds.
    #[must_use]
    pub fn every_mode(&self) -> bool {
        Mode::ALL.iter().all(|mode| self.modes.contains(mode))
    }

    /// The least confidence, from 0 to 1, of a quotation that is given: [`MIN_CONFIDENCE`] unless
    /// told otherwise, and 0 where every mode is asked for.
    #[must_use]
    pub fn min_confidence(&self) -> f32 {
        let default = if self.every_mode() {
            0.0
        } else {
            MIN_CONFIDENCE
        };
        self.min_confidence.unwrap_or(default)
    }

    /// The arithmetic of the native engine.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// What computes the encoder.
    #[must_use]
    pub fn engine(&self) -> EngineKind {
        self.engine
    }

    /// Where libtorch computes.
    #[must_use]
    pub fn device(&self) -> Device {
        self.device
    }

    /// The folder of the model that finds names, unless the bundled one does.
    #[must_use]
    pub fn ner_model(&self) -> Option<&Path> {
        self.ner_model.as_deref()
    }

    /// What its labels stand for, where their own names do not tell.
    #[must_use]
    pub fn ner_labels(&self) -> &LabelNames {
        &self.ner_labels
    }
}

/// Sets up a [`Pipeline`].
#[derive(Clone, Debug, Default)]
pub struct Builder {
    config: Config,
}

impl Builder {
    /// How many threads read documents; 0 stands for one a core, the default.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.config.jobs = if jobs == 0 {
            Config::default().jobs
        } else {
            jobs
        };
        self
    }

    /// Which modes of attribution are given; speech and writing unless told otherwise.
    #[must_use]
    pub fn modes(mut self, modes: impl IntoIterator<Item = Mode>) -> Self {
        self.config.modes = modes.into_iter().collect();
        self
    }

    /// Leaves out quotations whose confidence, from 0 to 1, is lower;
    /// [`Config::min_confidence`] tells the default.
    #[must_use]
    pub fn min_confidence(mut self, least: f32) -> Self {
        self.config.min_confidence = Some(least);
        self
    }

    /// The arithmetic of the native engine; 8-bit integers by default.
    #[must_use]
    pub fn precision(mut self, precision: Precision) -> Self {
        self.config.precision = precision;
        self
    }

    /// What computes the encoder; the native engine by default.
    #[must_use]
    pub fn engine(mut self, engine: EngineKind) -> Self {
        self.config.engine = engine;
        self
    }

    /// Where libtorch computes, both for the engine `rust-bert` and for a model of
    /// [`Builder::ner_model`]; the CPU by default.
    #[must_use]
    pub fn device(mut self, device: Device) -> Self {
        self.config.device = device;
        self
    }

    /// Has names found by a token-classification model in place of the bundled one, with any
    /// engine. The folder is as Hugging Face lays it out: `config.json`, `tokenizer.json` or the
    /// vocabulary files, `model.safetensors` or `rust_model.ot`.
    #[must_use]
    pub fn ner_model(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.ner_model = Some(folder.into());
        self
    }

    /// What the labels of that model stand for, where their own names do not tell.
    #[must_use]
    pub fn ner_labels(mut self, labels: LabelNames) -> Self {
        self.config.ner_labels = labels;
        self
    }

    /// Loads the model and starts the threads.
    ///
    /// # Errors
    /// Where a model or the device cannot be used, this build lacks what is asked for, or the
    /// threads cannot be started.
    pub fn build(self) -> Result<Pipeline, Error> {
        Pipeline::new(self.config)
    }
}
