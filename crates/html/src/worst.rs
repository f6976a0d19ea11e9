//! What is got wrong most.

use std::collections::{BTreeMap, HashMap};

use dixit_document::{Document, Offsets};
use dixit_eval::{Group, Outcome, Report, Verdict};

use crate::verdicts::{ORDER, is_mistake};

/// How many rows a table shows.
const ROWS: usize = 8;

/// A group of gold items of which some were lost.
pub(crate) struct Loss {
    /// What they are.
    pub(crate) name: String,
    /// How many there are.
    pub(crate) all: usize,
    /// How many were lost.
    pub(crate) lost: usize,
}

impl Loss {
    /// The share that was lost, from 0 to 1.
    pub(crate) fn share(&self) -> f64 {
        self.lost as f64 / self.all.max(1) as f64
    }
}

/// Mistakes by their number, most frequent first.
pub(crate) fn mistakes(report: &Report) -> Vec<(Verdict, usize)> {
    let mut counts: Vec<(Verdict, usize)> = ORDER
        .into_iter()
        .filter(|verdict| is_mistake(*verdict))
        .map(|verdict| (verdict, report.count(verdict)))
        .filter(|(_, count)| *count > 0)
        .collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// Groups of gold quotations by how many of them were lost, under the report's main measure.
pub(crate) fn groups(report: &Report) -> Vec<Loss> {
    let Some(measure) = report.headline() else {
        return Vec::new();
    };
    let shown = |group: &Group| {
        matches!(
            group,
            Group::KindMarked(..)
                | Group::Mode(_)
                | Group::Reference(_)
                | Group::SourceForm(_)
                | Group::Label(_)
        )
    };
    let figures = report
        .figures
        .iter()
        .filter(|figure| figure.measure == measure && shown(&figure.group));
    let losses = figures.map(|figure| Loss {
        name: match &figure.group {
            Group::SourceForm(form) => format!("source: {form}"),
            Group::Mode(mode) => format!("mode: {mode}"),
            Group::Reference(reference) => format!("reference: {reference}"),
            group => group.to_string(),
        },
        all: figure.counts.gold.round() as usize,
        lost: (figure.counts.gold - figure.counts.right_gold)
            .round()
            .max(0.0) as usize,
    });
    first(losses.collect())
}

/// The most lost first, up to as many as are shown.
fn first(mut losses: Vec<Loss>) -> Vec<Loss> {
    losses.retain(|loss| loss.lost > 0);
    losses.sort_by(|a, b| b.lost.cmp(&a.lost).then_with(|| a.name.cmp(&b.name)));
    losses.truncate(ROWS);
    losses
}

/// Gold quotations by the words of their cue; and the cues of spurious ones.
pub(crate) struct Cues {
    pub(crate) lost: Vec<Loss>,
    pub(crate) spurious: Vec<(String, usize)>,
}

/// Counts the cues.
pub(crate) fn cues(report: &Report, gold: &[Document]) -> Cues {
    let texts: HashMap<&str, (&str, Offsets)> = gold
        .iter()
        .map(|document| {
            (
                document.id.as_str(),
                (document.text.as_str(), Offsets::new(&document.text)),
            )
        })
        .collect();
    let words = |outcome: &Outcome, spans: &[(u32, u32)]| -> Option<String> {
        let (text, offsets) = texts.get(outcome.document.as_str())?;
        let parts = spans.iter().filter_map(|&(start, end)| {
            text.get(offsets.byte(start as usize)?..offsets.byte(end as usize)?)
        });
        let words = parts.collect::<Vec<_>>().join(" … ").to_lowercase();
        Some(if words.is_empty() {
            "(no cue)".to_owned()
        } else {
            words
        })
    };
    let mut gold_cues: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut spurious: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in &report.outcomes {
        match (&outcome.gold, &outcome.predicted) {
            (Some(side), _) if outcome.verdict != Verdict::Free => {
                if let Some(words) = words(outcome, &side.cue) {
                    let counts = gold_cues.entry(words).or_default();
                    counts.0 += 1;
                    counts.1 += usize::from(is_mistake(outcome.verdict));
                }
            }
            (None, Some(side)) => {
                if let Some(words) = words(outcome, &side.cue) {
                    *spurious.entry(words).or_default() += 1;
                }
            }
            _ => {}
        }
    }
    let losses = gold_cues
        .into_iter()
        .map(|(name, (all, lost))| Loss { name, all, lost });
    let mut spurious: Vec<(String, usize)> = spurious.into_iter().collect();
    spurious.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    spurious.truncate(ROWS);
    // Data that mark no cue say nothing by it.
    let mut lost = first(losses.collect());
    if lost.iter().all(|loss| loss.name == "(no cue)") {
        lost.clear();
    }
    Cues { lost, spurious }
}

/// Gold quotations by length in words.
pub(crate) fn lengths(report: &Report) -> Vec<Loss> {
    let bounds = [(1, 5), (6, 15), (16, 30), (31, 60), (61, usize::MAX)];
    let mut losses: Vec<Loss> = bounds
        .iter()
        .map(|&(low, high)| Loss {
            name: match high {
                usize::MAX => format!("over {} words", low - 1),
                _ => format!("{low}–{high} words"),
            },
            all: 0,
            lost: 0,
        })
        .collect();
    for outcome in report
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict != Verdict::Free)
    {
        let Some(gold) = &outcome.gold else { continue };
        let words = gold.text.split_whitespace().count().max(1);
        let at = bounds
            .iter()
            .position(|&(low, high)| (low..=high).contains(&words));
        if let Some(loss) = at.and_then(|at| losses.get_mut(at)) {
            loss.all += 1;
            loss.lost += usize::from(is_mistake(outcome.verdict));
        }
    }
    losses.retain(|loss| loss.all > 0);
    losses
}

/// Who is taken for whom, most often first.
pub(crate) fn confusions(report: &Report) -> Vec<(String, String, usize)> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for outcome in report
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict == Verdict::WrongSpeaker)
    {
        if let (Some(gold), Some(predicted)) = (&outcome.gold, &outcome.predicted)
            && let (Some(gold), Some(predicted)) = (&gold.speaker, &predicted.speaker)
        {
            *counts.entry((gold, predicted)).or_default() += 1;
        }
    }
    let mut all: Vec<(String, String, usize)> = counts
        .into_iter()
        .map(|((gold, predicted), count)| (gold.to_owned(), predicted.to_owned(), count))
        .collect();
    all.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    all.truncate(ROWS);
    all
}

/// Predictions by how sure they are, in tenths: how many there are and how many are right.
pub(crate) fn sureness(report: &Report) -> Vec<(usize, usize, usize)> {
    let mut bins = vec![(0, 0); 10];
    for outcome in report
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict != Verdict::Free)
    {
        let Some(side) = &outcome.predicted else {
            continue;
        };
        let bin = ((f64::from(side.confidence) * 10.0).floor() as usize).min(9);
        if let Some(bin) = bins.get_mut(bin) {
            bin.0 += 1;
            bin.1 += usize::from(outcome.verdict == Verdict::Right);
        }
    }
    let bins = bins
        .into_iter()
        .enumerate()
        .filter(|(_, (all, _))| *all > 0);
    bins.map(|(bin, (all, right))| (bin, all, right)).collect()
}
