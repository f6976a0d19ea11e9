//! What an evaluation is told besides the data.

use std::fmt;

use dixit_document::{Mode, Quotation};
use serde::{Serialize, Serializer};

use crate::measure::Mapping;

/// What the predicting system was given of the gold data. Figures under different oracles do not
/// compare, so every report prints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Oracle {
    /// The quotations' contents.
    pub quotations: bool,
    /// The list of entities. Predicted speakers are then compared by entity id.
    pub cast: bool,
    /// The mentions.
    pub mentions: bool,
}

impl fmt::Display for Oracle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = [
            (self.quotations, "gold quotations"),
            (self.cast, "cast list"),
            (self.mentions, "gold mentions"),
        ];
        let given: Vec<&str> = given
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, name)| *name)
            .collect();
        f.pad(&if given.is_empty() {
            "none (end to end)".to_owned()
        } else {
            given.join(", ")
        })
    }
}

/// How to evaluate. The default counts gold quotations of every mode, assumes no oracle, judges
/// single quotations by the strict mapping, and resamples the documents 1,000 times.
///
/// ```
/// use dixit_document::Mode;
/// use dixit_eval::{Mapping, Options};
///
/// let options = Options::default()
///     .modes(&[Mode::Speech, Mode::Writing])
///     .mapping(Mapping::Majority)
///     .bootstrap(2_000, 7);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Options {
    #[serde(serialize_with = "mode_names")]
    pub(crate) modes: Option<Vec<Mode>>,
    pub(crate) oracle: Oracle,
    pub(crate) mapping: Mapping,
    pub(crate) replicates: u32,
    pub(crate) seed: u64,
    pub(crate) by_document: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            modes: None,
            oracle: Oracle::default(),
            mapping: Mapping::Strict,
            replicates: 1_000,
            seed: 1,
            by_document: true,
        }
    }
}

impl Options {
    /// Counts gold quotations of these modes and those without a mode. The others are free: finding
    /// one is neither right nor wrong.
    #[must_use]
    pub fn modes(mut self, modes: &[Mode]) -> Self {
        self.modes = Some(modes.to_vec());
        self
    }

    /// Says what the system was given.
    #[must_use]
    pub fn oracle(mut self, oracle: Oracle) -> Self {
        self.oracle = oracle;
        self
    }

    /// Chooses the mapping by which single quotations are called right or wrong. The figures are
    /// always given by both.
    #[must_use]
    pub fn mapping(mut self, mapping: Mapping) -> Self {
        self.mapping = mapping;
        self
    }

    /// The mapping by which single quotations are called right or wrong.
    #[must_use]
    pub fn chosen_mapping(&self) -> Mapping {
        self.mapping
    }

    /// How often the documents are resampled for the intervals (0: no intervals), and from which
    /// seed.
    #[must_use]
    pub fn bootstrap(mut self, replicates: u32, seed: u64) -> Self {
        self.replicates = replicates;
        self.seed = seed;
        self
    }

    /// Whether the report gives figures for every single document. It does by default.
    #[must_use]
    pub fn by_document(mut self, wanted: bool) -> Self {
        self.by_document = wanted;
        self
    }

    /// The modes that count, for a person.
    pub(crate) fn mode_list(&self) -> String {
        match &self.modes {
            Some(modes) => modes
                .iter()
                .map(|mode| mode.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            None => "all".to_owned(),
        }
    }

    /// Whether finding this gold quotation is neither right nor wrong.
    pub(crate) fn is_free(&self, gold: &Quotation) -> bool {
        let outside = match (&self.modes, gold.mode) {
            (Some(modes), Some(mode)) => !modes.contains(&mode),
            _ => false,
        };
        gold.optional || outside
    }
}

fn mode_names<S: Serializer>(modes: &Option<Vec<Mode>>, serializer: S) -> Result<S::Ok, S::Error> {
    match modes {
        Some(modes) => serializer.collect_seq(modes.iter().map(|mode| mode.as_str())),
        None => serializer.serialize_none(),
    }
}
