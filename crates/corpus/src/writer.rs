use std::io::{self, BufWriter, Write};

use dixit_document::Document;

#[cfg(feature = "parquet")]
use crate::write_parquet::ParquetWriter;
use crate::{WriteError, write_documents, write_records, write_table};

/// How results are written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutputFormat {
    /// One quotation a line, as JSON.
    #[default]
    Records,
    /// One document a line, as JSON, with everything known of it.
    Documents,
    /// One quotation a row, separated by commas, with a header.
    Csv,
    /// One quotation a row, as a Parquet table of [`records_schema`](crate::arrow::records_schema).
    Parquet,
}

/// What stands before the first document.
pub(crate) fn header(format: OutputFormat) -> io::Result<Vec<u8>> {
    match format {
        OutputFormat::Csv => write_table::header(),
        _ => Ok(Vec::new()),
    }
}

/// Appends what is written of a document; for Parquet the records that it is made from.
pub(crate) fn encode(
    format: OutputFormat,
    document: &Document,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    match format {
        OutputFormat::Records | OutputFormat::Parquet => write_records::write(out, document),
        OutputFormat::Documents => write_documents::write(out, document),
        OutputFormat::Csv => {
            let mut table = csv::Writer::from_writer(out);
            write_table::write(&mut table, document)?;
            table.flush()
        }
    }
}

/// Writes documents one after the other.
pub struct Writer<W: Write + Send> {
    form: Form<W>,
}

enum Form<W: Write + Send> {
    Records(BufWriter<W>),
    Documents(BufWriter<W>),
    Table(Box<csv::Writer<W>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetWriter<BufWriter<W>>>),
}

impl<W: Write + Send> Writer<W> {
    /// Writes to `out`, which it buffers.
    ///
    /// # Errors
    /// Where a table's header cannot be written.
    pub fn new(out: W, format: OutputFormat) -> io::Result<Self> {
        let form = match format {
            OutputFormat::Records => Form::Records(BufWriter::new(out)),
            OutputFormat::Documents => Form::Documents(BufWriter::new(out)),
            OutputFormat::Csv => {
                let mut table = csv::Writer::from_writer(out);
                table.write_record(write_table::COLUMNS)?;
                Form::Table(Box::new(table))
            }
            #[cfg(feature = "parquet")]
            OutputFormat::Parquet => {
                Form::Parquet(Box::new(ParquetWriter::new(BufWriter::new(out))?))
            }
            #[cfg(not(feature = "parquet"))]
            OutputFormat::Parquet => {
                return Err(io::Error::other("Parquet is not written by this build"));
            }
        };
        Ok(Self { form })
    }

    /// Writes what is known of a document.
    ///
    /// # Errors
    /// Where the output takes no more; [`WriteError::is_broken_pipe`] tells whether its reader
    /// has just gone.
    pub fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        match &mut self.form {
            Form::Records(out) => write_records::write(out, document),
            Form::Documents(out) => write_documents::write(out, document),
            Form::Table(table) => write_table::write(table, document),
            #[cfg(feature = "parquet")]
            Form::Parquet(table) => table.document(document),
        }
        .map_err(|source| WriteError {
            document: document.id.clone(),
            source,
        })
    }

    /// Hands everything on that is still buffered; of a Parquet table, which is written in large
    /// pieces, nothing.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Records(out) | Form::Documents(out) => out.flush(),
            Form::Table(table) => table.flush(),
            #[cfg(feature = "parquet")]
            Form::Parquet(_) => Ok(()),
        }
    }

    /// Hands everything on and gives the output back.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn finish(self) -> io::Result<W> {
        match self.form {
            Form::Records(out) | Form::Documents(out) => {
                out.into_inner().map_err(io::IntoInnerError::into_error)
            }
            Form::Table(table) => table
                .into_inner()
                .map_err(|error| io::Error::new(error.error().kind(), error.error().to_string())),
            #[cfg(feature = "parquet")]
            Form::Parquet(table) => {
                let out = table.finish()?.into_inner();
                out.map_err(io::IntoInnerError::into_error)
            }
        }
    }
}
