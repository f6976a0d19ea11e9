//! How far figures would move with other documents: the percentile bootstrap.

use crate::tally::Tally;

/// The counts of one figure, one entry for each document that has any.
pub(crate) type Series = Vec<(u32, Tally)>;

/// How often each document is drawn in each replicate. One draw serves all figures, so that the
/// differences between two systems are paired.
pub(crate) struct Resamples {
    draws: Vec<Vec<u16>>,
}

impl Resamples {
    /// Draws `documents` documents with replacement, `replicates` times. The same seed gives the
    /// same draws. One document alone tells nothing, so there is nothing drawn.
    pub(crate) fn new(documents: usize, replicates: u32, seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let replicates = if documents < 2 { 0 } else { replicates };
        let draw = |_| {
            let mut draws = vec![0_u16; documents];
            for _ in 0..documents {
                let drawn = random.below(documents);
                draws[drawn] = draws[drawn].saturating_add(1);
            }
            draws
        };
        Self {
            draws: (0..replicates).map(draw).collect(),
        }
    }

    /// The sum of a series in every replicate.
    pub(crate) fn sums(&self, series: &Series) -> Vec<Tally> {
        let sum = |draws: &Vec<u16>| {
            let mut sum = Tally::default();
            for (document, tally) in series {
                let times = draws.get(*document as usize).copied().unwrap_or(0);
                sum += tally.scaled(f64::from(times));
            }
            sum
        };
        self.draws.iter().map(sum).collect()
    }
}

/// The middle 95 % of the values; `None` where fewer than half are defined.
pub(crate) fn interval(values: &[Option<f64>]) -> Option<(f64, f64)> {
    let mut defined: Vec<f64> = values.iter().copied().flatten().collect();
    if defined.is_empty() || defined.len() * 2 < values.len() {
        return None;
    }
    defined.sort_unstable_by(f64::total_cmp);
    Some((quantile(&defined, 0.025), quantile(&defined, 0.975)))
}

/// Linear between the two nearest of the sorted values.
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let place = at * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// The SplitMix64 generator (Steele, Lea and Flood 2014): small, and the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, `bound`; the bias is below 2⁻³² for any corpus.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_first_numbers_of_the_generator() {
        let mut random = SplitMix(1234567);
        assert_eq!(random.next(), 6457827717110365317);
        assert_eq!(random.next(), 3203168211198807973);
    }

    #[test]
    fn every_replicate_draws_as_many_documents_as_there_are() {
        let resamples = Resamples::new(7, 50, 3);
        let one = Tally {
            gold: 1.0,
            ..Tally::default()
        };
        let series: Series = (0..7).map(|document| (document, one)).collect();
        assert!(resamples.sums(&series).iter().all(|sum| sum.gold == 7.0));
        assert_eq!(Resamples::new(7, 50, 3).draws, resamples.draws);
        assert_ne!(Resamples::new(7, 50, 4).draws, resamples.draws);
        assert!(Resamples::new(1, 50, 3).draws.is_empty());
    }

    #[test]
    fn the_middle_95_percent() {
        let values: Vec<Option<f64>> = (0..=40).rev().map(|value| Some(f64::from(value))).collect();
        assert_eq!(interval(&values), Some((1.0, 39.0)));
        assert_eq!(interval(&[None, None, Some(1.0)]), None);
        assert_eq!(interval(&[]), None);
    }

    #[test]
    fn the_spread_of_a_mean_is_that_of_theory() {
        // 100 documents, half of them right: the standard error of the share is 0.05.
        let series: Series = (0..100)
            .map(|document| (document, Tally::gold(f64::from(document % 2))))
            .collect();
        let sums = Resamples::new(100, 4000, 9).sums(&series);
        let values: Vec<Option<f64>> = sums.iter().map(Tally::recall).collect();
        let (low, high) = interval(&values).unwrap();
        assert!(
            (low - 0.402).abs() < 0.015 && (high - 0.598).abs() < 0.015,
            "{low} {high}"
        );
    }
}
