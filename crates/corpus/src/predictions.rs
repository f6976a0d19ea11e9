use std::collections::{HashMap, HashSet};

use dixit_document::Document;
use serde::Deserialize;

use crate::inputs::Inputs;
use crate::json_texts::broken;
use crate::labelled::{from_fields, labelled, open};
use crate::lines::Line;
use crate::schema::{DocumentLine, EntityLine, QuotationLine, RecordLine};
use crate::{DocumentError, ErrorKind};

/// Predicted documents beside what could not be read.
#[derive(Debug, Default)]
pub struct Predictions {
    /// The documents, in the order in which they first appear.
    pub documents: Vec<Document>,
    /// Lines that could not be read, and flawed annotations.
    pub errors: Vec<DocumentError>,
}

/// Reads predictions: documents in the corpus schema, or records of one quotation a line (known
/// by their field `doc`). Records carry no text, so they are joined with the document of `gold`
/// that has their id; a gold document without any record was read and nothing was found in it.
///
/// # Errors
/// Where `input` cannot be opened. What is wrong inside it is in [`Predictions::errors`].
pub fn read_predictions(input: &str, gold: &[Document]) -> Result<Predictions, DocumentError> {
    let mut predictions = Predictions::default();
    let mut records = Records::new(gold);
    for input in Inputs::new([input.to_owned()]) {
        let mut lines = open(input?)?;
        let file = lines.file().to_owned();
        for line in &mut lines {
            let read = line.and_then(|line| {
                if is_record(&line) {
                    return records.add(&line, &file);
                }
                let labelled = labelled(&line, &file)?;
                predictions.documents.push(labelled.document);
                predictions.errors.extend(labelled.flaws);
                Ok(())
            });
            predictions.errors.extend(read.err());
        }
    }
    // An empty file is the output of a reading that found nothing.
    if predictions.documents.is_empty() {
        records.finish(&mut predictions);
    }
    Ok(predictions)
}

/// Only the field that tells the two forms apart.
#[derive(Deserialize)]
struct Peek {
    doc: Option<serde::de::IgnoredAny>,
}

fn is_record(line: &Line) -> bool {
    serde_json::from_str::<Peek>(&line.text).is_ok_and(|peek| peek.doc.is_some())
}

/// Records on their way to documents.
struct Records<'g> {
    gold: &'g [Document],
    index: HashMap<&'g str, usize>,
    found: Vec<Vec<(RecordLine, u64)>>,
    file: String,
}

impl<'g> Records<'g> {
    fn new(gold: &'g [Document]) -> Self {
        let index = gold
            .iter()
            .enumerate()
            .map(|(index, gold)| (gold.id.as_str(), index));
        Self {
            gold,
            index: index.collect(),
            found: gold.iter().map(|_| Vec::new()).collect(),
            file: String::new(),
        }
    }

    fn add(&mut self, line: &Line, file: &str) -> Result<(), DocumentError> {
        let placed = |error: DocumentError| error.in_file(file).at_line(line.number);
        let record: RecordLine =
            serde_json::from_str(&line.text).map_err(|error| placed(broken(error)))?;
        file.clone_into(&mut self.file);
        let found = self
            .index
            .get(record.doc.as_str())
            .and_then(|&at| self.found.get_mut(at));
        match found {
            Some(found) => {
                found.push((record, line.number));
                Ok(())
            }
            None => {
                let problem = "the gold data has no document of this name";
                let error = DocumentError::new(ErrorKind::Flaw, problem).in_document(&record.doc);
                Err(placed(error.mended_by(
                    "evaluate it with the gold data it was made from",
                )))
            }
        }
    }

    fn finish(self, predictions: &mut Predictions) {
        for (gold, records) in self.gold.iter().zip(self.found) {
            let number = records.first().map_or(0, |(_, line)| *line);
            let labelled = from_fields(joined(gold, records), &self.file, number);
            predictions.documents.push(labelled.document);
            predictions.errors.extend(labelled.flaws);
        }
    }
}

/// A document of the corpus schema, from a text and its records.
fn joined(gold: &Document, records: Vec<(RecordLine, u64)>) -> DocumentLine {
    let mut entities = Vec::new();
    let mut seen = HashSet::new();
    // Speakers first: what a record says of them is more than what it says of addressees.
    for speaker in records
        .iter()
        .filter_map(|(record, _)| record.speaker.as_ref())
    {
        if seen.insert(speaker.id.clone()) {
            entities.push(EntityLine {
                id: speaker.id.clone(),
                name: speaker.name.clone(),
                entity_type: speaker.entity_type.clone(),
                aliases: speaker.aliases.clone(),
                gender: None,
                named: Some(speaker.named),
            });
        }
    }
    for addressee in records.iter().flat_map(|(record, _)| &record.addressees) {
        if seen.insert(addressee.id.clone()) {
            entities.push(EntityLine {
                id: addressee.id.clone(),
                name: addressee.name.clone(),
                entity_type: None,
                aliases: Vec::new(),
                gender: None,
                named: None,
            });
        }
    }
    let quotations = records.into_iter().map(|(record, _)| QuotationLine {
        id: record.id,
        kind: record.kind,
        marked: record.marked,
        mode: record.mode,
        content: record.content,
        cue: record.cue,
        source: record.source,
        source_form: record.source_form,
        speaker: record.speaker.map(|speaker| speaker.id),
        named: None,
        addressees: record
            .addressees
            .into_iter()
            .map(|addressee| addressee.id)
            .collect(),
        reference: record.reference,
        confidence: record.confidence,
        evidence: None,
        ok: true,
        optional: false,
    });
    DocumentLine {
        id: gold.id.clone(),
        genre: gold.genre.clone(),
        text: gold.text.clone(),
        meta: gold.meta.clone(),
        quotations: Some(quotations.collect()),
        entities: Some(entities),
        mentions: None,
        named_entities: None,
        spans: None,
    }
}
