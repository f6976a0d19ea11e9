use std::fs::{self, File, TryLockError};
use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::checkpoint::{RestartError, beside, move_to, remove};
use crate::compression::Packing;
use crate::{OutputFormat, write_parquet};

/// A file that grows, whose end can be cut off when a run goes on.
pub(super) struct Partial {
    path: PathBuf,
    out: BufWriter<File>,
    length: u64,
}

impl Partial {
    /// Opens the partial file of `place`, with so many bytes of it; it must have them.
    pub(super) fn open(place: &Path, length: u64) -> Result<Self, RestartError> {
        let path = beside(place, ".partial");
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(RestartError::at(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RestartError::Busy { path }),
            // Not every file system has locks.
            Err(TryLockError::Error(_)) => {}
        }
        let found = file.metadata().map_err(RestartError::at(&path))?.len();
        if found < length {
            let problem = format!("{found} bytes where there were {length}");
            return Err(RestartError::damaged(&path, problem));
        }
        file.set_len(length)
            .and_then(|()| file.seek(SeekFrom::Start(length)))
            .map_err(RestartError::at(&path))?;
        Ok(Self {
            path,
            out: BufWriter::with_capacity(1 << 16, file),
            length,
        })
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), RestartError> {
        self.length += bytes.len() as u64;
        let written = self.out.write_all(bytes);
        written.map_err(RestartError::at(&self.path))
    }

    /// Has everything on the disk.
    pub(super) fn sync(&mut self) -> Result<(), RestartError> {
        let synced = self
            .out
            .flush()
            .and_then(|()| self.out.get_ref().sync_data());
        synced.map_err(RestartError::at(&self.path))
    }
}

/// Where a part stands when it is complete: `said-00002.jsonl.gz`; part 0 is the whole output.
pub(super) fn place(output: &Path, part: u64) -> PathBuf {
    if part == 0 {
        return output.to_owned();
    }
    let name = output.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default();
    let mut stem = Path::new(name.as_ref());
    // The extensions that say how it is written and packed.
    for _ in 0..if Packing::of_name(output).is_some() {
        2
    } else {
        1
    } {
        stem = Path::new(stem.file_stem().unwrap_or(stem.as_os_str()));
    }
    let stem = stem.to_string_lossy();
    let extensions = name.strip_prefix(stem.as_ref()).unwrap_or_default();
    output.with_file_name(format!("{stem}-{part:05}{extensions}"))
}

/// Puts the complete partial file of `place` in its place, packed as its name says. May be
/// repeated after an interruption at any point.
pub(super) fn deliver(place: &Path, format: OutputFormat) -> Result<(), RestartError> {
    let partial = beside(place, ".partial");
    if !fs::exists(&partial).map_err(RestartError::at(&partial))? {
        // It was delivered before the interruption.
        return match fs::exists(place).map_err(RestartError::at(place))? {
            true => Ok(()),
            false => Err(RestartError::damaged(
                place,
                "neither it nor its partial file is there",
            )),
        };
    }
    // Parquet is packed inside.
    let packing = match format {
        OutputFormat::Parquet => None,
        _ => Packing::of_name(place),
    };
    if packing.is_none() && format != OutputFormat::Parquet {
        return move_to(&partial, place);
    }
    let packed = beside(place, ".packing");
    let at = RestartError::at(&packed);
    let pack = || {
        let mut from = BufReader::with_capacity(1 << 16, File::open(&partial)?);
        let file = File::create(&packed)?;
        let mut to = BufWriter::with_capacity(1 << 16, file);
        match packing {
            Some(packing) => packing.pack(&mut from, &mut to)?,
            None => write_parquet::from_records(&mut from, &mut to)?,
        }
        to.flush()?;
        to.get_ref().sync_all()
    };
    pack().map_err(at)?;
    move_to(&packed, place)?;
    remove(&partial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_numbered_before_their_extensions() {
        for (output, expected) in [
            ("a/said.jsonl", "a/said-00003.jsonl"),
            ("é.v2.jsonl.gz", "é.v2-00003.jsonl.gz"),
            ("said", "said-00003"),
            ("x.csv.zst", "x-00003.csv.zst"),
            (".hidden", ".hidden-00003"),
        ] {
            assert_eq!(place(Path::new(output), 3), Path::new(expected));
            assert_eq!(place(Path::new(output), 0), Path::new(output));
        }
    }
}
