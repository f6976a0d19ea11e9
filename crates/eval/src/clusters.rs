//! (d) Quotations clustered by speaker.
//!
//! The items are the gold quotations of a document. Two clusterings of the same items: the gold one
//! by speaker, the predicted one by predicted speaker, in which a missed or unattributed quotation
//! stands alone.

use std::collections::HashMap;

use crate::tally::Tally;

/// A clustering of items `0..n`: for each item, the number of its cluster, dense from 0.
struct Clustering {
    of: Vec<usize>,
    sizes: Vec<usize>,
}

impl Clustering {
    fn new(labels: impl Iterator<Item = Option<u32>>) -> Self {
        let mut numbers: HashMap<u32, usize> = HashMap::new();
        let mut clustering = Self {
            of: Vec::new(),
            sizes: Vec::new(),
        };
        for label in labels {
            let next = clustering.sizes.len();
            let cluster = match label {
                Some(label) => *numbers.entry(label).or_insert(next),
                None => next,
            };
            if cluster == next {
                clustering.sizes.push(0);
            }
            clustering.sizes[cluster] += 1;
            clustering.of.push(cluster);
        }
        clustering
    }
}

/// The three scores of one document.
pub(crate) struct Scores {
    pub(crate) muc: Tally,
    pub(crate) b_cubed: Tally,
    pub(crate) ceaf_e: Tally,
}

/// Scores items given as (gold speaker, predicted speaker or none).
pub(crate) fn score(items: &[(u32, Option<u32>)]) -> Scores {
    let gold = Clustering::new(items.iter().map(|item| Some(item.0)));
    let predicted = Clustering::new(items.iter().map(|item| item.1));
    let mut shared: HashMap<(usize, usize), usize> = HashMap::new();
    for (&g, &p) in gold.of.iter().zip(&predicted.of) {
        *shared.entry((g, p)).or_default() += 1;
    }
    let mut shared: Vec<((usize, usize), usize)> = shared.into_iter().collect();
    shared.sort_unstable();

    let links = |clustering: &Clustering| -> f64 {
        clustering.sizes.iter().map(|&size| (size - 1) as f64).sum()
    };
    // A cluster of n items in m parts keeps n - m of its links. Summed over clusters: the items
    // less the number of non-empty intersections, the same from both sides.
    let kept = items.len() as f64 - shared.len() as f64;
    let muc = Tally {
        gold: links(&gold),
        predicted: links(&predicted),
        right_gold: kept,
        right_predicted: kept,
    };

    let mut b_cubed = Tally {
        gold: items.len() as f64,
        predicted: items.len() as f64,
        ..Tally::default()
    };
    for &((g, p), count) in &shared {
        let square = (count * count) as f64;
        b_cubed.right_gold += square / gold.sizes[g] as f64;
        b_cubed.right_predicted += square / predicted.sizes[p] as f64;
    }

    let similar: Vec<(usize, usize, f64)> = shared
        .iter()
        .map(|&((g, p), count)| {
            (
                g,
                p,
                2.0 * count as f64 / (gold.sizes[g] + predicted.sizes[p]) as f64,
            )
        })
        .collect();
    let best = best_assignment(gold.sizes.len(), predicted.sizes.len(), &similar);
    let ceaf_e = Tally {
        gold: gold.sizes.len() as f64,
        predicted: predicted.sizes.len() as f64,
        right_gold: best,
        right_predicted: best,
    };
    Scores {
        muc,
        b_cubed,
        ceaf_e,
    }
}

/// The greatest sum of weights over one-to-one assignments of `rows` to `columns`. Pairs not named
/// weigh 0. Clusters that share no item do not compete, so each connected part is solved alone.
fn best_assignment(rows: usize, columns: usize, weights: &[(usize, usize, f64)]) -> f64 {
    let mut root: Vec<usize> = (0..rows + columns).collect();
    fn find(root: &mut [usize], mut node: usize) -> usize {
        while root[node] != node {
            root[node] = root[root[node]];
            node = root[node];
        }
        node
    }
    for &(row, column, _) in weights {
        let (a, b) = (find(&mut root, row), find(&mut root, rows + column));
        root[a] = b;
    }
    let mut parts: HashMap<usize, Vec<(usize, usize, f64)>> = HashMap::new();
    for &(row, column, weight) in weights {
        parts
            .entry(find(&mut root, row))
            .or_default()
            .push((row, column, weight));
    }
    // Floating-point sums depend on the order, so the order is fixed.
    let mut parts: Vec<_> = parts.into_values().collect();
    parts.sort_by_key(|part| part.first().map(|&(row, column, _)| (row, column)));
    parts.iter().map(|part| solve(part)).sum()
}

/// One connected part, by the Hungarian method with potentials: n² m steps for the n clusters of
/// the smaller side.
fn solve(part: &[(usize, usize, f64)]) -> f64 {
    let number = |all: Vec<usize>| -> HashMap<usize, usize> {
        let mut all = all;
        all.sort_unstable();
        all.dedup();
        all.into_iter()
            .enumerate()
            .map(|(index, name)| (name, index))
            .collect()
    };
    let rows = number(part.iter().map(|pair| pair.0).collect());
    let columns = number(part.iter().map(|pair| pair.1).collect());
    let flip = rows.len() > columns.len();
    let (n, m) = (rows.len().min(columns.len()), rows.len().max(columns.len()));
    let mut cost = vec![0.0; n * m];
    for (row, column, weight) in part {
        let (row, column) = (rows[row], columns[column]);
        let (row, column) = if flip { (column, row) } else { (row, column) };
        cost[row * m + column] = -weight;
    }
    // Rows and columns are numbered from 1; 0 is the free end of an augmenting path.
    let (mut of_row, mut of_column) = (vec![0.0; n + 1], vec![0.0; m + 1]);
    let mut row_of = vec![0; m + 1];
    let mut way = vec![0; m + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; m + 1];
        let mut used = vec![false; m + 1];
        loop {
            used[column] = true;
            let current = row_of[column];
            let (mut delta, mut next) = (f64::INFINITY, 0);
            for candidate in 1..=m {
                if used[candidate] {
                    continue;
                }
                let reduced = cost[(current - 1) * m + candidate - 1]
                    - of_row[current]
                    - of_column[candidate];
                if reduced < least[candidate] {
                    least[candidate] = reduced;
                    way[candidate] = column;
                }
                if least[candidate] < delta {
                    delta = least[candidate];
                    next = candidate;
                }
            }
            for candidate in 0..=m {
                if used[candidate] {
                    of_row[row_of[candidate]] += delta;
                    of_column[candidate] -= delta;
                } else {
                    least[candidate] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            let before = way[column];
            row_of[column] = row_of[before];
            column = before;
        }
    }
    let chosen = (1..=m).filter(|&column| row_of[column] != 0);
    chosen
        .map(|column| -cost[(row_of[column] - 1) * m + column - 1])
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: Option<f64>, expected: f64) {
        let value = value.unwrap_or(f64::NAN);
        assert!(
            (value - expected).abs() < 1e-12,
            "{value} is not {expected}"
        );
    }

    /// Gold {0 1 2} {3 4}; predicted {0 1} {2 3} and 4 missed.
    const ITEMS: [(u32, Option<u32>); 5] = [
        (7, Some(1)),
        (7, Some(1)),
        (7, Some(2)),
        (9, Some(2)),
        (9, None),
    ];

    #[test]
    fn muc_by_hand() {
        // Gold links 2 + 1 = 3. {0 1 2} falls into 2 parts, keeps 1; {3 4} into 2, keeps 0.
        // Predicted links 1 + 1 + 0 = 2; {0 1} keeps 1, {2 3} keeps 0.
        let muc = score(&ITEMS).muc;
        close(muc.recall(), 1.0 / 3.0);
        close(muc.precision(), 1.0 / 2.0);
        close(muc.f1(), 0.4);
    }

    #[test]
    fn b_cubed_by_hand() {
        // Recall: 0 and 1: 2/3 each, 2: 1/3, 3: 1/2, 4: 1/2; mean (5/3 + 1) / 5.
        // Precision: 0 and 1: 1 each, 2: 1/2, 3: 1/2, 4: 1; mean 4 / 5.
        let b_cubed = score(&ITEMS).b_cubed;
        close(b_cubed.recall(), (5.0 / 3.0 + 1.0) / 5.0);
        close(b_cubed.precision(), 4.0 / 5.0);
    }

    #[test]
    fn ceaf_e_by_hand() {
        // φ4: {0 1 2}~{0 1} 4/5, {0 1 2}~{2 3} 2/5, {3 4}~{2 3} 1/2, {3 4}~{4} 2/3.
        // Best: 4/5 + 2/3, of 2 gold and 3 predicted clusters.
        let ceaf_e = score(&ITEMS).ceaf_e;
        close(ceaf_e.recall(), (0.8 + 2.0 / 3.0) / 2.0);
        close(ceaf_e.precision(), (0.8 + 2.0 / 3.0) / 3.0);
    }

    #[test]
    fn ceaf_needs_the_best_assignment_not_the_greedy_one() {
        let weights = [(0, 0, 0.9), (0, 1, 0.8), (1, 0, 0.8)];
        close(Some(best_assignment(2, 2, &weights)), 1.6);
    }

    #[test]
    fn nothing_and_single_items() {
        assert_eq!(score(&[]).muc, Tally::default());
        let one = score(&[(3, None)]);
        assert_eq!(one.muc.f1(), None);
        close(one.b_cubed.f1(), 1.0);
        close(one.ceaf_e.f1(), 1.0);
    }

    fn by_trying_all(rows: &[usize], columns: usize, weights: &[Vec<f64>]) -> f64 {
        fn go(row: usize, used: &mut Vec<bool>, weights: &[Vec<f64>]) -> f64 {
            if row == weights.len() {
                return 0.0;
            }
            let mut best = go(row + 1, used, weights);
            for column in 0..used.len() {
                if !used[column] {
                    used[column] = true;
                    best = best.max(weights[row][column] + go(row + 1, used, weights));
                    used[column] = false;
                }
            }
            best
        }
        let _ = rows;
        go(0, &mut vec![false; columns], weights)
    }

    proptest! {
        #[test]
        fn assignment_is_optimal(
            weights in (1usize..6, 1usize..6).prop_flat_map(|(n, m)| {
                prop::collection::vec(prop::collection::vec(0u8..9, m), n)
            }),
        ) {
            let weights: Vec<Vec<f64>> =
                weights.iter().map(|row| row.iter().map(|&w| f64::from(w) / 8.0).collect()).collect();
            let columns = weights[0].len();
            let named: Vec<(usize, usize, f64)> = weights
                .iter()
                .enumerate()
                .flat_map(|(r, row)| row.iter().enumerate().map(move |(c, &w)| (r, c, w)))
                .filter(|pair| pair.2 > 0.0)
                .collect();
            let best = best_assignment(weights.len(), columns, &named);
            prop_assert!((best - by_trying_all(&[], columns, &weights)).abs() < 1e-9);
        }

        #[test]
        fn the_same_clustering_is_perfect(labels in prop::collection::vec(0u32..5, 1..30)) {
            let items: Vec<(u32, Option<u32>)> = labels.iter().map(|&l| (l, Some(l + 40))).collect();
            let scores = score(&items);
            prop_assert!((scores.b_cubed.f1().unwrap() - 1.0).abs() < 1e-12);
            prop_assert!((scores.ceaf_e.f1().unwrap() - 1.0).abs() < 1e-12);
            prop_assert!(scores.muc.f1().is_none_or(|f1| (f1 - 1.0).abs() < 1e-12));
        }
    }
}
