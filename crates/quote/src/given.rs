//! Quotations whose contents are given: what the model and the marks tell of each.

use dixit_document::{Kind, Quotation, Span};
use dixit_encoder::{Model, Reading};
use dixit_tokenize::Layout;

use crate::in_marks::Marks;
use crate::marks::marked_speech;
use crate::merge;
use crate::over::Owned;

/// A quotation for each content, in their order, without speakers: its cue, source and mode are
/// those of the attribution that the model found over the same words.
#[must_use]
pub fn given(
    model: &Model,
    reading: &Reading,
    text: &str,
    layout: &Layout,
    contents: &[Vec<Span>],
) -> Vec<Quotation> {
    let marked = marked_speech(text, layout);
    let marks = Marks::new(text, layout, &marked);
    let found = merge::quotations(model, reading, text, layout).quotations;
    let pieces = Owned::of(found.iter().map(|quotation| quotation.content.as_slice()));
    contents
        .iter()
        .map(|content| {
            let over = over(&pieces, content, &found);
            read(text, content, &over, &marks)
        })
        .collect()
}

/// The found quotations over some of the words, those that agree best first.
fn over<'q>(pieces: &Owned, content: &[Span], found: &'q [Quotation]) -> Vec<&'q Quotation> {
    let mut shared: Vec<(usize, usize)> = Vec::new();
    for span in content {
        for (piece, index) in pieces.over(*span) {
            let overlap = piece.overlap(*span);
            match shared.iter_mut().find(|(other, _)| *other == index) {
                Some((_, sum)) => *sum += overlap,
                None => shared.push((index, overlap)),
            }
        }
    }
    let own = length(content);
    let mut ranked: Vec<(f32, usize)> = shared
        .into_iter()
        .map(|(index, overlap)| {
            let other = found.get(index).map_or(0, |q| length(&q.content));
            let union = (own + other).saturating_sub(overlap).max(1);
            (overlap as f32 / union as f32, index)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked
        .into_iter()
        .filter_map(|(_, index)| found.get(index))
        .collect()
}

fn length(content: &[Span]) -> usize {
    content.iter().map(|span| span.len()).sum()
}

fn read(text: &str, content: &[Span], over: &[&Quotation], marks: &Marks<'_>) -> Quotation {
    let direct = match over.first() {
        Some(best) => best.kind == Some(Kind::Direct),
        None => is_fronted(text, content),
    };
    let (kind, marked) = marks.kind(content, direct);
    let mut quotation = merge::blank(content.to_vec(), kind, marked, 1.0);
    quotation.mode = over.first().and_then(|best| best.mode);
    let outside = |span: &&Span| !content.iter().any(|c| c.overlaps(**span));
    for other in over {
        if quotation.source.is_empty() {
            quotation.source = other.source.iter().filter(outside).copied().collect();
            if !quotation.source.is_empty() || quotation.cue.is_empty() {
                quotation.cue = other.cue.iter().filter(outside).copied().collect();
            }
        }
    }
    quotation
}

/// “It was published in January, she replied”: a sentence up to a comma.
fn is_fronted(text: &str, content: &[Span]) -> bool {
    let (Some(first), Some(last)) = (content.first(), content.last()) else {
        return false;
    };
    let behind = text.get(last.end()..).unwrap_or("");
    let ends = last.of(text).ends_with([',', '?', '!']) || behind.starts_with(',');
    ends && first.of(text).starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;

    #[test]
    fn sentences_before_their_cue_are_direct() {
        let text = "It was published in January, she replied, and nobody read it.";
        let at = |words: &str| [place(text, words)];
        assert!(is_fronted(text, &at("It was published in January")));
        assert!(!is_fronted(text, &at("nobody read it")));
        assert!(!is_fronted(text, &[]));
    }

    #[test]
    fn the_best_overlap_comes_first() {
        let of = |spans: &[(usize, usize)]| {
            let spans = spans.iter().map(|&(start, end)| Span::new(start, end));
            merge::blank(spans.collect(), Kind::Direct, true, 1.0)
        };
        let found = [of(&[(0, 40)]), of(&[(10, 20), (30, 38)]), of(&[(50, 60)])];
        let pieces = Owned::of(found.iter().map(|one| one.content.as_slice()));
        let starts = |content: &[Span]| -> Vec<usize> {
            let over = over(&pieces, content, &found);
            over.iter().map(|one| one.content[0].start()).collect()
        };
        assert_eq!(starts(&[Span::new(11, 20), Span::new(30, 38)]), [10, 0]);
        assert_eq!(starts(&[Span::new(45, 52)]), [50]);
        assert!(starts(&[Span::new(61, 70)]).is_empty());
    }
}
