//! (b) Who said what, end to end; (c) speakers of gold quotations; (d) their clusters.

use dixit_document::{Document, EntityId};

use crate::case::{Case, Item, SAME, has_speaker, same_source};
use crate::clusters;
use crate::measure::{ClusterMeasure, Group, Mapping, Measure};
use crate::options::Options;
use crate::outcome::Outcome;
use crate::region::{Region, overlapping};
use crate::sheet::Sheet;
use crate::tally::Tally;
use crate::text::Text;
use crate::told::Told;

/// Counts the quotations of one document and says what became of each.
pub(crate) fn count(
    sheet: &mut Sheet,
    text: &Text,
    gold: &Document,
    (predicted_text, predicted): (&Text, &Document),
    told: Told,
    options: &Options,
) -> Vec<Outcome> {
    if gold.quotations.is_none() {
        return Vec::new();
    }
    let case = Case::new(text, gold, (predicted_text, predicted), told, options);
    case.records(sheet);
    case.detection(sheet);
    if told.sources {
        case.attribution(sheet);
    }
    if told.speakers {
        for &mapping in Mapping::ALL {
            case.speaker_f1(sheet, mapping);
            case.speaker_accuracy(sheet, mapping);
        }
        case.speaker_coverage(sheet);
        case.clusters(sheet);
    }
    case.outcomes((text, gold), (predicted_text, predicted), options)
}

impl Case<'_> {
    /// The share of the predictions that are some gold attribution, whichever.
    fn records(&self, sheet: &mut Sheet) {
        let gold: Vec<&Region> = self.gold.iter().map(|item| &item.content).collect();
        let predicted: Vec<&Region> = self.predicted.iter().map(|item| &item.content).collect();
        let mut is_some = vec![false; predicted.len()];
        for (g, p) in overlapping(&gold, &predicted) {
            is_some[p] |= gold[g].iou(predicted[p]) >= SAME;
        }
        for (item, is_some) in self.predicted.iter().zip(is_some) {
            let tally = Tally::predicted(f64::from(is_some));
            sheet.add(Measure::RecordPrecision, &item.groups, tally);
        }
    }

    /// Counts gold quotations in `scope` and all predictions but those that are a gold quotation
    /// out of scope.
    fn end_to_end(
        &self,
        sheet: &mut Sheet,
        measure: Measure,
        scope: impl Fn(&Item) -> bool,
        right: impl Fn(&Item, &Item) -> bool,
    ) {
        for (index, gold) in self.gold.iter().enumerate().filter(|(_, gold)| scope(gold)) {
            let right = self
                .found(index)
                .is_some_and(|predicted| right(gold, predicted));
            sheet.add(measure, &gold.groups, Tally::gold(f64::from(right)));
        }
        for (index, predicted) in self.predicted.iter().enumerate() {
            let right = match self.matched(index) {
                Some(gold) if !scope(gold) => continue,
                Some(gold) => right(gold, predicted),
                None => false,
            };
            sheet.add(
                measure,
                &predicted.groups,
                Tally::predicted(f64::from(right)),
            );
        }
    }

    fn detection(&self, sheet: &mut Sheet) {
        self.end_to_end(sheet, Measure::Detection, |gold| !gold.free, |_, _| true);
    }

    fn attribution(&self, sheet: &mut Sheet) {
        self.end_to_end(sheet, Measure::Attribution, |gold| !gold.free, same_source);
    }

    fn speaker_f1(&self, sheet: &mut Sheet, mapping: Mapping) {
        self.end_to_end(
            sheet,
            Measure::SpeakerF1(mapping),
            has_speaker,
            |gold, predicted| self.right_speaker(mapping, gold, predicted),
        );
    }

    fn speaker_accuracy(&self, sheet: &mut Sheet, mapping: Mapping) {
        let (mut asked, mut answered_rightly) = (0.0, 0.0);
        for (index, gold) in self
            .gold
            .iter()
            .enumerate()
            .filter(|(_, gold)| has_speaker(gold))
        {
            let found = self.found(index);
            let answered = found.is_some_and(|item| item.quotation.speaker.is_some());
            let right = found.is_some_and(|item| self.right_speaker(mapping, gold, item));
            let (answered, right) = (f64::from(answered), f64::from(right));
            let tally = Tally {
                gold: 1.0,
                predicted: answered,
                right_gold: right,
                right_predicted: right,
            };
            sheet.add(Measure::SpeakerAccuracy(mapping), &gold.groups, tally);
            if found.is_some() {
                sheet.add(
                    Measure::SpeakerOfFound(mapping),
                    &gold.groups,
                    Tally::gold(right),
                );
            }
            asked += 1.0;
            answered_rightly += right;
        }
        if asked > 0.0 {
            let tally = Tally::gold(answered_rightly / asked);
            sheet.add(Measure::SpeakerMacro(mapping), &[Group::All], tally);
        }
    }

    fn speaker_coverage(&self, sheet: &mut Sheet) {
        for (index, gold) in self
            .gold
            .iter()
            .enumerate()
            .filter(|(_, gold)| has_speaker(gold))
        {
            let found = self.found(index);
            let answered = found.is_some_and(|item| item.quotation.speaker.is_some());
            sheet.add(
                Measure::SpeakerCoverage,
                &gold.groups,
                Tally::gold(f64::from(answered)),
            );
        }
    }

    fn clusters(&self, sheet: &mut Sheet) {
        let items: Vec<(u32, Option<u32>)> = self
            .gold
            .iter()
            .enumerate()
            .filter(|(_, gold)| has_speaker(gold))
            .filter_map(|(index, gold)| {
                let predicted = self.found(index).and_then(|item| item.quotation.speaker);
                Some((gold.quotation.speaker?.0, predicted.map(|EntityId(id)| id)))
            })
            .collect();
        if items.is_empty() {
            return;
        }
        let scores = clusters::score(&items);
        let mut add = |measure, tally| {
            sheet.add(Measure::Clusters(measure), &[Group::All], tally);
        };
        add(ClusterMeasure::Muc, scores.muc);
        add(ClusterMeasure::BCubed, scores.b_cubed);
        add(ClusterMeasure::CeafE, scores.ceaf_e);
    }
}
