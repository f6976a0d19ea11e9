//! Weighs the candidates of every direct quotation of a text, over all its turns at once.
//!
//! A small network scores each candidate by its features; what it gives to the candidates of the
//! neighbouring turns are further features of the next pass, so that the turns of a dialogue
//! decide one another (stacking, Wolpert 1992). The weights were learned from the training novels
//! of PDNC (Vishnubhotla et al. 2022) by `models/train/speakers.py`.

use std::sync::LazyLock;

use crate::candidates::{AROUND, Candidate, Group, OWN, Question, neighbours};

static WEIGHTS: &str = include_str!("../data/ranker.txt");

/// One pass: two layers of rectified units and a score.
struct Layers {
    /// `[inputs][first]`
    first: Vec<Vec<f32>>,
    first_bias: Vec<f32>,
    /// `[first][second]`
    second: Vec<Vec<f32>>,
    second_bias: Vec<f32>,
    score: Vec<f32>,
}

static PASSES: LazyLock<Vec<Layers>> = LazyLock::new(|| read(WEIGHTS));

/// The share of each candidate of each question, in their order; those of a question add up to 1.
pub(crate) fn shares(questions: &[Question], groups: &[Group]) -> Vec<Vec<f32>> {
    let mut turns: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    for (index, question) in questions.iter().enumerate() {
        if let Some(members) = turns.get_mut(question.turn) {
            members.push(index);
        }
    }
    let mut shares: Vec<Vec<f32>> = Vec::new();
    let mut input: Vec<f32> = Vec::with_capacity(OWN + AROUND + 1);
    for (number, pass) in PASSES.iter().enumerate() {
        let next = questions
            .iter()
            .enumerate()
            .map(|(at, question)| {
                let scores = question
                    .candidates
                    .iter()
                    .enumerate()
                    .map(|(place, Candidate { draft, features })| {
                        input.clear();
                        input.extend(features);
                        if number > 0 {
                            input
                                .extend(neighbours(questions, groups, &turns, &shares, at, *draft));
                            let own = shares.get(at).and_then(|own| own.get(place));
                            input.push(own.copied().unwrap_or(0.0));
                        }
                        pass.score(&input)
                    })
                    .collect();
                softmax(scores)
            })
            .collect();
        shares = next;
    }
    shares
}

impl Layers {
    fn score(&self, input: &[f32]) -> f32 {
        let first = layer(input, &self.first, &self.first_bias);
        let second = layer(&first, &self.second, &self.second_bias);
        second.iter().zip(&self.score).map(|(x, w)| x * w).sum()
    }
}

fn layer(input: &[f32], weights: &[Vec<f32>], bias: &[f32]) -> Vec<f32> {
    let mut sums = bias.to_vec();
    for (&x, row) in input.iter().zip(weights) {
        if x != 0.0 {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += x * weight;
            }
        }
    }
    for sum in &mut sums {
        *sum = sum.max(0.0);
    }
    sums
}

fn softmax(mut scores: Vec<f32>) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for score in &mut scores {
        *score = (*score - most).exp();
    }
    let sum: f32 = scores.iter().sum();
    for score in &mut scores {
        *score /= sum.max(f32::MIN_POSITIVE);
    }
    scores
}

/// Reads matrices: a line with their rows and columns, then a line for each row.
fn read(text: &str) -> Vec<Layers> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut matrix = || -> Option<Vec<Vec<f32>>> {
        let rows: usize = lines.next()?.split(' ').next()?.parse().ok()?;
        (0..rows)
            .map(|_| {
                let numbers = lines.next()?.split(' ').map(|n| n.parse().ok());
                numbers.collect::<Option<Vec<f32>>>()
            })
            .collect()
    };
    let mut passes = Vec::new();
    while let Some(first) = matrix() {
        let mut vector = || matrix().and_then(|m| m.into_iter().next());
        let Some(first_bias) = vector() else { break };
        let Some(second) = matrix() else { break };
        let mut vector = || matrix().and_then(|m| m.into_iter().next());
        let (Some(second_bias), Some(score)) = (vector(), vector()) else {
            break;
        };
        passes.push(Layers {
            first,
            first_bias,
            second,
            second_bias,
            score,
        });
    }
    passes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_whole() {
        assert!(PASSES.len() >= 2, "a first pass and one over the turns");
        for (number, pass) in PASSES.iter().enumerate() {
            let inputs = if number == 0 { OWN } else { OWN + AROUND + 1 };
            assert_eq!(pass.first.len(), inputs);
            assert!(
                pass.first
                    .iter()
                    .all(|row| row.len() == pass.first_bias.len())
            );
            assert_eq!(pass.second.len(), pass.first_bias.len());
            assert!(
                pass.second
                    .iter()
                    .all(|row| row.len() == pass.second_bias.len())
            );
            assert_eq!(pass.score.len(), pass.second_bias.len());
        }
    }

    #[test]
    fn shares_add_up() {
        let question = |turn| Question {
            quotation: turn,
            turn,
            candidates: (0..3)
                .map(|draft| Candidate {
                    draft,
                    features: vec![draft as f32 / 3.0; OWN],
                })
                .collect(),
        };
        let groups = [
            Group::default(),
            Group {
                paragraph: 1,
                ..Group::default()
            },
        ];
        for shares in shares(&[question(0), question(1)], &groups) {
            assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
        assert!(shares(&[], &[]).is_empty());
    }
}
