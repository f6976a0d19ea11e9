//! Documents that failed: a line each on standard error and in the file of errors.

use dixit_corpus::DocumentError;
use serde_json::{Value, json};

/// Why a document failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It could not be read from its file.
    Unread(DocumentError),
    /// The pipeline failed on it.
    Unprocessed(dixit::Error),
}

impl From<dixit::Error> for Failure {
    fn from(error: dixit::Error) -> Self {
        Self::Unprocessed(error)
    }
}

impl Failure {
    /// What went wrong, for a person.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Unread(error) => error.to_string(),
            Self::Unprocessed(error) => error.to_string(),
        }
    }

    /// The line in the file of errors.
    pub(crate) fn report(&self) -> Value {
        match self {
            Self::Unread(error) => json!({
                "doc": error.document(),
                "file": error.file(),
                "line": error.line(),
                "column": error.column(),
                "byte": error.byte(),
                "kind": error.kind().as_str(),
                "message": error.to_string(),
            }),
            Self::Unprocessed(error) => json!({
                "doc": error.document(),
                "file": null,
                "line": null,
                "column": null,
                "byte": null,
                "kind": "processing",
                "message": error.to_string(),
            }),
        }
    }

    /// What a run that goes on knows it by: a document that was read by its id.
    pub(crate) fn item(&self) -> String {
        match self {
            Self::Unread(error) => error.to_string(),
            Self::Unprocessed(error) => error.document().unwrap_or_default().to_owned(),
        }
    }
}
