use std::sync::Arc;

use dixit_document::{Document, Quotation, QuotedText, SourceText};
use dixit_encoder::{EncoderError, Frame, FrameScores, Model};
use dixit_quote::Found;
use dixit_tokenize::{Layout, Pieces};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::input::Given;
use crate::names::Names;
use crate::reading::begin;
use crate::stages::{Counters, Stage};
use crate::{Builder, Config, Error, Input, Source, Stream, Work, given, loaded};

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
        self.one(source.into())
    }

    /// Says who said the quotations of a document in which they are given: each comes back once,
    /// in their order, with its id and content. Modes and the least confidence that this pipeline
    /// was set up with leave none of them out.
    ///
    /// Where a cast is given, its members are the document’s entities and nobody else speaks.
    ///
    /// ```
    /// use dixit::{Pipeline, Quoted, QuotedText, SourceText, Span};
    ///
    /// let text = "“The harbour will reopen in May,” Mayor Ilse Brandt said. She added that the \
    ///     ferries would run again.";
    /// let of = |words: &str| {
    ///     let start = text.find(words).expect("it stands in the text");
    ///     Span::new(start, start + words.len())
    /// };
    /// let document = Pipeline::builder().build()?.attribute(QuotedText {
    ///     source: SourceText { text: text.into(), ..SourceText::default() },
    ///     quotations: vec![
    ///         Quoted { id: "may".into(), content: vec![of("The harbour will reopen in May")] },
    ///         Quoted { id: "ferries".into(), content: vec![of("the ferries would run again")] },
    ///     ],
    ///     cast: None,
    /// })?;
    /// for quotation in document.quotations.iter().flatten() {
    ///     let speaker = quotation.speaker.and_then(|id| document.entities.get(id.index()));
    ///     assert_eq!(speaker.map(|entity| entity.name.as_str()), Some("Ilse Brandt"));
    /// }
    /// # assert_eq!(document.quotations.unwrap()[1].id, "ferries");
    /// # Ok::<(), dixit::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the text is too long to address, or the model fails on it.
    pub fn attribute(&self, text: QuotedText) -> Result<Document, Error> {
        self.one(text.into())
    }

    fn one(&self, input: Input) -> Result<Document, Error> {
        let silent = Error::Worker {
            document: input.source.id.clone(),
        };
        let answer = begin(&self.inner, input, &Arc::default());
        answer.recv().unwrap_or(Err(silent))
    }

    /// Reads a stream of documents in parallel and gives them back in their order. [`Stream`]
    /// tells how much is held in memory, however many come.
    ///
    /// The sources are texts, those whose quotations are given (see [`Pipeline::attribute`]), or
    /// results of reading them: an error comes out in its place, as an error of the caller's own
    /// type.
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
        input: Input,
        layout: &Layout,
        pieces: Pieces,
        scored: Vec<FrameScores>,
    ) -> Result<Document, Error> {
        let Input { source, given } = input;
        let SourceText { id, text, meta } = source;
        let count = pieces.ids.len();
        let (names, found) = self.counters.time(Stage::Decode, || {
            let reading = self.model.gather(pieces, scored).map_err(failed(&id))?;
            let names = self.names.find(&self.model, &reading, &text, layout);
            let names = names.map_err(failed(&id))?;
            let found = match &given {
                None => dixit_quote::quotations(&self.model, &reading, &text, layout),
                Some(Given { quotations, .. }) => Found {
                    quotations: given::read(&self.model, &reading, &text, layout, quotations),
                    ..Found::default()
                },
            };
            Ok((names, found))
        })?;
        let every = given.is_none() && self.config.every_mode();
        let cast = given.as_ref().and_then(|given| given.cast.as_deref());
        let linked = self.counters.time(Stage::Link, || match cast {
            None => dixit_speaker::link(&text, layout, &names, found.quotations),
            Some(cast) => dixit_speaker::link_cast(&text, layout, &names, found.quotations, cast),
        });
        self.counters.document(count);
        let mut quotations = linked.quotations;
        match &given {
            Some(Given {
                quotations: given, ..
            }) => quotations = given::ordered(quotations, given),
            None => {
                quotations.retain(|quotation| self.wants(quotation));
                for (index, quotation) in quotations.iter_mut().enumerate() {
                    quotation.id = format!("q{}", index + 1);
                }
            }
        }
        Ok(Document {
            id,
            text,
            meta,
            named_entities: Some(names),
            mentions: Some(linked.mentions),
            entities: linked.entities,
            quotations: Some(quotations),
            loose_spans: every.then_some(found.loose_spans),
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
