//! Where results go: standard output, or a file that is there wholly or not at all.

use std::io::{self, Stdout, Write};
use std::path::Path;

use anyhow::Context;
use dixit_corpus::{WholeFile, WriteError};

use crate::interrupt;

/// An open destination.
pub(crate) enum Output {
    Standard(Stdout),
    File(WholeFile),
}

impl Output {
    /// Standard output where no file is named, or the file is `-`.
    pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        match path.filter(|path| *path != Path::new("-")) {
            None => Ok(Self::Standard(io::stdout())),
            Some(path) => file(path).map(Self::File),
        }
    }

    /// Puts a file in its place.
    pub(crate) fn commit(self) -> anyhow::Result<()> {
        match self {
            Self::Standard(mut out) => Ok(out.flush()?),
            Self::File(file) => file.commit().context("cannot finish the output file"),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

/// Begins a file that goes on interruption.
pub(crate) fn file(path: &Path) -> anyhow::Result<WholeFile> {
    let file =
        WholeFile::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    if let Some(part) = file.part() {
        interrupt::remove(part);
    }
    Ok(file)
}

/// Whether a run ended because nobody reads its output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let write = cause
            .downcast_ref::<WriteError>()
            .is_some_and(WriteError::is_broken_pipe);
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        write || kind == Some(io::ErrorKind::BrokenPipe)
    })
}
