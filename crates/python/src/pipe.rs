//! Documents in, documents out, in their order.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dixit::{Pipeline, Stream};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors::raised;
use crate::objects;
use crate::sources::{Shared, Sources};

/// How long Python's signals may wait.
const PATIENCE: Duration = Duration::from_millis(50);

/// Waits until a stream has its next answer; Ctrl-C is heard meanwhile, and other threads of
/// Python run.
pub(crate) fn wait<I>(py: Python<'_>, stream: &mut Stream<I>) -> PyResult<()>
where
    I: Iterator<Item = dixit::SourceText> + Send,
{
    while !py.detach(|| stream.ready(PATIENCE)) {
        py.check_signals()?;
    }
    Ok(())
}

/// An iterator over the documents of a Python iterable. A document that cannot be read raises
/// its exception, and the next call goes on with the document after it.
#[pyclass(module = "dixit._native")]
pub(crate) struct Pipe {
    /// Used by one thread at a time; the lock is how the compiler knows.
    stream: Mutex<Stream<Sources>>,
    shared: Shared,
    on_error: Option<Py<PyAny>>,
}

impl Pipe {
    pub(crate) fn new(
        pipeline: &Pipeline,
        texts: &Bound<'_, PyAny>,
        on_error: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let shared = Shared::default();
        let sources = Sources::new(texts, shared.clone())?;
        Ok(Self {
            stream: Mutex::new(pipeline.stream(sources)),
            shared,
            on_error,
        })
    }

    /// The one document that was given.
    pub(crate) fn only(mut self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let read = self.advance(py)?;
        read.unwrap_or_else(|| Err(PyRuntimeError::new_err("no document came out: report this")))
    }

    /// The next document, or why it cannot be read; `None` past the last.
    fn advance(&mut self, py: Python<'_>) -> PyResult<Option<PyResult<Py<PyAny>>>> {
        let stream = self.stream.get_mut();
        let stream = stream.unwrap_or_else(PoisonError::into_inner);
        let waited = wait(py, stream);
        if let Some(interrupted) = self.shared.interrupted(py) {
            return Err(interrupted);
        }
        waited?;
        let Some(read) = py.detach(|| stream.next()) else {
            return self.shared.stopped().map_or(Ok(None), Err);
        };
        let given = self.shared.pop().ok_or_else(|| {
            PyRuntimeError::new_err("a document came out that did not go in: report this")
        })?;
        Ok(Some(given.and_then(|given| match read {
            Ok(document) => objects::document(py, &document, given),
            Err(error) => Err(raised(py, &error)),
        })))
    }
}

#[pymethods]
impl Pipe {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        while let Some(read) = self.advance(py)? {
            match (read, &self.on_error) {
                (Err(error), Some(on_error)) => {
                    on_error.call1(py, (error.into_value(py),))?;
                }
                (read, _) => return read.map(Some),
            }
        }
        Ok(None)
    }
}
