//! What became of every single quotation.

use serde::Serialize;

use crate::measure::choices;

choices! {
    /// What became of a quotation.
    Verdict:
    /// Found, with the right speaker; with the right source where the gold data tell no speakers.
    Right = "right",
    /// Found, with somebody else as the speaker.
    WrongSpeaker = "wrong speaker",
    /// Found, without a speaker.
    NoSpeaker = "no speaker",
    /// Found, with the wrong source, where the gold data tell no speakers.
    WrongSource = "wrong source",
    /// Overlapped, but with an intersection over union below 0.5: it counts as missed and as
    /// spurious.
    WrongSpan = "wrong span",
    /// A gold quotation that nothing overlaps.
    Missed = "missed",
    /// A prediction that overlaps no gold quotation.
    Spurious = "spurious",
    /// A gold quotation that counts for nothing (optional, of another mode, or not fit to be
    /// scored), found or not.
    Free = "free",
}

/// One side of an outcome. Offsets are code points.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// The quotation's id.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Where they stand.
    pub content: Vec<(u32, u32)>,
    /// The cue.
    pub cue: Vec<(u32, u32)>,
    /// The source.
    pub source: Vec<(u32, u32)>,
    /// The source's words.
    pub source_text: String,
    /// The speaker's name, if there is one.
    pub speaker: Option<String>,
    /// The kind, where known.
    pub kind: Option<&'static str>,
    /// The mode, where known.
    pub mode: Option<&'static str>,
    /// Whether it stands in marks, where known.
    pub marked: Option<bool>,
    /// From 0 to 1; 1 in gold data.
    pub confidence: f32,
}

/// One gold quotation with its prediction, or one of them alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The document's id.
    pub document: String,
    /// What became of it.
    pub verdict: Verdict,
    /// The gold quotation.
    pub gold: Option<Side>,
    /// The prediction that goes with it.
    pub predicted: Option<Side>,
    /// Intersection over union of the contents, boundary-stripped, in code points.
    pub overlap: f64,
    /// Whether the contents are the same, boundary-stripped.
    pub exact: bool,
    /// Whether the sources overlap or both are empty; absent where that is not asked.
    pub source: Option<bool>,
    /// Whether the speaker is right by the strict mapping; absent where that is not asked.
    pub strict: Option<bool>,
    /// Whether the speaker is right by the majority mapping; absent where that is not asked.
    pub majority: Option<bool>,
}
