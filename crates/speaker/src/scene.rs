//! Who is in the reader’s mind at a place: the entities mentioned before it and how strongly.

use crate::cast::Cast;
use crate::mentions::{Expression, Place};
use crate::pronouns::Pronoun;

/// How far back a pronoun may look, in sentences.
const SENTENCES: usize = 9;

/// How far back, in expressions: a bound for texts without sentences.
const EXPRESSIONS: usize = 120;

/// What a mention adds to its entity, by its place.
fn weight(expression: &Expression) -> f32 {
    let place = match expression.place {
        Place::Subject => 1.0,
        Place::Object => 0.5,
        Place::Oblique => 0.35,
        Place::Owner => 0.45,
    };
    place
        + if expression.source.is_some() {
            0.7
        } else {
            0.0
        }
}

/// What is left of it after so many sentences.
fn decay(sentences: usize) -> f32 {
    0.55_f32.powi(i32::try_from(sentences).unwrap_or(i32::MAX))
}

/// The entities that a pronoun may stand for, best first, with their scores.
pub(crate) fn candidates(
    expressions: &[Expression],
    bearers: &[Option<usize>],
    cast: &Cast,
    at: usize,
    pronoun: Pronoun,
) -> Vec<(usize, f32)> {
    salient(expressions, bearers, at, |draft| {
        cast.get(draft)
            .map_or(0.0, |draft| pronoun.agreement(draft))
    })
}

/// The entities before an expression, weighed, best first.
pub(crate) fn salient(
    expressions: &[Expression],
    bearers: &[Option<usize>],
    at: usize,
    agreement: impl Fn(usize) -> f32,
) -> Vec<(usize, f32)> {
    let Some(here) = expressions.get(at) else {
        return Vec::new();
    };
    // Draft, the sum of the sentences that are done, the sentence at hand, its maximum.
    let mut scores: Vec<(usize, f32, usize, f32)> = Vec::new();
    let from = at.saturating_sub(EXPRESSIONS);
    let before = expressions.get(from..at).unwrap_or(&[]);
    for (offset, expression) in before.iter().enumerate().rev() {
        let distance = here.sentence.saturating_sub(expression.sentence);
        if distance > SENTENCES {
            break;
        }
        let Some(draft) = bearers.get(from + offset).copied().flatten() else {
            continue;
        };
        if agreement(draft) == 0.0 {
            continue;
        }
        let mut value = weight(expression) * decay(distance);
        if expression.quoted.is_some() && expression.quoted != here.quoted {
            value *= 0.3;
        }
        if expression.paragraph != here.paragraph {
            value *= 0.8;
        }
        match scores.iter_mut().find(|score| score.0 == draft) {
            Some(score) if score.2 == expression.sentence => score.3 = score.3.max(value),
            Some(score) => {
                score.1 += score.3;
                score.2 = expression.sentence;
                score.3 = value;
            }
            None => scores.push((draft, 0.0, expression.sentence, value)),
        }
    }
    let mut ranked: Vec<(usize, f32)> = scores
        .into_iter()
        .map(|(draft, sum, _, last)| (draft, (sum + last) * agreement(draft)))
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked
}
