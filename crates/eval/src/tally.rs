//! Counts that add up over documents, and the shares they give.

use std::ops::AddAssign;

use serde::Serialize;

/// What was counted. Every figure is a quotient of sums over documents, so tallies add up and a
/// bootstrap over documents needs nothing else.
///
/// “Right” is counted from both sides, because partial credit differs: a prediction that lies
/// wholly inside a gold span is wholly right, the gold span only in part found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Gold items.
    pub gold: f64,
    /// Predicted items.
    pub predicted: f64,
    /// Gold items that were found.
    pub right_gold: f64,
    /// Predicted items that are right.
    pub right_predicted: f64,
}

impl Tally {
    /// One gold item.
    pub(crate) fn gold(right: f64) -> Self {
        Self {
            gold: 1.0,
            right_gold: right,
            ..Self::default()
        }
    }

    /// One predicted item.
    pub(crate) fn predicted(right: f64) -> Self {
        Self {
            predicted: 1.0,
            right_predicted: right,
            ..Self::default()
        }
    }

    /// The share of the predicted items that are right; `None` where nothing was predicted.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right_predicted, self.predicted)
    }

    /// The share of the gold items that were found; `None` where there are none.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.right_gold, self.gold)
    }

    /// The harmonic mean of precision and recall, 0 where either is 0 or undefined; `None` where
    /// there is neither a gold nor a predicted item.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        match (self.precision(), self.recall()) {
            (None, None) => None,
            (Some(p), Some(r)) if p + r > 0.0 => Some(2.0 * p * r / (p + r)),
            _ => Some(0.0),
        }
    }

    /// The share of the gold items that got an answer, where items are answered one by one.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        share(self.predicted, self.gold)
    }

    pub(crate) fn scaled(&self, by: f64) -> Self {
        Self {
            gold: self.gold * by,
            predicted: self.predicted * by,
            right_gold: self.right_gold * by,
            right_predicted: self.right_predicted * by,
        }
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.right_gold += other.right_gold;
        self.right_predicted += other.right_predicted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_shares_are_none_and_missing_everything_is_zero() {
        assert_eq!(Tally::default().f1(), None);
        let missed = Tally::gold(0.0);
        assert_eq!(
            (missed.precision(), missed.recall(), missed.f1()),
            (None, Some(0.0), Some(0.0))
        );
        let mut half = Tally::gold(1.0);
        half += Tally::gold(0.0);
        half += Tally::predicted(1.0);
        assert_eq!(
            (half.precision(), half.recall(), half.f1()),
            (Some(1.0), Some(0.5), Some(2.0 / 3.0))
        );
    }
}
