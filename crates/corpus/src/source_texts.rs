use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use dixit_document::SourceText;
use serde_json::Map;

use crate::DocumentError;
#[cfg(not(feature = "parquet"))]
use crate::ErrorKind;
use crate::compression::{self, Bytes, read_up_to};
use crate::format::{InputFormat, stem_and_extension};
use crate::inputs::{Input, Inputs};
use crate::json_texts::JsonTexts;
use crate::lines::{readable, too_large, utf8};
use crate::meter::{Meter, Metered};
use crate::table_texts::TableTexts;

/// How many bytes tell a stream's format.
const HEAD: usize = 512;

/// How to read texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// The format of every input; `None` goes by the file's name, or by the first bytes where a
    /// name tells nothing.
    pub format: Option<InputFormat>,
    /// The field or column with the document's id; `id` by default.
    pub id_field: String,
    /// The field or column with the document's text; `text` by default.
    pub text_field: String,
    /// The most bytes that a document may have, with its other fields; 32 MiB by default, and
    /// never more than 4 GiB. A larger one is an error and is not kept in memory.
    pub max_bytes: u64,
}

/// Several long novels.
const MAX_BYTES: u64 = 32 << 20;

/// Spans count bytes in 32 bits.
pub(crate) const LIMIT: u64 = u32::MAX as u64;

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            id_field: "id".to_owned(),
            text_field: "text".to_owned(),
            max_bytes: MAX_BYTES,
        }
    }
}

/// Texts from files, folders, patterns and standard input, one at a time.
///
/// Only the document at hand is in memory. Whatever cannot be read is an error in its place, and
/// the documents after it follow. A text file's id is its name without the extension, below a
/// folder with the folders in between (`2024/may/interview`).
pub struct SourceTexts {
    inputs: Inputs,
    options: ReadOptions,
    current: Option<Box<dyn Iterator<Item = Result<SourceText, DocumentError>> + Send>>,
    /// Hashes of the ids that files were given, so that two files never share one.
    given: HashSet<u64>,
    meter: Arc<Meter>,
}

impl SourceTexts {
    /// Texts from `inputs`: paths of files and folders, patterns, or `-` for standard input.
    pub fn new(inputs: impl IntoIterator<Item = String>, mut options: ReadOptions) -> Self {
        options.max_bytes = options.max_bytes.min(LIMIT);
        Self {
            inputs: Inputs::new(inputs),
            options,
            current: None,
            given: HashSet::new(),
            meter: Arc::default(),
        }
    }

    /// Looks at all files first, so that [`meter`](Self::meter) knows how much there is to read.
    #[must_use]
    pub fn measured(mut self) -> Self {
        self.meter = Arc::new(Meter::new(self.inputs.size()));
        self
    }

    /// How far the texts have been read, for another thread to look at.
    #[must_use]
    pub fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// Texts from an open stream, which errors call `name`.
    ///
    /// # Errors
    /// Where the first bytes cannot be read.
    pub fn from_stream(
        stream: impl Read + Send + 'static,
        name: &str,
        options: ReadOptions,
    ) -> Result<Self, DocumentError> {
        let mut texts = Self::new([], options);
        let placed = |error| DocumentError::io(error).in_file(name);
        let stream = compression::unpack(stream).map_err(placed)?;
        texts.stream(stream, name, name, None)?;
        Ok(texts)
    }

    fn open(&mut self, input: &Input) -> Result<(), DocumentError> {
        match input {
            Input::Standard => {
                let stream = compression::unpack(std::io::stdin());
                let stream = stream.map_err(|error| DocumentError::io(error).in_file("-"))?;
                self.stream(stream, "-", "stdin", None)
            }
            Input::File { path, below } => {
                let file = path.to_string_lossy();
                let format = self.options.format.or_else(|| InputFormat::of_name(path));
                if format == Some(InputFormat::Parquet) {
                    let opened = File::open(path);
                    let opened = opened.map_err(|error| DocumentError::io(error).in_file(&file))?;
                    return self.parquet(opened, &file);
                }
                let opened = File::open(path).and_then(|opened| {
                    compression::unpack(Metered {
                        file: opened,
                        meter: self.meter(),
                    })
                });
                let stream = opened.map_err(|error| DocumentError::io(error).in_file(&file))?;
                let single = matches!(format, None | Some(InputFormat::Text));
                let id = if single {
                    self.id_of(path, below)
                } else {
                    String::new()
                };
                self.stream(stream, &file, &id, format)
            }
        }
    }

    fn stream(
        &mut self,
        mut stream: Bytes,
        file: &str,
        id: &str,
        format: Option<InputFormat>,
    ) -> Result<(), DocumentError> {
        let format = match self.options.format.or(format) {
            Some(format) => format,
            None => {
                let head = read_up_to(&mut stream, HEAD)
                    .map_err(|error| DocumentError::io(error).in_file(file))?;
                let format = InputFormat::of_bytes(&head);
                stream = Box::new(Cursor::new(head).chain(stream));
                format
            }
        };
        let options = self.options.clone();
        self.current = Some(match format {
            InputFormat::Text => {
                let text = whole_text(stream, file, id, options.max_bytes);
                Box::new(std::iter::once(text))
            }
            InputFormat::Parquet => {
                let spooled = spool(stream);
                let spooled = spooled.map_err(|error| DocumentError::io(error).in_file(file))?;
                return self.parquet(spooled, file);
            }
            InputFormat::JsonLines => Box::new(JsonTexts::new(stream, file, options)),
            InputFormat::Csv => Box::new(table(stream, b',', file, options)?),
            InputFormat::Tsv => Box::new(table(stream, b'\t', file, options)?),
        });
        Ok(())
    }

    #[cfg(feature = "parquet")]
    fn parquet(&mut self, opened: File, file: &str) -> Result<(), DocumentError> {
        let texts =
            crate::parquet_texts::ParquetTexts::new(opened, file, &self.options, self.meter())?;
        self.current = Some(Box::new(texts));
        Ok(())
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(&mut self, _: File, file: &str) -> Result<(), DocumentError> {
        let error = DocumentError::new(ErrorKind::Format, "Parquet is not read by this build");
        Err(error
            .in_file(file)
            .mended_by("build with the feature `parquet`, or convert it to JSON Lines"))
    }

    /// The id of a text file: its name, or its whole path where another file has that name.
    fn id_of(&mut self, path: &Path, below: &Path) -> String {
        let candidates = [below, path].map(|path| {
            let mut parts: Vec<String> = path
                .parent()
                .map(|folder| {
                    folder
                        .iter()
                        .map(|part| part.to_string_lossy().into_owned())
                        .collect()
                })
                .unwrap_or_default();
            parts.push(stem_and_extension(path).0);
            parts.join("/")
        });
        for id in candidates {
            if self.give(&id) {
                return id;
            }
        }
        // The stem is taken even with its folders: `a.txt` beside `a.txt.gz`.
        let whole = path.to_string_lossy().into_owned();
        self.give(&whole);
        whole
    }

    fn give(&mut self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.given.insert(hasher.finish())
    }
}

impl Iterator for SourceTexts {
    type Item = Result<SourceText, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(text) = self.current.as_mut().and_then(Iterator::next) {
                if let Ok(text) = &text {
                    self.meter.add_text(text.text.len());
                }
                return Some(text);
            }
            self.current = None;
            let opened = self.inputs.next()?.and_then(|input| self.open(&input));
            if let Err(error) = opened {
                return Some(Err(error));
            }
        }
    }
}

fn table(
    stream: Bytes,
    delimiter: u8,
    file: &str,
    options: ReadOptions,
) -> Result<TableTexts, DocumentError> {
    TableTexts::new(stream, delimiter, file, options)
        .map_err(|error| DocumentError::io(error).in_file(file))
}

/// A stream as a file that can be read from its end; it goes when it is closed.
fn spool(mut stream: Bytes) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut stream, &mut file)?;
    Ok(file)
}

fn whole_text(
    mut stream: Bytes,
    file: &str,
    id: &str,
    most: u64,
) -> Result<SourceText, DocumentError> {
    let mut bytes = Vec::new();
    let placed = |error: DocumentError| error.in_file(file).in_document(id);
    (&mut stream)
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| placed(DocumentError::io(error)))?;
    if bytes.len() as u64 > most {
        return Err(placed(too_large(most)));
    }
    let text = utf8(bytes).map_err(|(byte, error)| placed(error.at_byte(byte)))?;
    readable(SourceText {
        id: id.to_owned(),
        text,
        meta: Map::new(),
    })
    .map_err(|error| error.in_file(file))
}
