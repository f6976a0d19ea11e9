//! From two lists of documents to a report.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use dixit_document::Document;
use rayon::prelude::*;

use crate::bootstrap::{Resamples, Series, interval};
use crate::measure::{ClusterMeasure, Group, Measure};
use crate::options::Options;
use crate::outcome::Outcome;
use crate::report::{Counts, Figure, Problem, Report};
use crate::sheet::Sheet;
use crate::tally::Tally;
use crate::text::Text;
use crate::told::Told;
use crate::{entities, quotations, spans};

/// Measures `predicted` against `gold`.
///
/// Documents are paired by id. A gold document without a prediction is scored as if nothing had
/// been found in it; a prediction without a gold document is left out; both are named among the
/// report's problems. A layer counts where the gold data annotate it: the same call scores
/// PolNeAR's spans, PDNC's speakers and CoNLL's named entities.
///
/// The result does not depend on the number of threads.
#[must_use]
pub fn evaluate(gold: &[Document], predicted: &[Document], options: &Options) -> Report {
    let scored = score(gold, predicted, options);
    let resamples = Resamples::new(gold.len(), options.replicates, options.seed);
    let table = Table::new(gold, &scored.sheets);
    let mut figures = table.figures(&resamples);
    if options.by_document {
        figures.extend(document_figures(gold, scored.sheets));
    }
    Report {
        options: options.clone(),
        counts: scored.counts,
        figures,
        outcomes: scored.outcomes,
        problems: scored.problems,
    }
}

/// Everything counted, before any quotient.
pub(crate) struct Scored {
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) outcomes: Vec<Outcome>,
    counts: Counts,
    pub(crate) problems: Vec<Problem>,
}

pub(crate) fn score(gold: &[Document], predicted: &[Document], options: &Options) -> Scored {
    let (pairs, problems) = pair(gold, predicted);
    let told = Told::by_genre(gold);
    let nothing = Document::default();
    let (sheets, outcomes): (Vec<Sheet>, Vec<Vec<Outcome>>) = pairs
        .par_iter()
        .map(|(gold, predicted)| {
            let told = told
                .get(&gold.genre.as_deref())
                .copied()
                .unwrap_or_default();
            score_document(gold, predicted.unwrap_or(&nothing), told, options)
        })
        .unzip();
    let all =
        |documents: &[Document], count: fn(&Document) -> usize| documents.iter().map(count).sum();
    let quotations = |document: &Document| document.quotations.as_ref().map_or(0, Vec::len);
    let named_entities = |document: &Document| document.named_entities.as_ref().map_or(0, Vec::len);
    let counts = Counts {
        documents: gold.len(),
        predicted_documents: predicted.len(),
        quotations: all(gold, quotations),
        predicted_quotations: all(predicted, quotations),
        named_entities: all(gold, named_entities),
        predicted_named_entities: all(predicted, named_entities),
    };
    Scored {
        sheets,
        outcomes: outcomes.into_iter().flatten().collect(),
        counts,
        problems,
    }
}

/// Each gold document with its prediction. A name used twice pairs first with first.
fn pair<'d>(
    gold: &'d [Document],
    predicted: &'d [Document],
) -> (Vec<(&'d Document, Option<&'d Document>)>, Vec<Problem>) {
    let mut by_id: HashMap<&str, VecDeque<&Document>> = HashMap::new();
    for document in predicted {
        by_id
            .entry(document.id.as_str())
            .or_default()
            .push_back(document);
    }
    let mut problems = Vec::new();
    let mut problem = |document: &Document, message: &str| {
        problems.push(Problem {
            document: document.id.clone(),
            message: message.to_owned(),
        });
    };
    let mut pairs = Vec::with_capacity(gold.len());
    for document in gold {
        let other = by_id
            .get_mut(document.id.as_str())
            .and_then(|all| all.pop_front());
        match other {
            None => problem(
                document,
                "not among the predictions; all of it counts as missed",
            ),
            Some(other) if !other.text.is_empty() && other.text != document.text => problem(
                document,
                "the predictions were made on another text; their offsets may not fit",
            ),
            Some(_) => {}
        }
        pairs.push((document, other));
    }
    for document in predicted {
        if let Some(all) = by_id.get_mut(document.id.as_str()) {
            for document in all.drain(..) {
                problem(document, "not among the gold documents; left out");
            }
        }
    }
    (pairs, problems)
}

fn score_document(
    gold: &Document,
    predicted: &Document,
    told: Told,
    options: &Options,
) -> (Sheet, Vec<Outcome>) {
    let mut sheet = Sheet::default();
    let text = Text::new(&gold.text);
    // Predictions without a text of their own are read against the gold text.
    let other = (!predicted.text.is_empty() && predicted.text != gold.text)
        .then(|| Text::new(&predicted.text));
    let predicted = (other.as_ref().unwrap_or(&text), predicted);
    spans::count(&mut sheet, &text, gold, predicted, told, options);
    entities::count(&mut sheet, &text, gold, predicted);
    let outcomes = quotations::count(&mut sheet, &text, gold, predicted, told, options);
    (sheet, outcomes)
}

/// All counts by measure and group.
pub(crate) struct Table {
    series: BTreeMap<(Measure, Group), Series>,
}

impl Table {
    pub(crate) fn new(gold: &[Document], sheets: &[Sheet]) -> Self {
        let mut series: BTreeMap<(Measure, Group), Series> = BTreeMap::new();
        for (index, (document, sheet)) in (0_u32..).zip(gold.iter().zip(sheets)) {
            for (&(measure, ref group), &tally) in sheet.cells() {
                series
                    .entry((measure, group.clone()))
                    .or_default()
                    .push((index, tally));
                if let (Group::All, Some(genre)) = (group, &document.genre) {
                    let genre = Group::Genre(genre.clone());
                    series
                        .entry((measure, genre))
                        .or_default()
                        .push((index, tally));
                }
            }
        }
        // What predictions say of themselves in documents without gold quotations opens no
        // dimension that the gold data do not have.
        let has_gold = |series: &Series| series.iter().any(|(_, tally)| tally.gold > 0.0);
        let told: HashSet<&str> = series
            .iter()
            .filter(|(_, series)| has_gold(series))
            .map(|((_, group), _)| group.dimension())
            .collect();
        series.retain(|(_, group), _| {
            matches!(group, Group::All | Group::Genre(_)) || told.contains(group.dimension())
        });
        Self { series }
    }

    /// Every figure with its interval, in order.
    fn figures(&self, resamples: &Resamples) -> Vec<Figure> {
        let figures = self.replicated(resamples).into_iter();
        figures
            .map(|(figure, values)| Figure {
                interval: interval(&values),
                ..figure
            })
            .collect()
    }

    /// Every figure with its value in each replicate, in order.
    pub(crate) fn replicated(&self, resamples: &Resamples) -> Vec<Replicated> {
        let entries: Vec<(&(Measure, Group), &Series)> = self.series.iter().collect();
        let mut figures: Vec<Replicated> = entries
            .par_iter()
            .map(|((measure, group), series)| {
                let mut total = Tally::default();
                series.iter().for_each(|(_, tally)| total += *tally);
                let sums = resamples.sums(series);
                let values = sums.iter().map(|sum| measure.value(sum)).collect();
                (Figure::new(*measure, group.clone(), total), values)
            })
            .collect();
        let mean = conll(&figures);
        figures.extend(mean);
        figures.sort_by(|(a, _), (b, _)| (a.measure, &a.group).cmp(&(b.measure, &b.group)));
        figures
    }
}

/// A figure, and its value in every replicate.
pub(crate) type Replicated = (Figure, Vec<Option<f64>>);

/// The CoNLL average wherever its three parts are, in every replicate as well.
fn conll(figures: &[Replicated]) -> Vec<Replicated> {
    let part = |measure, group: &Group| {
        figures.iter().find(|(figure, _)| {
            figure.measure == Measure::Clusters(measure) && figure.group == *group
        })
    };
    let groups = figures
        .iter()
        .filter(|(figure, _)| figure.measure == Measure::Clusters(ClusterMeasure::BCubed));
    let mut means = Vec::new();
    for (b_cubed, b_values) in groups {
        let group = &b_cubed.group;
        let (Some((muc, m_values)), Some((ceaf, c_values))) = (
            part(ClusterMeasure::Muc, group),
            part(ClusterMeasure::CeafE, group),
        ) else {
            continue;
        };
        // Without any links MUC is undefined, and counts as the scorers of CoNLL-2012 count it.
        let mean = |m: Option<f64>, b: Option<f64>, c: Option<f64>| {
            Some((m.unwrap_or(0.0) + b? + c?) / 3.0)
        };
        let measure = Measure::Clusters(ClusterMeasure::Conll);
        let mut figure = Figure::new(measure, group.clone(), Tally::default());
        figure.value = mean(muc.value, b_cubed.value, ceaf.value);
        let values = m_values.iter().zip(b_values).zip(c_values);
        let values = values.map(|((m, b), c)| mean(*m, *b, *c)).collect();
        means.push((figure, values));
    }
    means
}

/// The figures of single documents: all groups together, and no interval.
fn document_figures(gold: &[Document], sheets: Vec<Sheet>) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (document, sheet) in gold.iter().zip(sheets) {
        let mut own: Vec<Figure> = sheet
            .into_cells()
            .filter(|((measure, group), _)| *group == Group::All && measure.is_main())
            .map(|((measure, _), tally)| {
                Figure::new(measure, Group::Document(document.id.clone()), tally)
            })
            .collect();
        own.sort_by_key(|figure| figure.measure);
        figures.extend(own);
    }
    figures
}
