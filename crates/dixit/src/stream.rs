use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use dixit_document::{Document, QuotedText, SourceText};

use crate::pipeline::Inner;
use crate::reading::begin;
use crate::{Error, Input};

/// Documents under way for each thread: enough short ones that no thread waits while the oldest
/// is finished.
const AHEAD: usize = 256;

/// Text under way, in bytes, past which no further document is begun while another is unread.
const BYTES_AHEAD: usize = 8 << 20;

/// What a [`Stream`] reads: texts, texts whose quotations are given, or the results of reading
/// them from somewhere.
pub trait Source {
    /// What can go wrong with one.
    type Error: From<Error>;

    /// What is to be read.
    ///
    /// # Errors
    /// Where it could not be had; the stream gives this in its place.
    fn input(self) -> Result<Input, Self::Error>;
}

impl Source for SourceText {
    type Error = Error;

    fn input(self) -> Result<Input, Error> {
        Ok(self.into())
    }
}

impl Source for QuotedText {
    type Error = Error;

    fn input(self) -> Result<Input, Error> {
        Ok(self.into())
    }
}

impl<T: Into<Input>, E: From<Error>> Source for Result<T, E> {
    type Error = E;

    fn input(self) -> Result<Input, E> {
        self.map(Into::into)
    }
}

/// Documents being read in parallel, given in the order in which they came; see
/// [`Pipeline::stream`](crate::Pipeline::stream).
///
/// - **Back-pressure.** Sources are taken from their iterator, on the thread that asks for
///   documents, only while fewer than 256 documents for each of the pipeline's threads and less
///   than 8 MiB of text are under way. At most that and one text more are held, read or not.
/// - **No standing in line.** A long document's windows are shared among all threads, and those
///   behind it are read on while it takes its time.
/// - **Memory.** Besides the model (about 60 MB) a stream holds a few bytes for each byte of text
///   under way, and for each thread what the document that it works on needs: up to about 150
///   bytes for each byte of its text, most of it the scores of its words.
/// - **Cancellation.** Dropping the stream ends the work on everything that is under way, after
///   the windows at hand.
///
/// ```
/// use dixit::{Error, Pipeline, SourceText};
///
/// /// What a program of one's own can meet with.
/// #[derive(Debug)]
/// enum Trouble {
///     Unread(std::io::Error),
///     Failed(Error),
/// }
/// impl From<Error> for Trouble {
///     fn from(error: Error) -> Self {
///         Self::Failed(error)
///     }
/// }
///
/// let pipeline = Pipeline::builder().jobs(2).build()?;
/// let texts = ["“Stop,” said Zoë.", "", "“Go,” Emil replied."].map(|text| match text {
///     "" => Err(Trouble::Unread(std::io::ErrorKind::NotFound.into())),
///     text => Ok(SourceText { text: text.into(), ..SourceText::default() }),
/// });
/// let read: Vec<_> = pipeline.stream(texts).collect();
/// assert!(matches!(read[1], Err(Trouble::Unread(_))));
/// assert_eq!(read[2].as_ref().unwrap().quotations.as_ref().unwrap().len(), 1);
/// # Ok::<(), Error>(())
/// ```
pub struct Stream<I: Iterator<Item: Source>> {
    inner: Arc<Inner>,
    sources: I,
    under_way: VecDeque<UnderWay<<I::Item as Source>::Error>>,
    bytes: usize,
    cancelled: Arc<AtomicBool>,
}

struct UnderWay<E> {
    id: String,
    bytes: usize,
    answer: Answer<E>,
}

enum Answer<E> {
    /// A thread will send it.
    Awaited(Receiver<Result<Document, Error>>),
    /// It is here.
    Given(Box<Result<Document, E>>),
}

impl<I: Iterator<Item: Source>> Stream<I> {
    pub(crate) fn new(inner: Arc<Inner>, sources: I) -> Self {
        Self {
            inner,
            sources,
            under_way: VecDeque::new(),
            bytes: 0,
            cancelled: Arc::default(),
        }
    }

    /// Begins documents and waits for the oldest, but no longer than `patience`: whether
    /// [`Iterator::next`] would answer at once. For callers that have to look up in between, as
    /// for an interruption.
    pub fn ready(&mut self, patience: Duration) -> bool {
        self.fill();
        let Some(first) = self.under_way.front_mut() else {
            return true;
        };
        let Answer::Awaited(receiver) = &first.answer else {
            return true;
        };
        let answer = match receiver.recv_timeout(patience) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => Err(first.silent()),
        };
        first.answer = Answer::Given(Box::new(answer.map_err(Into::into)));
        true
    }

    /// Begins documents until enough are under way.
    fn fill(&mut self) {
        let most = AHEAD * self.inner.threads.current_num_threads();
        while self.under_way.len() < most && self.bytes < BYTES_AHEAD {
            let Some(source) = self.sources.next() else {
                return;
            };
            let under_way = match source.input() {
                Ok(input) => UnderWay {
                    id: input.source.id.clone(),
                    bytes: input.source.text.len(),
                    answer: Answer::Awaited(begin(&self.inner, input, &self.cancelled)),
                },
                Err(error) => UnderWay {
                    id: String::new(),
                    bytes: 0,
                    answer: Answer::Given(Box::new(Err(error))),
                },
            };
            self.bytes += under_way.bytes;
            self.under_way.push_back(under_way);
        }
    }
}

impl<I: Iterator<Item: Source>> Iterator for Stream<I> {
    type Item = Result<Document, <I::Item as Source>::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.fill();
        let first = self.under_way.pop_front()?;
        self.bytes -= first.bytes;
        Some(match first.answer {
            Answer::Given(answer) => *answer,
            Answer::Awaited(receiver) => receiver
                .recv()
                .unwrap_or_else(|_| Err(Error::Worker { document: first.id }))
                .map_err(Into::into),
        })
    }
}

impl<I: Iterator<Item: Source>> Drop for Stream<I> {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl<E> UnderWay<E> {
    /// Its worker went without an answer.
    fn silent(&self) -> Error {
        Error::Worker {
            document: self.id.clone(),
        }
    }
}
