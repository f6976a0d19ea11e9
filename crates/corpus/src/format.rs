use std::path::Path;

/// How the documents of a file are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InputFormat {
    /// The whole file is one text.
    Text,
    /// One JSON object a line.
    JsonLines,
    /// A table with a header, fields separated by commas.
    Csv,
    /// A table with a header, fields separated by tabs.
    Tsv,
    /// A Parquet table.
    Parquet,
}

impl InputFormat {
    /// The format that a file's name promises, `None` where it promises none that is known.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let (_, extension) = stem_and_extension(path);
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// The format of a stream without a name, by its first bytes: JSON Lines begin with an
    /// object's brace and a key, anything else is a text.
    #[must_use]
    pub fn of_bytes(head: &[u8]) -> Self {
        if head.starts_with(b"PAR1") {
            return Self::Parquet;
        }
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let mut visible = head.iter().filter(|byte| !byte.is_ascii_whitespace());
        match (visible.next(), visible.next()) {
            (Some(b'{'), Some(b'"')) => Self::JsonLines,
            _ => Self::Text,
        }
    }
}

/// A file's name without the extensions that say how it is written and packed, and the extension
/// that says how it is written, in lower case.
pub(crate) fn stem_and_extension(path: &Path) -> (String, String) {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let unpacked = match split(&name) {
        Some((stem, extension)) if matches!(extension.as_str(), "gz" | "zst") => stem,
        _ => &name,
    };
    match split(unpacked) {
        Some((stem, extension)) => (stem.to_owned(), extension),
        None => (unpacked.to_owned(), String::new()),
    }
}

fn split(name: &str) -> Option<(&str, String)> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| (stem, extension.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format() {
        for (name, stem, format) in [
            ("a/Zoë.TXT", "Zoë", Some(InputFormat::Text)),
            ("b.c.jsonl.zst", "b.c", Some(InputFormat::JsonLines)),
            ("t.csv.gz", "t", Some(InputFormat::Csv)),
            ("t.tsv", "t", Some(InputFormat::Tsv)),
            ("README", "README", None),
            (".txt", ".txt", None),
            ("x.gz", "x", None),
        ] {
            let path = Path::new(name);
            assert_eq!(stem_and_extension(path).0, stem, "{name}");
            assert_eq!(InputFormat::of_name(path), format, "{name}");
        }
    }

    #[test]
    fn bytes_tell_json_lines_from_text() {
        assert_eq!(
            InputFormat::of_bytes(b"\xef\xbb\xbf \n{ \"id\": 1}"),
            InputFormat::JsonLines
        );
        assert_eq!(InputFormat::of_bytes(b"{sic} \"No\""), InputFormat::Text);
        assert_eq!(InputFormat::of_bytes(b""), InputFormat::Text);
    }
}
