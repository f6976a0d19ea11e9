//! Quotations: direct speech by its marks, and every other kind from the encoder's scores.
//!
//! [`attributions`] reads contents, cues and sources from the model; `marks` reads direct speech
//! from its typography; [`quotations`] brings the two together.

pub mod marks;

mod attribution;
mod confidence;
mod merge;

pub use attribution::{Attribution, attributions};
pub use merge::quotations;
