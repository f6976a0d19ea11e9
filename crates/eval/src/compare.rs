//! Two systems on the same gold data.

use std::collections::HashMap;
use std::fmt;

use dixit_document::Document;
use serde::Serialize;

use crate::bootstrap::{Resamples, interval};
use crate::evaluate::{Table as Counted, score};
use crate::measure::{Group, Measure};
use crate::options::Options;
use crate::outcome::{Outcome, Verdict};
use crate::overview::{is_in_overview, percent};
use crate::report::Problem;
use crate::table::{Table, shortened};

/// How many flips a person is shown at once.
const SHOWN_FLIPS: usize = 40;

/// How two systems differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// What the evaluation was told.
    pub options: Options,
    /// Every figure of both.
    pub differences: Vec<Difference>,
    /// The gold quotations that one system has right and the other not.
    pub flips: Vec<Flip>,
    /// What did not fit, of both.
    pub problems: Vec<Problem>,
}

/// One figure of both systems.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What is measured.
    pub measure: Measure,
    /// What the group is a value of.
    pub dimension: &'static str,
    /// In which items.
    pub group: Group,
    /// The first system's value.
    pub a: Option<f64>,
    /// The second system's value.
    pub b: Option<f64>,
    /// The second less the first.
    pub difference: Option<f64>,
    /// The middle 95 % of the difference over resampled documents, the same for both systems.
    pub interval: Option<(f64, f64)>,
    /// Twice the share of the replicates in which the difference is on the other side of 0 (or 0),
    /// at most 1: small where the difference is no accident of these documents.
    pub p: Option<f64>,
}

/// A gold quotation that one system has right and the other not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flip {
    /// Whether the second system is the better one here.
    pub gained: bool,
    /// The first system's outcome.
    pub a: Outcome,
    /// The second system's outcome.
    pub b: Outcome,
}

/// Measures `a` and `b` against the same gold documents.
#[must_use]
pub fn compare(gold: &[Document], a: &[Document], b: &[Document], options: &Options) -> Comparison {
    let (a, b) = (score(gold, a, options), score(gold, b, options));
    let resamples = Resamples::new(gold.len(), options.replicates, options.seed);
    let left = Counted::new(gold, &a.sheets).replicated(&resamples);
    let right = Counted::new(gold, &b.sheets).replicated(&resamples);
    let mut right: HashMap<(Measure, Group), _> = right
        .into_iter()
        .map(|(figure, values)| ((figure.measure, figure.group), (figure.value, values)))
        .collect();
    let mut differences = Vec::with_capacity(left.len());
    for (figure, values) in left {
        let other = right.remove(&(figure.measure, figure.group.clone()));
        let (value, others) = other.unwrap_or_default();
        let gaps: Vec<Option<f64>> = values
            .iter()
            .zip(&others)
            .map(|(a, b)| Some((*b)? - (*a)?))
            .collect();
        let difference = match (figure.value, value) {
            (Some(a), Some(b)) => Some(b - a),
            _ => None,
        };
        differences.push(Difference {
            measure: figure.measure,
            dimension: figure.group.dimension(),
            group: figure.group,
            a: figure.value,
            b: value,
            difference,
            interval: interval(&gaps),
            p: difference.and_then(|difference| p_value(difference, &gaps)),
        });
    }
    let problems = a.problems.into_iter().chain(b.problems).collect();
    Comparison {
        options: options.clone(),
        differences,
        flips: flips(a.outcomes, b.outcomes),
        problems,
    }
}

fn p_value(difference: f64, gaps: &[Option<f64>]) -> Option<f64> {
    let defined: Vec<f64> = gaps.iter().copied().flatten().collect();
    if defined.is_empty() {
        return None;
    }
    let against = defined
        .iter()
        .filter(|&&gap| gap * difference <= 0.0)
        .count();
    Some((2.0 * against as f64 / defined.len() as f64).min(1.0))
}

fn flips(a: Vec<Outcome>, b: Vec<Outcome>) -> Vec<Flip> {
    type Key = (String, String, Vec<(u32, u32)>);
    let key = |outcome: &Outcome| -> Option<Key> {
        let gold = outcome.gold.as_ref()?;
        Some((
            outcome.document.clone(),
            gold.id.clone(),
            gold.content.clone(),
        ))
    };
    let mut others: HashMap<Key, Outcome> = b
        .into_iter()
        .filter_map(|outcome| Some((key(&outcome)?, outcome)))
        .collect();
    let mut flips = Vec::new();
    for a in a {
        let Some(b) = key(&a).and_then(|key| others.remove(&key)) else {
            continue;
        };
        let (was, is) = (a.verdict == Verdict::Right, b.verdict == Verdict::Right);
        if was != is {
            flips.push(Flip { gained: is, a, b });
        }
    }
    flips
}

impl Comparison {
    /// What the evaluation was told, in one line each.
    #[must_use]
    pub fn terms(&self) -> Vec<String> {
        vec![format!(
            "oracle: {}; modes counted: {}; single quotations judged by the {} mapping",
            self.options.oracle,
            self.options.mode_list(),
            self.options.mapping
        )]
    }

    /// The whole comparison as one JSON object.
    ///
    /// # Errors
    ///
    /// None is known: the comparison holds nothing that JSON cannot say.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// All differences, one a line, with a header.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let header = [
            "measure",
            "dimension",
            "group",
            "a",
            "b",
            "difference",
            "low",
            "high",
            "p",
        ];
        let mut table = Table::new(&header);
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        for row in &self.differences {
            table.row([
                row.measure.to_string(),
                row.dimension.to_owned(),
                row.group.to_string(),
                number(row.a),
                number(row.b),
                number(row.difference),
                number(row.interval.map(|interval| interval.0)),
                number(row.interval.map(|interval| interval.1)),
                number(row.p),
            ]);
        }
        table.csv()
    }

    /// The differences over all items in Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.table().markdown()
    }

    fn table(&self) -> Table {
        let mut table = Table::new(&["", "first", "second", "difference", "95 %", "p"]);
        for row in self
            .differences
            .iter()
            .filter(|row| row.group == Group::All && is_in_overview(row.measure))
        {
            table.row([
                row.measure.to_string(),
                percent(row.a),
                percent(row.b),
                row.difference
                    .map_or_else(|| "–".to_owned(), |d| format!("{:+.1}", d * 100.0)),
                row.interval.map_or_else(String::new, |(low, high)| {
                    format!("{:+.1} – {:+.1}", low * 100.0, high * 100.0)
                }),
                row.p.map_or_else(String::new, |p| format!("{p:.3}")),
            ]);
        }
        table
    }
}

impl Comparison {
    /// The quotations that flipped, as a table of up to `limit` lines: those gained (`+`) and
    /// those lost (`-`).
    #[must_use]
    pub fn listing(&self, limit: usize) -> String {
        let mut table = Table::new(&["", "document", "first", "second", "speaker", "words"]);
        for flip in self.flips.iter().take(limit) {
            let gold = flip.a.gold.as_ref();
            let speaker = gold
                .and_then(|gold| gold.speaker.as_deref())
                .unwrap_or_default();
            table.row([
                if flip.gained { "+" } else { "-" }.to_owned(),
                shortened(&flip.a.document, 24),
                flip.a.verdict.to_string(),
                flip.b.verdict.to_string(),
                shortened(speaker, 28),
                shortened(gold.map_or("", |gold| gold.text.as_str()), 60),
            ]);
        }
        let mut listing = table.to_string();
        if self.flips.len() > limit {
            listing.push_str(&format!("… and {} more\n", self.flips.len() - limit));
        }
        listing
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gained = self.flips.iter().filter(|flip| flip.gained).count();
        for line in self.terms() {
            writeln!(f, "{line}")?;
        }
        write!(f, "\n{}", self.table())?;
        writeln!(
            f,
            "\n{} quotations gained, {} lost by the second system",
            gained,
            self.flips.len() - gained
        )?;
        if !self.flips.is_empty() {
            write!(f, "\n{}", self.listing(SHOWN_FLIPS))?;
        }
        for problem in &self.problems {
            writeln!(f, "\n{}: {}", problem.document, problem.message)?;
        }
        Ok(())
    }
}
