use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, StringBuilder};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::ArrowError;
use dixit_document::{Document, Offsets};

use super::lists::{Addressees, Ends, Spans};
use super::schema::{records_schema, speaker_fields};
use crate::schema::{RecordLine, SpeakerLine};
use crate::write_records::record;

/// The most bytes of text in one batch: Arrow counts them in 31 bits, and columns share them.
const MOST_BYTES: usize = 1 << 30;

/// The quotations of `documents`, one row each.
///
/// # Errors
/// Where they hold more than 1 GiB of text: use [`RecordBatches`] and finish more often.
pub fn record_batch<'d>(
    documents: impl IntoIterator<Item = &'d Document>,
) -> Result<RecordBatch, ArrowError> {
    let mut batches = RecordBatches::new();
    for document in documents {
        batches.push(document)?;
    }
    batches.finish()
}

/// Gathers the quotations of documents into batches of [`records_schema`].
///
/// ```
/// use dixit_corpus::arrow::{RecordBatches, records_schema};
/// use dixit_document::Document;
///
/// let mut batches = RecordBatches::new();
/// batches.push(&Document { id: "empty".into(), ..Document::default() })?;
/// let batch = batches.finish()?;
/// assert_eq!(batch.schema(), records_schema());
/// assert_eq!(batch.num_rows(), 0);
/// # Ok::<(), dixit_corpus::arrow::ArrowError>(())
/// ```
#[derive(Default)]
pub struct RecordBatches {
    rows: usize,
    bytes: usize,
    doc: StringBuilder,
    id: StringBuilder,
    text: StringBuilder,
    kind: StringBuilder,
    marked: BooleanBuilder,
    mode: StringBuilder,
    content: Spans,
    cue: Spans,
    source: Spans,
    source_form: StringBuilder,
    speaker: Speakers,
    addressees: Addressees,
    reference: StringBuilder,
    confidence: Vec<Option<f64>>,
    meta: StringBuilder,
}

impl RecordBatches {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The rows of the batch so far.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The bytes of text in the batch so far, about what it takes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds a document's quotations.
    ///
    /// # Errors
    /// Where the batch would hold more than 1 GiB of text; it keeps the rows it has.
    pub fn push(&mut self, document: &Document) -> Result<(), ArrowError> {
        let quotations = document.quotations.as_deref().unwrap_or_default();
        if quotations.is_empty() {
            return Ok(());
        }
        let offsets = Offsets::new(&document.text);
        for quotation in quotations {
            self.push_record(&record(document, quotation, &offsets))?;
        }
        Ok(())
    }

    /// Adds a record.
    pub(crate) fn push_record(&mut self, record: &RecordLine) -> Result<(), ArrowError> {
        let meta = (!record.meta.is_empty())
            .then(|| serde_json::to_string(&record.meta))
            .transpose()
            .map_err(|error| ArrowError::ExternalError(Box::new(error)))?;
        let bytes = size(record) + meta.as_ref().map_or(0, String::len);
        if self.bytes + bytes > MOST_BYTES {
            return Err(ArrowError::InvalidArgumentError(format!(
                "document {}: a batch of more than 1 GiB of text; finish batches more often",
                record.doc
            )));
        }
        self.bytes += bytes;
        self.rows += 1;
        self.doc.append_value(&record.doc);
        self.id.append_value(&record.id);
        self.text.append_value(&record.text);
        self.kind.append_option(record.kind.as_deref());
        self.marked.append_option(record.marked);
        self.mode.append_option(record.mode.as_deref());
        self.content.push(&record.content);
        self.cue.push(&record.cue);
        self.source.push(&record.source);
        self.source_form
            .append_option(record.source_form.as_deref());
        self.speaker.push(record.speaker.as_ref());
        self.addressees.push(&record.addressees);
        self.reference.append_option(record.reference.as_deref());
        self.confidence.push(record.confidence);
        self.meta.append_option(meta.as_deref());
        Ok(())
    }

    /// The rows gathered; the next ones begin a new batch.
    ///
    /// # Errors
    /// Never, unless Arrow refuses what was built here.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let mut this = std::mem::take(self);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(this.doc.finish()),
            Arc::new(this.id.finish()),
            Arc::new(this.text.finish()),
            Arc::new(this.kind.finish()),
            Arc::new(this.marked.finish()),
            Arc::new(this.mode.finish()),
            this.content.finish()?,
            this.cue.finish()?,
            this.source.finish()?,
            Arc::new(this.source_form.finish()),
            this.speaker.finish()?,
            this.addressees.finish()?,
            Arc::new(this.reference.finish()),
            Arc::new(Float64Array::from(this.confidence)),
            Arc::new(this.meta.finish()),
        ];
        RecordBatch::try_new(records_schema(), columns)
    }
}

/// A record's bytes of text and positions.
fn size(record: &RecordLine) -> usize {
    let label = |label: &Option<String>| label.as_ref().map_or(0, String::len);
    let pairs = record.content.len() + record.cue.len() + record.source.len();
    let speaker = record.speaker.as_ref().map_or(0, |speaker| {
        let aliases: usize = speaker.aliases.iter().map(|alias| alias.len() + 4).sum();
        speaker.id.len() + speaker.name.len() + aliases
    });
    let addressees = record.addressees.iter();
    let addressees: usize = addressees.map(|one| one.id.len() + one.name.len()).sum();
    record.doc.len()
        + record.id.len()
        + record.text.len()
        + label(&record.kind)
        + label(&record.mode)
        + label(&record.source_form)
        + label(&record.reference)
        + 16 * pairs
        + speaker
        + addressees
}

/// The column of speakers.
#[derive(Default)]
struct Speakers {
    known: Vec<bool>,
    id: StringBuilder,
    name: StringBuilder,
    entity_type: StringBuilder,
    named: BooleanBuilder,
    ends: Ends,
    alias_count: usize,
    aliases: StringBuilder,
}

impl Speakers {
    fn push(&mut self, speaker: Option<&SpeakerLine>) {
        self.known.push(speaker.is_some());
        self.id.append_value(speaker.map_or("", |one| &one.id));
        self.name.append_value(speaker.map_or("", |one| &one.name));
        self.entity_type
            .append_option(speaker.and_then(|one| one.entity_type.as_deref()));
        self.named
            .append_value(speaker.is_some_and(|one| one.named));
        for alias in speaker.map_or(&[][..], |one| &one.aliases) {
            self.aliases.append_value(alias);
            self.alias_count += 1;
        }
        self.ends.push(self.alias_count);
    }

    fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.id.finish()),
            Arc::new(self.name.finish()),
            Arc::new(self.entity_type.finish()),
            Arc::new(self.named.finish()),
            self.ends.list(Arc::new(self.aliases.finish()))?,
        ];
        let known = NullBuffer::from(self.known);
        Ok(Arc::new(StructArray::try_new(
            speaker_fields(),
            columns,
            Some(known),
        )?))
    }
}
