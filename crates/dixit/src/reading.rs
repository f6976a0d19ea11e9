use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use dixit_document::Document;
use dixit_encoder::{Frame, FrameScores};
use dixit_tokenize::{Layout, Pieces};

use crate::pipeline::Inner;
use crate::{Error, Input};

/// Windows of a document for which one more thread is worth calling.
const WINDOWS_EACH: usize = 4;

type Answer = Result<Document, Error>;

/// Begins to read a document on the pipeline's threads; the answer comes through the receiver.
/// Nothing is done any more once `cancelled` is set.
pub(crate) fn begin(
    inner: &Arc<Inner>,
    input: Input,
    cancelled: &Arc<AtomicBool>,
) -> Receiver<Answer> {
    let (sender, receiver) = sync_channel(1);
    let (inner, cancelled) = (Arc::clone(inner), Arc::clone(cancelled));
    let threads = Arc::clone(&inner);
    threads.threads.spawn_fifo(move || {
        let id = input.source.id.clone();
        if cancelled.load(Ordering::Relaxed) {
            return;
        }
        match guarded(&id, || {
            Reading::new(inner, input, cancelled, sender.clone())
        }) {
            Ok(reading) => reading.share(),
            // Nobody listens any more where the stream was dropped.
            Err(error) => drop(sender.send(Err(error))),
        }
    });
    receiver
}

/// A mistake of ours costs one document, not the run.
fn guarded<T>(document: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::Worker {
            document: document.to_owned(),
        })
    })
}

/// A document whose windows are read by whichever threads have time. No thread waits for another:
/// the one that reads the last window finishes the document, so each thread works on one document
/// at a time, however long the documents are.
struct Reading {
    inner: Arc<Inner>,
    id: String,
    cancelled: Arc<AtomicBool>,
    answer: SyncSender<Answer>,
    frames: Vec<Frame>,
    /// The next window that nobody has begun, and how many are not read yet.
    next: AtomicUsize,
    left: AtomicUsize,
    pieces: RwLock<Pieces>,
    scored: Mutex<Vec<Option<Result<FrameScores, Error>>>>,
    /// What the end needs.
    text: Mutex<Option<(Input, Layout)>>,
}

impl Reading {
    fn new(
        inner: Arc<Inner>,
        input: Input,
        cancelled: Arc<AtomicBool>,
        answer: SyncSender<Answer>,
    ) -> Result<Self, Error> {
        let (layout, pieces) = inner.tokenize(&input.source)?;
        let frames = inner.frames(&pieces);
        Ok(Self {
            inner,
            id: input.source.id.clone(),
            cancelled,
            answer,
            next: AtomicUsize::new(0),
            left: AtomicUsize::new(frames.len()),
            scored: Mutex::new(frames.iter().map(|_| None).collect()),
            frames,
            pieces: RwLock::new(pieces),
            text: Mutex::new(Some((input, layout))),
        })
    }

    /// Reads the windows, with the other threads where there are many.
    fn share(self) {
        if self.frames.is_empty() {
            return self.finish();
        }
        let threads = self.inner.threads.current_num_threads();
        let helpers = (self.frames.len() / WINDOWS_EACH).min(threads - 1);
        let this = Arc::new(self);
        for _ in 0..helpers {
            let this = Arc::clone(&this);
            // These go before the documents that wait.
            rayon::spawn(move || this.read());
        }
        this.read();
    }

    /// Reads windows until all are begun.
    fn read(&self) {
        while !self.cancelled.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(frame) = self.frames.get(index) else {
                return;
            };
            let scored = guarded(&self.id, || {
                let pieces = self.pieces.read().unwrap_or_else(PoisonError::into_inner);
                self.inner.score(&self.id, &pieces, frame)
            });
            lock(&self.scored)[index] = Some(scored);
            if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
                return self.finish();
            }
        }
    }

    /// Every window has been read.
    fn finish(&self) {
        let document = guarded(&self.id, || {
            let silent = || Error::Worker {
                document: self.id.clone(),
            };
            let (input, layout) = lock(&self.text).take().ok_or_else(silent)?;
            let scored = std::mem::take(&mut *lock(&self.scored));
            let scored = scored.into_iter().map(|slot| slot.ok_or_else(silent)?);
            let scored = scored.collect::<Result<Vec<_>, _>>()?;
            let mut pieces = self.pieces.write().unwrap_or_else(PoisonError::into_inner);
            let pieces = std::mem::take(&mut *pieces);
            self.inner.finish(input, &layout, pieces, scored)
        });
        // Nobody listens any more where the stream was dropped.
        let _ = self.answer.send(document);
    }
}

/// What the lock guards is whole whenever it is let go.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
