use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use dixit_document::SourceText;

use crate::{DocumentError, ErrorKind};

/// Texts that are held, however short they are.
const MOST: usize = 256;

type Text<T> = Result<T, DocumentError>;

/// Reads texts on a thread of its own, a bounded distance ahead: files are opened, unpacked and
/// parsed while the texts before are worked on.
///
/// The thread waits while 256 texts, or texts of more than a number of bytes, have not been taken
/// yet: at most that and one text more are in memory. Dropping this ends it after the text at
/// hand.
///
/// ```
/// use dixit_corpus::{ReadAhead, ReadOptions, SourceTexts};
///
/// let texts = SourceTexts::new(["no such file".to_owned()], ReadOptions::default());
/// let mut ahead = ReadAhead::new(texts, 8 << 20)?;
/// assert!(ahead.next().is_some_and(|text| text.is_err()));
/// assert!(ahead.next().is_none());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ReadAhead<T = SourceText> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    queue: Mutex<Queue<T>>,
    moved: Condvar,
    /// Bytes of text past which the thread waits.
    bytes: usize,
}

struct Queue<T> {
    texts: VecDeque<Text<T>>,
    bytes: usize,
    /// Nothing more will come.
    over: bool,
    /// Nobody takes texts any more.
    dropped: bool,
}

impl<T: AsRef<SourceText> + Send + 'static> ReadAhead<T> {
    /// Begins to read.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn new(
        texts: impl Iterator<Item = Text<T>> + Send + 'static,
        bytes: usize,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue {
                texts: VecDeque::new(),
                bytes: 0,
                over: false,
                dropped: false,
            }),
            moved: Condvar::new(),
            bytes,
        });
        let reading = Arc::clone(&shared);
        let work = move || {
            let read = catch_unwind(AssertUnwindSafe(|| reading.read(texts)));
            let mut queue = reading.lock();
            if read.is_err() {
                let problem = "reading stopped in disorder; documents are missing";
                let error = DocumentError::new(ErrorKind::Io, problem);
                queue.texts.push_back(Err(error));
            }
            queue.over = true;
            reading.moved.notify_all();
        };
        thread::Builder::new()
            .name("dixit-read".to_owned())
            .spawn(work)?;
        Ok(Self { shared })
    }
}

impl<T> Shared<T> {
    /// What the lock guards is whole whenever it is let go.
    fn lock(&self) -> MutexGuard<'_, Queue<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'q>(&self, queue: MutexGuard<'q, Queue<T>>) -> MutexGuard<'q, Queue<T>> {
        let waited = self.moved.wait(queue);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, mut texts: impl Iterator<Item = Text<T>>)
    where
        T: AsRef<SourceText>,
    {
        loop {
            let Some(text) = texts.next() else { return };
            let mut queue = self.lock();
            while !queue.dropped && (queue.texts.len() >= MOST || queue.bytes >= self.bytes) {
                queue = self.wait(queue);
            }
            if queue.dropped {
                return;
            }
            queue.bytes += size(&text);
            queue.texts.push_back(text);
            self.moved.notify_all();
        }
    }
}

fn size<T: AsRef<SourceText>>(text: &Text<T>) -> usize {
    text.as_ref().map_or(0, |text| text.as_ref().text.len())
}

impl<T: AsRef<SourceText>> Iterator for ReadAhead<T> {
    type Item = Text<T>;

    fn next(&mut self) -> Option<Text<T>> {
        let mut queue = self.shared.lock();
        loop {
            if let Some(text) = queue.texts.pop_front() {
                queue.bytes -= size(&text);
                self.shared.moved.notify_all();
                return Some(text);
            }
            if queue.over {
                return None;
            }
            queue = self.shared.wait(queue);
        }
    }
}

impl<T> Drop for ReadAhead<T> {
    fn drop(&mut self) {
        self.shared.lock().dropped = true;
        self.shared.moved.notify_all();
    }
}
