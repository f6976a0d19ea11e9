//! The result of an evaluation.

use dixit_document::Role;
use serde::Serialize;

use crate::measure::{Boundaries, Group, Measure, SpanMeasure};
use crate::options::Options;
use crate::outcome::{Outcome, Verdict};
use crate::tally::Tally;

/// What an evaluation found: figures with their counts and intervals, and the outcome of every
/// quotation.
///
/// Its [`Display`](std::fmt::Display) is aligned tables for a person; [`Report::to_json`],
/// [`Report::to_csv`] and [`Report::to_markdown`] are for programs and papers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// What the evaluation was told: modes, oracle, mapping, bootstrap.
    pub options: Options,
    /// How much there was.
    pub counts: Counts,
    /// Every figure, by measure and group.
    pub figures: Vec<Figure>,
    /// Every quotation, by document and place.
    pub outcomes: Vec<Outcome>,
    /// What did not fit.
    pub problems: Vec<Problem>,
}

/// How much there was to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Gold documents.
    pub documents: usize,
    /// Predicted documents.
    pub predicted_documents: usize,
    /// Gold quotations.
    pub quotations: usize,
    /// Predicted quotations.
    pub predicted_quotations: usize,
    /// Gold named entities.
    pub named_entities: usize,
    /// Predicted named entities.
    pub predicted_named_entities: usize,
}

/// Something in the data that the figures cannot show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The document's id.
    pub document: String,
    /// What is wrong, and what was made of it.
    pub message: String,
}

/// One figure. Shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The part of a report it stands in.
    pub section: &'static str,
    /// What is measured.
    pub measure: Measure,
    /// What the group is a value of (“kind”).
    pub dimension: &'static str,
    /// In which items.
    pub group: Group,
    /// F1, or the share that the measure is; `None` where there is nothing to count.
    pub value: Option<f64>,
    /// The middle 95 % of `value` over resampled documents.
    pub interval: Option<(f64, f64)>,
    /// Of the predicted items, the share that is right.
    pub precision: Option<f64>,
    /// Of the gold items, the share that was found.
    pub recall: Option<f64>,
    /// What was counted.
    pub counts: Tally,
}

impl Figure {
    pub(crate) fn new(measure: Measure, group: Group, counts: Tally) -> Self {
        Self {
            section: measure.section(),
            measure,
            dimension: group.dimension(),
            group,
            value: measure.value(&counts),
            interval: None,
            precision: counts.precision(),
            recall: counts.recall(),
            counts,
        }
    }
}

impl Report {
    /// The figure of a measure in a group.
    ///
    /// ```
    /// # use dixit_eval::{Group, Measure, Options, evaluate};
    /// let report = evaluate(&[], &[], &Options::default());
    /// assert!(report.figure(Measure::Attribution, &Group::All).is_none());
    /// ```
    #[must_use]
    pub fn figure(&self, measure: Measure, group: &Group) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|figure| figure.measure == measure && figure.group == *group)
    }

    /// The one measure that says most of the whole: the right speaker where the data tell speakers,
    /// else the right source, else the quotation.
    #[must_use]
    pub fn headline(&self) -> Option<Measure> {
        let candidates = [
            Measure::SpeakerF1(self.options.mapping),
            Measure::Attribution,
            Measure::Detection,
            Measure::Spans(Role::Content, SpanMeasure::Exact, Boundaries::Stripped),
            Measure::NamedEntities,
        ];
        let told = |measure: &Measure| self.figure(*measure, &Group::All).is_some();
        candidates.into_iter().find(told)
    }

    /// What the evaluation was told, in one line each.
    #[must_use]
    pub fn terms(&self) -> Vec<String> {
        self.preamble()
    }

    /// How many quotations came to this end.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.verdict == verdict)
            .count()
    }

    /// The whole report as one JSON object.
    ///
    /// # Errors
    ///
    /// None is known: the report holds nothing that JSON cannot say.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}
