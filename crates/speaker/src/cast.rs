//! The entities of a document while they are being found.

use dixit_document::{EntityType, Gender, Span};

use crate::phrase::Phrase;
use crate::pronouns::Pronoun;

/// An entity in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub kind: Option<EntityType>,
    /// Whether it goes by a name.
    pub named: bool,
    pub gender: Option<Gender>,
    pub plural: bool,
    /// Lower-case words of all its names.
    pub words: std::collections::BTreeSet<String>,
    /// What the text calls it besides: titles, appositions, sources.
    pub descriptions: Vec<Phrase>,
    /// Names as they stand, without titles: the fullest decides what it is called.
    pub names: Vec<Span>,
    /// Other names and descriptions, as they stand.
    pub aliases: Vec<Span>,
    /// What it is called where the text has no words for it: the narrator.
    pub label: Option<&'static str>,
    /// Whether a cast that was given says that this is the narrator.
    pub narrates: bool,
    /// Several speakers in one: their drafts.
    pub members: Vec<usize>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cast {
    pub drafts: Vec<Draft>,
}

impl Cast {
    pub fn add(&mut self, draft: Draft) -> usize {
        self.drafts.push(draft);
        self.drafts.len() - 1
    }

    pub fn get(&self, index: usize) -> Option<&Draft> {
        self.drafts.get(index)
    }

    pub fn get_mut(&mut self, index: usize) -> Option<&mut Draft> {
        self.drafts.get_mut(index)
    }
}

impl Draft {
    pub fn is_person(&self) -> bool {
        self.kind == Some(EntityType::Person)
    }

    /// Whether a pronoun or noun of that gender can stand for it.
    pub fn agrees(&self, gender: Gender) -> bool {
        !matches!(
            (self.gender, gender),
            (Some(Gender::Male), Gender::Female) | (Some(Gender::Female), Gender::Male)
        )
    }

    /// A pronoun stands for it: that tells the gender of somebody without a name.
    pub fn stand_for(&mut self, pronoun: Pronoun) {
        let unnamed = self.is_person() && !self.named && !self.plural && self.label.is_none();
        if unnamed && self.gender.is_none() {
            self.gender = match pronoun {
                Pronoun::He => Some(Gender::Male),
                Pronoun::She => Some(Gender::Female),
                _ => None,
            };
        }
    }

    /// Remembers a description once.
    pub fn describe(&mut self, phrase: Phrase) {
        if self.named
            && self.gender.is_none()
            && !phrase.plural
            && let Some(gender) = phrase.gender()
        {
            self.gender = Some(gender);
        }
        let known = self
            .descriptions
            .iter()
            .any(|old| old.head == phrase.head && old.modifiers == phrase.modifiers);
        if !known {
            self.descriptions.push(phrase);
        }
    }
}
