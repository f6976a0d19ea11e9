//! What a whole text tells of those who speak in it: who can, where and how often they are told of, how they
//! call others.

use std::collections::{HashMap, HashSet};

use dixit_document::{EntityType, Span};

use super::address::Address;
use super::{Told, flag};
use crate::beside::Bond;
use crate::cast::Draft;
use crate::decide::Decider;
use crate::mentions::{Place, What};

pub(super) fn told(decider: &Decider<'_>, speaking: &HashSet<usize>) -> Vec<Told> {
    let mut told: Vec<Told> = decider
        .expressions
        .iter()
        .zip(&decider.resolved)
        .filter(|(expression, _)| matches!(expression.what, What::Name(_) | What::Phrase(_)))
        .filter_map(|(expression, &draft)| {
            let draft = draft.filter(|draft| speaking.contains(draft))?;
            Some(Told {
                span: expression.span,
                draft,
                paragraph: expression.paragraph,
                subject: expression.place == Place::Subject,
                quoted: expression.quoted,
            })
        })
        .collect();
    told.sort_by_key(|told| (told.span.start(), told.span.end()));
    told
}

/// The drafts that can speak at all: of a given cast only its members, else people and whatever is
/// said to speak, as the King of Hearts does.
pub(super) fn speaking(decider: &Decider<'_>) -> HashSet<usize> {
    let able = |&(index, draft): &(usize, &Draft)| {
        let able = match decider.given {
            0 => matches!(draft.kind, Some(EntityType::Person) | None),
            given => index < given,
        };
        able && !is_slanted(decider.text, draft)
    };
    let drafts = decider.cast.drafts.iter().enumerate().filter(able);
    let mut speaking: HashSet<usize> = drafts.map(|(index, _)| index).collect();
    match decider.given {
        0 => speaking.extend(
            (0..decider.quotations.len()).filter_map(|index| names_speaker(decider, index)),
        ),
        _ => speaking.extend(decider.narrator),
    }
    speaking
}

/// Whether a text sets a name in italics wherever it stands, as it does with ships, books and
/// newspapers: “the _Heron_”.
fn is_slanted(text: &str, draft: &Draft) -> bool {
    let slanted = |name: &Span| {
        let before = text.get(..name.start()).unwrap_or("");
        let behind = text.get(name.end()..).unwrap_or("");
        before.ends_with('_') && behind.starts_with('_')
    };
    draft.names.len() > 1 && draft.names.iter().all(slanted)
}

/// How often each draft is told of and how often it is the subject of a verb of speaking.
pub(super) fn often(decider: &Decider<'_>, told: &[Told]) -> HashMap<usize, (f32, f32)> {
    let mut counts: HashMap<usize, (f32, f32)> = HashMap::new();
    for told in told {
        counts.entry(told.draft).or_default().0 += 1.0;
    }
    for quotation in 0..decider.quotations.len() {
        if let Some(draft) = names_speaker(decider, quotation) {
            counts.entry(draft).or_default().1 += 1.0;
        }
    }
    for (told, said) in counts.values_mut() {
        *told = told.ln_1p() / 7.0;
        *said = said.ln_1p() / 6.0;
    }
    counts
}

/// For each turn who is called by name in it.
pub(super) fn called(decider: &Decider<'_>, members: &[Vec<usize>]) -> Vec<Vec<usize>> {
    members
        .iter()
        .map(|indices| crate::dialogue::addressed(decider, indices))
        .collect()
}

/// For each turn who the text names as its speaker, if it does.
pub(super) fn said(decider: &Decider<'_>, members: &[Vec<usize>]) -> Vec<Option<usize>> {
    members
        .iter()
        .map(|indices| {
            indices
                .iter()
                .find_map(|&index| names_speaker(decider, index))
        })
        .collect()
}

/// How speakers that are named call those they speak to.
pub(super) fn manners(decider: &Decider<'_>) -> HashMap<usize, (f32, [f32; Address::COUNT])> {
    let mut manners: HashMap<usize, (f32, [f32; Address::COUNT])> = HashMap::new();
    for (index, quotation) in decider.quotations.iter().enumerate() {
        if let Some(draft) = names_speaker(decider, index) {
            let (said, called) = manners.entry(draft).or_default();
            *said += 1.0;
            let address = Address::read(decider.text, &quotation.content);
            for (count, used) in called.iter_mut().zip(address.used) {
                *count += flag(used);
            }
        }
    }
    manners
}

/// Whoever is named as the subject of a verb of speaking beside a quotation.
fn names_speaker(decider: &Decider<'_>, quotation: usize) -> Option<usize> {
    let (bond, index) = decider.beside_or_source(quotation)?;
    let expression = decider.expressions.get(index)?;
    let named = bond == Bond::Verb && matches!(expression.what, What::Name(_));
    named.then(|| decider.resolved.get(index).copied().flatten())?
}
