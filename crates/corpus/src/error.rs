use std::error::Error;
use std::fmt;
use std::path::Path;

/// What went wrong with a document, as programs ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No file, folder or match of a pattern there.
    NotFound,
    /// The file system or the stream failed.
    Io,
    /// Compressed data that cannot be unpacked.
    Compression,
    /// Bytes that are not UTF-8.
    Utf8,
    /// Broken JSON, or JSON of another shape.
    Json,
    /// A broken table.
    Table,
    /// A field or column that has to be there is not.
    MissingField,
    /// A form of file that cannot be read.
    Format,
    /// More bytes in one document than were allowed.
    TooLarge,
    /// NUL bytes, as no text has.
    Binary,
    /// An annotation that cannot be right; the rest of the document was read.
    Flaw,
}

impl ErrorKind {
    /// A short name, as it stands in error reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not found",
            Self::Io => "input/output",
            Self::Compression => "compression",
            Self::Utf8 => "utf-8",
            Self::Json => "json",
            Self::Table => "table",
            Self::MissingField => "missing field",
            Self::Format => "format",
            Self::TooLarge => "too large",
            Self::Binary => "binary",
            Self::Flaw => "flaw",
        }
    }
}

/// A document that could not be read, or not wholly: which one, where, and what helps.
///
/// The other documents of the same file and the other files are not touched by it.
#[derive(Debug)]
pub struct DocumentError {
    /// Boxed, so that a result is not larger than what it usually holds.
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    file: Option<String>,
    document: Option<String>,
    line: Option<u64>,
    column: Option<u64>,
    byte: Option<u64>,
    problem: String,
    mend: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl DocumentError {
    pub(crate) fn new(kind: ErrorKind, problem: impl Into<String>) -> Self {
        let inner = Inner {
            kind,
            file: None,
            document: None,
            line: None,
            column: None,
            byte: None,
            problem: problem.into(),
            mend: None,
            source: None,
        };
        Self {
            inner: Box::new(inner),
        }
    }

    pub(crate) fn io(error: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let packed = matches!(
            error.kind(),
            Io::InvalidData | Io::InvalidInput | Io::UnexpectedEof
        );
        let this = match error.kind() {
            Io::NotFound => Self::new(ErrorKind::NotFound, "no such file or folder"),
            _ if packed => Self::new(
                ErrorKind::Compression,
                format!("cannot be unpacked: {error}"),
            )
            .mended_by("the archive is damaged or cut; pack it again"),
            _ => Self::new(ErrorKind::Io, error.to_string()),
        };
        this.caused_by(error)
    }

    /// A document whose id another one of `file` has.
    #[must_use]
    pub fn taken(id: &str, file: &str) -> Self {
        Self::new(ErrorKind::Flaw, "another document has the same id")
            .in_document(id)
            .in_file(file)
            .mended_by("give every document an id of its own")
    }

    pub(crate) fn in_file(mut self, file: &str) -> Self {
        self.inner.file = Some(file.to_owned());
        self
    }

    pub(crate) fn in_document(mut self, id: &str) -> Self {
        self.inner.document = Some(id.to_owned());
        self
    }

    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.inner.line = Some(line);
        self
    }

    pub(crate) fn at_column(mut self, column: u64) -> Self {
        self.inner.column = Some(column);
        self
    }

    pub(crate) fn at_byte(mut self, byte: u64) -> Self {
        self.inner.byte = Some(byte);
        self
    }

    pub(crate) fn mended_by(mut self, mend: impl Into<String>) -> Self {
        self.inner.mend = Some(mend.into());
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.inner.source = Some(Box::new(source));
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The file, as it was named; `-` for standard input.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.inner.file.as_deref()
    }

    /// The file as a path.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.file().map(Path::new)
    }

    /// The document's id, if it was known by then.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        self.inner.document.as_deref()
    }

    /// The line of the file, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.inner.line
    }

    /// The column of the line in bytes, from 1.
    #[must_use]
    pub fn column(&self) -> Option<u64> {
        self.inner.column
    }

    /// The byte of the file (after unpacking), from 0.
    #[must_use]
    pub fn byte(&self) -> Option<u64> {
        self.inner.byte
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.inner.problem
    }

    /// What helps.
    #[must_use]
    pub fn mend(&self) -> Option<&str> {
        self.inner.mend.as_deref()
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.inner.file {
            write!(f, "{file}")?;
            if let Some(line) = self.inner.line {
                write!(f, ", line {line}")?;
            }
            if let Some(column) = self.inner.column {
                write!(f, ", column {column}")?;
            }
            if let Some(byte) = self.inner.byte {
                write!(f, ", byte {byte}")?;
            }
            write!(f, ": ")?;
        }
        if let Some(document) = &self.inner.document {
            write!(f, "document {document}: ")?;
        }
        write!(f, "{}", self.inner.problem)?;
        match &self.inner.mend {
            Some(mend) => write!(f, " ({mend})"),
            None => Ok(()),
        }
    }
}

impl Error for DocumentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The cause's own words are part of the message already; it is here for inspection.
        self.inner
            .source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

/// A document that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("document {document} could not be written: {source}")]
pub struct WriteError {
    /// The document's id.
    pub document: String,
    /// Why.
    pub source: std::io::Error,
}

impl WriteError {
    /// Whether the reader of the output has gone: no fault of ours, and no news to anyone.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        self.source.kind() == std::io::ErrorKind::BrokenPipe
    }
}
