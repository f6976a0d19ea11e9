//! Weighs the candidates of every direct quotation of a text, over all its turns at once.
//!
//! A small network scores each candidate by its features. In each round after the first it also
//! sees what the round before gave to the same speaker in the turns around, and a few numbers that
//! it learned to pass on: the turns of a dialogue decide one another (message passing, as in
//! Gilmer et al. 2017, on the graph of [`Turns`]). The weights were learned from the training
//! novels of PDNC (Vishnubhotla et al. 2022) by `models/train/speakers.py`.

use std::sync::LazyLock;

use crate::candidates::{Group, Question};
use crate::turns::{SLOTS, Turns};

static WEIGHTS: &str = include_str!("../data/ranker.txt");

/// The neighbours whose messages are heard, by their slot.
const HEARD: [usize; 6] = [0, 1, 4, 5, 8, 9];

/// `[inputs][outputs]`, and a bias for each output.
struct Layer {
    weights: Vec<Vec<f32>>,
    bias: Vec<f32>,
}

/// One round: two rectified layers, a score and a message.
struct Round {
    first: Layer,
    second: Layer,
    score: Layer,
    message: Layer,
}

/// Networks of as many rounds each; their shares are averaged.
static NETWORKS: LazyLock<Vec<Vec<Round>>> = LazyLock::new(|| read(WEIGHTS));

/// The share of each candidate of each question, in their order; those of a question add up to 1.
pub(crate) fn shares(questions: &[Question], groups: &[Group]) -> Vec<Vec<f32>> {
    let turns = Turns::read(questions, groups);
    let mut sum = vec![0.0_f32; turns.slots.len()];
    for network in NETWORKS.iter() {
        for (sum, share) in sum.iter_mut().zip(run(network, questions, &turns)) {
            *sum += share / NETWORKS.len() as f32;
        }
    }
    turns
        .first
        .windows(2)
        .map(|ends| sum.get(ends[0]..ends[1]).unwrap_or(&[]).to_vec())
        .collect()
}

/// The shares of all nodes.
fn run(network: &[Round], questions: &[Question], turns: &Turns) -> Vec<f32> {
    let nodes = turns.slots.len();
    let mut shares: Vec<f32> = Vec::new();
    let mut messages: Vec<Vec<f32>> = Vec::new();
    let mut input: Vec<f32> = Vec::new();
    for (number, round) in network.iter().enumerate() {
        let mut scores = Vec::with_capacity(nodes);
        let mut said = Vec::with_capacity(nodes);
        for (index, question) in questions.iter().enumerate() {
            let start = turns.first.get(index).copied().unwrap_or(0);
            let own = shares
                .get(start..start + question.candidates.len())
                .unwrap_or(&[]);
            let field = Field::of(own);
            for (place, candidate) in question.candidates.iter().enumerate() {
                input.clear();
                input.extend(&candidate.features);
                if number > 0 {
                    let node = start + place;
                    around(turns, index, node, &shares, &field, &messages, &mut input);
                }
                let first = round.first.rectified(&input);
                let second = round.second.rectified(&first);
                scores.extend(round.score.apply(&second));
                let mut message = round.message.apply(&second);
                message.iter_mut().for_each(|x| *x = x.tanh());
                said.push(message);
            }
        }
        for ends in turns.first.windows(2) {
            softmax(scores.get_mut(ends[0]..ends[1]).unwrap_or(&mut []));
        }
        (shares, messages) = (scores, said);
    }
    shares
}

/// The shares of one question taken together.
struct Field {
    most: f32,
    second: f32,
    entropy: f32,
}

impl Field {
    fn of(shares: &[f32]) -> Self {
        let (mut most, mut second, mut entropy) = (0.0_f32, 0.0_f32, 0.0_f32);
        for &share in shares {
            if share > most {
                (most, second) = (share, most);
            } else {
                second = second.max(share);
            }
            entropy -= share * (share + 1e-9).ln();
        }
        Self {
            most,
            second,
            entropy,
        }
    }
}

/// What the round before tells for a node.
fn around(
    turns: &Turns,
    question: usize,
    node: usize,
    shares: &[f32],
    field: &Field,
    messages: &[Vec<f32>],
    input: &mut Vec<f32>,
) {
    let (Some(slots), Some(near)) = (turns.slots.get(node), turns.near.get(question)) else {
        return;
    };
    let of = |slot: usize| shares.get(slot).copied().unwrap_or(0.0);
    let given: [f32; SLOTS] = slots.map(of);
    let [b1, b2, b3, b4, a1, a2, a3, a4, _, _] = given;
    let [n0, n1, n2, n3, n4, n5, goes_on, next_goes_on] = *near;
    let share = of(node);
    let other = if share >= field.most - 1e-9 {
        field.second
    } else {
        field.most
    };
    input.extend(given);
    input.extend([
        b1 * n0,
        a1 * n1,
        b2 * n2,
        a2 * n3,
        b3 * n4,
        a3 * n5,
        b1 * goes_on,
        a1 * next_goes_on,
        b4 * n2,
        a4 * n3,
        b1 * (1.0 - goes_on),
        a1 * (1.0 - next_goes_on),
        b1 * a1,
        b2 * a2,
        b1 * b3,
        a1 * a3,
    ]);
    let sum: f32 = given.iter().take(8).sum();
    input.extend([share, sum / 8.0, field.entropy, other]);
    let size = messages.first().map_or(0, Vec::len);
    for slot in HEARD {
        let message = slots.get(slot).and_then(|&slot| messages.get(slot));
        match message {
            Some(message) => input.extend(message),
            None => input.extend(std::iter::repeat_n(0.0, size)),
        }
    }
    input.extend([share * share, (1.0 - share) * field.most]);
}

impl Layer {
    fn apply(&self, input: &[f32]) -> Vec<f32> {
        let mut sums = self.bias.clone();
        for (&x, row) in input.iter().zip(&self.weights) {
            if x != 0.0 {
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += x * weight;
                }
            }
        }
        sums
    }

    fn rectified(&self, input: &[f32]) -> Vec<f32> {
        let mut sums = self.apply(input);
        for sum in &mut sums {
            *sum = sum.max(0.0);
        }
        sums
    }
}

fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum.max(f32::MIN_POSITIVE);
    }
}

/// Reads networks: how many, and how many rounds each; then for each round its four layers, each a
/// line with inputs and outputs, a line for each input and one for the bias.
fn read(text: &str) -> Vec<Vec<Round>> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let pair = |line: Option<&str>| -> Option<(usize, usize)> {
        let (a, b) = line?.split_once(' ')?;
        Some((a.parse().ok()?, b.parse().ok()?))
    };
    let Some((networks, rounds)) = pair(lines.next()) else {
        return Vec::new();
    };
    let mut layer = || -> Option<Layer> {
        let (inputs, _) = pair(lines.next())?;
        let mut row = || -> Option<Vec<f32>> {
            let numbers = lines.next()?.split(' ').map(|n| n.parse().ok());
            numbers.collect()
        };
        Some(Layer {
            weights: (0..inputs).map(|_| row()).collect::<Option<_>>()?,
            bias: row()?,
        })
    };
    let mut round = || -> Option<Round> {
        Some(Round {
            first: layer()?,
            second: layer()?,
            score: layer()?,
            message: layer()?,
        })
    };
    let network = |_| (0..rounds).map(|_| round()).collect::<Option<Vec<_>>>();
    (0..networks).map_while(network).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::{Candidate, OWN};

    /// What the recipe writes beside the weights, so that it and this file say the same.
    static SAMPLE: &str = include_str!("../data/ranker.test.txt");

    fn sample() -> (Vec<Question>, Vec<Group>, Vec<Vec<f32>>) {
        let (mut questions, mut groups) = (Vec::<Question>::new(), Vec::<Group>::new());
        let mut shares: Vec<Vec<f32>> = Vec::new();
        for line in SAMPLE.lines().filter(|line| !line.starts_with('#')) {
            if let Some(place) = line.strip_prefix("question ") {
                let numbers: Vec<usize> = place.split(' ').flat_map(str::parse).collect();
                if numbers[0] == groups.len() {
                    groups.push(Group {
                        paragraph: numbers[1],
                        goes_on: numbers[2] == 1,
                        left_open: false,
                    });
                }
                questions.push(Question {
                    quotation: questions.len(),
                    turn: numbers[0],
                    candidates: Vec::new(),
                });
                shares.push(Vec::new());
                continue;
            }
            let numbers: Vec<f32> = line.split(' ').flat_map(str::parse).collect();
            questions.last_mut().unwrap().candidates.push(Candidate {
                draft: numbers[0] as usize,
                features: numbers[2..].to_vec(),
            });
            shares.last_mut().unwrap().push(numbers[1]);
        }
        (questions, groups, shares)
    }

    #[test]
    fn shares_are_those_of_the_recipe() {
        let (questions, groups, expected) = sample();
        assert_eq!(questions[0].candidates[0].features.len(), OWN);
        let found = shares(&questions, &groups);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-4, "{found} for {expected}");
        }
    }

    #[test]
    fn weights_are_whole() {
        assert!(!NETWORKS.is_empty());
        for network in NETWORKS.iter() {
            assert_eq!(network.len(), NETWORKS[0].len());
            for (number, round) in network.iter().enumerate() {
                let message = round.message.bias.len();
                let seen = SLOTS + 22 + HEARD.len() * message;
                let inputs = if number == 0 { OWN } else { OWN + seen };
                assert_eq!(round.first.weights.len(), inputs);
                for layer in [&round.first, &round.second, &round.score, &round.message] {
                    assert!(
                        layer
                            .weights
                            .iter()
                            .all(|row| row.len() == layer.bias.len())
                    );
                }
            }
        }
    }

    #[test]
    fn nothing_is_weighed_where_nothing_is_asked() {
        assert!(shares(&[], &[]).is_empty());
    }
}
