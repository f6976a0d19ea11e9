use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::RecordBatch;
use dixit_document::SourceText;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use serde_json::{Map, Value};

use crate::arrow::value;
use crate::lines::{readable, too_large};
use crate::meter::Meter;
use crate::source_texts::ReadOptions;
use crate::{DocumentError, ErrorKind};

/// Rows that are read at once.
const ROWS: usize = 16;

/// The texts of a Parquet table: one row, one document.
pub(crate) struct ParquetTexts {
    batches: ParquetRecordBatchReader,
    file: String,
    options: ReadOptions,
    batch: Option<RecordBatch>,
    /// The next row of the batch.
    next: usize,
    /// Rows before the batch.
    before: u64,
    size_of_row: u64,
    meter: Arc<Meter>,
    over: bool,
}

impl ParquetTexts {
    pub(crate) fn new(
        opened: File,
        file: &str,
        options: &ReadOptions,
        meter: Arc<Meter>,
    ) -> Result<Self, DocumentError> {
        let size = opened.metadata().map_or(0, |found| found.len());
        let reader = guarded(|| {
            ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|error| damaged(&error))
        })
        .map_err(|error| error.in_file(file))?;
        for (column, option) in [
            (&options.id_field, "--id-column"),
            (&options.text_field, "--text-column"),
        ] {
            let fields = reader.schema().fields();
            if fields.find(column).is_none() {
                let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
                let problem = format!("no column “{column}” among {}", names.join(", "));
                return Err(DocumentError::new(ErrorKind::MissingField, problem)
                    .in_file(file)
                    .mended_by(format!("name it with {option}")));
            }
        }
        let rows = reader.metadata().file_metadata().num_rows();
        let rows = u64::try_from(rows).unwrap_or_default().max(1);
        let batches = guarded(|| {
            let reader = reader.with_batch_size(ROWS).build();
            reader.map_err(|error| damaged(&error))
        })
        .map_err(|error| error.in_file(file))?;
        Ok(Self {
            batches,
            file: file.to_owned(),
            options: options.clone(),
            batch: None,
            next: 0,
            before: 0,
            size_of_row: size / rows,
            meter,
            over: false,
        })
    }

    fn text(&self, batch: &RecordBatch) -> Result<SourceText, DocumentError> {
        let row = self.next;
        let of = |name: &str| batch.column_by_name(name).map(|column| value(column, row));
        let wrong = |name: &str, option: &str| {
            let problem = format!("column “{name}” of the row is not a string");
            DocumentError::new(ErrorKind::MissingField, problem)
                .mended_by(format!("fill it, or name another with {option}"))
        };
        let id = match of(&self.options.id_field) {
            Some(Value::String(id)) => id,
            Some(Value::Number(id)) => id.to_string(),
            _ => return Err(wrong(&self.options.id_field, "--id-column")),
        };
        let text = match of(&self.options.text_field) {
            Some(Value::String(text)) => text,
            _ => {
                let error = wrong(&self.options.text_field, "--text-column");
                return Err(error.in_document(&id));
            }
        };
        if text.len() as u64 > self.options.max_bytes {
            return Err(too_large(self.options.max_bytes).in_document(&id));
        }
        let mut meta = Map::new();
        let schema = batch.schema();
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            let name = field.name();
            if *name != self.options.id_field && *name != self.options.text_field {
                meta.insert(name.clone(), value(column, row));
            }
        }
        readable(SourceText { id, text, meta })
    }
}

impl Iterator for ParquetTexts {
    type Item = Result<SourceText, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            if let Some(batch) = &self.batch {
                if self.next < batch.num_rows() {
                    let number = self.before + self.next as u64 + 1;
                    let text = self.text(batch);
                    self.next += 1;
                    let placed = |error: DocumentError| error.in_file(&self.file).at_line(number);
                    return Some(text.map_err(placed));
                }
                self.before += batch.num_rows() as u64;
                self.batch = None;
                self.next = 0;
            }
            let read = guarded(|| {
                let batch = self.batches.next().transpose();
                batch.map_err(|error| damaged(&error))
            });
            match read {
                Ok(Some(batch)) => {
                    self.meter.add(self.size_of_row * batch.num_rows() as u64);
                    self.batch = Some(batch);
                }
                Ok(None) => self.over = true,
                Err(error) => {
                    self.over = true;
                    return Some(Err(error.in_file(&self.file).at_line(self.before + 1)));
                }
            }
        }
        None
    }
}

/// Damaged tables have been seen to make the reader stop; that is an error as any other.
fn guarded<T>(read: impl FnOnce() -> Result<T, DocumentError>) -> Result<T, DocumentError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged(&"unreadable pages")))
}

fn damaged(problem: &dyn std::fmt::Display) -> DocumentError {
    DocumentError::new(ErrorKind::Table, format!("broken Parquet: {problem}"))
        .mended_by("the file is damaged or cut; write it again")
}
