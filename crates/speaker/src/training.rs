//! What the recipe learns from: the candidates of every direct quotation, with their features.

use dixit_document::{Entity, NamedEntity, Quotation};
use dixit_tokenize::Layout;

use crate::candidates;
use crate::link;

/// A direct quotation and everybody who may be saying it.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The quotation, by its index.
    pub quotation: usize,
    /// The turn it belongs to, counted from 0, and that turn’s paragraph.
    pub turn: usize,
    /// The paragraph of the turn.
    pub paragraph: usize,
    /// Whether the turn goes on with what the paragraph before left open.
    pub goes_on: bool,
    /// Members of the cast by their index, with their features.
    pub candidates: Vec<(usize, Vec<f32>)>,
}

/// The candidates of every direct quotation, given the cast. Of the quotations, their content,
/// cue, source, kind and marking are read.
#[must_use]
pub fn examples(
    text: &str,
    layout: &Layout,
    names: &[NamedEntity],
    quotations: &[Quotation],
    cast: &[Entity],
) -> Vec<Example> {
    let decider = link::of_cast(text, layout, names, quotations, cast);
    let (questions, groups) = candidates::questions(&decider);
    questions
        .into_iter()
        .filter_map(|question| {
            let group = groups.get(question.turn)?;
            Some(Example {
                quotation: question.quotation,
                turn: question.turn,
                paragraph: group.paragraph,
                goes_on: group.goes_on,
                candidates: question
                    .candidates
                    .into_iter()
                    .map(|candidate| (candidate.draft, candidate.features))
                    .collect(),
            })
        })
        .collect()
}
