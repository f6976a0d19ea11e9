//! What the recipe learns from: the candidates of every direct quotation, with their features.

use dixit_document::{Entity, Kind, NamedEntity, Quotation, Span};
use dixit_tokenize::Layout;

use crate::beside::Bond;
use crate::candidates;
use crate::decide::Decider;
use crate::link;
use crate::mentions::What;
use crate::pronouns::Pronoun;

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

/// A direct quotation in marks of which nothing is known but its words: what is asked of a gold one.
#[must_use]
pub fn asked(quotation: Quotation) -> Quotation {
    Quotation {
        kind: Some(Kind::Direct),
        marked: Some(true),
        cue: Vec::new(),
        source: Vec::new(),
        speaker: None,
        addressees: Vec::new(),
        reference: None,
        ..quotation
    }
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
    read(&decider)
}

/// The candidates of every direct quotation of a text whose cast is found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// In text order.
    pub examples: Vec<Example>,
    /// For each candidate, by its index, the names and descriptions that stand for it; for a
    /// narrator what says “I” outside of quotations.
    pub mentions: Vec<Vec<Span>>,
    /// For quotations by their index the candidate that a source or a verb of speaking beside it
    /// tells.
    pub told: Vec<Option<usize>>,
}

/// The candidates of every direct quotation, where the cast is found as [`crate::link`] finds it,
/// whose arguments these are.
#[must_use]
pub fn found(
    text: &str,
    layout: &Layout,
    names: &[NamedEntity],
    mut quotations: Vec<Quotation>,
) -> Found {
    let layout = link::prepared(text, layout, &mut quotations);
    let decider = link::of_text(text, &layout, names, &quotations);
    let mut mentions = vec![Vec::new(); decider.cast.drafts.len()];
    for (expression, draft) in decider.expressions.iter().zip(&decider.resolved) {
        let told = match expression.what {
            What::Name(_) | What::Phrase(_) => true,
            What::Pronoun(Pronoun::I) => expression.quoted.is_none(),
            _ => false,
        };
        if let Some(mentions) = draft.and_then(|draft| mentions.get_mut(draft))
            && told
        {
            mentions.push(expression.span);
        }
    }
    let told = (0..quotations.len()).map(|quotation| {
        let (bond, index) = decider.beside_or_source(quotation)?;
        (bond == Bond::Verb).then(|| decider.resolved.get(index).copied().flatten())?
    });
    Found {
        examples: read(&decider),
        mentions,
        told: told.collect(),
    }
}

fn read(decider: &Decider<'_>) -> Vec<Example> {
    let (questions, groups) = candidates::questions(decider);
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
