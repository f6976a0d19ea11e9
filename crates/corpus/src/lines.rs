use std::io::{BufRead, Read};

use crate::compression::Bytes;
use crate::{DocumentError, ErrorKind};

/// The most bytes a document may have: spans count bytes in 32 bits.
pub(crate) const LIMIT: u64 = u32::MAX as u64;

/// A line that is not blank, without its end.
pub(crate) struct Line {
    pub text: String,
    /// From 1.
    pub number: u64,
}

/// The lines of a stream one after the other; a line that is not UTF-8 does not end them.
pub(crate) struct Lines {
    stream: Bytes,
    file: String,
    number: u64,
    byte: u64,
    over: bool,
}

impl Lines {
    pub(crate) fn new(stream: Bytes, file: &str) -> Self {
        Self {
            stream,
            file: file.to_owned(),
            number: 0,
            byte: 0,
            over: false,
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, DocumentError> {
        let mut bytes = Vec::new();
        let read = (&mut self.stream)
            .take(LIMIT)
            .read_until(b'\n', &mut bytes)
            .map_err(DocumentError::io)?;
        if read as u64 == LIMIT {
            return Err(
                DocumentError::new(ErrorKind::TooLarge, "a line of more than 4 GiB")
                    .mended_by("split the document"),
            );
        }
        Ok((read > 0).then_some(bytes))
    }
}

impl Iterator for Lines {
    type Item = Result<Line, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            self.number += 1;
            let bytes = match self.read() {
                Ok(Some(bytes)) => bytes,
                Ok(None) => break,
                Err(error) => {
                    // What follows a broken read cannot be trusted.
                    self.over = true;
                    return Some(Err(error.in_file(&self.file).at_line(self.number)));
                }
            };
            let start = self.byte;
            self.byte += bytes.len() as u64;
            let (bytes, start) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
                Some(rest) if start == 0 => (rest.to_vec(), 3),
                _ => (bytes, start),
            };
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Some(match utf8(bytes) {
                Ok(mut text) => {
                    text.truncate(text.trim_end_matches(['\n', '\r']).len());
                    Ok(Line {
                        text,
                        number: self.number,
                    })
                }
                Err((offset, error)) => Err(error
                    .in_file(&self.file)
                    .at_line(self.number)
                    .at_byte(start + offset)),
            });
        }
        None
    }
}

/// The bytes as text, or the offset of the first that is none.
pub(crate) fn utf8(bytes: Vec<u8>) -> Result<String, (u64, DocumentError)> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(offset).copied().unwrap_or_default();
        let problem = format!("byte 0x{byte:02x} is not UTF-8");
        let error = DocumentError::new(ErrorKind::Utf8, problem)
            .mended_by("convert it, for example with `iconv -f WINDOWS-1252 -t UTF-8`")
            .caused_by(error.utf8_error());
        (offset as u64, error)
    })
}
