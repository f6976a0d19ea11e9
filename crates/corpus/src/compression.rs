use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

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
            zstd::stream::read::Decoder::with_buffer(whole)?,
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

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstandard,
}

impl Packing {
    /// The packing that a file's name promises.
    pub(crate) fn of_name(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "gz" => Some(Self::Gzip),
            "zst" => Some(Self::Zstandard),
            _ => None,
        }
    }

    /// Packs a stream; the same bytes give the same bytes.
    pub(crate) fn pack(self, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Gzip => {
                let mut packer = GzEncoder::new(to, flate2::Compression::default());
                io::copy(from, &mut packer)?;
                packer.finish()?;
            }
            Self::Zstandard => {
                let mut packer = zstd::stream::write::Encoder::new(to, 0)?;
                io::copy(from, &mut packer)?;
                packer.finish()?;
            }
        }
        Ok(())
    }
}
