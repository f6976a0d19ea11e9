use std::sync::Arc;

use dixit_document::{Document, Quotation, SourceText};
use dixit_encoder::{EncoderError, Model};
use dixit_tokenize::Layout;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::{Builder, Config, Error, Stream, loaded};

/// Reads documents and says who said what in them. Cheap to share: clone it.
#[derive(Clone)]
pub struct Pipeline {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    config: Config,
    model: Arc<Model>,
    pub(crate) threads: ThreadPool,
}

impl Pipeline {
    /// A builder with the default configuration.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(config: Config) -> Result<Self, Error> {
        let model = loaded::model(config.precision()).map_err(Error::Model)?;
        let threads = ThreadPoolBuilder::new()
            .num_threads(config.jobs())
            .thread_name(|index| format!("dixit-{index}"))
            .build()
            .map_err(|e| Error::Threads(e.to_string()))?;
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                model,
                threads,
            }),
        })
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
        self.inner.threads.install(|| self.inner.read(source))
    }

    /// Reads a stream of documents in parallel and gives them back in their order. At most a few
    /// documents for each thread are held at a time, however many come.
    pub fn stream<I>(&self, sources: I) -> Stream<I::IntoIter>
    where
        I: IntoIterator<Item = SourceText>,
    {
        Stream::new(Arc::clone(&self.inner), sources.into_iter())
    }
}

impl Inner {
    pub(crate) fn read(&self, source: SourceText) -> Result<Document, Error> {
        let SourceText { id, text, meta } = source;
        if u32::try_from(text.len()).is_err() {
            return Err(Error::TooLong {
                document: id,
                bytes: text.len(),
            });
        }
        let failed = |reason: EncoderError| Error::Document {
            document: id.clone(),
            reason,
        };
        let layout = Layout::read(&text);
        let pieces = self.model.pieces(&text).map_err(failed)?;
        let reading = self.model.read(pieces).map_err(failed)?;
        let names = dixit_ner::named_entities(&self.model, &reading);
        let found = dixit_quote::quotations(&self.model, &reading, &text, &layout);
        let linked = dixit_speaker::link(&text, &layout, &names, found);
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

    fn wants(&self, quotation: &Quotation) -> bool {
        quotation
            .mode
            .is_none_or(|mode| self.config.modes().contains(&mode))
            && quotation.confidence >= self.config.min_confidence()
    }
}
