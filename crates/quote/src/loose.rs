//! Cues and sources that no quotation holds: somebody speaks, or is told of as one who does, and the words stand
//! elsewhere or nowhere (“Zoë answered him at once, and they went home.”).

use dixit_document::{LooseSpan, Quotation, Role, Span};
use dixit_encoder::{Chunk, Reading};

use crate::attribution::{CUE, SOURCE, span};
use crate::over::first_over;

/// A span is taken where it is worth at least this.
const WORTH: f32 = 0.35;

/// The cues and sources among what the model reads that no cue or source of `quotations` touches, in text order.
pub(crate) fn loose(
    chunks: &[Chunk],
    reading: &Reading,
    quotations: &[Quotation],
) -> Vec<LooseSpan> {
    let cues = taken(quotations.iter().flat_map(|quotation| &quotation.cue));
    let sources = taken(quotations.iter().flat_map(|quotation| &quotation.source));
    let worthy = chunks.iter().filter(|chunk| chunk.worth() >= WORTH);
    let found = worthy.filter_map(|chunk| {
        let (role, taken) = match chunk.class {
            CUE => (Role::Cue, &cues),
            SOURCE => (Role::Source, &sources),
            _ => return None,
        };
        let span = span(reading, chunk)?;
        let free = first_over(taken, span).is_none();
        free.then_some(LooseSpan { span, role })
    });
    found.collect()
}

/// Spans in text order, so joined that none overlaps another.
fn taken<'a>(spans: impl Iterator<Item = &'a Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.copied().collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut().filter(|last| last.overlaps(span)) {
            Some(last) => *last = last.cover(span),
            None => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_overlap_are_one() {
        let span = Span::new;
        let taken = taken([span(8, 9), span(0, 4), span(2, 6), span(3, 5)].iter());
        assert_eq!(taken, [span(0, 6), span(8, 9)]);
    }
}
