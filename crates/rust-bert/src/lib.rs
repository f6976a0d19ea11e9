//! The crate `rust-bert` on libtorch: a second engine, and named-entity models that users bring.
//!
//! With the feature `libtorch`, `RustBertEngine` runs the project's own model where the native
//! engine would, on a CPU or a graphics processor, and `NameModel` finds names with any
//! token-classification model whose architecture `rust-bert` knows. Without the feature the crate
//! is empty: libtorch is large, and nobody needs it unasked.
//!
//! libtorch computes with one thread a call; whoever has several cores makes several calls at
//! once. Each needs a model of its own, since tensors cannot be shared between threads, but all
//! of these have the same numbers in memory.

#[cfg(feature = "libtorch")]
mod architecture;
#[cfg(feature = "libtorch")]
mod engine;
#[cfg(feature = "libtorch")]
mod error;
#[cfg(feature = "libtorch")]
mod folder;
#[cfg(feature = "libtorch")]
mod libtorch;
#[cfg(feature = "libtorch")]
mod names;
#[cfg(feature = "libtorch")]
mod pieces;
#[cfg(feature = "libtorch")]
mod replicas;

#[cfg(feature = "libtorch")]
pub use engine::RustBertEngine;
#[cfg(feature = "libtorch")]
pub use error::ModelError;
#[cfg(feature = "libtorch")]
pub use names::NameModel;
