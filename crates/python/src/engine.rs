//! A pipeline, as Python holds one.

use std::process;
use std::sync::{Mutex, PoisonError};

use dixit::{Builder, Pipeline, Precision};
use dixit_corpus::arrow::RecordBatches;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

use crate::arrow_texts::{Columns, Texts, failed};
use crate::capsule;
use crate::errors::raised;
use crate::pipe::{Pipe, wait};
use crate::records::Records;

/// The text of a batch, in bytes, past which another is begun; Arrow's strings end at 2 GiB.
const BATCH_BYTES: usize = 256 << 20;

/// Reads documents. Threads may share it.
#[pyclass(frozen, module = "dixit._native")]
pub(crate) struct Engine {
    settings: Builder,
    loaded: Mutex<Loaded>,
}

/// A pipeline and the process whose threads it has.
struct Loaded {
    process: u32,
    pipeline: Pipeline,
}

impl Engine {
    /// The pipeline. Threads do not survive a fork, so a child process gets new ones; the model
    /// stays where it is.
    fn pipeline(&self, py: Python<'_>) -> PyResult<Pipeline> {
        let here = process::id();
        let pipeline = py.detach(|| {
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            if loaded.process != here {
                let pipeline = self.settings.clone().build()?;
                let parents = std::mem::replace(&mut loaded.pipeline, pipeline);
                // To end threads that are not there would wait for them.
                std::mem::forget(parents);
                loaded.process = here;
            }
            Ok(loaded.pipeline.clone())
        });
        pipeline.map_err(|error| raised(py, &error))
    }
}

#[pymethods]
impl Engine {
    #[new]
    fn new(
        py: Python<'_>,
        jobs: usize,
        modes: Vec<String>,
        min_confidence: Option<f32>,
        precision: &str,
    ) -> PyResult<Self> {
        let modes = modes
            .iter()
            .map(|mode| mode.parse())
            .collect::<Result<Vec<dixit::Mode>, _>>()
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        let precision = match precision {
            "int8" => Precision::Int8,
            "f32" => Precision::F32,
            other => {
                let message = format!("unknown precision “{other}” (one of int8, f32)");
                return Err(PyValueError::new_err(message));
            }
        };
        let mut settings = Pipeline::builder()
            .jobs(jobs)
            .modes(modes)
            .precision(precision);
        if let Some(least) = min_confidence {
            settings = settings.min_confidence(least);
        }
        let builder = settings.clone();
        let pipeline = py
            .detach(|| builder.build())
            .map_err(|error| raised(py, &error))?;
        let loaded = Mutex::new(Loaded {
            process: process::id(),
            pipeline,
        });
        Ok(Self { settings, loaded })
    }

    #[getter]
    fn jobs(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.pipeline(py)?.config().jobs())
    }

    #[getter]
    fn min_confidence(&self, py: Python<'_>) -> PyResult<f32> {
        Ok(self.pipeline(py)?.config().min_confidence())
    }

    /// Reads one document.
    fn read<'py>(
        &self,
        py: Python<'py>,
        id: Bound<'py, PyString>,
        text: Bound<'py, PyAny>,
    ) -> PyResult<Py<PyAny>> {
        let one = PyList::new(py, [(id, text)])?;
        Pipe::new(&self.pipeline(py)?, one.as_any(), None)?.only(py)
    }

    /// Reads many documents with `jobs` threads, or with the pipeline's own.
    fn pipe(
        &self,
        py: Python<'_>,
        texts: &Bound<'_, PyAny>,
        jobs: Option<usize>,
        on_error: Option<Py<PyAny>>,
    ) -> PyResult<Pipe> {
        let pipeline = match jobs {
            None => self.pipeline(py)?,
            Some(jobs) => {
                let builder = self.settings.clone().jobs(jobs);
                py.detach(|| builder.build())
                    .map_err(|error| raised(py, &error))?
            }
        };
        Pipe::new(&pipeline, texts, on_error)
    }

    /// Reads the documents of an Arrow table, one a row.
    fn extract_arrow(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        id_column: String,
        text_column: String,
    ) -> PyResult<Records> {
        let columns = Columns::new(id_column, text_column);
        let (texts, failure) = Texts::new(capsule::import(data)?, columns);
        let mut stream = self.pipeline(py)?.stream(texts);
        let (mut rows, mut batches) = (RecordBatches::new(), Vec::new());
        loop {
            wait(py, &mut stream)?;
            if let Some(failure) = failure.take() {
                return Err(failure.raised(py));
            }
            let Some(read) = py.detach(|| stream.next()) else {
                break;
            };
            let document = read.map_err(|error| raised(py, &error))?;
            rows.push(&document).map_err(failed)?;
            if rows.bytes() > BATCH_BYTES {
                batches.push(rows.finish().map_err(failed)?);
            }
        }
        if rows.rows() > 0 || batches.is_empty() {
            batches.push(rows.finish().map_err(failed)?);
        }
        Ok(Records::new(batches))
    }
}
