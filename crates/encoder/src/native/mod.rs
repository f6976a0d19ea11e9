//! The encoder in Rust: BERT as MiniLM has it, written for CPUs and for throughput.
//!
//! One window is computed by one thread and is never padded. Weights are packed once for the
//! vector instructions that the CPU has, chosen when the engine is made.

mod dense;
mod forward;
mod kernels;
mod parameters;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use ndarray::Array2;

use crate::weights::Weights;
use crate::{EncoderError, Engine, Window};
pub use dense::Dense;
use forward::Scratch;
use kernels::Isa;
use parameters::Parameters;

/// How exactly the products with weights are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floating point.
    F32,
    /// 8-bit integers: weights with one scale an output; activations with one scale a piece, or,
    /// on processors without instructions for such products, 7 bits and a scale each 64 numbers.
    #[default]
    Int8,
}

/// The engine that needs nothing installed.
pub struct NativeEngine {
    parameters: Parameters,
}

/// How many operations a second one core of this machine can do at most in a precision,
/// multiplications and additions each counted: the measure for the speed of an engine.
#[must_use]
pub fn peak(precision: Precision) -> f64 {
    kernels::peak(Isa::best(), precision == Precision::Int8)
}

thread_local! {
    /// Kept from window to window, so that only the vectors that are given away are allocated.
    static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

impl NativeEngine {
    /// Packs a model's weights for this CPU.
    ///
    /// # Errors
    /// Where a tensor of the encoder is missing, or has a shape that does not go with the others.
    pub fn from_weights(weights: &Weights<'_>, precision: Precision) -> Result<Self, EncoderError> {
        Self::for_isa(weights, precision, Isa::best())
    }

    fn for_isa(
        weights: &Weights<'_>,
        precision: Precision,
        isa: Isa,
    ) -> Result<Self, EncoderError> {
        Ok(Self {
            parameters: Parameters::read(weights, precision, isa)?,
        })
    }

    /// What is asked for has been checked.
    fn compute(
        &self,
        window: &Window,
        rows: Option<&[usize]>,
        count: usize,
    ) -> Result<Array2<f32>, EncoderError> {
        let mut scratch = SCRATCH.take().unwrap_or_default();
        let vectors = self.parameters.encode(window, rows, &mut scratch).to_vec();
        SCRATCH.set(Some(scratch));
        let shape = (count, self.parameters.hidden);
        Array2::from_shape_vec(shape, vectors).map_err(|e| EncoderError::Shape(e.to_string()))
    }

    fn check(&self, window: &Window) -> Result<(), EncoderError> {
        let embeddings = &self.parameters.embeddings;
        let (pieces, types) = (window.ids.len(), window.types.len());
        let most = embeddings.positions.rows();
        if pieces == 0 || pieces > most || types != pieces {
            return Err(EncoderError::Window {
                pieces,
                types,
                most,
            });
        }
        let known = embeddings.words.rows();
        if let Some(at) = window.ids.iter().position(|&id| id as usize >= known) {
            return Err(EncoderError::Piece {
                at,
                id: window.ids[at],
                known,
            });
        }
        let known = embeddings.types.rows();
        if let Some(at) = window.types.iter().position(|&id| usize::from(id) >= known) {
            return Err(EncoderError::TokenType {
                at,
                id: window.types[at],
                known,
            });
        }
        Ok(())
    }
}

impl Engine for NativeEngine {
    fn hidden_size(&self) -> usize {
        self.parameters.hidden
    }

    fn max_pieces(&self) -> usize {
        self.parameters.embeddings.positions.rows()
    }

    fn encode(&self, window: &Window) -> Result<Array2<f32>, EncoderError> {
        self.check(window)?;
        self.compute(window, None, window.ids.len())
    }

    fn encode_rows(&self, window: &Window, rows: &[usize]) -> Result<Array2<f32>, EncoderError> {
        self.check(window)?;
        let pieces = window.ids.len();
        match rows.iter().find(|&&row| row >= pieces) {
            Some(&row) => Err(EncoderError::Row { row, pieces }),
            None => self.compute(window, Some(rows), rows.len()),
        }
    }
}
