//! Linear-chain decoding: the best legal sequence of labels, and how sure each label is
//! (Lafferty, McCallum & Pereira 2001).

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};

use crate::EncoderError;
use crate::weights::Weights;

/// Labels of a BIES scheme with learned transitions; label 0 is “outside”, then four labels
/// (begin, inside, end, single) for each type in turn.
pub struct Crf {
    transitions: Array2<f32>,
    start: Array1<f32>,
    end: Array1<f32>,
}

/// A decoded span of words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chunk {
    /// The index of its type among the types of the label set.
    pub class: usize,
    /// Its first word.
    pub first: usize,
    /// Its last word, included.
    pub last: usize,
    /// The smaller of its two edges' marginal probabilities.
    pub edges: f32,
    /// The mean probability that its words belong to a chunk of its class.
    pub body: f32,
}

impl Crf {
    /// Reads `heads.{name}_crf.transitions` `[labels, labels]`, `.start` and `.end` `[labels]`.
    ///
    /// # Errors
    /// Where a tensor is missing or has another shape.
    pub fn from_weights(
        weights: &Weights,
        name: &str,
        labels: usize,
    ) -> Result<Self, EncoderError> {
        let prefix = format!("heads.{name}_crf");
        Ok(Self {
            transitions: weights.matrix(&format!("{prefix}.transitions"), labels, labels)?,
            start: weights.vector(&format!("{prefix}.start"), labels)?,
            end: weights.vector(&format!("{prefix}.end"), labels)?,
        })
    }

    /// The best chunks of a document. `scores` is `[words, labels]`.
    #[must_use]
    pub fn decode(&self, scores: ArrayView2<'_, f32>) -> Vec<Chunk> {
        if scores.nrows() == 0 || scores.ncols() != self.start.len() {
            return Vec::new();
        }
        let path = self.best_path(scores);
        let marginals = self.marginals(scores);
        let mut chunks = Vec::new();
        let mut begun = None;
        for (word, &label) in path.iter().enumerate() {
            let Some((class, part)) = part_of(label) else {
                begun = None;
                continue;
            };
            if matches!(part, Part::Begin | Part::Single) {
                begun = Some(word);
            }
            // A span that the text's edge cuts has no begin or no end of its own.
            let first = *begun.get_or_insert(word);
            if matches!(part, Part::End | Part::Single) || word + 1 == path.len() {
                let edge = |at: usize| marginals[[at, path[at]]];
                let class_labels = 1 + 4 * class..5 + 4 * class;
                let within = marginals.slice(s![first..=word, class_labels]).sum();
                chunks.push(Chunk {
                    class,
                    first,
                    last: word,
                    edges: edge(first).min(edge(word)),
                    body: within / (word + 1 - first) as f32,
                });
                begun = None;
            }
        }
        chunks
    }

    fn best_path(&self, scores: ArrayView2<'_, f32>) -> Vec<usize> {
        let (words, labels) = scores.dim();
        let mut back = Array2::<u8>::zeros((words, labels));
        let mut best = &self.start + &scores.row(0);
        let mut next = Array1::zeros(labels);
        for word in 1..words {
            for to in 0..labels {
                let (mut from_best, mut value) = (0, f32::NEG_INFINITY);
                for from in 0..labels {
                    let score = best[from] + self.transitions[[from, to]];
                    if score > value {
                        (from_best, value) = (from, score);
                    }
                }
                back[[word, to]] = from_best as u8;
                next[to] = value + scores[[word, to]];
            }
            std::mem::swap(&mut best, &mut next);
        }
        best += &self.end;
        let mut label = argmax(best.view());
        let mut path = vec![label];
        for word in (1..words).rev() {
            label = usize::from(back[[word, label]]);
            path.push(label);
        }
        path.reverse();
        path
    }

    /// Forward-backward in probabilities scaled at each word; `[words, labels]`.
    fn marginals(&self, scores: ArrayView2<'_, f32>) -> Array2<f32> {
        let (words, labels) = scores.dim();
        let transitions = self.transitions.mapv(f32::exp);
        let local = |word: usize| {
            let row = scores.row(word);
            let top = row.fold(f32::NEG_INFINITY, |a, &b| a.max(b));
            row.mapv(|s| (s - top).exp())
        };
        let mut forward = Array2::<f32>::zeros((words, labels));
        let mut row = local(0) * self.start.mapv(f32::exp);
        normalise(&mut row);
        forward.row_mut(0).assign(&row);
        for word in 1..words {
            row = forward.row(word - 1).dot(&transitions) * local(word);
            normalise(&mut row);
            forward.row_mut(word).assign(&row);
        }
        let mut after = self.end.mapv(f32::exp);
        normalise(&mut after);
        for word in (0..words).rev() {
            let mut marginal = &forward.row(word) * &after;
            normalise(&mut marginal);
            forward.row_mut(word).assign(&marginal);
            if word > 0 {
                after = transitions.dot(&(after * local(word)));
                normalise(&mut after);
            }
        }
        forward
    }
}

enum Part {
    Begin,
    Inside,
    End,
    Single,
}

fn part_of(label: usize) -> Option<(usize, Part)> {
    let label = label.checked_sub(1)?;
    let part = match label % 4 {
        0 => Part::Begin,
        1 => Part::Inside,
        2 => Part::End,
        _ => Part::Single,
    };
    Some((label / 4, part))
}

fn argmax(row: ArrayView1<'_, f32>) -> usize {
    row.iter()
        .enumerate()
        .fold((0, f32::NEG_INFINITY), |best, (i, &v)| {
            if v > best.1 { (i, v) } else { best }
        })
        .0
}

fn normalise(row: &mut Array1<f32>) {
    let (sum, labels) = (row.sum(), row.len());
    if sum > 0.0 && sum.is_finite() {
        *row /= sum;
    } else {
        row.fill(1.0 / labels as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// One type, five labels: O B I E S.
    fn crf() -> Crf {
        let no = -1e4;
        Crf {
            transitions: array![
                [0.0, 0.0, no, no, 0.0],
                [no, no, 0.0, 0.0, no],
                [no, no, 0.0, 0.0, no],
                [0.0, 0.0, no, no, 0.0],
                [0.0, 0.0, no, no, 0.0],
            ],
            start: Array1::zeros(5),
            end: Array1::zeros(5),
        }
    }

    #[test]
    fn decodes_the_best_legal_chunks() {
        // The third word on its own would rather be outside, which is illegal inside a span.
        let scores = array![
            [4.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 5.0, 0.0, 0.0, 0.0],
            [1.0, 0.0, 0.9, 0.0, 0.0],
            [0.0, 0.0, 0.0, 5.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 3.0],
        ];
        let chunks = crf().decode(scores.view());
        let spans: Vec<_> = chunks.iter().map(|c| (c.first, c.last)).collect();
        assert_eq!(spans, [(1, 3), (4, 4)]);
        assert!(chunks.iter().all(|chunk| chunk.body >= chunk.edges - 1e-6));
        assert!(chunks[0].edges > 0.9 && chunks[1].edges > 0.5);
    }

    #[test]
    fn marginals_match_enumeration() {
        let crf = crf();
        let scores = array![
            [0.3, 0.2, 0.1, -0.4, 0.9],
            [0.1, -0.3, 0.4, 0.2, 0.0],
            [0.5, 0.1, -0.2, 0.8, 0.3]
        ];
        let mut expected = Array2::<f64>::zeros((3, 5));
        let mut total = 0.0;
        for code in 0..125 {
            let path = [code / 25, code / 5 % 5, code % 5];
            let mut score = f64::from(crf.start[path[0]] + crf.end[path[2]]);
            for (i, &l) in path.iter().enumerate() {
                score += f64::from(scores[[i, l]]);
                if i > 0 {
                    score += f64::from(crf.transitions[[path[i - 1], l]]);
                }
            }
            total += score.exp();
            for (i, &l) in path.iter().enumerate() {
                expected[[i, l]] += score.exp();
            }
        }
        let marginals = crf.marginals(scores.view());
        for (got, want) in marginals.iter().zip(&expected) {
            assert!(
                (f64::from(*got) - want / total).abs() < 1e-5,
                "{got} {}",
                want / total
            );
        }
    }

    #[test]
    fn nothing_to_decode_gives_nothing() {
        assert!(crf().decode(Array2::zeros((0, 5)).view()).is_empty());
    }
}
