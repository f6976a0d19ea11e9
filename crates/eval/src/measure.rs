//! The names of what is measured, and of the groups it is measured in.

use std::fmt;

use dixit_document::{Form, Kind, Label, Mode, Reference, Role};
use serde::{Serialize, Serializer};

use crate::tally::Tally;

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident: $($(#[$item:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$item])* $variant),+ }

        impl $name {
            /// Every choice, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use choices;

choices! {
    /// Which ends of a span count.
    Boundaries:
    /// As annotated.
    Raw = "raw",
    /// Without blanks, quotation marks and punctuation at both ends of every piece.
    Stripped = "stripped",
}

choices! {
    /// How spans are compared.
    SpanMeasure:
    /// The same span; a discontinuous one only as a whole.
    Exact = "exact",
    /// The same, every contiguous piece counted for itself.
    Pieces = "pieces",
    /// Tokens that both sides cover (micro).
    Tokens = "tokens",
    /// The mean share of tokens covered, of a prediction (precision) and of a gold span (recall),
    /// after Pareti.
    Partial = "partial",
    /// The same first character.
    Begin = "begin",
    /// Token Jaccard with the best prediction, mean over gold spans and predictions that touch
    /// none.
    Jaccard = "jaccard",
}

choices! {
    /// How a predicted entity is taken for a gold one.
    Mapping:
    /// Its name is one of the gold entity's names.
    Strict = "strict",
    /// It is the gold entity that most of its names point to.
    Majority = "majority",
}

choices! {
    /// How clusters are compared.
    ClusterMeasure:
    /// Links (Vilain et al. 1995).
    Muc = "MUC",
    /// Items (Bagga and Baldwin 1998).
    BCubed = "B3",
    /// Aligned clusters, φ4 (Luo 2005).
    CeafE = "CEAF-e",
    /// The mean F1 of the three.
    Conll = "CoNLL",
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Spans of one role.
    Spans(Role, SpanMeasure, Boundaries),
    /// Named entities: span and type are the same.
    NamedEntities,
    /// Predicted quotations that are some gold attribution (IoU ≥ 0.5), one to one or not.
    RecordPrecision,
    /// Quotations found: IoU ≥ 0.5.
    Detection,
    /// … and the source overlaps.
    Attribution,
    /// … and the speaker is the right entity.
    SpeakerF1(Mapping),
    /// Gold quotations with the right speaker: recall is the accuracy (an abstention is wrong),
    /// precision is over those that got an answer.
    SpeakerAccuracy(Mapping),
    /// Gold quotations that got a speaker at all, right or wrong.
    SpeakerCoverage,
    /// Accuracy, mean over documents.
    SpeakerMacro(Mapping),
    /// The right speaker, of the gold quotations that were found.
    SpeakerOfFound(Mapping),
    /// Quotations clustered by speaker.
    Clusters(ClusterMeasure),
}

impl Measure {
    /// Whether its value is an F1 of two sides, or one share.
    #[must_use]
    pub fn is_f1(self) -> bool {
        !matches!(
            self,
            Self::Spans(_, SpanMeasure::Jaccard, _)
                | Self::RecordPrecision
                | Self::SpeakerAccuracy(_)
                | Self::SpeakerCoverage
                | Self::SpeakerMacro(_)
                | Self::SpeakerOfFound(_)
        )
    }

    /// The one number that stands for a tally under this measure.
    pub(crate) fn value(self, tally: &Tally) -> Option<f64> {
        match self {
            Self::RecordPrecision => tally.precision(),
            _ if self.is_f1() => tally.f1(),
            _ => tally.recall(),
        }
    }

    /// Whether breakdowns show it.
    #[must_use]
    pub fn is_main(self) -> bool {
        match self {
            Self::Spans(_, measure, boundaries) => {
                measure == SpanMeasure::Exact && boundaries == Boundaries::Stripped
            }
            Self::NamedEntities
            | Self::Detection
            | Self::Attribution
            | Self::SpeakerF1(_)
            | Self::SpeakerAccuracy(_) => true,
            _ => false,
        }
    }

    /// Which entity mapping it rests on, if any.
    #[must_use]
    pub fn mapping(self) -> Option<Mapping> {
        match self {
            Self::SpeakerF1(mapping)
            | Self::SpeakerAccuracy(mapping)
            | Self::SpeakerMacro(mapping)
            | Self::SpeakerOfFound(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The part of a report it stands in.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Spans(..) => "spans",
            Self::NamedEntities => "named entities",
            Self::RecordPrecision | Self::Detection | Self::Attribution | Self::SpeakerF1(_) => {
                "who said what, end to end"
            }
            Self::SpeakerAccuracy(_)
            | Self::SpeakerCoverage
            | Self::SpeakerMacro(_)
            | Self::SpeakerOfFound(_) => "speakers of gold quotations",
            Self::Clusters(_) => "quotations clustered by speaker",
        }
    }
}

/// A role as reports name it.
pub(crate) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Content => "content",
        Role::Cue => "cue",
        Role::Source => "source",
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Spans(role, measure, boundaries) => {
                format!("{} {measure} {boundaries}", role_name(*role))
            }
            Self::NamedEntities => "entity exact".to_owned(),
            Self::RecordPrecision => "record precision".to_owned(),
            Self::Detection => "quotation".to_owned(),
            Self::Attribution => "attribution".to_owned(),
            Self::SpeakerF1(mapping) => format!("speaker {mapping}"),
            Self::SpeakerAccuracy(mapping) => format!("accuracy {mapping}"),
            Self::SpeakerCoverage => "coverage".to_owned(),
            Self::SpeakerMacro(mapping) => format!("accuracy by document {mapping}"),
            Self::SpeakerOfFound(mapping) => format!("accuracy of found {mapping}"),
            Self::Clusters(measure) => measure.as_str().to_owned(),
        };
        f.pad(&name)
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which items a figure counts. A found quotation is filed under what the gold data say of it, a
/// spurious one under what the prediction says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// All of them.
    All,
    /// One kind.
    Kind(Kind),
    /// With quotation marks, or without.
    Marked(bool),
    /// One kind with quotation marks, or without.
    KindMarked(Kind, bool),
    /// One mode.
    Mode(Mode),
    /// How the speaker is made known.
    Reference(Reference),
    /// The form of the source.
    SourceForm(Form),
    /// One type of named entity.
    Label(Label),
    /// One genre.
    Genre(String),
    /// One document.
    Document(String),
}

impl Group {
    /// What the group is a value of.
    #[must_use]
    pub fn dimension(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Kind(_) => "kind",
            Self::Marked(_) => "marked",
            Self::KindMarked(..) => "kind and marked",
            Self::Mode(_) => "mode",
            Self::Reference(_) => "reference",
            Self::SourceForm(_) => "source form",
            Self::Label(_) => "entity type",
            Self::Genre(_) => "genre",
            Self::Document(_) => "document",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marks = |marked: bool| if marked { "marked" } else { "unmarked" };
        match self {
            Self::All => f.pad("all"),
            Self::Kind(kind) => f.pad(kind.as_str()),
            Self::Marked(marked) => f.pad(marks(*marked)),
            Self::KindMarked(kind, marked) => f.pad(&format!("{kind} {}", marks(*marked))),
            Self::Mode(mode) => f.pad(mode.as_str()),
            Self::Reference(reference) => f.pad(reference.as_str()),
            Self::SourceForm(form) => f.pad(form.as_str()),
            Self::Label(label) => f.pad(label.as_str()),
            Self::Genre(name) | Self::Document(name) => f.pad(name),
        }
    }
}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
