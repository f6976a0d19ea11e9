//! The bundled model, loaded once a process however many pipelines read with it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use dixit_encoder::{EncoderError, Model, Precision};

/// What some pipeline still holds.
static LOADED: Mutex<Vec<(Precision, Weak<Model>)>> = Mutex::new(Vec::new());

/// The bundled model: the one that is in use already, if there is one.
pub(crate) fn model(precision: Precision) -> Result<Arc<Model>, EncoderError> {
    // The list is whole whenever a lock of it ends.
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let found = loaded
        .iter()
        .find(|(of, _)| *of == precision)
        .and_then(|(_, model)| model.upgrade());
    if let Some(model) = found {
        return Ok(model);
    }
    let model = Arc::new(Model::bundled(precision)?);
    loaded.retain(|(of, _)| *of != precision);
    loaded.push((precision, Arc::downgrade(&model)));
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_loaded_once_and_goes_with_its_last_pipeline() {
        let first = model(Precision::F32).expect("the bundled model");
        let second = model(Precision::F32).expect("the bundled model");
        assert!(Arc::ptr_eq(&first, &second));
        let gone = Arc::downgrade(&first);
        drop((first, second));
        assert!(gone.upgrade().is_none());
        model(Precision::F32).expect("the bundled model again");
    }
}
