//! Who finds the names.

use dixit_document::NamedEntity;
use dixit_encoder::{EncoderError, Model, Reading};
use dixit_tokenize::Layout;

use crate::{Config, Error};

/// The model that finds a pipeline's names.
pub(crate) enum Names {
    /// The one that reads everything else.
    Bundled,
    /// One that somebody brings.
    #[cfg(feature = "rust-bert")]
    Brought(dixit_rust_bert::NameModel),
}

impl Names {
    pub(crate) fn open(config: &Config) -> Result<Self, Error> {
        config
            .ner_model()
            .map_or(Ok(Self::Bundled), |folder| Self::brought(folder, config))
    }

    #[cfg(feature = "rust-bert")]
    fn brought(folder: &std::path::Path, config: &Config) -> Result<Self, Error> {
        let model = dixit_rust_bert::NameModel::open(folder, config.device(), config.ner_labels());
        model
            .map(Self::Brought)
            .map_err(|error| Error::NameModel(Box::new(error)))
    }

    #[cfg(not(feature = "rust-bert"))]
    fn brought(_: &std::path::Path, _: &Config) -> Result<Self, Error> {
        Err(Error::NoLibtorch("a named-entity model of one's own"))
    }

    /// The names in a text.
    #[cfg_attr(not(feature = "rust-bert"), allow(unused_variables))]
    pub(crate) fn find(
        &self,
        model: &Model,
        reading: &Reading,
        text: &str,
        layout: &Layout,
    ) -> Result<Vec<NamedEntity>, EncoderError> {
        match self {
            Self::Bundled => Ok(dixit_ner::named_entities(model, reading)),
            #[cfg(feature = "rust-bert")]
            Self::Brought(brought) => brought
                .named_entities(text, layout)
                .map_err(|error| EncoderError::Engine(error.to_string())),
        }
    }
}
