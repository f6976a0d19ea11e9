use std::io::{self, Cursor, Read};

use dixit_document::SourceText;
use serde_json::{Map, Value};

use crate::compression::{Bytes, read_up_to};
use crate::lines::{readable, too_large, utf8};
use crate::source_texts::ReadOptions;
use crate::table_rows::{Row, Rows};
use crate::{DocumentError, ErrorKind};

/// How many bytes tell how lines end.
const HEAD: usize = 4096;

/// The texts of a table with a header: one row, one document.
pub(crate) struct TableTexts {
    rows: Rows,
    file: String,
    options: ReadOptions,
    columns: Option<Columns>,
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
        Ok(Self {
            rows: Rows::new(stream, delimiter, quoting, options.max_bytes),
            file: file.to_owned(),
            options,
            columns: None,
            behind,
            over: false,
        })
    }

    fn columns(&mut self) -> Result<Columns, DocumentError> {
        let header = self.rows.next().map_err(DocumentError::io)?;
        if matches!(header, Some(Row::TooLarge { .. })) {
            return Err(too_large(self.options.max_bytes).at_line(1));
        }
        let names: Vec<String> = self
            .rows
            .fields()
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
        let position = match self.rows.next().map_err(DocumentError::io)? {
            None => return Ok(None),
            Some(Row::TooLarge { line }) => {
                let error = too_large(self.options.max_bytes);
                return Err(error.at_line(line + self.behind));
            }
            Some(Row::Fields { line, byte }) => (line + self.behind, byte + self.behind),
        };
        let Some(columns) = &self.columns else {
            return Ok(None);
        };
        let field = |index: usize| {
            let Some(bytes) = self.rows.field(index) else {
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
            if index != columns.id && index != columns.text && index < self.rows.len() {
                let value = field(index).map_err(in_document)?;
                meta.insert(name.clone(), Value::String(value));
            }
        }
        readable(SourceText { id, text, meta })
            .map(Some)
            .map_err(|error| error.at_line(position.0))
    }
}

impl Iterator for TableTexts {
    type Item = Result<SourceText, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let row = self.row().map_err(|error| {
            // What follows a broken read cannot be trusted.
            self.over |= matches!(error.kind(), ErrorKind::Io | ErrorKind::Compression);
            error.in_file(&self.file)
        });
        row.transpose()
    }
}
