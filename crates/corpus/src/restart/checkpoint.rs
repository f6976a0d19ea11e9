use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What a run has done so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Done {
    /// Documents taken from the inputs, those that failed among them.
    pub items: u64,
    /// Documents written.
    pub documents: u64,
    /// Documents that failed.
    pub failures: u64,
    /// The same by kind, as far as the caller counts them.
    pub errors: BTreeMap<String, u64>,
    /// Quotations written.
    pub quotations: u64,
    /// Bytes of text of the documents written.
    pub bytes: u64,
    /// Word pieces read.
    pub pieces: u64,
    /// Seconds of work by stage, and as `elapsed` those that passed.
    pub seconds: BTreeMap<String, f64>,
    /// A hash of the ids of `items`, in order: whether other inputs are given.
    pub seen: u64,
}

impl Done {
    /// Takes an item in, known by its id or by the words of its failure.
    pub fn see(&mut self, item: &str) {
        self.items += 1;
        // FNV-1a, with a byte that no UTF-8 has between items.
        for &byte in item.as_bytes().iter().chain(&[0xff]) {
            self.seen = (self.seen ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// Why a run cannot begin, go on or end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestartError {
    /// The file system failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The run that is to go on was begun with other settings.
    #[error("{}: the interrupted run had other inputs or options; repeat them, or begin anew without --resume", path.display())]
    Settings {
        /// The checkpoint.
        path: PathBuf,
    },
    /// The run that is to go on had other inputs.
    #[error("{}: the interrupted run had read other documents; give the same inputs, or begin anew without --resume", path.display())]
    Inputs {
        /// The checkpoint.
        path: PathBuf,
    },
    /// The checkpoint or the partial file is not as it was left.
    #[error("{}: {problem}; begin anew without --resume", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Another process writes the same output.
    #[error("{}: another process is writing it", path.display())]
    Busy {
        /// The partial file.
        path: PathBuf,
    },
    /// Parts of an earlier run are where this one would put its own.
    #[error("{} is there from an earlier run; move it away", path.display())]
    InTheWay {
        /// The part.
        path: PathBuf,
    },
}

impl RestartError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn damaged(path: &Path, problem: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            problem: problem.into(),
        }
    }
}

/// How far the part at hand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// More documents may come.
    Open,
    /// It is complete and takes its place.
    Closing,
    /// The same, and it is the last one.
    Last,
}

/// What is certainly on the disk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    pub version: u32,
    pub settings: String,
    /// The part at hand, from 1; 0 where the output is one file.
    pub part: u64,
    pub state: State,
    /// Bytes of the partial file that belong to `done`.
    pub length: u64,
    /// The same for the file of errors.
    pub errors_length: u64,
    pub done: Done,
}

/// Of the shape of [`Checkpoint`].
pub(super) const VERSION: u32 = 1;

impl Checkpoint {
    /// Reads a checkpoint, if there is one.
    pub(super) fn load(path: &Path) -> Result<Option<Self>, RestartError> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(RestartError::at(path))?,
        };
        let read: Self = serde_json::from_slice(&bytes)
            .map_err(|error| RestartError::damaged(path, format!("not a checkpoint: {error}")))?;
        if read.version != VERSION {
            return Err(RestartError::damaged(path, "of another version of dixit"));
        }
        Ok(Some(read))
    }

    /// Puts it in its place, in one step.
    pub(super) fn save(&self, path: &Path) -> Result<(), RestartError> {
        let new = unfinished(path);
        let write = || {
            let mut file = File::create(&new)?;
            serde_json::to_writer(&mut file, self)?;
            file.write_all(b"\n")?;
            file.sync_all()
        };
        write().map_err(RestartError::at(&new))?;
        move_to(&new, path)
    }
}

/// Where the checkpoint of an output lies.
pub(super) fn checkpoint_of(output: &Path) -> PathBuf {
    beside(output, ".checkpoint")
}

/// Where a checkpoint lies until it is whole.
pub(super) fn unfinished(checkpoint: &Path) -> PathBuf {
    beside(checkpoint, ".new")
}

/// A file's name with something behind it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Moves a file in one step that a power cut does not undo.
pub(super) fn move_to(from: &Path, to: &Path) -> Result<(), RestartError> {
    fs::rename(from, to).map_err(RestartError::at(to))?;
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Not every system can open a folder; there the rename has to do.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), RestartError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(RestartError::at(path)(error)),
        _ => Ok(()),
    }
}
