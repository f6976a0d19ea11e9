use std::io::{self, Write};

use dixit_document::{Document, Entity, EntityId, Offsets, Quotation, Span};

use crate::bare_content::bare_content;
use crate::schema::{AddresseeLine, RecordLine, SpeakerLine, pairs, rounded};

/// Between the parts of an interrupted quotation.
const GAP: &str = " … ";

/// A quotation's words as its record has them: the parts of the content with “ … ” between them,
/// without an introducing “that” and the comma before the cue.
#[must_use]
pub fn words(document: &Document, quotation: &Quotation) -> String {
    joined(&bare_content(quotation, &document.text), &document.text)
}

fn joined(content: &[Span], text: &str) -> String {
    let parts: Vec<&str> = content.iter().map(|span| span.of(text)).collect();
    parts.join(GAP)
}

/// Writes a document's quotations as records, one a line.
pub(crate) fn write(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let offsets = Offsets::new(&document.text);
    for quotation in document.quotations.as_deref().unwrap_or_default() {
        serde_json::to_writer(&mut *out, &record(document, quotation, &offsets))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The record of a quotation of `document`; `offsets` are those of the document's text.
#[must_use]
pub fn record(document: &Document, quotation: &Quotation, offsets: &Offsets<'_>) -> RecordLine {
    let content = bare_content(quotation, &document.text);
    let entity = |id: EntityId| document.entities.get(id.index());
    let label = |label: &dyn ToString| label.to_string();
    RecordLine {
        doc: document.id.clone(),
        id: quotation.id.clone(),
        text: joined(&content, &document.text),
        kind: quotation.kind.map(|kind| label(&kind)),
        marked: quotation.marked,
        mode: quotation.mode.map(|mode| label(&mode)),
        content: pairs(&content, offsets),
        cue: pairs(&quotation.cue, offsets),
        source: pairs(&quotation.source, offsets),
        source_form: quotation.source_form.map(|form| label(&form)),
        speaker: quotation.speaker.and_then(entity).map(speaker),
        addressees: quotation
            .addressees
            .iter()
            .filter_map(|&id| entity(id))
            .map(|entity| AddresseeLine {
                id: entity.id.clone(),
                name: entity.name.clone(),
            })
            .collect(),
        reference: quotation.reference.map(|reference| label(&reference)),
        confidence: Some(rounded(quotation.confidence)),
        meta: document.meta.clone(),
    }
}

fn speaker(entity: &Entity) -> SpeakerLine {
    SpeakerLine {
        id: entity.id.clone(),
        name: entity.name.clone(),
        entity_type: entity.entity_type.map(|kind| kind.to_string()),
        named: entity.named,
        aliases: entity.aliases.clone(),
    }
}
