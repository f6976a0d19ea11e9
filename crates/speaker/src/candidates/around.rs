//! What stands around words, and what the expression beside them says of a candidate.

use dixit_document::Gender;

use super::address::Address;
use super::{Around, Group, Reader, flag};
use crate::beside::Bond;
use crate::mentions::What;
use crate::pronouns::Pronoun;

impl Reader<'_, '_> {
    pub(super) fn around(&self, quotation: usize, turn: usize, start: usize, end: usize) -> Around {
        let decider = self.decider;
        let group = self.groups.get(turn).cloned().unwrap_or_default();
        let near = decider.beside_or_source(quotation);
        let beside = near.and_then(|(bond, index)| {
            let expression = decider.expressions.get(index)?;
            let draft = decider.resolved.get(index).copied().flatten();
            Some((bond, expression.what.clone(), draft))
        });
        let weighed = near
            .and_then(|(_, index)| decider.reasons.get(&index))
            .map_or(Vec::new(), |reason| reason.weighed.clone());
        let wanted = match &beside {
            Some((_, What::Pronoun(Pronoun::He), _)) => Some(Gender::Male),
            Some((_, What::Pronoun(Pronoun::She), _)) => Some(Gender::Female),
            Some((Bond::Verb, What::Pronoun(Pronoun::It), _)) => Some(Gender::Other),
            Some((_, What::Phrase(phrase), _)) => phrase.gender(),
            _ => None,
        };
        let mut context = vec![0.0; 10];
        let slot = match &beside {
            None => 0,
            Some((Bond::Verb, What::Name(_) | What::Names(..), _)) => 1,
            Some((Bond::Verb, What::Phrase(_), _)) => 2,
            Some((Bond::Verb, What::Pronoun(Pronoun::He | Pronoun::She), _)) => 3,
            Some((Bond::Verb, What::Pronoun(Pronoun::I), _)) => 4,
            Some((Bond::Verb, What::Pronoun(_), _)) => 5,
            Some((Bond::Beat, What::Name(_) | What::Names(..), _)) => 6,
            Some((Bond::Beat, What::Phrase(_), _)) => 7,
            Some((Bond::Beat, What::Pronoun(Pronoun::I), _)) => 8,
            Some((Bond::Beat, What::Pronoun(_), _)) => 9,
        };
        if let Some(value) = context.get_mut(slot) {
            *value = 1.0;
        }
        let contents = self.contents(quotation);
        let paragraph = decider.layout.paragraphs.get(group.paragraph).copied();
        let words = |from: usize, to: usize| {
            decider
                .text
                .get(from..to.max(from))
                .unwrap_or("")
                .chars()
                .any(char::is_alphanumeric)
        };
        let opens = paragraph.is_some_and(|p| !words(p.start(), start));
        let closes = paragraph.is_some_and(|p| !words(end, p.end()));
        context.extend([flag(opens), flag(closes), flag(group.goes_on)]);
        let gap = |other: Option<&Group>| {
            other.map_or(9, |other| group.paragraph.abs_diff(other.paragraph))
        };
        for gap in [
            gap(turn.checked_sub(1).and_then(|t| self.groups.get(t))),
            gap(self.groups.get(turn + 1)),
        ] {
            context.extend([flag(gap == 1), flag(gap == 2), flag(gap > 3)]);
        }
        let members = self.members.get(turn).map_or(&[][..], Vec::as_slice);
        let place = members.iter().position(|&m| m == quotation).unwrap_or(0);
        context.extend([
            flag(place == 0),
            flag(place + 1 == members.len()),
            ((end - start) as f32).ln_1p() / 8.0,
            flag(decider.narrator.is_some()),
        ]);
        Around {
            quotation,
            start,
            end,
            turn,
            paragraph: group.paragraph,
            beside,
            weighed,
            wanted,
            context,
            lead: self.lead(quotation, turn, start),
            address: Address::read(decider.text, contents),
            apart: self.apart(quotation, group.paragraph, start, end),
            company: self.company(group.paragraph, start, end, wanted),
        }
    }

    /// What the expression beside the quotation says of the candidate.
    pub(super) fn beside_features(&self, around: &Around, draft: usize, f: &mut Vec<f32>) {
        let mut found = [0.0; 8];
        let mut other = 0.0;
        if let Some((bond, what, resolved)) = &around.beside {
            let slot = match what {
                What::Name(_) | What::Names(..) => 0,
                What::Phrase(_) => 1,
                What::Pronoun(_) => 2,
            } + 3 * usize::from(*bond == Bond::Beat);
            if *resolved == Some(draft) {
                if let Some(value) = found.get_mut(slot) {
                    *value = 1.0;
                }
            } else if slot % 3 == 0 {
                other = 1.0;
            }
            let best = around.weighed.first().map_or(1.0, |&(_, score)| score);
            let share = around
                .weighed
                .iter()
                .find(|(other, _)| *other == draft)
                .map_or(0.0, |&(_, score)| score / best.max(f32::EPSILON));
            if let Some(value) = found.get_mut(6 + usize::from(*bond == Bond::Beat)) {
                *value = share;
            }
        }
        f.extend(found);
        f.push(other);
        let agreement = self.agreement(draft, around.wanted);
        f.extend([
            flag(agreement > 0.0),
            flag(agreement < 0.0),
            flag(around.wanted.is_some()),
        ]);
        let narrator = self.decider.narrator == Some(draft);
        let own = matches!(around.beside, Some((_, What::Pronoun(Pronoun::I), _)));
        f.extend([flag(narrator), flag(narrator && own)]);
    }
}
