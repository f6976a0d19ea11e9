//! To whom something is said, where people talk with one another: whoever they call by name, and
//! whoever speaks around them.

use crate::decide::Decider;
use crate::dialogue::addressed;
use crate::scene;

/// Everybody who speaks within this many paragraphs is spoken to.
const NEAR: usize = 4;
/// Where nobody does, whoever is next within this many.
const FAR: usize = 8;
/// How many quotations to each side are looked at.
const MOST: usize = 48;

/// For each quotation those whom it addresses; empty for what is no direct speech.
pub(crate) fn addressees(decider: &Decider<'_>, speakers: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut turns: Vec<Turn> = decider
        .quotations
        .iter()
        .enumerate()
        .filter(|(_, quotation)| scene::is_direct(quotation))
        .filter_map(|(index, quotation)| {
            let start = quotation.content.first()?.start();
            Some(Turn {
                start,
                index,
                paragraph: decider.layout.paragraph_at(start)?,
                speaker: speakers.get(index).copied().flatten(),
            })
        })
        .collect();
    turns.sort_unstable_by_key(|turn| (turn.start, turn.index));
    let mut all = vec![Vec::new(); decider.quotations.len()];
    for (at, turn) in turns.iter().enumerate() {
        let Some(slot) = all.get_mut(turn.index) else {
            continue;
        };
        let mut found: Vec<usize> = addressed(decider, &[turn.index]);
        let before = turns.get(..at).unwrap_or(&[]).iter().rev().take(MOST);
        let behind = turns.get(at + 1..).unwrap_or(&[]).iter().take(MOST);
        let mut others: Vec<(usize, usize)> = before
            .chain(behind)
            .filter_map(|other| Some((other.paragraph.abs_diff(turn.paragraph), other.speaker?)))
            .filter(|&(far, speaker)| far <= FAR && turn.speaker != Some(speaker))
            .collect();
        // The order that is there otherwise, those before first, stays.
        others.sort_by_key(|&(far, _)| far);
        for (place, &(far, speaker)) in others.iter().enumerate() {
            if far <= NEAR || place == 0 && found.is_empty() {
                found.push(speaker);
            }
        }
        let mut known = Vec::with_capacity(found.len());
        for draft in found {
            if turn.speaker != Some(draft) && !known.contains(&draft) {
                known.push(draft);
            }
        }
        *slot = known;
    }
    all
}

/// A direct quotation in its place.
struct Turn {
    start: usize,
    index: usize,
    paragraph: usize,
    speaker: Option<usize>,
}
