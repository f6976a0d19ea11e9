use std::io::{self, Cursor, Read};

use csv::{ByteRecord, Reader, ReaderBuilder};
use dixit_document::SourceText;
use serde_json::{Map, Value};

use crate::compression::{Bytes, read_up_to};
use crate::lines::utf8;
use crate::source_texts::ReadOptions;
use crate::{DocumentError, ErrorKind};

/// How many bytes tell how lines end.
const HEAD: usize = 4096;

/// The texts of a table with a header: one row, one document.
pub(crate) struct TableTexts {
    table: Reader<Bytes>,
    file: String,
    options: ReadOptions,
    columns: Option<Columns>,
    row: ByteRecord,
    /// Lines and bytes that the table's own count of a row's beginning lacks: it stops between
    /// the two characters of CRLF.
    behind: u64,
    over: bool,
}

struct Columns {
    names: Vec<String>,
    id: usize,
    text: usize,
}

impl TableTexts {
    pub(crate) fn new(
        mut stream: Bytes,
        delimiter: u8,
        file: &str,
        options: ReadOptions,
    ) -> io::Result<Self> {
        let head = read_up_to(&mut stream, HEAD)?;
        let end = head
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or_default();
        let behind = u64::from(head.get(..end).is_some_and(|line| line.ends_with(b"\r")));
        let stream: Bytes = Box::new(Cursor::new(head).chain(stream));
        // Fields that are separated by tabs are seldom quoted, and texts are full of marks.
        let quoting = delimiter != b'\t';
        let table = ReaderBuilder::new()
            .delimiter(delimiter)
            .quoting(quoting)
            .flexible(true)
            .from_reader(stream);
        let file = file.to_owned();
        Ok(Self {
            table,
            file,
            options,
            columns: None,
            row: ByteRecord::new(),
            behind,
            over: false,
        })
    }

    fn columns(&mut self) -> Result<Columns, DocumentError> {
        let header = self.table.byte_headers().map_err(broken)?;
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name)
                    .trim_start_matches('\u{feff}')
                    .to_owned()
            })
            .collect();
        let find = |wanted: &str, option: &str| {
            names.iter().position(|name| name == wanted).ok_or_else(|| {
                let problem = format!("no column “{wanted}” among {}", names.join(", "));
                DocumentError::new(ErrorKind::MissingField, problem)
                    .at_line(1)
                    .mended_by(format!("name it with {option}"))
            })
        };
        let id = find(&self.options.id_field, "--id-column")?;
        let text = find(&self.options.text_field, "--text-column")?;
        Ok(Columns { names, id, text })
    }

    fn row(&mut self) -> Result<Option<SourceText>, DocumentError> {
        if self.columns.is_none() {
            self.columns = Some(self.columns().inspect_err(|_| self.over = true)?);
        }
        if !self.table.read_byte_record(&mut self.row).map_err(broken)? {
            return Ok(None);
        }
        let Some(columns) = &self.columns else {
            return Ok(None);
        };
        let position = self.row.position().map_or((0, 0), |place| {
            (place.line() + self.behind, place.byte() + self.behind)
        });
        let field = |index: usize| {
            let Some(bytes) = self.row.get(index) else {
                let name = columns.names.get(index).map_or("", String::as_str);
                let problem = format!("the row has no column “{name}”");
                return Err(DocumentError::new(ErrorKind::MissingField, problem)
                    .at_line(position.0)
                    .mended_by("quote fields that hold separators or line ends"));
            };
            utf8(bytes.to_vec()).map_err(|(_, error)| {
                let name = columns.names.get(index).map_or("", String::as_str);
                let column = format!("{} in column “{name}” of the row", error.problem());
                let mut placed = DocumentError::new(ErrorKind::Utf8, column)
                    .at_line(position.0)
                    .at_byte(position.1);
                if let Some(mend) = error.mend() {
                    placed = placed.mended_by(mend);
                }
                placed
            })
        };
        let id = field(columns.id)?;
        let in_document = |error: DocumentError| error.in_document(&id);
        let text = field(columns.text).map_err(in_document)?;
        let mut meta = Map::new();
        for (index, name) in columns.names.iter().enumerate() {
            if index != columns.id && index != columns.text && index < self.row.len() {
                let value = field(index).map_err(in_document)?;
                meta.insert(name.clone(), Value::String(value));
            }
        }
        Ok(Some(SourceText { id, text, meta }))
    }
}

impl Iterator for TableTexts {
    type Item = Result<SourceText, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let row = self.row().map_err(|error| {
            self.over |= error.kind() != ErrorKind::Utf8 && error.kind() != ErrorKind::MissingField;
            error.in_file(&self.file)
        });
        row.transpose()
    }
}

fn broken(error: csv::Error) -> DocumentError {
    let line = error.position().map(csv::Position::line);
    let placed = match error.into_kind() {
        csv::ErrorKind::Io(error) => DocumentError::io(error),
        kind => DocumentError::new(ErrorKind::Table, format!("broken table: {kind:?}")),
    };
    match line {
        Some(line) => placed.at_line(line),
        None => placed,
    }
}
