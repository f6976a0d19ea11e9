//! Quotations as an Arrow table, on their way to Python.

use arrow_array::ffi::to_ffi;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator, StructArray};
use dixit_corpus::arrow::records_schema;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::arrow_schema::schema_capsule;
use crate::arrow_texts::failed;
use crate::capsule;

/// One quotation a row. Any library that speaks Arrow's C interface takes it as it is.
#[pyclass(frozen, module = "dixit._native")]
pub(crate) struct Records {
    /// At least one.
    batches: Vec<RecordBatch>,
}

impl Records {
    pub(crate) fn new(batches: Vec<RecordBatch>) -> Self {
        Self { batches }
    }
}

#[pymethods]
impl Records {
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        match self.num_rows() {
            1 => "<Records: 1 quotation>".to_owned(),
            rows => format!("<Records: {rows} quotations>"),
        }
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py)
    }

    /// The rows as one array of structs.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // A consumer's wish that the interface lets a producer pass over.
        drop(requested_schema);
        let [batch] = self.batches.as_slice() else {
            let message =
                "these records are too many for one batch: take them as a stream or table";
            return Err(PyValueError::new_err(message));
        };
        let rows = StructArray::from(batch.clone()).into_data();
        let (array, schema) = to_ffi(&rows).map_err(failed)?;
        Ok((capsule::schema(py, schema)?, capsule::array(py, array)?))
    }

    /// The rows as a stream of batches.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, records_schema());
        capsule::stream(py, FFI_ArrowArrayStream::new(Box::new(reader)))
    }
}
