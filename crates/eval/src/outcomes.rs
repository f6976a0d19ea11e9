//! From matched quotations to what became of each.

use dixit_document::Document;

use crate::case::{Case, Item, SAME, has_speaker, same_source};
use crate::measure::Mapping;
use crate::options::Options;
use crate::outcome::{Outcome, Side, Verdict};
use crate::text::Text;

impl Case<'_> {
    /// The outcome of every quotation, in text order.
    pub(crate) fn outcomes(
        &self,
        (text, gold): (&Text, &Document),
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
        confidence: quotation.confidence,
    }
}
