//! (b) Who said what end to end, (c) speakers of gold quotations, and the outcome of every single
//! quotation.

use dixit_document::{Document, EntityId, Quotation};

use crate::align::{Alignment, align};
use crate::clusters;
use crate::groups::{groups_of, keep_told};
use crate::measure::{ClusterMeasure, Group, Mapping, Measure};
use crate::names::EntityMap;
use crate::options::Options;
use crate::outcome::{Outcome, Side, Verdict};
use crate::region::{Region, overlapping};
use crate::sheet::Sheet;
use crate::tally::Tally;
use crate::text::Text;
use crate::told::Told;

/// From here on two contents are the same quotation.
pub(crate) const SAME: f64 = 0.5;

/// A quotation as it is compared.
struct Item<'d> {
    quotation: &'d Quotation,
    /// Boundary-stripped, in code points.
    content: Region,
    source: Region,
    groups: Vec<Group>,
    /// Gold: counts for nothing here, found or not.
    free: bool,
}

/// One document's quotations, aligned.
struct Case<'d> {
    gold: Vec<Item<'d>>,
    predicted: Vec<Item<'d>>,
    alignment: Alignment,
    entities: EntityMap,
    told: Told,
}

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
    case.outcomes(text, gold, (predicted_text, predicted), options)
}

impl<'d> Case<'d> {
    fn new(
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
    fn found(&self, gold: usize) -> Option<&Item<'d>> {
        let (predicted, iou) = self.alignment.of_gold.get(gold).copied().flatten()?;
        if iou >= SAME {
            self.predicted.get(predicted)
        } else {
            None
        }
    }

    /// The gold quotation that this prediction is.
    fn matched(&self, predicted: usize) -> Option<&Item<'d>> {
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

    fn right_speaker(&self, mapping: Mapping, gold: &Item, predicted: &Item) -> bool {
        match (gold.quotation.speaker, predicted.quotation.speaker) {
            (Some(gold), Some(predicted)) => self.entities.is(mapping, predicted, gold),
            _ => false,
        }
    }

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

    fn outcomes(
        &self,
        text: &Text,
        gold: &Document,
        (predicted_text, predicted): (&Text, &Document),
        options: &Options,
    ) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(self.gold.len());
        for (index, item) in self.gold.iter().enumerate() {
            let aligned = self.alignment.of_gold.get(index).copied().flatten();
            let other = aligned
                .filter(|(_, iou)| *iou >= SAME || !item.free)
                .and_then(|(p, iou)| Some((self.predicted.get(p)?, iou)));
            let found = other.filter(|(_, iou)| *iou >= SAME).map(|(item, _)| item);
            let source = found
                .filter(|_| self.told.sources && !item.free)
                .map(|found| same_source(item, found));
            let speaker = |mapping| {
                found
                    .filter(|_| has_speaker(item))
                    .map(|found| self.right_speaker(mapping, item, found))
            };
            let (strict, majority) = (speaker(Mapping::Strict), speaker(Mapping::Majority));
            let judged = match options.mapping {
                Mapping::Strict => strict,
                Mapping::Majority => majority,
            };
            let verdict = match (found, other) {
                _ if item.free => Verdict::Free,
                (None, Some(_)) => Verdict::WrongSpan,
                (None, None) => Verdict::Missed,
                (Some(found), _) => match (judged, source) {
                    (Some(true), _) => Verdict::Right,
                    (Some(false), _) if found.quotation.speaker.is_none() => Verdict::NoSpeaker,
                    (Some(false), _) => Verdict::WrongSpeaker,
                    (None, Some(false)) if !self.told.speakers => Verdict::WrongSource,
                    (None, _) => Verdict::Right,
                },
            };
            outcomes.push(Outcome {
                document: gold.id.clone(),
                verdict,
                gold: Some(side(gold, text, item)),
                predicted: other.map(|(item, _)| side(predicted, predicted_text, item)),
                overlap: other.map_or(0.0, |(_, iou)| iou),
                exact: other.is_some_and(|(other, _)| other.content == item.content),
                source,
                strict,
                majority,
            });
        }
        for (index, item) in self.predicted.iter().enumerate() {
            let aligned = self.alignment.of_predicted.get(index).copied().flatten();
            let listed = aligned.is_some_and(|(g, iou)| {
                iou >= SAME || self.gold.get(g).is_some_and(|gold| !gold.free)
            });
            if !listed {
                outcomes.push(Outcome {
                    document: gold.id.clone(),
                    verdict: Verdict::Spurious,
                    gold: None,
                    predicted: Some(side(predicted, predicted_text, item)),
                    overlap: 0.0,
                    exact: false,
                    source: None,
                    strict: None,
                    majority: None,
                });
            }
        }
        let start = |outcome: &Outcome| {
            let side = outcome.gold.as_ref().or(outcome.predicted.as_ref());
            side.and_then(|side| side.content.first().copied())
                .unwrap_or_default()
        };
        outcomes.sort_by_key(start);
        outcomes
    }
}

/// Sources that overlap. Where the gold quotation has none, to predict none is right.
fn same_source(gold: &Item, predicted: &Item) -> bool {
    gold.source.overlap(&predicted.source) > 0
        || (gold.source.is_empty() && predicted.source.is_empty())
}

fn has_speaker(gold: &Item) -> bool {
    !gold.free && gold.quotation.speaker.is_some()
}

fn side(document: &Document, text: &Text, item: &Item) -> Side {
    let quotation = item.quotation;
    let content = text.region(&quotation.content);
    let source = text.region(&quotation.source);
    let speaker = quotation
        .speaker
        .and_then(|speaker| document.entities.get(speaker.index()));
    Side {
        id: quotation.id.clone(),
        text: text.of(&content),
        content: content.pieces().to_vec(),
        cue: text.region(&quotation.cue).pieces().to_vec(),
        source_text: text.of(&source),
        source: source.pieces().to_vec(),
        speaker: speaker.map(|entity| entity.name.clone()),
        kind: quotation.kind.map(|kind| kind.as_str()),
        mode: quotation.mode.map(|mode| mode.as_str()),
        marked: quotation.marked,
    }
}
