//! Quotations that are given: on their way to their speakers, and back to their order.

use dixit_document::{Quotation, Quoted, Span};
use dixit_encoder::{Model, Reading};
use dixit_tokenize::Layout;

/// The quotations in text order, as those that are found come, with what the model tells of them.
/// Their ids are their places in `given`.
pub(crate) fn read(
    model: &Model,
    reading: &Reading,
    text: &str,
    layout: &Layout,
    given: &[Quoted],
) -> Vec<Quotation> {
    let mut contents: Vec<(Vec<Span>, usize)> = given
        .iter()
        .enumerate()
        .map(|(place, quoted)| (within(text, &quoted.content), place))
        .collect();
    contents.sort();
    let (contents, places): (Vec<_>, Vec<_>) = contents.into_iter().unzip();
    let mut quotations = dixit_quote::given(model, reading, text, layout, &contents);
    for (quotation, place) in quotations.iter_mut().zip(places) {
        quotation.id = place.to_string();
    }
    quotations
}

/// The spans that words of the text stand in. Callers may give any.
fn within(text: &str, content: &[Span]) -> Vec<Span> {
    let mut spans: Vec<Span> = content
        .iter()
        .copied()
        .filter(|span| !span.of(text).is_empty())
        .collect();
    spans.sort_unstable();
    spans
}

/// The quotations in the order in which they were given, with their own ids and contents.
pub(crate) fn ordered(linked: Vec<Quotation>, given: &[Quoted]) -> Vec<Quotation> {
    let mut slots: Vec<Option<Quotation>> = given.iter().map(|_| None).collect();
    for quotation in linked {
        let place: Option<usize> = quotation.id.parse().ok();
        if let Some(slot) = place.and_then(|place| slots.get_mut(place)) {
            *slot = Some(quotation);
        }
    }
    slots
        .into_iter()
        .zip(given)
        .filter_map(|(slot, quoted)| {
            slot.map(|quotation| Quotation {
                id: quoted.id.clone(),
                content: quoted.content.clone(),
                ..quotation
            })
        })
        .collect()
}
