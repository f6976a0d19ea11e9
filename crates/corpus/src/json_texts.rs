use dixit_document::SourceText;
use serde_json::{Map, Value};

use crate::compression::Bytes;
use crate::lines::{Line, Lines, readable};
use crate::source_texts::ReadOptions;
use crate::{DocumentError, ErrorKind};

/// Layers of annotation that a labelled document brings along. They are what a reading makes
/// anew, so they do not travel as fields.
const LAYERS: &[&str] = &[
    "quotations",
    "entities",
    "mentions",
    "named_entities",
    "spans",
];

/// The texts of a JSON Lines stream.
pub(crate) struct JsonTexts {
    lines: Lines,
    options: ReadOptions,
}

impl JsonTexts {
    pub(crate) fn new(stream: Bytes, file: &str, options: ReadOptions) -> Self {
        Self {
            lines: Lines::new(stream, file, options.max_bytes),
            options,
        }
    }

    fn text(&self, line: &Line) -> Result<SourceText, DocumentError> {
        let mut fields: Map<String, Value> = serde_json::from_str(&line.text).map_err(broken)?;
        let id = match fields.shift_remove(&self.options.id_field) {
            Some(Value::String(id)) => id,
            Some(Value::Number(id)) => id.to_string(),
            other => {
                return Err(wrong_field(
                    &self.options.id_field,
                    other.as_ref(),
                    "--id-column",
                ));
            }
        };
        let text = match fields.shift_remove(&self.options.text_field) {
            Some(Value::String(text)) => text,
            other => {
                let field = &self.options.text_field;
                return Err(wrong_field(field, other.as_ref(), "--text-column").in_document(&id));
            }
        };
        readable(SourceText {
            id,
            text,
            meta: meta(fields),
        })
    }
}

impl Iterator for JsonTexts {
    type Item = Result<SourceText, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error)),
        };
        let placed = |error: DocumentError| error.in_file(self.lines.file()).at_line(line.number);
        Some(self.text(&line).map_err(placed))
    }
}

/// What `serde_json` could not read, with its column.
pub(crate) fn broken(error: serde_json::Error) -> DocumentError {
    let words = error.to_string();
    let problem = words.split(" at line ").next().unwrap_or(&words).to_owned();
    let kind = if problem.starts_with("missing field") {
        ErrorKind::MissingField
    } else {
        ErrorKind::Json
    };
    let problem = if kind == ErrorKind::Json {
        format!("broken JSON: {problem}")
    } else {
        problem
    };
    let column = error.column() as u64;
    DocumentError::new(kind, problem)
        .at_column(column)
        .mended_by("every line has to be one JSON object")
        .caused_by(error)
}

fn wrong_field(field: &str, value: Option<&Value>, option: &str) -> DocumentError {
    match value {
        None => DocumentError::new(ErrorKind::MissingField, format!("no field “{field}”"))
            .mended_by(format!("add it, or name another with {option}")),
        Some(_) => DocumentError::new(ErrorKind::Json, format!("field “{field}” is not a string"))
            .mended_by(format!(
                "write it as a string, or name another field with {option}"
            )),
    }
}

/// The fields that travel along: those of `meta`, then the others.
fn meta(mut fields: Map<String, Value>) -> Map<String, Value> {
    let mut meta = match fields.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        Some(other) => Map::from_iter([("meta".to_owned(), other)]),
        None => Map::new(),
    };
    for (key, value) in fields {
        if !LAYERS.contains(&key.as_str()) {
            meta.entry(key).or_insert(value);
        }
    }
    meta
}
