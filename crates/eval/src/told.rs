//! What a corpus annotates at all. A layer that it leaves out counts for nothing, but a document
//! without, say, a single cue is not the same as a corpus without cues.

use std::collections::HashMap;

use dixit_document::{Document, Role};

/// Which layers the gold data tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Of quotations.
    cues: bool,
    pub(crate) sources: bool,
    pub(crate) speakers: bool,
    /// Of spans that no quotation joins.
    loose_cues: bool,
    loose_sources: bool,
}

impl Told {
    /// Whether spans of a role are told in a document like this one.
    pub(crate) fn role(self, role: Role, document: &Document) -> bool {
        let joined = document.quotations.is_some();
        let loose = document.loose_spans.is_some();
        match role {
            Role::Content => joined || loose,
            Role::Cue => (joined && self.cues) || (loose && self.loose_cues),
            Role::Source => (joined && self.sources) || (loose && self.loose_sources),
        }
    }

    /// Read from all gold documents, each genre for itself: corpora differ, and a genre is as near
    /// as the data come to naming their corpus.
    pub(crate) fn by_genre(gold: &[Document]) -> HashMap<Option<&str>, Told> {
        let mut all: HashMap<Option<&str>, Told> = HashMap::new();
        for document in gold {
            let told = all.entry(document.genre.as_deref()).or_default();
            for quotation in document.quotations.iter().flatten() {
                told.cues |= !quotation.cue.is_empty();
                told.sources |= !quotation.source.is_empty();
                told.speakers |= quotation.speaker.is_some();
            }
            for loose in document.loose_spans.iter().flatten() {
                told.loose_cues |= loose.role == Role::Cue;
                told.loose_sources |= loose.role == Role::Source;
            }
        }
        all
    }
}
