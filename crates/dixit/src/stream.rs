use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use dixit_document::{Document, SourceText};

use crate::Error;
use crate::pipeline::Inner;

/// Documents under way for each thread: enough that none waits while the oldest is finished.
const AHEAD: usize = 16;

/// Text under way, in bytes, past which no further document is begun while another is unread.
const BYTES_AHEAD: usize = 16 << 20;

/// Documents being read in parallel, given in the order in which they came; see
/// [`Pipeline::stream`](crate::Pipeline::stream).
pub struct Stream<I> {
    inner: Arc<Inner>,
    sources: I,
    under_way: VecDeque<UnderWay>,
    bytes: usize,
}

struct UnderWay {
    id: String,
    bytes: usize,
    answer: Receiver<Result<Document, Error>>,
    /// What [`Stream::ready`] has received already.
    received: Option<Result<Document, Error>>,
}

impl<I: Iterator<Item = SourceText>> Stream<I> {
    pub(crate) fn new(inner: Arc<Inner>, sources: I) -> Self {
        Self {
            inner,
            sources,
            under_way: VecDeque::new(),
            bytes: 0,
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
        if first.received.is_none() {
            first.received = match first.answer.recv_timeout(patience) {
                Ok(answer) => Some(answer),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Err(first.silent())),
            };
        }
        first.received.is_some()
    }

    /// Begins documents until enough are under way.
    fn fill(&mut self) {
        let most = AHEAD * self.inner.threads.current_num_threads();
        while self.under_way.len() < most && (self.bytes < BYTES_AHEAD || self.under_way.is_empty())
        {
            let Some(source) = self.sources.next() else {
                return;
            };
            let (sender, answer) = sync_channel(1);
            let bytes = source.text.len();
            self.bytes += bytes;
            self.under_way.push_back(UnderWay {
                id: source.id.clone(),
                bytes,
                answer,
                received: None,
            });
            let inner = Arc::clone(&self.inner);
            self.inner.threads.spawn_fifo(move || {
                // Nobody listens any more where the stream was dropped.
                let _ = sender.send(inner.read(source));
            });
        }
    }
}

impl<I: Iterator<Item = SourceText>> Iterator for Stream<I> {
    type Item = Result<Document, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.fill();
        let first = self.under_way.pop_front()?;
        self.bytes -= first.bytes;
        Some(first.wait())
    }
}

impl UnderWay {
    fn wait(mut self) -> Result<Document, Error> {
        match self.received.take() {
            Some(answer) => answer,
            None => self.answer.recv().unwrap_or_else(|_| Err(self.silent())),
        }
    }

    /// Its worker went without an answer.
    fn silent(&self) -> Error {
        Error::Worker {
            document: self.id.clone(),
        }
    }
}
