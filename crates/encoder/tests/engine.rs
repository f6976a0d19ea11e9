//! The suite of all engines on the native one.

#[path = "../../../tests/engines/suite.rs"]
mod suite;

use dixit_encoder::{EncoderError, Engine, NativeEngine, Precision, Weights};

fn native(weights: &Weights<'_>, precision: Precision) -> Result<Box<dyn Engine>, EncoderError> {
    Ok(Box::new(NativeEngine::from_weights(weights, precision)?))
}

mod f32 {
    use super::*;

    engine_suite!(
        |weights: &Weights<'_>| native(weights, Precision::F32),
        suite::F32
    );
}

mod int8 {
    use super::*;

    // The exception: rounding to 8 bits shows.
    const ROUNDED: suite::Tolerance = suite::Tolerance {
        vectors: 0.15,
        scores: 3.0,
    };

    engine_suite!(
        |weights: &Weights<'_>| native(weights, Precision::Int8),
        ROUNDED
    );
}
