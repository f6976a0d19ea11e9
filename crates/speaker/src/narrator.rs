//! A narrator who says “I”, and the name that others call such a narrator by.

use dixit_document::EntityType;

use crate::cast::{Cast, Draft};
use crate::dialogue::is_set_off;
use crate::mentions::{Expression, What};
use crate::names::Name;
use crate::pronouns::Pronoun;
use dixit_document::Quotation;

/// The narrator’s draft, if the text has one who talks with others.
pub(crate) fn narrator(
    text: &str,
    cast: &mut Cast,
    expressions: &[Expression],
    names: &[Name],
    bearers: &[usize],
    quotations: &[Quotation],
) -> Option<usize> {
    if !narrates(expressions) {
        return None;
    }
    let known = called(text, cast, expressions, names, bearers, quotations);
    let index = known.unwrap_or_else(|| {
        cast.add(Draft {
            kind: Some(EntityType::Person),
            label: Some("narrator"),
            ..Draft::default()
        })
    });
    cast.get_mut(index)?.narrates = true;
    Some(index)
}

/// Whether a narrator says “I”: often, and as the subject of verbs of speaking.
fn narrates(expressions: &[Expression]) -> bool {
    let (mut own, mut said, mut all) = (0_usize, 0_usize, 0_usize);
    for expression in expressions.iter().filter(|e| e.quoted.is_none()) {
        all += 1;
        if expression.what == What::Pronoun(Pronoun::I) {
            own += 1;
            said += usize::from(expression.source.is_some());
        }
    }
    said >= 2 && own * 20 > all
}

/// Whom people call by name though the one who tells never does: the narrator.
fn called(
    text: &str,
    cast: &Cast,
    expressions: &[Expression],
    names: &[Name],
    bearers: &[usize],
    quotations: &[Quotation],
) -> Option<usize> {
    // For each draft how often it is named by the narrator, by others, and addressed.
    let mut counts = vec![(0_usize, 0_usize, 0_usize); cast.drafts.len()];
    for expression in expressions {
        let What::Name(index) = expression.what else {
            continue;
        };
        let (Some(name), Some(count)) = (
            names.get(index),
            bearers.get(index).and_then(|&draft| counts.get_mut(draft)),
        ) else {
            continue;
        };
        let Some(quotation) = expression.quoted.and_then(|index| quotations.get(index)) else {
            count.0 += 1;
            continue;
        };
        count.1 += 1;
        count.2 +=
            usize::from(quotation.content.iter().any(|&content| {
                content.contains(name.span) && is_set_off(text, name.titled, content)
            }));
    }
    counts
        .iter()
        .enumerate()
        .filter(|(index, (told, said, addressed))| {
            *addressed >= 3
                && told * 6 <= said + told
                && cast.get(*index).is_some_and(Draft::is_person)
        })
        .max_by_key(|(index, (_, _, addressed))| (*addressed, std::cmp::Reverse(*index)))
        .map(|(index, _)| index)
}
