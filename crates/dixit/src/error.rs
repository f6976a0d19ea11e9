use dixit_encoder::{Device, EncoderError};

/// Why a pipeline could not be built, or a document not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model cannot be used.
    #[error("the model cannot be used: {0}")]
    Model(#[source] EncoderError),
    /// This build has no libtorch.
    #[error(
        "{0} needs libtorch, which this build is without: build with `cargo build --release -p dixit-cli --features rust-bert` (README.md tells how to get libtorch)"
    )]
    NoLibtorch(&'static str),
    /// The native engine cannot use a device.
    #[error(
        "the native engine runs on the CPU only, not on {0}: take the engine rust-bert for a graphics processor"
    )]
    Device(Device),
    /// The model that somebody brings cannot be used.
    #[error("the named-entity model cannot be used: {0}")]
    NameModel(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The worker threads could not be started.
    #[error("the worker threads cannot be started: {0}")]
    Threads(String),
    /// One document could not be read; others are not affected.
    #[error("document “{document}” cannot be read: {reason}")]
    Document {
        /// Its id.
        document: String,
        /// What stood in the way.
        #[source]
        reason: EncoderError,
    },
    /// One document is longer than positions can count.
    #[error(
        "document “{document}” has {bytes} bytes, more than the 4 GiB that can be addressed; split it"
    )]
    TooLong {
        /// Its id.
        document: String,
        /// Its length.
        bytes: usize,
    },
    /// A worker stopped without an answer.
    #[error("a worker stopped without an answer for document “{document}”")]
    Worker {
        /// Its id.
        document: String,
    },
}

impl Error {
    /// The id of the document that failed, unless the pipeline as a whole did.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        match self {
            Self::Document { document, .. }
            | Self::TooLong { document, .. }
            | Self::Worker { document } => Some(document),
            Self::NoLibtorch(_)
            | Self::Device(_)
            | Self::NameModel(_)
            | Self::Model(_)
            | Self::Threads(_) => None,
        }
    }
}
