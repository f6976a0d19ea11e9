//! Writes the W3C's Web Annotation model as JSON-LD: one annotation page a document, three kinds of
//! annotations in it.

use std::io::{self, Write};

use dixit_document::{Document, Offsets, Quotation, Span};
use serde_json::{Value, json};

use crate::schema::{pair, rounded};

/// Code points of text before and after a passage.
const AROUND: usize = 32;

/// Writes a document's annotations as one line of JSON-LD. The content of a quotation is classified
/// by its kind and mode and identified by its speaker; cue and source are tagged, and linked to
/// the content's annotation.
pub(crate) fn write(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let offsets = Offsets::new(&document.text);
    let page = iri(&document.id);
    let mut items = Vec::new();
    for quotation in document.quotations.iter().flatten() {
        let id = format!("{page}#{}", encoded(&quotation.id));
        items.push(json!({
            "id": id,
            "type": "Annotation",
            "motivation": "identifying",
            "body": bodies(document, quotation),
            "target": targets(&quotation.content, document, &page, &offsets),
        }));
        for (tag, spans) in [("cue", &quotation.cue), ("source", &quotation.source)] {
            if !spans.is_empty() {
                items.push(json!({
                    "id": format!("{id}-{tag}"),
                    "type": "Annotation",
                    "motivation": "linking",
                    "body": [
                        {"type": "TextualBody", "purpose": "tagging", "value": tag},
                        {"type": "SpecificResource", "purpose": "linking", "source": id},
                    ],
                    "target": targets(spans, document, &page, &offsets),
                }));
            }
        }
    }
    let page = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("{page}#quotations"),
        "type": "AnnotationPage",
        "items": items,
    });
    serde_json::to_writer(&mut *out, &page)?;
    out.write_all(b"\n")
}

fn bodies(document: &Document, quotation: &Quotation) -> Vec<Value> {
    let body = |purpose: &str, value: &str| json!({"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value});
    let mut bodies = vec![body("tagging", "quotation")];
    let labels = [
        quotation.kind.map(|kind| kind.to_string()),
        quotation.mode.map(|mode| mode.to_string()),
        quotation.reference.map(|reference| reference.to_string()),
    ];
    bodies.extend(
        labels
            .into_iter()
            .flatten()
            .map(|label| body("classifying", &label)),
    );
    let speaker = quotation
        .speaker
        .and_then(|speaker| document.entities.get(speaker.index()));
    bodies.extend(speaker.map(|speaker| {
        let mut body = body("identifying", &speaker.name);
        body["id"] = json!(format!("{}#{}", iri(&document.id), encoded(&speaker.id)));
        body
    }));
    if quotation.confidence < 1.0 {
        bodies.push(body(
            "assessing",
            &rounded(quotation.confidence).to_string(),
        ));
    }
    bodies
}

/// One target a span, by its place and by its words.
fn targets(spans: &[Span], document: &Document, source: &str, offsets: &Offsets<'_>) -> Vec<Value> {
    let text = &document.text;
    let target = |&span: &Span| {
        let [start, end] = pair(span, offsets);
        let before = text.get(..span.start()).unwrap_or("");
        let from = before
            .char_indices()
            .rev()
            .take(AROUND)
            .last()
            .map_or(before.len(), |(at, _)| at);
        let after = text.get(span.end()..).unwrap_or("");
        let to = after
            .char_indices()
            .nth(AROUND)
            .map_or(after.len(), |(at, _)| at);
        json!({
            "type": "SpecificResource",
            "source": source,
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {
                    "type": "TextQuoteSelector",
                    "exact": span.of(text),
                    "prefix": before.get(from..).unwrap_or(""),
                    "suffix": after.get(..to).unwrap_or(""),
                },
            ],
        })
    };
    spans.iter().map(target).collect()
}

/// A document's id as the name of a resource.
fn iri(id: &str) -> String {
    format!("urn:dixit:{}", encoded(id))
}

/// Percent-encoding of everything that is not unreserved, or a slash.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
