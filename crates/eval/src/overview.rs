//! The tables in which a person reads a report.

use std::collections::BTreeSet;

use dixit_document::Role;

use crate::measure::{Boundaries, Group, Mapping, Measure, SpanMeasure};
use crate::report::{Figure, Report};
use crate::table::Table;

/// Up to so many documents are shown one by one.
const SHOWN_DOCUMENTS: usize = 30;

/// By what reports break figures down, in the order of their tables.
const DIMENSIONS: &[&str] = &[
    "kind",
    "marked",
    "kind and marked",
    "mode",
    "reference",
    "source form",
    "entity type",
    "genre",
];

impl Report {
    /// The tables, each with its title.
    pub(crate) fn tables(&self) -> Vec<(String, Table)> {
        let mut tables = self.sections();
        for dimension in DIMENSIONS {
            let table = self.breakdown(dimension);
            if !table.is_empty() {
                tables.push((format!("by {dimension}"), table));
            }
        }
        let documents = self.documents();
        if !documents.is_empty() {
            tables.push(("by document".to_owned(), documents));
        }
        tables
    }

    /// All measures over all items.
    fn sections(&self) -> Vec<(String, Table)> {
        let mut tables: Vec<(String, Table)> = Vec::new();
        let all = self
            .figures
            .iter()
            .filter(|figure| figure.group == Group::All);
        for figure in all.filter(|figure| is_in_overview(figure.measure)) {
            let title = figure.section;
            if tables.last().is_none_or(|(last, _)| last != title) {
                tables.push((title.to_owned(), Table::new(&header(""))));
            }
            if let Some((_, table)) = tables.last_mut() {
                table.row(std::iter::once(figure.measure.to_string()).chain(cells(figure)));
            }
        }
        tables
    }

    /// The main measures in every group of one dimension.
    fn breakdown(&self, dimension: &str) -> Table {
        let here = |figure: &&Figure| figure.dimension == dimension && figure.counts.gold > 0.0;
        let figures: Vec<&Figure> = self
            .figures
            .iter()
            .filter(here)
            .filter(|figure| self.is_in_breakdown(figure.measure))
            .collect();
        let groups: BTreeSet<&Group> = figures.iter().map(|figure| &figure.group).collect();
        let says_something = |group: &Group| match group {
            // A kind that is always marked, or never, has its figures under “kind”.
            Group::KindMarked(kind, marked) => groups.contains(&Group::KindMarked(*kind, !marked)),
            Group::Genre(_) => groups.len() > 1,
            _ => true,
        };
        let mut table = Table::new(&header(dimension));
        let mut last = None;
        for figure in figures
            .into_iter()
            .filter(|figure| says_something(&figure.group))
        {
            // The measure stands before its first group only.
            let measure = figure.measure;
            let name = if last == Some(measure) {
                String::new()
            } else {
                measure.to_string()
            };
            last = Some(measure);
            let names = [name, figure.group.to_string()];
            table.row(names.into_iter().chain(cells(figure)));
        }
        table
    }

    /// The main values of every document, if they are few.
    fn documents(&self) -> Table {
        let mut groups: Vec<&Group> = Vec::new();
        let mut measures: BTreeSet<Measure> = BTreeSet::new();
        for figure in self
            .figures
            .iter()
            .filter(|figure| figure.dimension == "document")
        {
            if groups.last() != Some(&&figure.group) {
                groups.push(&figure.group);
            }
            if self.is_in_breakdown(figure.measure) {
                measures.insert(figure.measure);
            }
        }
        let names: Vec<String> = measures.iter().map(Measure::to_string).collect();
        let mut table = Table::new(
            &std::iter::once("")
                .chain(names.iter().map(String::as_str))
                .collect::<Vec<_>>(),
        );
        if groups.len() < 2 || groups.len() > SHOWN_DOCUMENTS {
            return table;
        }
        for group in groups {
            let values = measures.iter().map(|&measure| {
                self.figure(measure, group)
                    .map_or_else(String::new, |figure| percent(figure.value))
            });
            table.row(std::iter::once(group.to_string()).chain(values));
        }
        table
    }

    /// One span figure, one for the whole, one for the speakers.
    fn is_in_breakdown(&self, measure: Measure) -> bool {
        let mapping = |mapping: Mapping| mapping == self.options.mapping;
        match measure {
            Measure::Spans(role, SpanMeasure::Exact, Boundaries::Stripped) => role == Role::Content,
            Measure::SpeakerF1(by) | Measure::SpeakerAccuracy(by) => mapping(by),
            Measure::NamedEntities | Measure::Attribution => true,
            // Where no sources are told, finding the quotation is the whole.
            Measure::Detection => self.figure(Measure::Attribution, &Group::All).is_none(),
            _ => false,
        }
    }
}

/// Raw ends are shown for exact spans only, the other comparisons with the ends stripped.
pub(crate) fn is_in_overview(measure: Measure) -> bool {
    match measure {
        Measure::Spans(_, measure, boundaries) => {
            boundaries == Boundaries::Stripped || measure == SpanMeasure::Exact
        }
        _ => true,
    }
}

fn header(dimension: &str) -> Vec<&str> {
    let mut header = vec![""];
    if !dimension.is_empty() {
        header.push(dimension);
    }
    header.extend([
        "P",
        "R",
        "F1 or share",
        "95 %",
        "gold",
        "predicted",
        "right",
    ]);
    header
}

/// What a figure says under [`header`]. What does not apply stays empty, what is undefined is a
/// dash.
fn cells(figure: &Figure) -> [String; 7] {
    let counts = &figure.counts;
    let value = percent(figure.value);
    let interval = figure.interval.map_or_else(String::new, |(low, high)| {
        format!("{}–{}", percent(Some(low)), percent(Some(high)))
    });
    let none = String::new;
    let (gold, predicted) = (amount(counts.gold), amount(counts.predicted));
    let right = amount(counts.right_gold.max(counts.right_predicted));
    match figure.measure {
        Measure::RecordPrecision => [none(), none(), value, interval, none(), predicted, right],
        Measure::Clusters(crate::measure::ClusterMeasure::Conll) => {
            [none(), none(), value, interval, none(), none(), none()]
        }
        // An accuracy has a precision as well, since the system may abstain.
        measure if measure.is_f1() || counts.predicted > 0.0 => [
            percent(figure.precision),
            percent(figure.recall),
            value,
            interval,
            gold,
            predicted,
            right,
        ],
        _ => [none(), none(), value, interval, gold, none(), right],
    }
}

/// A share as a percentage.
pub(crate) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.1}", value * 100.0))
}

/// Whole counts without, partial credit with one decimal.
fn amount(value: f64) -> String {
    if (value - value.round()).abs() < 1e-9 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}
