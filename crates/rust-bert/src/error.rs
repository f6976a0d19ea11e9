use std::path::PathBuf;

use dixit_encoder::Device;
use dixit_ner::LabelError;

/// A model could not be loaded, or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A file of the model's folder is missing, or cannot be read.
    #[error("{}: {problem}", file.display())]
    File {
        /// The file, or the folder where one is missing.
        file: PathBuf,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// The weights lack a tensor that the architecture has.
    #[error("{}: there is no tensor `{name}`, which a {architecture} model for token classification has", file.display())]
    Missing {
        /// The file of weights.
        file: PathBuf,
        /// The tensor.
        name: String,
        /// The architecture, as config.json calls it.
        architecture: String,
    },
    /// A tensor does not go with what config.json says.
    #[error("{}: tensor `{name}` is {found:?}, and {wanted:?} by config.json", file.display())]
    Shape {
        /// The file of weights.
        file: PathBuf,
        /// The tensor.
        name: String,
        /// Its shape.
        found: Vec<i64>,
        /// The shape that it should have.
        wanted: Vec<i64>,
    },
    /// What the labels stand for cannot be told.
    #[error("{}: {problem}", file.display())]
    Labels {
        /// The file that lists the labels.
        file: PathBuf,
        /// What is wrong with them.
        #[source]
        problem: LabelError,
    },
    /// The machine has no such device, or libtorch was built without it.
    #[error(
        "there is no device {device}: libtorch sees {found} CUDA devices here; use cpu, or a libtorch that is built for CUDA on a machine that has a graphics processor"
    )]
    Device {
        /// The device that was asked for.
        device: Device,
        /// How many there are.
        found: i64,
    },
    /// The tokenizer gives a piece that the model does not have.
    #[error(
        "the tokenizer gives piece {id} and the model knows {known}: they do not belong together"
    )]
    Piece {
        /// The piece.
        id: i64,
        /// How many pieces the model knows.
        known: i64,
    },
    /// libtorch failed.
    #[error("libtorch failed: {0}")]
    Torch(String),
}

impl From<tch::TchError> for ModelError {
    fn from(error: tch::TchError) -> Self {
        // What follows is libtorch's own call stack.
        let message = error.to_string();
        let first = message.lines().next().unwrap_or_default();
        Self::Torch(first.to_owned())
    }
}
