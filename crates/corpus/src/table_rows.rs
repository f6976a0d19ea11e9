use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::compression::Bytes;

/// More columns than any table has.
const MOST_FIELDS: usize = 1 << 16;

/// The rows of a table, one at a time; rows may differ in length.
pub(crate) struct Rows {
    stream: Bytes,
    reader: Reader,
    byte: u64,
    /// The most bytes that a row may have.
    most: usize,
    /// The bytes of the row's fields, one after the other, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

/// A row, and where it begins.
pub(crate) enum Row {
    /// Its fields can be asked for.
    Fields { line: u64, byte: u64 },
    /// It was read over.
    TooLarge { line: u64 },
}

impl Rows {
    pub(crate) fn new(stream: Bytes, delimiter: u8, quoting: bool, most: u64) -> Self {
        Self {
            stream,
            reader: ReaderBuilder::new()
                .delimiter(delimiter)
                .quoting(quoting)
                .build(),
            byte: 0,
            most: usize::try_from(most).unwrap_or(usize::MAX),
            bytes: vec![0; 1 << 12],
            ends: vec![0; 16],
            count: 0,
        }
    }

    /// Reads the next row; `None` after the last one.
    pub(crate) fn next(&mut self) -> io::Result<Option<Row>> {
        let (line, byte) = (self.reader.line(), self.byte);
        let (mut length, mut fits) = (0, true);
        self.count = 0;
        loop {
            let input = self.stream.fill_buf()?;
            let (result, read, written, ended) = self.reader.read_record(
                input,
                &mut self.bytes[length..],
                &mut self.ends[self.count..],
            );
            self.stream.consume(read);
            self.byte += read as u64;
            length += written;
            self.count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if length < self.most => {
                    let longer = (2 * self.bytes.len()).min(self.most.max(1 << 12));
                    self.bytes.resize(longer.max(length + 1), 0);
                }
                ReadRecordResult::OutputFull => {
                    fits = false;
                    length = 0;
                }
                ReadRecordResult::OutputEndsFull if self.count < MOST_FIELDS => {
                    self.ends.resize(2 * self.ends.len(), 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    fits = false;
                    self.count = 0;
                }
                ReadRecordResult::Record if fits => return Ok(Some(Row::Fields { line, byte })),
                ReadRecordResult::Record => {
                    self.count = 0;
                    return Ok(Some(Row::TooLarge { line }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// How many fields the row has.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// A field of the row.
    pub(crate) fn field(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends[..self.count].get(index)?;
        let start = match index {
            0 => 0,
            _ => self.ends[index - 1],
        };
        self.bytes.get(start..end)
    }

    /// The fields of the row.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).filter_map(|index| self.field(index))
    }
}
