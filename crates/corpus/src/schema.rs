//! One document a line, as every corpus and prediction is written down: the shape of the JSON.

use dixit_document::Offsets;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A part of a text: a half-open pair of code points.
pub type Pair = [usize; 2];

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
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceLine>,
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub ok: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// A quotation that can be scored, of which nothing is known.
impl Default for QuotationLine {
    fn default() -> Self {
        Self {
            id: String::new(),
            kind: None,
            marked: None,
            mode: None,
            content: Vec::new(),
            cue: Vec::new(),
            source: Vec::new(),
            source_form: None,
            speaker: None,
            named: None,
            addressees: Vec::new(),
            reference: None,
            confidence: None,
            evidence: None,
            ok: true,
            optional: false,
        }
    }
}

/// Why a quotation has its speaker. It is written for people, and not read again.
#[derive(Serialize)]
pub(crate) struct EvidenceLine {
    pub rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention: Option<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RunnerUpLine>,
}

#[derive(Serialize)]
pub(crate) struct RunnerUpLine {
    pub speaker: String,
    pub score: f64,
}

#[derive(Default, Serialize, Deserialize)]
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

/// The record of one quotation: what a line of records holds, in this order.
///
/// Labels are `None` where they are not known; positions count code points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordLine {
    /// The document's id.
    pub doc: String,
    /// The quotation's id, unique in the document.
    pub id: String,
    /// The words, “ … ” between the parts of an interrupted quotation.
    #[serde(default)]
    pub text: String,
    /// Direct, indirect or mixed.
    #[serde(default)]
    pub kind: Option<String>,
    /// Whether it stands in marks.
    #[serde(default)]
    pub marked: Option<bool>,
    /// What was done with the words.
    #[serde(default)]
    pub mode: Option<String>,
    /// Where the words are.
    pub content: Vec<Pair>,
    /// Where the cue is; empty if there is none.
    #[serde(default)]
    pub cue: Vec<Pair>,
    /// Where the mention of the speaker is; empty if there is none.
    #[serde(default)]
    pub source: Vec<Pair>,
    /// The form of that mention.
    #[serde(default)]
    pub source_form: Option<String>,
    /// Who said it.
    #[serde(default)]
    pub speaker: Option<SpeakerLine>,
    /// To whom.
    #[serde(default)]
    pub addressees: Vec<AddresseeLine>,
    /// How the speaker is made known.
    #[serde(default)]
    pub reference: Option<String>,
    /// From 0 to 1, four decimals.
    #[serde(default)]
    pub confidence: Option<f64>,
    /// The document's other fields.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
}

/// Who said something, as a record has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeakerLine {
    /// The entity's id, unique in the document.
    pub id: String,
    /// The fullest name that the document uses, or a description.
    pub name: String,
    /// What it is.
    #[serde(rename = "type", default)]
    pub entity_type: Option<String>,
    /// Whether `name` is a name.
    #[serde(default = "yes")]
    pub named: bool,
    /// What else the document calls it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// To whom something was said, as a record has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddresseeLine {
    /// The entity's id, unique in the document.
    pub id: String,
    /// Its fullest name.
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
#[must_use]
pub fn pair(span: dixit_document::Span, offsets: &Offsets<'_>) -> Pair {
    [
        offsets.code_point(span.start()),
        offsets.code_point(span.end()),
    ]
}

/// A confidence as files have it. Four decimals: more is noise, and the same on every machine.
#[must_use]
pub fn rounded(confidence: f32) -> f64 {
    let confidence = if confidence.is_finite() {
        f64::from(confidence)
    } else {
        0.0
    };
    (confidence * 1e4).round() / 1e4
}
