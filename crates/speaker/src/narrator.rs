//! Which member of a given cast tells the story.

use dixit_document::Quotation;

use crate::cast::Draft;
use crate::names::Name;
use crate::scene::is_direct;

/// The least number of times that others call a narrator by name.
const CALLED: usize = 2;

/// Whoever the cast says it is; else whoever is called by name in others’ words, and hardly ever told of: narrators say “I” of
/// themselves.
pub(crate) fn of_cast(
    names: &[Name],
    bearers: &[usize],
    quotations: &[Quotation],
    cast: &[Draft],
) -> Option<usize> {
    if let Some(told) = cast.iter().position(|draft| draft.narrates) {
        return Some(told);
    }
    let given = cast.len();
    let mut contents: Vec<_> = quotations
        .iter()
        .filter(|quotation| is_direct(quotation))
        .flat_map(|quotation| quotation.content.iter().copied())
        .collect();
    contents.sort_unstable();
    let mut called = vec![0_usize; given];
    let mut told = vec![0_usize; given];
    for (name, &bearer) in names.iter().zip(bearers) {
        let at = contents.partition_point(|content| content.end() <= name.span.start());
        let quoted = contents
            .get(at)
            .is_some_and(|content| content.contains(name.span));
        let counts = if quoted { &mut called } else { &mut told };
        if let Some(count) = counts.get_mut(bearer) {
            *count += 1;
        }
    }
    called
        .iter()
        .zip(&told)
        .enumerate()
        .filter(|&(_, (&called, _))| called >= CALLED)
        .max_by(|(_, a), (_, b)| share(*a.0, *a.1).total_cmp(&share(*b.0, *b.1)))
        .filter(|&(_, (&called, &told))| called > told)
        .map(|(index, _)| index)
}

/// How much more somebody is called than told of; often counts for more than seldom.
fn share(called: usize, told: usize) -> f64 {
    (called as f64 + 1.0).ln() * called as f64 / (told as f64 * 2.0 + 1.0)
}
