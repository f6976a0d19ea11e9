//! A report as text tables, Markdown and CSV.

use std::fmt::{self, Write as _};

use crate::outcome::{Outcome, Verdict};
use crate::overview::percent;
use crate::report::Report;
use crate::table::{Table, shortened};

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
                self.options.mode_list(),
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

    pub(crate) fn preamble(&self) -> Vec<String> {
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
            self.options.mode_list(),
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
}
