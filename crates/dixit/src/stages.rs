use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// What a pipeline has done since it was built; see [`Pipeline::work`](crate::Pipeline::work).
///
/// Times are those of all threads together, so with two threads they can be twice the time that
/// passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Work {
    /// Documents read.
    pub documents: u64,
    /// Word pieces of these documents.
    pub pieces: u64,
    /// Windows that the encoder read.
    pub windows: u64,
    /// Paragraphs, sentences, words, marks and word pieces.
    pub tokenize: Duration,
    /// Encoder and heads, over all windows.
    pub encode: Duration,
    /// Names and quotations from scores and marks.
    pub decode: Duration,
    /// Mentions, entities and speakers.
    pub link: Duration,
}

/// The counters behind [`Work`].
#[derive(Default)]
pub(crate) struct Counters {
    documents: AtomicU64,
    pieces: AtomicU64,
    windows: AtomicU64,
    nanoseconds: [AtomicU64; 4],
}

/// A stage of the work on a document.
#[derive(Clone, Copy)]
pub(crate) enum Stage {
    Tokenize,
    Encode,
    Decode,
    Link,
}

impl Counters {
    /// Does a stage's work and takes its time.
    pub(crate) fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let done = work();
        let passed = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds[stage as usize].fetch_add(passed, Relaxed);
        done
    }

    pub(crate) fn window(&self) {
        self.windows.fetch_add(1, Relaxed);
    }

    pub(crate) fn document(&self, pieces: usize) {
        self.documents.fetch_add(1, Relaxed);
        self.pieces.fetch_add(pieces as u64, Relaxed);
    }

    pub(crate) fn work(&self) -> Work {
        let time =
            |stage: Stage| Duration::from_nanos(self.nanoseconds[stage as usize].load(Relaxed));
        Work {
            documents: self.documents.load(Relaxed),
            pieces: self.pieces.load(Relaxed),
            windows: self.windows.load(Relaxed),
            tokenize: time(Stage::Tokenize),
            encode: time(Stage::Encode),
            decode: time(Stage::Decode),
            link: time(Stage::Link),
        }
    }
}
