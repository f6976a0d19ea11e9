//! The names that the bundled model finds.

use dixit_document::{Label, NamedEntity, Span};
use dixit_encoder::{Chunk, Model, Reading};

/// The order of the types in the model's label set.
const LABELS: [Label; 4] = [Label::Per, Label::Org, Label::Loc, Label::Misc];

/// From what worth on a span is a name. In novels, which the model was not trained on, it is seldom
/// sure of one, and a name that is left out costs its bearer's words.
const WORTH: f32 = 0.3;

/// The names in a document.
#[must_use]
pub fn named_entities(model: &Model, reading: &Reading) -> Vec<NamedEntity> {
    let chunks = model.ner().decode(reading.scores.ner.view(), WORTH);
    chunks
        .into_iter()
        .filter_map(|chunk| name(reading, chunk))
        .collect()
}

fn name(reading: &Reading, chunk: Chunk) -> Option<NamedEntity> {
    let words = &reading.pieces.words;
    let span = Span::new(
        words.get(chunk.first)?.span.start(),
        words.get(chunk.last)?.span.end(),
    );
    let label = *LABELS.get(chunk.class)?;
    Some(NamedEntity {
        span,
        label,
        confidence: chunk.exact,
    })
}
