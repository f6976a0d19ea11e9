//! The bundled model, loaded once a process however many pipelines read with it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use dixit_encoder::{Device, EncoderError, Model, Precision};

use crate::{Config, EngineKind, Error};

/// What a loaded model depends on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setup {
    Native(Precision),
    RustBert(Device),
}

/// What some pipeline still holds.
static LOADED: Mutex<Vec<(Setup, Weak<Model>)>> = Mutex::new(Vec::new());

/// The bundled model on the engine that is asked for: the one that is in use already, if there is
/// one.
pub(crate) fn model(config: &Config) -> Result<Arc<Model>, Error> {
    let setup = match (config.engine(), config.device()) {
        (EngineKind::RustBert, device) => Setup::RustBert(device),
        // A model that is brought is what the device is for.
        (EngineKind::Native, device) if device != Device::Cpu && config.ner_model().is_none() => {
            return Err(Error::Device(device));
        }
        (EngineKind::Native, _) => Setup::Native(config.precision()),
    };
    // The list is whole whenever a lock of it ends.
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let found = loaded
        .iter()
        .find(|(of, _)| *of == setup)
        .and_then(|(_, model)| model.upgrade());
    if let Some(model) = found {
        return Ok(model);
    }
    let model = match setup {
        Setup::Native(precision) => Model::bundled(precision),
        Setup::RustBert(device) => rust_bert(device)?,
    };
    let model = Arc::new(model.map_err(Error::Model)?);
    loaded.retain(|(of, _)| *of != setup);
    loaded.push((setup, Arc::downgrade(&model)));
    Ok(model)
}

#[cfg(feature = "rust-bert")]
fn rust_bert(device: Device) -> Result<Result<Model, EncoderError>, Error> {
    use dixit_rust_bert::RustBertEngine;
    Ok(Model::bundled_on(|weights| {
        Ok(Box::new(RustBertEngine::from_weights(weights, device)?))
    }))
}

#[cfg(not(feature = "rust-bert"))]
fn rust_bert(_: Device) -> Result<Result<Model, EncoderError>, Error> {
    Err(Error::NoLibtorch("the engine rust-bert"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pipeline;

    #[test]
    fn is_loaded_once_and_goes_with_its_last_pipeline() {
        let config = Pipeline::builder().precision(Precision::F32);
        let config = config.build().expect("a pipeline").config().clone();
        let first = model(&config).expect("the bundled model");
        let second = model(&config).expect("the bundled model");
        assert!(Arc::ptr_eq(&first, &second));
        let gone = Arc::downgrade(&first);
        drop((first, second));
        assert!(gone.upgrade().is_none());
        model(&config).expect("the bundled model again");
    }

    #[test]
    fn a_device_is_never_ignored() {
        let builder = Pipeline::builder().device(Device::Cuda(3));
        let error = builder.build().err().expect("no native engine there");
        assert!(error.to_string().contains("cuda:3"), "{error}");
    }
}
