//! Who speaks in a document, and how much.

use std::collections::HashMap;

use dixit_document::{Document, EntityId, Quotation};

/// How many colours the style knows.
const COLORS: usize = 12;

/// A speaker of a document.
pub(crate) struct Speaker {
    /// The entity; `None` for quotations that nobody is known to have said.
    entity: Option<EntityId>,
    /// Words said.
    pub(crate) words: usize,
    /// Quotations.
    pub(crate) quotations: usize,
}

/// The speakers of a document, the one with the most words first, the unknown last.
pub(crate) struct Speakers<'d> {
    document: &'d Document,
    pub(crate) all: Vec<Speaker>,
    rank: HashMap<Option<EntityId>, usize>,
}

impl<'d> Speakers<'d> {
    pub(crate) fn of(document: &'d Document) -> Self {
        let mut all: Vec<Speaker> = Vec::new();
        let mut rank: HashMap<Option<EntityId>, usize> = HashMap::new();
        for quotation in document.quotations.iter().flatten() {
            // An entity that is not there is nobody.
            let entity = quotation
                .speaker
                .filter(|id| id.index() < document.entities.len());
            let index = *rank.entry(entity).or_insert_with(|| {
                all.push(Speaker {
                    entity,
                    words: 0,
                    quotations: 0,
                });
                all.len() - 1
            });
            if let Some(speaker) = all.get_mut(index) {
                speaker.words += words(document, quotation);
                speaker.quotations += 1;
            }
        }
        // Stable: among equals the one that speaks first.
        all.sort_by_key(|speaker| (speaker.entity.is_none(), std::cmp::Reverse(speaker.words)));
        let rank = all
            .iter()
            .enumerate()
            .map(|(index, speaker)| (speaker.entity, index))
            .collect();
        Self {
            document,
            all,
            rank,
        }
    }

    /// The place of a quotation's speaker in the order.
    pub(crate) fn rank(&self, quotation: &Quotation) -> usize {
        let entity = quotation
            .speaker
            .filter(|id| id.index() < self.document.entities.len());
        self.rank.get(&entity).copied().unwrap_or(0)
    }

    /// The name of the speaker at a place.
    pub(crate) fn name(&self, rank: usize) -> &'d str {
        self.all
            .get(rank)
            .and_then(|speaker| self.document.entities.get(speaker.entity?.index()))
            .map_or("unknown", |entity| &entity.name)
    }

    /// The class of the style that colours the speaker at a place.
    pub(crate) fn class(&self, rank: usize) -> String {
        match self.all.get(rank) {
            Some(speaker) if speaker.entity.is_some() => format!("c{}", rank % COLORS),
            _ => "cx".to_owned(),
        }
    }

    /// How many of them are somebody.
    pub(crate) fn known(&self) -> usize {
        self.all
            .iter()
            .filter(|speaker| speaker.entity.is_some())
            .count()
    }

    /// All words said.
    pub(crate) fn words(&self) -> usize {
        self.all.iter().map(|speaker| speaker.words).sum()
    }
}

/// How many words a quotation has; a dash is none.
fn words(document: &Document, quotation: &Quotation) -> usize {
    quotation
        .content
        .iter()
        .flat_map(|span| span.of(&document.text).split_whitespace())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}
