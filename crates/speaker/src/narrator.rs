//! Which member of the cast tells the story.

use std::cmp::Reverse;

use dixit_document::{Quotation, Span};

use crate::cast::Draft;
use crate::dialogue::is_set_off;
use crate::names::Name;
use crate::scene::is_direct;

/// The least number of times that others call a narrator by name.
const CALLED: usize = 2;

/// The same where the cast was found, with how many times as often as they are told of.
const CALLED_FOUND: usize = 4;
const TIMES: usize = 8;

/// Whoever a given cast says it is; else whoever is called by name in others’ words, and hardly
/// ever told of: narrators say “I” of themselves.
pub(crate) fn of_cast(
    names: &[Name],
    bearers: &[usize],
    quotations: &[Quotation],
    cast: &[Draft],
) -> Option<usize> {
    if let Some(told) = cast.iter().position(|draft| draft.narrates) {
        return Some(told);
    }
    counts(names, bearers, quotations, cast.len(), |_, _| true)
        .into_iter()
        .enumerate()
        .filter(|&(_, (called, _))| called >= CALLED)
        .max_by(|(_, a), (_, b)| share(a.0, a.1).total_cmp(&share(b.0, b.1)))
        .filter(|&(_, (called, told))| called > told)
        .map(|(index, _)| index)
}

/// The same among people who were found. Those who are only talked of are no narrators: “my dear
/// Lind” counts, “Lind is gone” does not.
pub(crate) fn found(
    text: &str,
    names: &[Name],
    bearers: &[usize],
    quotations: &[Quotation],
    cast: &[Draft],
) -> Option<usize> {
    let set_off = |name: &Name, content| is_set_off(text, name.titled, content);
    counts(names, bearers, quotations, cast.len(), set_off)
        .iter()
        .enumerate()
        .filter(|&(_, &(called, told))| called >= CALLED_FOUND && called >= told * TIMES)
        .filter(|&(index, _)| cast.get(index).is_some_and(Draft::is_person))
        .max_by_key(|&(index, &(called, _))| (called, Reverse(index)))
        .map(|(index, _)| index)
}

/// For each member of the cast how often others’ words name it, in a way that counts, and how often
/// it is told of.
fn counts(
    names: &[Name],
    bearers: &[usize],
    quotations: &[Quotation],
    cast: usize,
    calls: impl Fn(&Name, Span) -> bool,
) -> Vec<(usize, usize)> {
    let mut contents: Vec<Span> = quotations
        .iter()
        .filter(|quotation| is_direct(quotation))
        .flat_map(|quotation| quotation.content.iter().copied())
        .collect();
    contents.sort_unstable();
    let mut counts = vec![(0, 0); cast];
    for (name, &bearer) in names.iter().zip(bearers) {
        let Some((called, told)) = counts.get_mut(bearer) else {
            continue;
        };
        let at = contents.partition_point(|content| content.end() <= name.span.start());
        match contents
            .get(at)
            .filter(|content| content.contains(name.span))
        {
            Some(&content) => *called += usize::from(calls(name, content)),
            None => *told += 1,
        }
    }
    counts
}

/// How much more somebody is called than told of; often counts for more than seldom.
fn share(called: usize, told: usize) -> f64 {
    (called as f64 + 1.0).ln() * called as f64 / (told as f64 * 2.0 + 1.0)
}
