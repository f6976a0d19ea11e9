use dixit_document::Mode;
use dixit_encoder::Precision;

use crate::{Error, Pipeline};

/// What a [`Pipeline`] does; made by [`Pipeline::builder`].
#[derive(Clone, Debug)]
pub struct Config {
    jobs: usize,
    modes: Vec<Mode>,
    min_confidence: f32,
    precision: Precision,
}

impl Default for Config {
    /// As many threads as there are cores; speech and writing, however uncertain.
    fn default() -> Self {
        let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            jobs,
            modes: vec![Mode::Speech, Mode::Writing],
            min_confidence: 0.0,
            precision: Precision::F32,
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

    /// The least confidence, from 0 to 1, of a quotation that is given.
    #[must_use]
    pub fn min_confidence(&self) -> f32 {
        self.min_confidence
    }

    /// The arithmetic of the encoder.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
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

    /// Leaves out quotations whose confidence, from 0 to 1, is lower; 0 by default.
    #[must_use]
    pub fn min_confidence(mut self, least: f32) -> Self {
        self.config.min_confidence = least;
        self
    }

    /// The arithmetic of the encoder; 32-bit floating point by default.
    #[must_use]
    pub fn precision(mut self, precision: Precision) -> Self {
        self.config.precision = precision;
        self
    }

    /// Loads the model and starts the threads.
    ///
    /// # Errors
    /// Where the model cannot be used or the threads cannot be started.
    pub fn build(self) -> Result<Pipeline, Error> {
        Pipeline::new(self.config)
    }
}
