//! Documents as an Arrow table gives them: one a row.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, DataType};
use dixit::SourceText;
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;

/// Which columns hold what.
pub(crate) struct Columns {
    id: String,
    text: String,
}

impl Columns {
    pub(crate) fn new(id: String, text: String) -> Self {
        Self { id, text }
    }
}

/// Why a table's texts ended before its last row.
pub(crate) enum Failure {
    /// A column is missing.
    Missing(String),
    /// A column has another type.
    Type(String),
    /// A value cannot be used, or whoever gives the data failed.
    Value(String),
}

impl Failure {
    pub(crate) fn raised(self, _: Python<'_>) -> PyErr {
        match self {
            Self::Missing(message) => PyKeyError::new_err(message),
            Self::Type(message) => PyTypeError::new_err(message),
            Self::Value(message) => PyValueError::new_err(message),
        }
    }
}

/// An error of Arrow.
pub(crate) fn failed(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Where [`Texts`] leaves why it stopped.
#[derive(Clone, Default)]
pub(crate) struct Stopped(Arc<Mutex<Option<Failure>>>);

impl Stopped {
    pub(crate) fn take(&self) -> Option<Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, failure: Failure) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
    }
}

/// The texts of a stream of batches. A text is copied out of its column when its reading begins.
pub(crate) struct Texts {
    batches: Box<dyn RecordBatchReader + Send>,
    columns: Columns,
    batch: Option<Batch>,
    /// Rows of the batches before.
    before: usize,
    stopped: Stopped,
}

/// A batch on its way.
struct Batch {
    id: ArrayRef,
    text: ArrayRef,
    row: usize,
}

impl Texts {
    pub(crate) fn new(
        batches: Box<dyn RecordBatchReader + Send>,
        columns: Columns,
    ) -> (Self, Stopped) {
        let stopped = Stopped::default();
        let texts = Self {
            batches,
            columns,
            batch: None,
            before: 0,
            stopped: stopped.clone(),
        };
        (texts, stopped)
    }

    fn pull(&mut self) -> Result<Option<SourceText>, Failure> {
        loop {
            if let Some(batch) = &mut self.batch {
                if batch.row < batch.text.len() {
                    let source = batch.source(self.before)?;
                    batch.row += 1;
                    return Ok(Some(source));
                }
                self.before += batch.row;
            }
            let Some(batch) = self.batches.next() else {
                return Ok(None);
            };
            let batch = batch.map_err(|error| Failure::Value(error.to_string()))?;
            self.batch = Some(Batch {
                id: column(&batch, &self.columns.id, "id_column", true)?,
                text: column(&batch, &self.columns.text, "text_column", false)?,
                row: 0,
            });
        }
    }
}

impl Iterator for Texts {
    type Item = SourceText;

    fn next(&mut self) -> Option<SourceText> {
        self.pull().unwrap_or_else(|failure| {
            self.stopped.put(failure);
            None
        })
    }
}

impl Batch {
    fn source(&self, before: usize) -> Result<SourceText, Failure> {
        let id = value(&self.id, self.row).ok_or_else(|| {
            Failure::Value(format!(
                "row {} has no id: fill in the nulls, or name a column that has one in each row",
                before + self.row
            ))
        })?;
        Ok(SourceText {
            id,
            // Where there is no text, nothing was said.
            text: value(&self.text, self.row).unwrap_or_default(),
            ..SourceText::default()
        })
    }
}

/// A column that can be read; Arrow's C interface promises no more than that it is there.
fn column(
    batch: &RecordBatch,
    name: &str,
    option: &str,
    numbers: bool,
) -> Result<ArrayRef, Failure> {
    let Some(column) = batch.column_by_name(name) else {
        let schema = batch.schema();
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        return Err(Failure::Missing(format!(
            "there is no column “{name}” (there is {}): name it with {option}=",
            names.join(", ")
        )));
    };
    let kind = column.data_type();
    let text = matches!(
        kind,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    );
    if !(text || numbers && kind.is_integer()) {
        return Err(Failure::Type(format!(
            "column “{name}” is of type {kind}: cast it to string, or name another with {option}="
        )));
    }
    column
        .to_data()
        .validate_full()
        .map_err(|error| Failure::Value(format!("column “{name}”: {error}")))?;
    Ok(Arc::clone(column))
}

/// One value of a [`column`], unless it is null.
fn value(column: &ArrayRef, row: usize) -> Option<String> {
    macro_rules! number {
        ($kind:ty) => {
            column.as_primitive::<$kind>().value(row).to_string()
        };
    }
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => column.as_string_view().value(row).to_owned(),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        _ => return None,
    })
}
