use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is there wholly or not at all.
///
/// It is written beside its place under another name, and takes its place in one step with
/// [`commit`](Self::commit). Dropped before that it leaves no trace, and a file that was there
/// before stays as it was. What is no regular file (a pipe, a device) is written to directly.
#[derive(Debug)]
pub struct WholeFile {
    file: File,
    /// The file under its other name, and its place; `None` where it is written directly.
    paths: Option<(PathBuf, PathBuf)>,
}

impl WholeFile {
    /// Begins a file that will stand at `path`.
    ///
    /// # Errors
    /// Where its folder cannot be written to.
    pub fn create(path: &Path) -> io::Result<Self> {
        // Through a link to the file that it stands for.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = fs::metadata(&path).ok();
        if before.as_ref().is_some_and(|before| !before.is_file()) {
            return Ok(Self {
                file: File::options().write(true).open(&path)?,
                paths: None,
            });
        }
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let mut other = OsString::from(".");
        other.push(name);
        other.push(format!(".{}.part", std::process::id()));
        let other = path.with_file_name(other);
        let file = File::create(&other)?;
        if let Some(before) = before {
            // Where this is not allowed the file gets the usual permissions.
            let _ = fs::set_permissions(&other, before.permissions());
        }
        Ok(Self {
            file,
            paths: Some((other, path)),
        })
    }

    /// The name under which it is written until it is whole: what to remove if the process has
    /// to end at once.
    #[must_use]
    pub fn part(&self) -> Option<&Path> {
        self.paths.as_ref().map(|(part, _)| part.as_path())
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// Where it cannot be written to the disk or moved; then it is not there.
    pub fn commit(mut self) -> io::Result<()> {
        self.file.flush()?;
        if let Some((part, path)) = &self.paths {
            self.file.sync_all()?;
            fs::rename(part, path)?;
            self.paths = None;
        }
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.paths {
            // Nothing is left to tell anyone if this fails.
            let _ = fs::remove_file(part);
        }
    }
}
