use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How far [`SourceTexts`](crate::SourceTexts) have been read, as another thread may ask.
#[derive(Debug, Default)]
pub struct Meter {
    /// Bytes of all files; 0 where that is not known.
    total: u64,
    read: AtomicU64,
    text: AtomicU64,
}

impl Meter {
    pub(crate) fn new(total: Option<u64>) -> Self {
        Self {
            total: total.unwrap_or_default(),
            ..Self::default()
        }
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.read.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn add_text(&self, bytes: usize) {
        self.text.fetch_add(bytes as u64, Relaxed);
    }

    /// The bytes of all files as they lie on the disk, unless some come through a pipe.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        (self.total > 0).then_some(self.total)
    }

    /// The bytes of files that were read so far.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read.load(Relaxed)
    }

    /// About the share of the whole, above 0 and at most 1, that is done when so many bytes of
    /// text are done; the readers are ahead of that.
    #[must_use]
    pub fn share(&self, done: u64) -> Option<f64> {
        let (total, read) = (self.total()? as f64, self.read() as f64);
        let of_read = done as f64 / (self.text.load(Relaxed) as f64).max(1.0);
        let share = (read / total).min(1.0) * of_read.min(1.0);
        (share > 0.0).then_some(share)
    }
}

/// A file whose reading is counted.
pub(crate) struct Metered {
    pub file: File,
    pub meter: Arc<Meter>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.meter.add(read as u64);
        Ok(read)
    }
}
