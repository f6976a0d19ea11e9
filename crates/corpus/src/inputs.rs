use std::fs;
use std::path::{Path, PathBuf};

use crate::format::InputFormat;
use crate::{DocumentError, ErrorKind};

/// A place that documents come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Input {
    /// Standard input.
    Standard,
    /// A file, and its name below the folder that was asked for.
    File { path: PathBuf, below: PathBuf },
}

/// The files that the arguments name, one at a time and always in the same order: arguments as
/// they were given, the entries of a folder and the matches of a pattern by name.
#[derive(Clone)]
pub(crate) struct Inputs {
    /// What is left to look at, the next last.
    pending: Vec<Pending>,
}

#[derive(Clone)]
enum Pending {
    Argument(String),
    /// A path and how many of its last parts are below the folder that was asked for.
    Found(PathBuf, usize),
}

impl Inputs {
    /// The bytes of all files as they lie on the disk; `None` where one comes through a pipe.
    pub(crate) fn size(&self) -> Option<u64> {
        let sizes = self.clone().map(|input| match input {
            Ok(Input::Standard) => None,
            Ok(Input::File { path, .. }) => Some(fs::metadata(path).map_or(0, |found| found.len())),
            Err(_) => Some(0),
        });
        sizes.sum()
    }

    pub(crate) fn new(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut pending: Vec<Pending> = arguments.into_iter().map(Pending::Argument).collect();
        pending.reverse();
        Self { pending }
    }

    fn argument(&mut self, argument: String) -> Option<Result<Input, DocumentError>> {
        if argument == "-" {
            return Some(Ok(Input::Standard));
        }
        let path = PathBuf::from(&argument);
        if path.is_dir() {
            return self.folder(&path, 0).err().map(Err);
        }
        if path.exists() || !argument.contains(['*', '?', '[']) {
            return Some(file(path, 1));
        }
        match matches(&argument) {
            Ok(paths) => {
                self.pending
                    .extend(paths.into_iter().rev().map(|path| Pending::Found(path, 1)));
                None
            }
            Err(error) => Some(Err(error.in_file(&argument))),
        }
    }

    fn found(&mut self, path: PathBuf, depth: usize) -> Option<Result<Input, DocumentError>> {
        if path.is_dir() {
            self.folder(&path, depth).err().map(Err)
        } else {
            Some(file(path, depth))
        }
    }

    fn folder(&mut self, folder: &Path, depth: usize) -> Result<(), DocumentError> {
        let failed = |error| DocumentError::io(error).in_file(&folder.to_string_lossy());
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // A link to a folder could lead back up.
            let linked_folder =
                entry.file_type().is_ok_and(|kind| kind.is_symlink()) && path.is_dir();
            if !hidden && !linked_folder && (path.is_dir() || InputFormat::of_name(&path).is_some())
            {
                paths.push(path);
            }
        }
        paths.sort();
        self.pending.extend(
            paths
                .into_iter()
                .rev()
                .map(|path| Pending::Found(path, depth + 1)),
        );
        Ok(())
    }
}

impl Iterator for Inputs {
    type Item = Result<Input, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(pending) = self.pending.pop() {
            let found = match pending {
                Pending::Argument(argument) => self.argument(argument),
                Pending::Found(path, depth) => self.found(path, depth),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

fn file(path: PathBuf, depth: usize) -> Result<Input, DocumentError> {
    if !path.exists() {
        return Err(
            DocumentError::new(ErrorKind::NotFound, "no such file or folder")
                .in_file(&path.to_string_lossy())
                .mended_by("check the path"),
        );
    }
    let parts: Vec<_> = path.components().collect();
    let below = parts
        .iter()
        .skip(parts.len().saturating_sub(depth.max(1)))
        .collect();
    Ok(Input::File { path, below })
}

fn matches(pattern: &str) -> Result<Vec<PathBuf>, DocumentError> {
    let wrong = |error: glob::PatternError| {
        DocumentError::new(ErrorKind::NotFound, format!("not a pattern: {error}")).caused_by(error)
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in glob::glob(pattern).map_err(wrong)? {
        paths.push(path.map_err(|error| DocumentError::io(error.into()))?);
    }
    // What a run leaves while it writes beside its inputs is none of them.
    let unfinished = |path: &PathBuf| {
        path.extension()
            .is_some_and(|end| end == "checkpoint" || end == "partial")
    };
    paths.retain(|path| !unfinished(path));
    paths.sort();
    if paths.is_empty() {
        return Err(DocumentError::new(
            ErrorKind::NotFound,
            "no file matches the pattern",
        ));
    }
    Ok(paths)
}
