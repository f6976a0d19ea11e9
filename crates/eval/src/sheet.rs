//! The counts of one document.

use std::collections::HashMap;

use crate::measure::{Group, Measure};
use crate::tally::Tally;

/// What was counted in one document, by measure and group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    cells: HashMap<(Measure, Group), Tally>,
}

impl Sheet {
    /// Counts `tally` in each of `groups`.
    pub(crate) fn add(&mut self, measure: Measure, groups: &[Group], tally: Tally) {
        for group in groups {
            *self.cells.entry((measure, group.clone())).or_default() += tally;
        }
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = (&(Measure, Group), &Tally)> {
        self.cells.iter()
    }

    pub(crate) fn into_cells(self) -> impl Iterator<Item = ((Measure, Group), Tally)> {
        self.cells.into_iter()
    }
}
