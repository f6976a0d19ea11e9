use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::compression;
use crate::{DocumentError, ErrorKind};

/// The whole of a text file, unpacked if need be, without a byte order mark.
pub(crate) fn read_text(path: &Path) -> Result<String, DocumentError> {
    let name = path.to_string_lossy();
    let failed = |error| DocumentError::io(error).in_file(&name);
    let mut bytes = Vec::new();
    compression::open(path)
        .map_err(failed)?
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to() as u64;
        DocumentError::new(ErrorKind::Utf8, "not UTF-8")
            .in_file(&name)
            .at_byte(byte)
            .mended_by("convert the file to UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// The first bytes of a file, as far as they are text.
pub(crate) fn head(path: &Path) -> Option<String> {
    let mut stream = compression::open(path).ok()?;
    let bytes = compression::read_up_to(&mut stream, 4096).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a folder holds, by name, without what is hidden.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, DocumentError> {
    let failed = |error| DocumentError::io(error).in_file(&folder.to_string_lossy());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A link to a folder could lead back up.
        let linked_folder =
            entry.file_type().is_ok_and(|kind| kind.is_symlink()) && entry.path().is_dir();
        if !entry.file_name().to_string_lossy().starts_with('.') && !linked_folder {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// The files at or below `path` that `wanted` takes, by name.
pub(crate) fn below(
    path: &Path,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, DocumentError> {
    if !path.exists() {
        return Err(
            DocumentError::new(ErrorKind::NotFound, "no such file or folder")
                .in_file(&path.to_string_lossy())
                .mended_by("check the path"),
        );
    }
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in entries(path)? {
        if entry.is_dir() {
            found.extend(below(&entry, wanted)?);
        } else if wanted(&entry) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// A file's extension in lower case.
pub(crate) fn extension(path: &Path) -> String {
    crate::format::stem_and_extension(path).1
}

/// A file's name without its extension.
pub(crate) fn stem(path: &Path) -> String {
    crate::format::stem_and_extension(path).0
}

/// Something wrong in a file, with what helps.
pub(crate) fn wrong(
    path: &Path,
    kind: ErrorKind,
    problem: impl Into<String>,
    mend: &str,
) -> DocumentError {
    DocumentError::new(kind, problem)
        .in_file(&path.to_string_lossy())
        .mended_by(mend)
}

/// A document's id as the name of a file: nothing in it leads to another folder.
pub(crate) fn file_name(id: &str) -> String {
    let name: String = id
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '_'
            }
        })
        .take(120)
        .collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() {
        "document".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_to_no_other_folder() {
        assert_eq!(file_name("../../etc/Zoë 1"), "_.._etc_Zoë_1");
        assert_eq!(file_name(".."), "document");
        assert_eq!(file_name("a\0b\n"), "a_b_");
    }
}
