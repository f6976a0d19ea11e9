//! The columns of a table of records, for Arrow and for Spark.

use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field};
use dixit_corpus::arrow::records_schema;
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::arrow_texts::failed;
use crate::capsule;

/// The schema, by Arrow's C interface.
#[pyfunction]
pub(crate) fn schema_capsule(py: Python<'_>) -> PyResult<Bound<'_, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(records_schema().as_ref()).map_err(failed)?;
    capsule::schema(py, schema)
}

/// The schema in Spark's language for them: `doc STRING, id STRING, …`.
#[pyfunction]
pub(crate) fn schema_ddl() -> PyResult<String> {
    let columns = records_schema()
        .fields()
        .iter()
        .map(|field| Ok(format!("{} {}", field.name(), ddl(field)?)))
        .collect::<PyResult<Vec<_>>>()?;
    Ok(columns.join(", "))
}

fn ddl(field: &Field) -> PyResult<String> {
    Ok(match field.data_type() {
        DataType::Utf8 => "STRING".to_owned(),
        DataType::Boolean => "BOOLEAN".to_owned(),
        DataType::Int64 => "BIGINT".to_owned(),
        DataType::Float64 => "DOUBLE".to_owned(),
        DataType::List(items) => format!("ARRAY<{}>", ddl(items)?),
        DataType::Struct(fields) => {
            let fields = fields
                .iter()
                .map(|field| Ok(format!("{}: {}", field.name(), ddl(field)?)))
                .collect::<PyResult<Vec<_>>>()?;
            format!("STRUCT<{}>", fields.join(", "))
        }
        other => {
            let message = format!("Spark has no name for {other}: report this");
            return Err(PyNotImplementedError::new_err(message));
        }
    })
}
