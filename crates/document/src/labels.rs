use std::fmt;
use std::str::FromStr;

/// A label that no reader of this version knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {layer} “{label}” (one of {known})")]
pub struct UnknownLabel {
    /// Which labels were expected.
    pub layer: &'static str,
    /// What was found.
    pub label: String,
    /// What would have been understood.
    pub known: String,
}

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident, $layer:literal: $($(#[$item:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$item])* $variant),+ }

        impl $name {
            /// Every label, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The label as it is written in records.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownLabel;

            fn from_str(text: &str) -> Result<Self, UnknownLabel> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownLabel {
                        layer: $layer,
                        label: text.to_owned(),
                        known: [$($text),+].join(", "),
                    }),
                }
            }
        }
    };
}

labels! {
    /// How a quotation renders the words.
    Kind, "kind of quotation":
    /// The speaker's own words.
    Direct = "direct",
    /// A report of them.
    Indirect = "indirect",
    /// A report with some own words inside marks.
    Mixed = "mixed",
}

labels! {
    /// What the attribution says was done with the content.
    Mode, "mode":
    /// Said aloud.
    Speech = "speech",
    /// Written or published.
    Writing = "writing",
    /// Thought, felt, planned.
    Thought = "thought",
    /// Anything else.
    Other = "other",
}

labels! {
    /// How the speaker is made known beside a quotation.
    Reference, "reference":
    /// By a name.
    Explicit = "explicit",
    /// By a pronoun or a description.
    Anaphoric = "anaphoric",
    /// Not at all: the reader infers it.
    Implicit = "implicit",
}

labels! {
    /// The grammatical form of a mention.
    Form, "form of mention":
    /// A proper name.
    Name = "name",
    /// A description.
    Nominal = "nominal",
    /// A pronoun.
    Pronoun = "pronoun",
}

labels! {
    /// What decided who said a quotation.
    Rule, "rule":
    /// The source is or holds a name.
    Name = "name",
    /// The source describes an entity that was named or described elsewhere.
    Described = "described",
    /// The source describes someone new.
    NewDescription = "new description",
    /// The source is a pronoun, resolved by agreement and salience.
    Pronoun = "pronoun",
    /// The source is a relative pronoun, resolved by the words before it.
    Relative = "relative pronoun",
    /// The first person inside another quotation.
    FirstPerson = "first person",
    /// It goes on with the quotation before it.
    Continued = "continued",
    /// A turn in a dialogue, weighed together with the turns around it.
    Weighed = "weighed",
    /// Someone stands beside it.
    Beside = "beside",
    /// Nothing told.
    None = "none",
}

labels! {
    /// The named-entity labels of CoNLL-2003.
    Label, "named-entity label":
    /// A person.
    Per = "PER",
    /// An organisation.
    Org = "ORG",
    /// A place.
    Loc = "LOC",
    /// Anything else that has a name.
    Misc = "MISC",
}

labels! {
    /// What an entity of a document is.
    EntityType, "type of entity":
    /// One person.
    Person = "person",
    /// An organisation, or a country that acts.
    Organization = "organization",
    /// Several people without a name of their own.
    Group = "group",
    /// A place.
    Location = "location",
    /// A text that says something.
    Document = "document",
    /// Anything else.
    Other = "other",
}

labels! {
    /// A person's gender, as far as the text or a name tells.
    Gender, "gender":
    /// She.
    Female = "F",
    /// He.
    Male = "M",
    /// They, or not told.
    Other = "X",
}
