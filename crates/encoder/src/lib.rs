//! Windows of word pieces in, scores out.
//!
//! [`Model`] is the principal type: it cuts the pieces of a document into windows
//! ([`frames`]), has an [`Engine`] turn each window into vectors, and reads the scores of every
//! word off them ([`Heads`]). [`Crf`] decodes scores into chunks. Arrays live only here and in
//! the two crates that decode them.

mod crf;
mod device;
mod engine;
mod heads;
mod model;
mod native;
mod weights;
mod windows;

pub use crf::{Chunk, Crf};
pub use device::{Device, UnknownDevice};
pub use engine::{EncoderError, Engine, HEAD_SIZE, Window};
pub use heads::{FrameScores, Heads, Link, Linking, MODES, NER_LABELS, ROLE_LABELS, WordScores};
pub use model::{Model, Reading};
pub use native::{Dense, NativeEngine, Precision, peak};
pub use weights::Weights;
pub use windows::{Frame, frames};
