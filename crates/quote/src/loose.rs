//! Cues and sources that no quotation holds: somebody speaks, or is told of as one who does, and the words stand
//! elsewhere or nowhere (“Zoë answered him at once, and they went home.”).

use dixit_document::{LooseSpan, Quotation, Role, Span};
use dixit_encoder::{Model, Reading};

/// A span is taken where it is worth at least this.
const WORTH: f32 = 0.35;

/// The cues and sources that the model reads and no cue or source of `quotations` touches, in text order.
#[must_use]
pub fn loose(model: &Model, reading: &Reading, quotations: &[Quotation]) -> Vec<LooseSpan> {
    let cues = taken(quotations.iter().flat_map(|quotation| &quotation.cue));
    let sources = taken(quotations.iter().flat_map(|quotation| &quotation.source));
    let words = &reading.pieces.words;
    let chunks = model.roles().decode(reading.scores.roles.view(), WORTH);
    let found = chunks.iter().filter_map(|chunk| {
        let (role, taken) = match chunk.class {
            1 => (Role::Cue, &cues),
            2 => (Role::Source, &sources),
            _ => return None,
        };
        let span = words
            .get(chunk.first)?
            .span
            .cover(words.get(chunk.last)?.span);
        (!touches(taken, span)).then_some(LooseSpan { span, role })
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

fn touches(taken: &[Span], span: Span) -> bool {
    let at = taken.partition_point(|taken| taken.end() <= span.start());
    taken.get(at).is_some_and(|taken| taken.overlaps(span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_overlap_are_one() {
        let span = Span::new;
        let taken = taken([span(8, 9), span(0, 4), span(2, 6), span(3, 5)].iter());
        assert_eq!(taken, [span(0, 6), span(8, 9)]);
        assert!(touches(&taken, span(5, 8)));
        assert!(touches(&taken, span(8, 12)));
        assert!(!touches(&taken, span(6, 8)));
        assert!(!touches(&taken, span(9, 12)));
    }
}
