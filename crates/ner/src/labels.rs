//! What the labels of somebody's model mean.

use std::collections::BTreeMap;
use std::str::FromStr;

use dixit_document::Label;

/// Which part of a name a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The first word; another name of the type may stand right before it.
    Begin,
    /// Any word, in schemes that do not tell; else one that is not the first.
    Inside,
    /// The last word of several.
    End,
    /// The only word.
    Single,
}

/// What one label says of a word: a part of a name, or nothing.
pub(crate) type Tag = Option<(Part, Label)>;

/// What each output of a token classifier means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelMap {
    pub(crate) tags: Vec<Tag>,
}

/// What a user says of a model's labels: `PERSON=PER,NORP=MISC,DATE=O,LABEL_3=B-LOC`.
///
/// On the left is a type or a whole label as the model has it, on the right what it stands for:
/// `PER`, `ORG`, `LOC`, `MISC`, or `O` for no name; after a whole label also with its part (`B-`,
/// `I-`, `E-`, `S-`). Upper and lower case make no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelNames {
    named: BTreeMap<String, (Option<Part>, Option<Label>)>,
}

/// What a model's labels mean cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Nobody knows what a label stands for.
    #[error(
        "the label `{0}` is of no known type: say what it stands for, as {1}=PER (or ORG, LOC, MISC, or O for no name)"
    )]
    Unknown(String, String),
    /// What a user says of labels cannot be read.
    #[error(
        "“{0}” does not say what a label stands for: write NAME=PER, or ORG, LOC, MISC, O in its place, separated by commas"
    )]
    Said(String),
    /// What a user says fits none of the model's labels.
    #[error("no label of the model is called `{0}`: it has {1}")]
    Unused(String, String),
    /// No label stands for any name.
    #[error(
        "no label stands for a person, an organisation, a location or another name: the model has {0}"
    )]
    NoNames(String),
}

impl FromStr for LabelNames {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let mut named = BTreeMap::new();
        for said in text.split(',') {
            let wrong = || LabelError::Said(said.trim().to_owned());
            let (name, meaning) = said.split_once('=').ok_or_else(wrong)?;
            let (name, meaning) = (key(name), key(meaning));
            let (part, kind) = parted(&meaning);
            let label = match kind {
                "O" if part.is_none() => None,
                "PER" => Some(Label::Per),
                "ORG" => Some(Label::Org),
                "LOC" => Some(Label::Loc),
                "MISC" => Some(Label::Misc),
                _ => return Err(wrong()),
            };
            if name.is_empty() || named.insert(name, (part, label)).is_some() {
                return Err(wrong());
            }
        }
        Ok(Self { named })
    }
}

impl LabelMap {
    /// Works out what labels mean, in the order of a model's outputs: by what the user says, else
    /// by the names that are common (CoNLL-2003, OntoNotes and their like), each plain or as a
    /// part of a name (`B-`, `I-`, `E-`, `L-`, `M-`, `S-`, `U-`).
    ///
    /// # Errors
    /// Where a label is of no known type, none stands for a name, or the user speaks of one that
    /// is not there.
    pub fn new<S: AsRef<str>>(labels: &[S], said: &LabelNames) -> Result<Self, LabelError> {
        let list = || {
            let names: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
            names.join(", ")
        };
        let mut unused: Vec<&String> = said.named.keys().collect();
        let mut tags = Vec::with_capacity(labels.len());
        for label in labels {
            let whole = key(label.as_ref());
            let (part, kind) = parted(&whole);
            let (part, meaning) = if let Some(&(said_part, label)) = said.named.get(&whole) {
                unused.retain(|name| **name != whole);
                (said_part.or(part), label)
            } else if let Some(&(_, label)) = said.named.get(kind) {
                unused.retain(|name| *name != kind);
                (part, label)
            } else {
                let unknown = || LabelError::Unknown(label.as_ref().to_owned(), kind.to_owned());
                (part, common(kind).ok_or_else(unknown)?)
            };
            tags.push(meaning.map(|label| (part.unwrap_or(Part::Inside), label)));
        }
        if let Some(name) = unused.first() {
            return Err(LabelError::Unused((*name).clone(), list()));
        }
        if tags.iter().all(Option::is_none) {
            return Err(LabelError::NoNames(list()));
        }
        Ok(Self { tags })
    }
}

/// Labels are compared without regard to case, blanks around them, and the kind of hyphen.
fn key(label: &str) -> String {
    label.trim().to_uppercase().replace('_', "-")
}

/// `B-PER` is the beginning of a `PER`.
fn parted(label: &str) -> (Option<Part>, &str) {
    let part = |letter: &str| match letter {
        "B" => Some(Part::Begin),
        "I" | "M" => Some(Part::Inside),
        "E" | "L" => Some(Part::End),
        "S" | "U" => Some(Part::Single),
        _ => None,
    };
    match label.split_once('-') {
        Some((letter, kind)) if part(letter).is_some() => (part(letter), kind),
        _ => (None, label),
    }
}

/// What the types of widespread label sets stand for.
fn common(kind: &str) -> Option<Option<Label>> {
    Some(match kind {
        "PER" | "PERS" | "PERSON" => Some(Label::Per),
        "ORG" | "ORGANIZATION" | "ORGANISATION" | "CORPORATION" | "COMPANY" | "GROUP" => {
            Some(Label::Org)
        }
        "LOC" | "LOCATION" | "GPE" | "GEO" | "FAC" | "FACILITY" => Some(Label::Loc),
        "MISC" | "MISCELLANEOUS" | "OTHER" | "NORP" | "EVENT" | "EVE" | "PRODUCT" | "PROD"
        | "WORK-OF-ART" | "CREATIVE-WORK" | "ART" | "LAW" | "LANGUAGE" | "NAT" => Some(Label::Misc),
        "O" | "DATE" | "TIME" | "TIM" | "PERCENT" | "MONEY" | "QUANTITY" | "ORDINAL"
        | "CARDINAL" | "PAD" | "[PAD]" => None,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Label::{Loc, Misc, Org, Per};
    use Part::{Begin, End, Inside, Single};

    fn tags(labels: &[&str], said: &str) -> Result<Vec<Tag>, LabelError> {
        let said = match said {
            "" => LabelNames::default(),
            _ => said.parse()?,
        };
        LabelMap::new(labels, &said).map(|map| map.tags)
    }

    #[test]
    fn widespread_label_sets_are_known() {
        let conll = ["O", "B-MISC", "I-MISC", "B-PER", "I-PER", "I-ORG", "B-LOC"];
        let expected = [
            None,
            Some((Begin, Misc)),
            Some((Inside, Misc)),
            Some((Begin, Per)),
            Some((Inside, Per)),
            Some((Inside, Org)),
            Some((Begin, Loc)),
        ];
        assert_eq!(tags(&conll, "").unwrap(), expected);
        let ontonotes = [
            "B-PERSON",
            "I-GPE",
            "B-WORK_OF_ART",
            "I-DATE",
            "B-NORP",
            "I-FAC",
        ];
        let expected = [
            Some((Begin, Per)),
            Some((Inside, Loc)),
            Some((Begin, Misc)),
            None,
            Some((Begin, Misc)),
            Some((Inside, Loc)),
        ];
        assert_eq!(tags(&ontonotes, "").unwrap(), expected);
        let bilou = [
            "U-PER",
            "L-ORG",
            "S_LOC",
            "E-per",
            "person",
            "Organisation",
            "o",
        ];
        let expected = [
            Some((Single, Per)),
            Some((End, Org)),
            Some((Single, Loc)),
            Some((End, Per)),
            Some((Inside, Per)),
            Some((Inside, Org)),
            None,
        ];
        assert_eq!(tags(&bilou, "").unwrap(), expected);
    }

    #[test]
    fn users_say_what_labels_stand_for() {
        let said = "skipper = per, LABEL_1=B-LOC,label_2=O,NORP=ORG";
        let labels = ["LABEL_0", "LABEL_1", "LABEL_2", "B-Skipper", "S-NORP"];
        let expected = [
            None,
            Some((Begin, Loc)),
            None,
            Some((Begin, Per)),
            Some((Single, Org)),
        ];
        let known = format!("{said},LABEL_0=O");
        assert_eq!(tags(&labels, &known).unwrap(), expected);
        let error = tags(&labels, said).unwrap_err().to_string();
        assert!(
            error.contains("`LABEL_0`") && error.contains("LABEL-0=PER"),
            "{error}"
        );
    }

    #[test]
    fn errors_name_the_label() {
        let message = |labels: &[&str], said: &str| tags(labels, said).unwrap_err().to_string();
        assert!(message(&["B-PER", "I-GENE"], "").contains("`I-GENE`"));
        assert!(message(&["O", "B-DATE"], "").contains("O, B-DATE"));
        assert!(message(&["O", "PER"], "ORGS=ORG").contains("`ORGS`"));
        for said in [
            "PER",
            "PER=",
            "=PER",
            "PER=GENE",
            "PER=B-O",
            "A=PER,A=ORG",
            "A=PER,",
            "é",
        ] {
            assert!(message(&["PER"], said).contains("NAME=PER"), "{said}");
        }
        assert!(message(&[], "").contains("no label"));
    }
}
