use std::io::{BufRead, Read};

use dixit_document::SourceText;

use crate::compression::Bytes;
use crate::{DocumentError, ErrorKind};

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
    /// The most bytes that a line may have.
    most: u64,
    over: bool,
}

impl Lines {
    pub(crate) fn new(stream: Bytes, file: &str, most: u64) -> Self {
        Self {
            most,
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

    /// The next line with its end, `None` after the last one. The end of a line that is too long
    /// is read over, and it comes back empty with the number of its bytes.
    fn read(&mut self) -> Result<Option<(Vec<u8>, u64)>, DocumentError> {
        let mut bytes = Vec::new();
        let read = (&mut self.stream)
            .take(self.most + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(DocumentError::io)? as u64;
        if read <= self.most || bytes.last() == Some(&b'\n') {
            return Ok((read > 0).then_some((bytes, read)));
        }
        let rest = skip_line(&mut self.stream).map_err(DocumentError::io)?;
        Ok(Some((Vec::new(), read + rest)))
    }
}

impl Iterator for Lines {
    type Item = Result<Line, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            self.number += 1;
            let (bytes, length) = match self.read() {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => {
                    // What follows a broken read cannot be trusted.
                    self.over = true;
                    return Some(Err(error.in_file(&self.file).at_line(self.number)));
                }
            };
            let start = self.byte;
            self.byte += length;
            if bytes.is_empty() {
                return Some(Err(too_large(self.most)
                    .in_file(&self.file)
                    .at_line(self.number)));
            }
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

/// Reads to the end of a line without keeping it; gives its bytes.
fn skip_line(stream: &mut impl BufRead) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = stream.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end + 1);
        stream.consume(length);
        skipped += length as u64;
        if end.is_some() || length == 0 {
            return Ok(skipped);
        }
    }
}

/// A document has more than `most` bytes.
pub(crate) fn too_large(most: u64) -> DocumentError {
    DocumentError::new(ErrorKind::TooLarge, format!("more than {most} bytes"))
        .mended_by("split the document, or allow more with --max-document-size")
}

/// Refuses what is no text.
pub(crate) fn readable(text: SourceText) -> Result<SourceText, DocumentError> {
    match text.text.find('\0') {
        None => Ok(text),
        Some(byte) => {
            let problem = format!("a NUL byte after {byte} bytes of text: binary data");
            Err(DocumentError::new(ErrorKind::Binary, problem)
                .in_document(&text.id)
                .mended_by("give plain text in UTF-8, not UTF-16 or a file of a word processor"))
        }
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
