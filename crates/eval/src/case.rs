//! The quotations of one document, gold and predicted, matched one to one.

use dixit_document::{Document, Quotation};

use crate::align::{Alignment, align};
use crate::groups::{groups_of, keep_told};
use crate::measure::{Group, Mapping};
use crate::names::EntityMap;
use crate::options::Options;
use crate::region::Region;
use crate::text::Text;
use crate::told::Told;

/// From here on two contents are the same quotation.
pub(crate) const SAME: f64 = 0.5;

/// A quotation as it is compared.
pub(crate) struct Item<'d> {
    pub(crate) quotation: &'d Quotation,
    /// Boundary-stripped, in code points.
    pub(crate) content: Region,
    pub(crate) source: Region,
    pub(crate) groups: Vec<Group>,
    /// Gold: counts for nothing here, found or not.
    pub(crate) free: bool,
}

/// One document's quotations, aligned.
pub(crate) struct Case<'d> {
    pub(crate) gold: Vec<Item<'d>>,
    pub(crate) predicted: Vec<Item<'d>>,
    pub(crate) alignment: Alignment,
    entities: EntityMap,
    pub(crate) told: Told,
}

impl<'d> Case<'d> {
    pub(crate) fn new(
        text: &Text,
        gold: &'d Document,
        (predicted_text, predicted): (&Text, &'d Document),
        told: Told,
        options: &Options,
    ) -> Self {
        let entities = EntityMap::new(gold, predicted, options.oracle.cast);
        let read = |document: &'d Document, text: &Text, is_gold: bool| -> Vec<Item<'d>> {
            let quotations = document.quotations.iter().flatten();
            let items = quotations.map(|quotation| Item {
                quotation,
                content: text.stripped(&text.region(&quotation.content)),
                source: text.stripped(&text.region(&quotation.source)),
                groups: groups_of(document, text, quotation),
                free: is_gold && (options.is_free(quotation) || !quotation.ok),
            });
            items.collect()
        };
        let gold = read(gold, text, true);
        let mut predicted = read(predicted, predicted_text, false);
        let contents = |items: &[Item]| -> Vec<Region> {
            items.iter().map(|item| item.content.clone()).collect()
        };
        let (of_gold, of_predicted) = (contents(&gold), contents(&predicted));
        let alignment = align(
            &of_gold.iter().collect::<Vec<_>>(),
            &of_predicted.iter().collect::<Vec<_>>(),
            |g, p| {
                let (gold, predicted) = (&gold[g], &predicted[p]);
                let same_id = gold.quotation.id == predicted.quotation.id;
                let speaker = match (gold.quotation.speaker, predicted.quotation.speaker) {
                    (Some(gold), Some(predicted)) => entities.is(options.mapping, predicted, gold),
                    _ => false,
                };
                // Given quotations are known by their ids; found ones by what else agrees.
                u32::from(options.oracle.quotations && same_id) * 4
                    + u32::from(speaker) * 2
                    + u32::from(same_source(gold, predicted))
            },
        );
        let mut own: Vec<Vec<Group>> = predicted.iter().map(|item| item.groups.clone()).collect();
        let told_groups: Vec<Vec<Group>> = gold.iter().map(|item| item.groups.clone()).collect();
        keep_told(&mut own, &told_groups);
        for ((item, own), aligned) in predicted.iter_mut().zip(own).zip(&alignment.of_predicted) {
            item.groups = match aligned {
                Some((g, _)) => gold[*g].groups.clone(),
                None => own,
            };
        }
        Self {
            gold,
            predicted,
            alignment,
            entities,
            told,
        }
    }

    /// The prediction that is this gold quotation.
    pub(crate) fn found(&self, gold: usize) -> Option<&Item<'d>> {
        let (predicted, iou) = self.alignment.of_gold.get(gold).copied().flatten()?;
        if iou >= SAME {
            self.predicted.get(predicted)
        } else {
            None
        }
    }

    /// The gold quotation that this prediction is.
    pub(crate) fn matched(&self, predicted: usize) -> Option<&Item<'d>> {
        let (gold, iou) = self
            .alignment
            .of_predicted
            .get(predicted)
            .copied()
            .flatten()?;
        if iou >= SAME {
            self.gold.get(gold)
        } else {
            None
        }
    }

    pub(crate) fn right_speaker(&self, mapping: Mapping, gold: &Item, predicted: &Item) -> bool {
        match (gold.quotation.speaker, predicted.quotation.speaker) {
            (Some(gold), Some(predicted)) => self.entities.is(mapping, predicted, gold),
            _ => false,
        }
    }
}

/// Sources that overlap. Where the gold quotation has none, to predict none is right.
pub(crate) fn same_source(gold: &Item, predicted: &Item) -> bool {
    gold.source.overlap(&predicted.source) > 0
        || (gold.source.is_empty() && predicted.source.is_empty())
}

pub(crate) fn has_speaker(gold: &Item) -> bool {
    !gold.free && gold.quotation.speaker.is_some()
}
