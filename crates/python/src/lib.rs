//! The extension module behind the Python package `dixit`.
//!
//! `Engine` is the principal type: a pipeline as Python holds one. It reads one
//! document, a stream of them (`Pipe`), or an Arrow table
//! (`Records`); the interpreter is free while it reads. What Python's users see
//! is in `python/dixit`: the typed objects, the documentation, and the functions for Spark and Ray
//! are written in Python on top of this.
//!
//! Built by maturin from `pyproject.toml` beside it; no other crate depends on this one.

mod arrow_schema;
mod arrow_texts;
mod capsule;
mod engine;
mod errors;
mod objects;
mod pipe;
mod records;
mod sources;

use pyo3::prelude::*;

/// What Python imports.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<engine::Engine>()?;
    module.add_class::<pipe::Pipe>()?;
    module.add_class::<records::Records>()?;
    module.add_function(wrap_pyfunction!(arrow_schema::schema_capsule, module)?)?;
    module.add_function(wrap_pyfunction!(arrow_schema::schema_ddl, module)?)
}
