use std::io::{self, Write};

use dixit_document::{Document, Offsets};

use crate::schema::Pair;
use crate::write_records::record;

/// The columns of a table of records.
pub(crate) const COLUMNS: [&str; 17] = [
    "doc",
    "id",
    "speaker",
    "text",
    "kind",
    "marked",
    "mode",
    "content",
    "cue",
    "source",
    "source_form",
    "speaker_id",
    "speaker_type",
    "speaker_named",
    "reference",
    "confidence",
    "meta",
];

/// The header as a line.
pub(crate) fn header() -> io::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    let written = table.into_inner();
    written.map_err(|error| io::Error::other(error.to_string()))
}

/// Writes a document's quotations as rows; spans stand as `12-40 51-60`, `meta` as JSON.
pub(crate) fn write<W: Write>(table: &mut csv::Writer<W>, document: &Document) -> io::Result<()> {
    let offsets = Offsets::new(&document.text);
    for quotation in document.quotations.as_deref().unwrap_or_default() {
        let record = record(document, quotation, &offsets);
        let (content, cue, source) = (
            spans(&record.content),
            spans(&record.cue),
            spans(&record.source),
        );
        let marked = record
            .marked
            .map(|marked| marked.to_string())
            .unwrap_or_default();
        let confidence = record.confidence.unwrap_or_default().to_string();
        let speaker = record.speaker.as_ref();
        let meta = match record.meta.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&record.meta)?,
        };
        let named = speaker
            .map(|speaker| speaker.named.to_string())
            .unwrap_or_default();
        let or_empty = |label: &Option<String>| label.clone().unwrap_or_default();
        table.write_record([
            record.doc.as_str(),
            &record.id,
            speaker.map_or("", |speaker| &speaker.name),
            &record.text,
            &or_empty(&record.kind),
            &marked,
            &or_empty(&record.mode),
            &content,
            &cue,
            &source,
            &or_empty(&record.source_form),
            speaker.map_or("", |speaker| &speaker.id),
            &speaker
                .map(|speaker| or_empty(&speaker.entity_type))
                .unwrap_or_default(),
            &named,
            &or_empty(&record.reference),
            &confidence,
            &meta,
        ])?;
    }
    Ok(())
}

fn spans(pairs: &[Pair]) -> String {
    let spans: Vec<String> = pairs
        .iter()
        .map(|[start, end]| format!("{start}-{end}"))
        .collect();
    spans.join(" ")
}
