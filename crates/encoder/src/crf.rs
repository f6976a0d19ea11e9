//! Linear-chain decoding: how likely each span is under all legal sequences of labels (Lafferty,
//! McCallum & Pereira 2001; Culotta & McCallum 2004).

use ndarray::{Array1, Array2, ArrayView2, s};

use crate::EncoderError;
use crate::weights::Weights;

/// Spans with exact edges are looked at from this probability on.
const LEAST: f32 = 0.1;

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
    /// The probability of just this span.
    pub exact: f32,
    /// The mean probability that its words belong to a chunk of its class.
    pub body: f32,
}

impl Chunk {
    /// What a span may be expected to be worth, where half of that is for its words and half for
    /// exact edges.
    #[must_use]
    pub fn worth(&self) -> f32 {
        f32::midpoint(self.exact, self.body)
    }
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

    /// The chunks of a document that are worth most, `worth` (from 0 to 1) or more, and do not
    /// overlap, in order. `scores` is `[words, labels]`.
    #[must_use]
    pub fn decode(&self, scores: ArrayView2<'_, f32>, worth: f32) -> Vec<Chunk> {
        if scores.nrows() == 0 || scores.ncols() != self.start.len() {
            return Vec::new();
        }
        let messages = self.messages(scores);
        let mut spans = Vec::new();
        for class in 0..(scores.ncols() - 1) / 4 {
            self.spans(class, &messages, worth, &mut spans);
        }
        spans.sort_by(|a, b| {
            let places = (a.first, a.last, a.class).cmp(&(b.first, b.last, b.class));
            b.worth().total_cmp(&a.worth()).then(places)
        });
        let mut taken = vec![false; scores.nrows()];
        spans.retain(|span| {
            let words = &mut taken[span.first..=span.last];
            let free = !words.contains(&true);
            if free {
                words.fill(true);
            }
            free
        });
        spans.sort_by_key(|span| span.first);
        spans
    }

    /// The spans of a class that are worth enough. Few words begin one likely enough, and from
    /// each the chain is followed only while it is.
    fn spans(&self, class: usize, messages: &Messages, worth: f32, found: &mut Vec<Chunk>) {
        let [begin, inside, end, single] = [1, 2, 3, 4].map(|part| 4 * class + part);
        let Messages {
            marginals,
            ahead,
            transitions,
        } = messages;
        let last = marginals.nrows() - 1;
        let mut add = |first: usize, last: usize, exact: f32| {
            if exact > LEAST {
                let within = marginals.slice(s![first..=last, begin..=single]).sum();
                let span = Chunk {
                    class,
                    first,
                    last,
                    exact,
                    body: within / (last + 1 - first) as f32,
                };
                if span.worth() >= worth {
                    found.push(span);
                }
            }
        };
        for first in 0..=last {
            let of = |label: usize, holds: bool| {
                if holds {
                    marginals[[first, label]]
                } else {
                    0.0
                }
            };
            // A span that the text's edge cuts has no begin or no end of its own.
            let alone = of(single, true) + of(end, first == 0) + of(begin, first == last);
            add(first, first, alone);
            for (mut label, mut likely) in
                [(begin, of(begin, true)), (inside, of(inside, first == 0))]
            {
                for word in first + 1..=last {
                    let row = transitions.row(label);
                    let all = row.dot(&ahead.row(word));
                    if likely <= LEAST || all <= 0.0 {
                        break;
                    }
                    let step = |to: usize| likely * row[to] * ahead[[word, to]] / all;
                    let (goes_on, ends) = (step(inside), step(end));
                    add(
                        first,
                        word,
                        if word == last { goes_on + ends } else { ends },
                    );
                    (label, likely) = (inside, goes_on);
                }
            }
        }
    }

    /// Forward-backward in probabilities scaled at each word.
    fn messages(&self, scores: ArrayView2<'_, f32>) -> Messages {
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
        let mut ahead = Array2::<f32>::zeros((words, labels));
        let mut after = self.end.mapv(f32::exp);
        normalise(&mut after);
        for word in (0..words).rev() {
            let mut marginal = &forward.row(word) * &after;
            normalise(&mut marginal);
            forward.row_mut(word).assign(&marginal);
            let mut next = after * local(word);
            normalise(&mut next);
            ahead.row_mut(word).assign(&next);
            after = transitions.dot(&next);
            normalise(&mut after);
        }
        Messages {
            marginals: forward,
            ahead,
            transitions,
        }
    }
}

/// What forward-backward leaves behind.
struct Messages {
    /// How likely each label is, `[words, labels]`.
    marginals: Array2<f32>,
    /// What a word and all after it say of its label, `[words, labels]`, each row scaled.
    ahead: Array2<f32>,
    /// The factors of the transitions, `[labels, labels]`.
    transitions: Array2<f32>,
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
        let chunks = crf().decode(scores.view(), 0.5);
        let spans: Vec<_> = chunks.iter().map(|c| (c.first, c.last)).collect();
        assert_eq!(spans, [(1, 3), (4, 4)]);
        assert!(chunks.iter().all(|chunk| chunk.body >= chunk.exact - 1e-6));
        assert!(chunks[0].exact > 0.8 && chunks[1].exact > 0.5);
    }

    #[test]
    fn marginals_match_enumeration() {
        let crf = crf();
        let scores = array![
            [0.3, 0.2, 0.1, -0.4, 0.9],
            [0.1, 2.9, 0.4, 0.2, 0.0],
            [0.5, 0.1, -0.2, 1.8, 0.3]
        ];
        let mut expected = Array2::<f64>::zeros((3, 5));
        let mut pair = 0.0;
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
            if path[1] == 1 && path[2] != 1 {
                pair += score.exp();
            }
            for (i, &l) in path.iter().enumerate() {
                expected[[i, l]] += score.exp();
            }
        }
        let messages = crf.messages(scores.view());
        for (got, want) in messages.marginals.iter().zip(&expected) {
            assert!(
                (f64::from(*got) - want / total).abs() < 1e-5,
                "{got} {}",
                want / total
            );
        }
        let mut spans = Vec::new();
        crf.spans(0, &messages, 0.5, &mut spans);
        let pair = pair / total;
        let found = spans.iter().find(|span| (span.first, span.last) == (1, 2));
        let found = found.expect("it is likely enough");
        assert!((f64::from(found.exact) - pair).abs() < 1e-5);
    }

    #[test]
    fn nothing_to_decode_gives_nothing() {
        assert!(crf().decode(Array2::zeros((0, 5)).view(), 0.5).is_empty());
    }
}
