//! How near to words a candidate is told of, by name, description and pronoun.

use super::{AHEAD, Around, BACK, FAR, Reader, flag};
use crate::mentions::What;
use crate::pronouns::Pronoun;

impl Reader<'_, '_> {
    /// Where the candidate is told of around the quotation.
    pub(super) fn told_features(&self, around: &Around, draft: usize, f: &mut Vec<f32>) {
        let at = self
            .told
            .partition_point(|told| told.span.start() < around.start);
        let mut before = 0.0_f32;
        let mut after = 0.0_f32;
        let mut subject = 0.0_f32;
        let mut paragraphs = [0.0_f32; 4];
        let mut subject_before = 0.0_f32;
        let mut last: Option<usize> = None;
        for told in self.told.get(..at).unwrap_or(&[]).iter().rev() {
            if told.span.start() + BACK < around.start {
                break;
            }
            if told.draft != draft || told.quoted.is_some() {
                continue;
            }
            last = last.or(Some(around.start - told.span.start()));
            let distance = around.paragraph.saturating_sub(told.paragraph);
            match distance {
                0 => {
                    before += 1.0;
                    subject = subject.max(flag(told.subject));
                }
                1 => {
                    paragraphs[0] += 1.0;
                    subject_before = subject_before.max(flag(told.subject));
                }
                2 => paragraphs[1] += 1.0,
                3..=5 => paragraphs[2] += 1.0,
                _ => paragraphs[3] += 1.0,
            }
        }
        let mut next: Option<usize> = None;
        let mut ahead = 0.0_f32;
        for told in self.told.iter().skip(at) {
            if told.span.start() > around.end + AHEAD {
                break;
            }
            if told.draft != draft || told.quoted.is_some() {
                continue;
            }
            next = next.or(Some(told.span.start().saturating_sub(around.end)));
            if told.paragraph == around.paragraph {
                after += 1.0;
                subject = subject.max(flag(told.subject));
            } else if told.paragraph == around.paragraph + 1 {
                ahead += 1.0;
            }
        }
        let few = |count: f32| count.min(3.0) / 3.0;
        f.extend([few(before), few(after), subject, subject_before, few(ahead)]);
        f.extend(paragraphs.map(|count| count.ln_1p() / 2.0));
        for distance in [last, next] {
            f.push(distance.map_or(1.0, |d| (d as f32).ln_1p() / 9.0));
            f.push(flag(distance.is_none()));
        }
    }

    /// How many pronouns of what is told stand for the candidate: in the paragraph before and
    /// behind the quotation, in the paragraph before, and in the one behind.
    pub(super) fn pronoun_features(&self, around: &Around, draft: usize) -> [f32; 4] {
        let expressions = &self.decider.expressions;
        let from = around.paragraph.saturating_sub(1);
        let first = expressions
            .partition_point(|e| e.paragraph < from || e.span.start() + FAR < around.start);
        let mut counts = [0.0_f32; 4];
        for (index, expression) in expressions.iter().enumerate().skip(first) {
            let beyond = expression.span.start() > around.end + FAR;
            if expression.paragraph > around.paragraph + 1 || beyond {
                break;
            }
            let third = matches!(
                expression.what,
                What::Pronoun(Pronoun::He | Pronoun::She | Pronoun::I)
            );
            let resolved = self.decider.resolved.get(index).copied().flatten();
            if !third || expression.quoted.is_some() || resolved != Some(draft) {
                continue;
            }
            let slot = match expression.paragraph.cmp(&around.paragraph) {
                std::cmp::Ordering::Less => 2,
                std::cmp::Ordering::Greater => 3,
                std::cmp::Ordering::Equal => usize::from(expression.span.start() >= around.start),
            };
            if let Some(count) = counts.get_mut(slot) {
                *count += 1.0;
            }
        }
        counts.map(|count| count.min(4.0) / 4.0)
    }
}
