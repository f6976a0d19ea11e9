//! The suite of all engines on `rust-bert`.
#![cfg(feature = "libtorch")]

#[path = "../../../tests/engines/suite.rs"]
mod suite;

use dixit_encoder::{Device, EncoderError, Engine, Weights};
use dixit_rust_bert::RustBertEngine;

fn make(weights: &Weights<'_>) -> Result<Box<dyn Engine>, EncoderError> {
    let engine = RustBertEngine::from_weights(weights, Device::Cpu)?;
    Ok(Box::new(engine))
}

engine_suite!(make, suite::F32);

#[test]
fn a_device_that_is_not_there_is_named() {
    // No machine has so many.
    let bytes = include_bytes!("../../../models/small/model.safetensors");
    let weights = Weights::from_safetensors(bytes).unwrap();
    let error = RustBertEngine::from_weights(&weights, Device::Cuda(4321)).err();
    let message = error.expect("an error").to_string();
    assert!(message.contains("cuda:4321"), "{message}");
}
