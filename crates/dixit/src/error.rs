use dixit_encoder::EncoderError;

/// Why a pipeline could not be built, or a document not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model cannot be used.
    #[error("the model cannot be used: {0}")]
    Model(#[source] EncoderError),
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
            Self::Model(_) | Self::Threads(_) => None,
        }
    }
}
