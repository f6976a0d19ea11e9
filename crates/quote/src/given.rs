//! Quotations whose contents are given: what the model and the marks tell of each.

use dixit_document::{Kind, Quotation, Span};
use dixit_encoder::{Model, Reading};
use dixit_tokenize::Layout;

use crate::marks::marked_speech;
use crate::merge::{self, Marks};

/// Contents count as standing in marks from this part of them on.
const IN_MARKS: f32 = 0.95;

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
    let found = merge::quotations(model, reading, text, layout);
    // For each found quotation its pieces, in text order.
    let mut pieces: Vec<(Span, usize)> = found
        .iter()
        .enumerate()
        .flat_map(|(index, quotation)| quotation.content.iter().map(move |&span| (span, index)))
        .collect();
    pieces.sort_unstable();
    // The longest piece bounds how far back one may reach.
    let longest = pieces.iter().map(|(span, _)| span.len()).max().unwrap_or(0);
    contents
        .iter()
        .map(|content| {
            let over = over(&pieces, longest, content, &found);
            read(content, &over, &marks)
        })
        .collect()
}

/// The found quotations over some of the words, those that agree best first.
fn over<'q>(
    pieces: &[(Span, usize)],
    longest: usize,
    content: &[Span],
    found: &'q [Quotation],
) -> Vec<&'q Quotation> {
    let mut shared: Vec<(usize, usize)> = Vec::new();
    for span in content {
        let from = pieces.partition_point(|(piece, _)| piece.start() + longest <= span.start());
        for (piece, index) in pieces.get(from..).unwrap_or(&[]) {
            if piece.start() >= span.end() {
                break;
            }
            let overlap = piece.overlap(*span);
            if overlap == 0 {
                continue;
            }
            match shared.iter_mut().find(|(other, _)| other == index) {
                Some((_, sum)) => *sum += overlap,
                None => shared.push((*index, overlap)),
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

fn read(content: &[Span], over: &[&Quotation], marks: &Marks<'_>) -> Quotation {
    let covered = marks.covered(content) as f32;
    let total = length(content) as f32;
    let direct = over
        .first()
        .is_some_and(|best| best.kind == Some(Kind::Direct));
    let (kind, marked) = if covered >= IN_MARKS * total {
        (Kind::Direct, true)
    } else if covered > 0.0 {
        (Kind::Mixed, true)
    } else if direct {
        (Kind::Direct, false)
    } else {
        (Kind::Indirect, false)
    };
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
