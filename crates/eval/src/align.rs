//! The one-to-one matching that all scores of quotations rest on.

use crate::region::{Region, overlapping};

/// Which gold item goes with which predicted one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alignment {
    /// For every gold item, its prediction and their intersection over union.
    pub(crate) of_gold: Vec<Option<(usize, f64)>>,
    /// For every prediction, its gold item and their intersection over union.
    pub(crate) of_predicted: Vec<Option<(usize, f64)>>,
}

/// Pairs items greedily, best intersection over union first. `tie(gold, predicted)` decides among
/// equals, highest first; then text order does. Pairs below 0.5 come after all others, so that
/// they take nothing from a match; the caller tells them apart by the number.
pub(crate) fn align(
    gold: &[&Region],
    predicted: &[&Region],
    tie: impl Fn(usize, usize) -> u32,
) -> Alignment {
    let mut pairs: Vec<(f64, u32, usize, usize)> = overlapping(gold, predicted)
        .into_iter()
        .map(|(g, p)| (gold[g].iou(predicted[p]), tie(g, p), g, p))
        .collect();
    // Stable, and the pairs come in order of gold and predicted items.
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    let mut alignment = Alignment {
        of_gold: vec![None; gold.len()],
        of_predicted: vec![None; predicted.len()],
    };
    for (iou, _, g, p) in pairs {
        if alignment.of_gold[g].is_none() && alignment.of_predicted[p].is_none() {
            alignment.of_gold[g] = Some((p, iou));
            alignment.of_predicted[p] = Some((g, iou));
        }
    }
    alignment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions(spans: &[(u32, u32)]) -> Vec<Region> {
        spans.iter().map(|&span| Region::new(vec![span])).collect()
    }

    #[test]
    fn the_best_overlap_goes_first_and_nobody_is_used_twice() {
        // The prediction (0, 10) covers both gold items: 6 / 10 of the first, 4 / 10 of the second.
        let gold = regions(&[(0, 6), (6, 10), (20, 30)]);
        let predicted = regions(&[(0, 10), (6, 9), (30, 40)]);
        let (gold, predicted): (Vec<_>, Vec<_>) =
            (gold.iter().collect(), predicted.iter().collect());
        let alignment = align(&gold, &predicted, |_, _| 0);
        assert_eq!(alignment.of_gold, [Some((0, 0.6)), Some((1, 0.75)), None]);
        assert_eq!(
            alignment.of_predicted,
            [Some((0, 0.6)), Some((1, 0.75)), None]
        );
    }

    #[test]
    fn the_tie_break_decides_among_equals() {
        let gold = regions(&[(0, 6), (0, 6)]);
        let predicted = regions(&[(0, 6)]);
        let (gold, predicted): (Vec<_>, Vec<_>) =
            (gold.iter().collect(), predicted.iter().collect());
        let alignment = align(&gold, &predicted, |g, _| u32::from(g == 1));
        assert_eq!(alignment.of_predicted, [Some((1, 1.0))]);
        assert_eq!(
            align(&gold, &predicted, |_, _| 0).of_predicted,
            [Some((0, 1.0))]
        );
    }
}
