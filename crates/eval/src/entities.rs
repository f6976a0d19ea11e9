//! (e) Named entities: the same span and the same type, each counted once.

use std::collections::BTreeSet;

use dixit_document::{Document, Label};

use crate::measure::{Group, Measure};
use crate::region::Region;
use crate::sheet::Sheet;
use crate::tally::Tally;
use crate::text::Text;

/// Counts the named entities of one document.
pub(crate) fn count(
    sheet: &mut Sheet,
    text: &Text,
    gold: &Document,
    (predicted_text, predicted): (&Text, &Document),
) {
    if gold.named_entities.is_none() {
        return;
    }
    let gold = entities(gold, text);
    let predicted = entities(predicted, predicted_text);
    for entity in &gold {
        let tally = Tally::gold(f64::from(predicted.contains(entity)));
        sheet.add(
            Measure::NamedEntities,
            &[Group::All, Group::Label(entity.1)],
            tally,
        );
    }
    for entity in &predicted {
        let tally = Tally::predicted(f64::from(gold.contains(entity)));
        sheet.add(
            Measure::NamedEntities,
            &[Group::All, Group::Label(entity.1)],
            tally,
        );
    }
}

fn entities(document: &Document, text: &Text) -> BTreeSet<(Region, Label)> {
    let all = document.named_entities.iter().flatten();
    all.map(|entity| (text.region(&[entity.span]), entity.label))
        .collect()
}
