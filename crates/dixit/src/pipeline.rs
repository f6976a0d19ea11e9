use std::sync::Arc;

use dixit_document::{Document, Quotation, SourceText};
use dixit_encoder::{EncoderError, Frame, FrameScores, Model};
use dixit_tokenize::{Layout, Pieces};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::names::Names;
use crate::reading::begin;
use crate::stages::{Counters, Stage};
use crate::{Builder, Config, Error, Source, Stream, Work, loaded};

/// Reads documents and says who said what in them. Cheap to share: clone it.
#[derive(Clone)]
pub struct Pipeline {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    config: Config,
    model: Arc<Model>,
    names: Names,
    pub(crate) threads: ThreadPool,
    counters: Counters,
}

impl Pipeline {
    /// A builder with the default configuration.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(config: Config) -> Result<Self, Error> {
        let model = loaded::model(&config)?;
        let names = Names::open(&config)?;
        let threads = ThreadPoolBuilder::new()
            .num_threads(config.jobs())
            .thread_name(|index| format!("dixit-{index}"))
            .build()
            .map_err(|e| Error::Threads(e.to_string()))?;
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                model,
                names,
                threads,
                counters: Counters::default(),
            }),
        })
    }

    /// What this pipeline and its clones have done so far, and how long each stage took.
    #[must_use]
    pub fn work(&self) -> Work {
        self.inner.counters().work()
    }

    /// How this pipeline was set up.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Reads one document; its windows are shared among the pipeline's threads.
    ///
    /// # Errors
    /// Where the text is too long to address, or the model fails on it.
    pub fn read(&self, source: SourceText) -> Result<Document, Error> {
        let silent = Error::Worker {
            document: source.id.clone(),
        };
        let answer = begin(&self.inner, source, &Arc::default());
        answer.recv().unwrap_or(Err(silent))
    }

    /// Reads a stream of documents in parallel and gives them back in their order. [`Stream`]
    /// tells how much is held in memory, however many come.
    ///
    /// The sources are texts, or results of reading them: an error comes out in its place, as an
    /// error of the caller's own type.
    pub fn stream<I>(&self, sources: I) -> Stream<I::IntoIter>
    where
        I: IntoIterator<Item: Source>,
    {
        Stream::new(Arc::clone(&self.inner), sources.into_iter())
    }
}

fn failed(id: &str) -> impl Fn(EncoderError) -> Error + '_ {
    |reason| Error::Document {
        document: id.to_owned(),
        reason,
    }
}

impl Inner {
    /// The first stage: what a text shows, and its word pieces.
    pub(crate) fn tokenize(&self, source: &SourceText) -> Result<(Layout, Pieces), Error> {
        let SourceText { id, text, .. } = source;
        if u32::try_from(text.len()).is_err() {
            return Err(Error::TooLong {
                document: id.clone(),
                bytes: text.len(),
            });
        }
        self.counters.time(Stage::Tokenize, || {
            let pieces = self.model.pieces(text).map_err(failed(id))?;
            Ok((Layout::read(text), pieces))
        })
    }

    pub(crate) fn frames(&self, pieces: &Pieces) -> Vec<Frame> {
        self.model.frames(pieces)
    }

    /// The second stage, of one window.
    pub(crate) fn score(
        &self,
        id: &str,
        pieces: &Pieces,
        frame: &Frame,
    ) -> Result<FrameScores, Error> {
        self.counters.window();
        self.counters
            .time(Stage::Encode, || self.model.read_frame(pieces, frame))
            .map_err(failed(id))
    }

    /// The last stages.
    pub(crate) fn finish(
        &self,
        source: SourceText,
        layout: &Layout,
        pieces: Pieces,
        scored: Vec<FrameScores>,
    ) -> Result<Document, Error> {
        let SourceText { id, text, meta } = source;
        let count = pieces.ids.len();
        let (names, found) = self.counters.time(Stage::Decode, || {
            let reading = self.model.gather(pieces, scored).map_err(failed(&id))?;
            let names = self.names.find(&self.model, &reading, &text, layout);
            let names = names.map_err(failed(&id))?;
            let found = dixit_quote::quotations(&self.model, &reading, &text, layout);
            Ok((names, found))
        })?;
        let linked = self.counters.time(Stage::Link, || {
            dixit_speaker::link(&text, layout, &names, found)
        });
        self.counters.document(count);
        let mut quotations = linked.quotations;
        quotations.retain(|quotation| self.wants(quotation));
        for (index, quotation) in quotations.iter_mut().enumerate() {
            quotation.id = format!("q{}", index + 1);
        }
        Ok(Document {
            id,
            text,
            meta,
            named_entities: Some(names),
            mentions: Some(linked.mentions),
            entities: linked.entities,
            quotations: Some(quotations),
            ..Document::default()
        })
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    fn wants(&self, quotation: &Quotation) -> bool {
        quotation
            .mode
            .is_none_or(|mode| self.config.modes().contains(&mode))
            && quotation.confidence >= self.config.min_confidence()
    }
}
