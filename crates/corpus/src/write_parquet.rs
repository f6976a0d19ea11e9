use std::io::{self, BufRead, Write};

#[cfg(feature = "parquet")]
pub(crate) use typed::ParquetWriter;

/// Makes a Parquet table of records in JSON Lines, as [`crate::arrow::records_schema`] has it.
#[cfg(feature = "parquet")]
pub(crate) fn from_records(
    from: &mut impl BufRead,
    to: &mut (impl Write + Send),
) -> io::Result<()> {
    let mut table = ParquetWriter::new(to)?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if from.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        table.record(&serde_json::from_slice(&line)?)?;
    }
    table.finish().map(|_| ())
}

#[cfg(not(feature = "parquet"))]
pub(crate) fn from_records(_: &mut impl BufRead, _: &mut (impl Write + Send)) -> io::Result<()> {
    Err(io::Error::other("Parquet is not written by this build"))
}

#[cfg(feature = "parquet")]
mod typed {
    use std::io::{self, Write};

    use arrow_schema::ArrowError;
    use dixit_document::Document;
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::errors::ParquetError;
    use parquet::file::properties::WriterProperties;

    use crate::arrow::{RecordBatches, records_schema};
    use crate::schema::RecordLine;

    /// A row group is written when it has so many rows, or bytes of text.
    const ROWS: usize = 1 << 16;
    const BYTES: usize = 16 << 20;

    /// Writes records as a Parquet table, packed with Zstandard.
    pub(crate) struct ParquetWriter<W: Write + Send> {
        batches: RecordBatches,
        table: ArrowWriter<W>,
    }

    impl<W: Write + Send> ParquetWriter<W> {
        pub(crate) fn new(out: W) -> io::Result<Self> {
            let level = ZstdLevel::try_new(3).map_err(parquet)?;
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(level))
                .set_created_by(concat!("dixit ", env!("CARGO_PKG_VERSION")).to_owned())
                .build();
            let table = ArrowWriter::try_new(out, records_schema(), Some(properties));
            Ok(Self {
                batches: RecordBatches::new(),
                table: table.map_err(parquet)?,
            })
        }

        pub(crate) fn document(&mut self, document: &Document) -> io::Result<()> {
            self.batches.push(document).map_err(arrow)?;
            self.write_if_full()
        }

        pub(super) fn record(&mut self, record: &RecordLine) -> io::Result<()> {
            self.batches.push_record(record).map_err(arrow)?;
            self.write_if_full()
        }

        fn write_if_full(&mut self) -> io::Result<()> {
            match self.batches.rows() >= ROWS || self.batches.bytes() >= BYTES {
                true => self.row_group(),
                false => Ok(()),
            }
        }

        fn row_group(&mut self) -> io::Result<()> {
            let batch = self.batches.finish().map_err(arrow)?;
            self.table.write(&batch).map_err(parquet)?;
            self.table.flush().map_err(parquet)
        }

        pub(crate) fn finish(mut self) -> io::Result<W> {
            if self.batches.rows() > 0 {
                self.row_group()?;
            }
            self.table.into_inner().map_err(parquet)
        }
    }

    fn arrow(error: ArrowError) -> io::Error {
        io::Error::other(error)
    }

    fn parquet(error: ParquetError) -> io::Error {
        // What the disk said, where it was the disk.
        match error {
            ParquetError::External(cause) => match cause.downcast::<io::Error>() {
                Ok(error) => *error,
                Err(cause) => io::Error::other(cause),
            },
            error => io::Error::other(error),
        }
    }
}
