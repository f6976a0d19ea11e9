//! Python's exceptions; their classes are defined in `dixit/_errors.py`.

use pyo3::exceptions::{PyRuntimeError, PyUnicodeEncodeError};
use pyo3::prelude::*;
use pyo3::types::PyString;

/// An error of the pipeline as the exception that stands for it.
pub(crate) fn raised(py: Python<'_>, error: &dixit::Error) -> PyErr {
    match error.document() {
        Some(document) => of_document(py, document, &error.to_string()),
        None => made(py, "Error", (error.to_string(),)),
    }
}

/// A document that cannot be read: `dixit.DocumentError`.
pub(crate) fn of_document(py: Python<'_>, document: &str, message: &str) -> PyErr {
    made(py, "DocumentError", (message, document))
}

/// A document whose text or id is no Unicode text.
pub(crate) fn surrogate(py: Python<'_>, document: &str, error: &PyErr) -> PyErr {
    if !error.is_instance_of::<PyUnicodeEncodeError>(py) {
        return error.clone_ref(py);
    }
    let place = error
        .value(py)
        .getattr("start")
        .and_then(|start| start.extract::<usize>())
        .map(|start| format!(" at code point {start}"))
        .unwrap_or_default();
    let message = format!(
        "document “{document}” has a lone surrogate{place}, which is not a character: decode its \
         bytes with errors=\"replace\""
    );
    of_document(py, document, &message)
}

/// A string for a message, whatever it holds.
pub(crate) fn shown(text: &Bound<'_, PyString>) -> String {
    text.to_string_lossy().into_owned()
}

fn made<'py, A>(py: Python<'py>, class: &str, arguments: A) -> PyErr
where
    A: pyo3::call::PyCallArgs<'py>,
{
    let exception = py
        .import("dixit._errors")
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call1(arguments));
    match exception {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => PyRuntimeError::new_err(error.to_string()),
    }
}
