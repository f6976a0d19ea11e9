//! A report as text tables, Markdown and CSV.

use std::fmt::{self, Write as _};

use crate::measure::{Boundaries, Group, Measure, SpanMeasure};
use crate::outcome::{Outcome, Verdict};
use crate::report::{Figure, Report};
use crate::table::Table;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.preamble() {
            writeln!(f, "{line}")?;
        }
        for (title, table) in self.tables() {
            write!(f, "\n{title}\n{table}")?;
        }
        for problem in &self.problems {
            writeln!(f, "\n{}: {}", problem.document, problem.message)?;
        }
        Ok(())
    }
}

impl Report {
    /// The same tables in Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        for line in self.preamble() {
            let _ = writeln!(out, "{line}  ");
        }
        for (title, table) in self.tables() {
            let _ = write!(out, "\n### {title}\n\n{}", table.markdown());
        }
        for problem in &self.problems {
            let _ = writeln!(out, "\n- {}: {}", problem.document, problem.message);
        }
        out
    }

    /// All figures, one a line, with a header. Shares are from 0 to 1; what is undefined is empty.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table = Table::new(&[
            "section",
            "measure",
            "dimension",
            "group",
            "value",
            "low",
            "high",
            "precision",
            "recall",
            "gold",
            "predicted",
            "right_gold",
            "right_predicted",
            "oracle",
            "modes",
        ]);
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        for figure in &self.figures {
            let counts = &figure.counts;
            table.row([
                figure.section.to_owned(),
                figure.measure.to_string(),
                figure.dimension.to_owned(),
                figure.group.to_string(),
                number(figure.value),
                number(figure.interval.map(|interval| interval.0)),
                number(figure.interval.map(|interval| interval.1)),
                number(figure.precision),
                number(figure.recall),
                counts.gold.to_string(),
                counts.predicted.to_string(),
                counts.right_gold.to_string(),
                counts.right_predicted.to_string(),
                self.options.oracle.to_string(),
                self.modes(),
            ]);
        }
        table.csv()
    }

    /// What became of the quotations, as a table of up to `limit` lines: who is said to have said
    /// what, in the gold data and in the prediction. Those that are right are left out unless
    /// `all`.
    #[must_use]
    pub fn listing(&self, all: bool, limit: usize) -> String {
        let mut table = Table::new(&[
            "document",
            "outcome",
            "overlap",
            "speaker",
            "predicted",
            "words",
        ]);
        let wanted =
            |outcome: &&Outcome| all || !matches!(outcome.verdict, Verdict::Right | Verdict::Free);
        let outcomes: Vec<&Outcome> = self.outcomes.iter().filter(wanted).collect();
        for outcome in outcomes.iter().take(limit) {
            let (gold, predicted) = (outcome.gold.as_ref(), outcome.predicted.as_ref());
            let who = |side: Option<&crate::outcome::Side>| {
                side.map_or_else(String::new, |side| {
                    let name = side.speaker.as_deref().unwrap_or(&side.source_text);
                    shortened(name, 28)
                })
            };
            let words = gold.or(predicted).map_or("", |side| side.text.as_str());
            table.row([
                shortened(&outcome.document, 24),
                outcome.verdict.to_string(),
                predicted
                    .and(gold)
                    .map_or_else(String::new, |_| percent(Some(outcome.overlap))),
                who(gold),
                who(predicted),
                shortened(words, 60),
            ]);
        }
        let mut out = table.to_string();
        if outcomes.len() > limit {
            let _ = writeln!(out, "… and {} more", outcomes.len() - limit);
        }
        out
    }

    fn modes(&self) -> String {
        match &self.options.modes {
            Some(modes) => modes
                .iter()
                .map(|mode| mode.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            None => "all".to_owned(),
        }
    }

    fn preamble(&self) -> Vec<String> {
        let counts = &self.counts;
        let mut lines = vec![format!(
            "{} documents, {} gold quotations, {} predicted; {} gold named entities, {} predicted",
            counts.documents,
            counts.quotations,
            counts.predicted_quotations,
            counts.named_entities,
            counts.predicted_named_entities,
        )];
        lines.push(format!(
            "oracle: {}; modes counted: {}; single quotations judged by the {} mapping",
            self.options.oracle,
            self.modes(),
            self.options.mapping,
        ));
        lines.push(if self.options.replicates == 0 || counts.documents < 2 {
            "no intervals".to_owned()
        } else {
            format!(
                "intervals: 95 %, bootstrap over documents, {} replicates, seed {}",
                self.options.replicates, self.options.seed
            )
        });
        let verdicts = Verdict::ALL
            .iter()
            .map(|&verdict| (verdict, self.count(verdict)));
        let verdicts: Vec<String> = verdicts
            .filter(|(_, count)| *count > 0)
            .map(|(verdict, count)| format!("{count} {verdict}"))
            .collect();
        if !verdicts.is_empty() {
            lines.push(format!("quotations: {}", verdicts.join(", ")));
        }
        lines
    }

    fn tables(&self) -> Vec<(String, Table)> {
        let mut tables: Vec<(String, Table)> = Vec::new();
        let overall = self
            .figures
            .iter()
            .filter(|figure| figure.group == Group::All);
        for figure in overall.filter(|figure| in_overview(figure.measure)) {
            let title = figure.section;
            if tables.last().is_none_or(|(last, _)| last != title) {
                tables.push((title.to_owned(), overview()));
            }
            if let Some((_, table)) = tables.last_mut() {
                table.row(cells(figure, figure.measure.to_string()));
            }
        }
        // Breakdowns: one table for each dimension, its measures one after the other.
        let dimensions = [
            "kind",
            "marked",
            "kind and marked",
            "mode",
            "reference",
            "source form",
            "entity type",
            "genre",
        ];
        for dimension in dimensions {
            let mut table = overview();
            let figures = self.figures.iter().filter(|figure| {
                figure.dimension == dimension
                    && figure.measure.is_main()
                    && figure.counts.gold > 0.0
            });
            for figure in figures {
                table.row(cells(
                    figure,
                    format!("{}, {}", figure.measure, figure.group),
                ));
            }
            // One genre is no breakdown.
            let groups = self
                .figures
                .iter()
                .filter(|figure| figure.dimension == dimension);
            let groups: std::collections::BTreeSet<&Group> = groups.map(|f| &f.group).collect();
            if !table.is_empty() && (dimension != "genre" || groups.len() > 1) {
                tables.push((format!("by {dimension}"), table));
            }
        }
        tables
    }
}

/// Whether the first table of a section shows a measure: raw ends are shown for exact spans only,
/// the other comparisons with the ends stripped.
fn in_overview(measure: Measure) -> bool {
    match measure {
        Measure::Spans(_, measure, boundaries) => {
            boundaries == Boundaries::Stripped || measure == SpanMeasure::Exact
        }
        _ => true,
    }
}

fn overview() -> Table {
    Table::new(&[
        "",
        "P",
        "R",
        "F1 or share",
        "95 %",
        "gold",
        "predicted",
        "right",
    ])
}

fn cells(figure: &Figure, name: String) -> [String; 8] {
    let counts = &figure.counts;
    let (both, any) = (figure.measure.is_f1(), counts.predicted > 0.0);
    // Accuracies have a precision where the system may abstain.
    let sided = both || any;
    [
        name,
        if sided {
            percent(figure.precision)
        } else {
            String::new()
        },
        if sided {
            percent(figure.recall)
        } else {
            String::new()
        },
        percent(figure.value),
        figure.interval.map_or_else(String::new, |(low, high)| {
            format!("{}–{}", percent(Some(low)), percent(Some(high)))
        }),
        count(counts.gold),
        if sided {
            count(counts.predicted)
        } else {
            String::new()
        },
        count(counts.right_gold.max(counts.right_predicted)),
    ]
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.1}", value * 100.0))
}

/// Whole counts without, partial credit with one decimal.
fn count(value: f64) -> String {
    if (value - value.round()).abs() < 1e-9 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// The first so many characters, on one line.
fn shortened(text: &str, limit: usize) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    let mut short: String = line.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}
