use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

/// A stream of bytes, unpacked, that can move to another thread.
pub(crate) type Bytes = Box<dyn BufRead + Send>;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Opens a file; gzip and Zstandard are known by their first bytes, which no UTF-8 text has.
pub(crate) fn open(path: &Path) -> io::Result<Bytes> {
    unpack(File::open(path)?)
}

/// Unpacks a stream, if it is packed.
pub(crate) fn unpack(stream: impl Read + Send + 'static) -> io::Result<Bytes> {
    let mut stream = stream;
    let head = read_up_to(&mut stream, ZSTD.len())?;
    let gzip = head.starts_with(GZIP);
    let zstd = head.starts_with(ZSTD);
    let whole = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(stream));
    if gzip {
        Ok(Box::new(BufReader::with_capacity(
            1 << 16,
            MultiGzDecoder::new(whole),
        )))
    } else if zstd {
        Ok(Box::new(BufReader::with_capacity(
            1 << 16,
            Frames::new(whole),
        )))
    } else {
        Ok(Box::new(whole))
    }
}

/// Reads `limit` bytes, fewer only at the end.
pub(crate) fn read_up_to(stream: &mut impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(limit);
    stream.take(limit as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Zstandard frames one after the other, as parallel packers write them.
struct Frames<R: BufRead> {
    state: State<R>,
}

enum State<R: BufRead> {
    Between(R),
    Within(Box<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>),
    Over,
}

impl<R: BufRead> Frames<R> {
    fn new(stream: R) -> Self {
        Self {
            state: State::Between(stream),
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between(mut stream) => {
                    if stream.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    let decoder = StreamingDecoder::new(stream).map_err(invalid)?;
                    self.state = State::Within(Box::new(decoder));
                }
                State::Within(mut decoder) => {
                    let read = decoder.read(buffer).map_err(invalid)?;
                    if read > 0 {
                        self.state = State::Within(decoder);
                        return Ok(read);
                    }
                    self.state = State::Between(decoder.into_inner());
                }
            }
        }
    }
}

fn invalid(error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}
