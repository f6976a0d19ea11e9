//! Sets of positions: what a span that may be discontinuous covers.

/// A set of positions as sorted, disjoint, non-empty, non-touching half-open pieces. The unit
/// (code points, or tokens) is the maker's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Region {
    pieces: Vec<(u32, u32)>,
}

impl Region {
    /// The positions in any of `pieces`, which may come in any order, overlap and be empty.
    pub(crate) fn new(mut pieces: Vec<(u32, u32)>) -> Self {
        pieces.retain(|(start, end)| start < end);
        pieces.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(pieces.len());
        for (start, end) in pieces {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Self { pieces: joined }
    }

    /// The positions in any of `regions`.
    pub(crate) fn union<'r>(regions: impl IntoIterator<Item = &'r Region>) -> Self {
        let pieces = regions
            .into_iter()
            .flat_map(|region| region.pieces.iter().copied());
        Self::new(pieces.collect())
    }

    pub(crate) fn pieces(&self) -> &[(u32, u32)] {
        &self.pieces
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(crate) fn start(&self) -> u32 {
        self.pieces.first().map_or(0, |piece| piece.0)
    }

    pub(crate) fn end(&self) -> u32 {
        self.pieces.last().map_or(0, |piece| piece.1)
    }

    pub(crate) fn len(&self) -> u64 {
        self.pieces
            .iter()
            .map(|(start, end)| u64::from(end - start))
            .sum()
    }

    /// How many positions two regions share.
    pub(crate) fn overlap(&self, other: &Self) -> u64 {
        // The shorter list walks; the longer one is searched, so that one span against a whole
        // document's union stays cheap.
        let (few, many) = if self.pieces.len() <= other.pieces.len() {
            (self, other)
        } else {
            (other, self)
        };
        let mut shared = 0;
        for &(start, end) in &few.pieces {
            let from = many.pieces.partition_point(|piece| piece.1 <= start);
            for piece in many
                .pieces
                .iter()
                .skip(from)
                .take_while(|piece| piece.0 < end)
            {
                shared += u64::from(end.min(piece.1) - start.max(piece.0));
            }
        }
        shared
    }

    /// Shared positions over positions in either; 0 for two empty regions.
    pub(crate) fn iou(&self, other: &Self) -> f64 {
        let shared = self.overlap(other);
        let either = self.len() + other.len() - shared;
        if either == 0 {
            0.0
        } else {
            shared as f64 / either as f64
        }
    }
}

/// Every pair `(i, j)` in which `left[i]` and `right[j]` share a position, in order of `i`, `j`.
pub(crate) fn overlapping(left: &[&Region], right: &[&Region]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..right.len()).filter(|&j| !right[j].is_empty()).collect();
    order.sort_by_key(|&j| right[j].start());
    // The furthest end among the first so many: what ends before a region's start is skipped.
    let mut furthest = 0;
    let ends: Vec<u32> = order
        .iter()
        .map(|&j| {
            furthest = furthest.max(right[j].end());
            furthest
        })
        .collect();
    let mut pairs = Vec::new();
    for (i, region) in left.iter().enumerate() {
        let from = ends.partition_point(|&end| end <= region.start());
        for &j in order.iter().skip(from) {
            if right[j].start() >= region.end() {
                break;
            }
            if region.overlap(right[j]) > 0 {
                pairs.push((i, j));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn region(pieces: &[(u32, u32)]) -> Region {
        Region::new(pieces.to_vec())
    }

    #[test]
    fn adjacent_spans_do_not_overlap() {
        assert_eq!(region(&[(0, 5)]).overlap(&region(&[(5, 9)])), 0);
        assert!(overlapping(&[&region(&[(0, 5)])], &[&region(&[(5, 9)])]).is_empty());
    }

    #[test]
    fn iou_of_a_discontinuous_span() {
        // 10 and 10 positions, 5 + 5 shared with 20: 10 / 30.
        let gold = region(&[(0, 10), (20, 30)]);
        assert!((gold.iou(&region(&[(5, 25)])) - 10.0 / 30.0).abs() < 1e-12);
        assert_eq!(Region::default().iou(&Region::default()), 0.0);
    }

    proptest! {
        #[test]
        fn agrees_with_sets(
            a in prop::collection::vec((0u32..30, 0u32..30), 0..5),
            b in prop::collection::vec((0u32..30, 0u32..30), 0..5),
        ) {
            let set = |pieces: &[(u32, u32)]| -> std::collections::BTreeSet<u32> {
                pieces.iter().flat_map(|&(start, end)| start..end).collect()
            };
            let (left, right) = (region(&a), region(&b));
            let shared = set(&a).intersection(&set(&b)).count() as u64;
            prop_assert_eq!(left.len(), set(&a).len() as u64);
            prop_assert_eq!(left.overlap(&right), shared);
            prop_assert_eq!(right.overlap(&left), shared);
            prop_assert_eq!(Region::union([&left, &right]).len(), set(&a).union(&set(&b)).count() as u64);
            prop_assert_eq!(!overlapping(&[&left], &[&right]).is_empty(), shared > 0);
        }

        #[test]
        fn finds_every_overlapping_pair(
            spans in prop::collection::vec((0u32..60, 1u32..20), 0..24),
        ) {
            let regions: Vec<Region> = spans.iter().map(|&(s, n)| region(&[(s, s + n)])).collect();
            let (left, right) = regions.split_at(regions.len() / 2);
            let left: Vec<&Region> = left.iter().collect();
            let right: Vec<&Region> = right.iter().collect();
            let mut slow = Vec::new();
            for (i, l) in left.iter().enumerate() {
                for (j, r) in right.iter().enumerate() {
                    if l.overlap(r) > 0 {
                        slow.push((i, j));
                    }
                }
            }
            prop_assert_eq!(overlapping(&left, &right), slow);
        }
    }
}
