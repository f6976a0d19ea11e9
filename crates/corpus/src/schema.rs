//! One document a line, as every corpus and prediction is written down: the shape of the JSON.

use dixit_document::Offsets;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A half-open pair of code points.
pub(crate) type Pair = [usize; 2];

#[derive(Serialize, Deserialize)]
pub(crate) struct DocumentLine {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    pub text: String,
    #[serde(default)]
    pub meta: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotations: Option<Vec<QuotationLine>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<Vec<EntityLine>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<Vec<MentionLine>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_entities: Option<Vec<NamedEntityLine>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spans: Option<SpansLine>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct QuotationLine {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    pub content: Vec<Pair>,
    #[serde(default)]
    pub cue: Vec<Pair>,
    #[serde(default)]
    pub source: Vec<Pair>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_form: Option<String>,
    #[serde(default)]
    pub speaker: Option<String>,
    #[serde(default, skip_serializing)]
    pub named: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addressees: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub ok: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct EntityLine {
    pub id: String,
    pub name: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub entity_type: Option<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<bool>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct MentionLine {
    pub span: Pair,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct NamedEntityLine {
    pub span: Pair,
    #[serde(rename = "type")]
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct SpansLine {
    #[serde(default)]
    pub content: Vec<Pair>,
    #[serde(default)]
    pub cue: Vec<Pair>,
    #[serde(default)]
    pub source: Vec<Pair>,
}

/// One quotation a line; the keys in the order in which they are written.
#[derive(Serialize, Deserialize)]
pub(crate) struct RecordLine {
    pub doc: String,
    pub id: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub marked: Option<bool>,
    #[serde(default)]
    pub mode: Option<String>,
    pub content: Vec<Pair>,
    #[serde(default)]
    pub cue: Vec<Pair>,
    #[serde(default)]
    pub source: Vec<Pair>,
    #[serde(default)]
    pub source_form: Option<String>,
    #[serde(default)]
    pub speaker: Option<SpeakerLine>,
    #[serde(default)]
    pub addressees: Vec<AddresseeLine>,
    #[serde(default)]
    pub reference: Option<String>,
    #[serde(default)]
    pub confidence: Option<f64>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct SpeakerLine {
    pub id: String,
    pub name: String,
    #[serde(rename = "type", default)]
    pub entity_type: Option<String>,
    #[serde(default = "yes")]
    pub named: bool,
    #[serde(default)]
    pub aliases: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct AddresseeLine {
    pub id: String,
    pub name: String,
}

fn yes() -> bool {
    true
}

/// Byte spans as pairs of code points.
pub(crate) fn pairs(spans: &[dixit_document::Span], offsets: &Offsets<'_>) -> Vec<Pair> {
    spans.iter().map(|&span| pair(span, offsets)).collect()
}

/// A byte span as a pair of code points.
pub(crate) fn pair(span: dixit_document::Span, offsets: &Offsets<'_>) -> Pair {
    [
        offsets.code_point(span.start()),
        offsets.code_point(span.end()),
    ]
}

/// Four decimals: more is noise, and the same on every machine.
pub(crate) fn rounded(confidence: f32) -> f64 {
    let confidence = if confidence.is_finite() {
        f64::from(confidence)
    } else {
        0.0
    };
    (confidence * 1e4).round() / 1e4
}
