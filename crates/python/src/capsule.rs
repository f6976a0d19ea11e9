//! Arrow's C interface in Python's capsules: the one place of this crate with `unsafe`.
//!
//! The interface is the Arrow PyCapsule protocol: a capsule named `arrow_array_stream` (or
//! `arrow_schema`, `arrow_array`) holds a C structure which its consumer moves out; the capsule
//! releases what nobody took.
#![allow(unsafe_code)]

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::DataType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::arrow_texts::failed;

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// The batches of anything that speaks the protocol, without a copy of them.
pub(crate) fn import(data: &Bound<'_, PyAny>) -> PyResult<Box<dyn RecordBatchReader + Send>> {
    if data.hasattr("__arrow_c_stream__")? {
        let capsule = data.call_method0("__arrow_c_stream__")?;
        let stream = capsule
            .cast::<PyCapsule>()?
            .pointer_checked(Some(STREAM))?
            .cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of this name holds such a structure, and it is alive as long as
        // `capsule` is. What is moved out is marked as released, so that the capsule leaves it
        // alone. The interpreter is held, so nobody else is at it.
        let reader = unsafe { RecordBatchStreamReader::from_raw(stream.as_ptr()) };
        return Ok(Box::new(reader.map_err(failed)?));
    }
    if data.hasattr("__arrow_c_array__")? {
        let capsules = data.call_method0("__arrow_c_array__")?;
        let schema = capsules.get_item(0)?;
        let schema = schema
            .cast::<PyCapsule>()?
            .pointer_checked(Some(SCHEMA))?
            .cast::<FFI_ArrowSchema>();
        let array = capsules.get_item(1)?;
        let array = array
            .cast::<PyCapsule>()?
            .pointer_checked(Some(ARRAY))?
            .cast::<FFI_ArrowArray>();
        // SAFETY: as above; `capsules` keeps both structures alive, and the schema is that of the
        // array by the protocol.
        let rows = unsafe { from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema.as_ref()) };
        let rows = rows.map_err(failed)?;
        if !matches!(rows.data_type(), DataType::Struct(_)) {
            let message = format!(
                "rows of type {}: give a table or a record batch with columns",
                rows.data_type()
            );
            return Err(PyTypeError::new_err(message));
        }
        let rows = StructArray::from(rows);
        if rows.null_count() > 0 {
            let message = "rows that are null as a whole: give a table or a record batch";
            return Err(PyTypeError::new_err(message));
        }
        let batch = RecordBatch::from(rows);
        let schema = batch.schema();
        return Ok(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    }
    Err(PyTypeError::new_err(format!(
        "{} is not Arrow data: give an object with __arrow_c_stream__ or __arrow_c_array__, as \
         tables and batches of pyarrow, Polars or DuckDB",
        data.get_type().name()?
    )))
}

/// A capsule with a schema.
pub(crate) fn schema(py: Python<'_>, schema: FFI_ArrowSchema) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// A capsule with an array.
pub(crate) fn array(py: Python<'_>, array: FFI_ArrowArray) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, array, ARRAY)
}

/// A capsule with a stream.
pub(crate) fn stream(
    py: Python<'_>,
    stream: FFI_ArrowArrayStream,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, stream, STREAM)
}
