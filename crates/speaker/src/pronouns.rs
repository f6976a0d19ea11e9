//! What pronouns ask of the entity that they stand for.

use dixit_document::{EntityType, Gender};

use crate::cast::Draft;

/// A pronoun of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pronoun {
    He,
    She,
    They,
    It,
    I,
    We,
    You,
    /// who, which, that
    Relative,
}

impl Pronoun {
    /// By its lower-case word, contractions too.
    pub fn read(word: &str) -> Option<Self> {
        let bare = word.split('\'').next().unwrap_or(word);
        Some(match bare {
            "he" | "him" | "his" | "himself" => Self::He,
            "she" | "her" | "hers" | "herself" => Self::She,
            "they" | "them" | "their" | "theirs" | "themselves" => Self::They,
            "it" | "its" | "itself" => Self::It,
            "i" | "me" | "my" | "mine" | "myself" => Self::I,
            "we" | "us" | "our" | "ours" | "ourselves" => Self::We,
            "you" | "your" | "yours" => Self::You,
            "who" | "which" | "that" => Self::Relative,
            _ => return None,
        })
    }

    /// Whether the word only stands before a noun.
    pub fn possessive_only(self, word: &str) -> bool {
        matches!(
            word,
            "his" | "her" | "their" | "its" | "my" | "our" | "your" | "that"
        )
    }

    /// How well the pronoun and the entity agree: 0 not at all, 1 fully.
    pub fn agreement(self, draft: &Draft) -> f32 {
        let person = match draft.kind {
            Some(EntityType::Person) | None => true,
            Some(_) => false,
        };
        match self {
            Self::He | Self::She => {
                let wanted = if self == Self::He {
                    Gender::Male
                } else {
                    Gender::Female
                };
                if !person || draft.plural || draft.label.is_some() || !draft.agrees(wanted) {
                    0.0
                } else if draft.gender == Some(wanted) {
                    1.0
                } else {
                    0.6
                }
            }
            Self::They => match draft.kind {
                Some(EntityType::Document) if draft.plural => 0.4,
                _ if draft.plural => 1.0,
                Some(EntityType::Organization | EntityType::Group) => 0.5,
                Some(EntityType::Person) => 0.02,
                _ => 0.05,
            },
            Self::It => match draft.kind {
                _ if draft.plural => 0.0,
                Some(EntityType::Organization) => 1.0,
                Some(EntityType::Document) => 1.0,
                Some(EntityType::Location) => 0.5,
                Some(EntityType::Group | EntityType::Other) => 0.5,
                _ => 0.0,
            },
            Self::I | Self::We | Self::You => 0.0,
            Self::Relative => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement() {
        let she = Draft {
            kind: Some(EntityType::Person),
            gender: Some(Gender::Female),
            ..Draft::default()
        };
        assert_eq!(Pronoun::He.agreement(&she), 0.0);
        assert_eq!(Pronoun::She.agreement(&she), 1.0);
        assert_eq!(Pronoun::read("he's"), Some(Pronoun::He));
        assert_eq!(Pronoun::read("hello"), None);
    }
}
