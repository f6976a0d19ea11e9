use serde_json::{Map, Value};

use crate::{EntityType, Form, Gender, Kind, Label, Mode, Reference, Rule, Span};

/// A text that nothing has been said about yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceText {
    /// The document's name, unique in its corpus.
    pub id: String,
    /// The text, exactly as it was given.
    pub text: String,
    /// Fields that travel along untouched.
    pub meta: Map<String, Value>,
}

/// A text of which it is known what is quoted, but not who says it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuotedText {
    /// The text.
    pub source: SourceText,
    /// What is quoted, in any order.
    pub quotations: Vec<Quoted>,
    /// The only ones who can be speakers; `None` where they have to be found in the text.
    pub cast: Option<Vec<Entity>>,
}

/// Words of which it is known that they are quoted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quoted {
    /// The quotation's name, unique in the document.
    pub id: String,
    /// The words: several spans where the quotation is interrupted. In text order.
    pub content: Vec<Span>,
}

impl AsRef<SourceText> for SourceText {
    fn as_ref(&self) -> &SourceText {
        self
    }
}

impl AsRef<SourceText> for QuotedText {
    fn as_ref(&self) -> &SourceText {
        &self.source
    }
}

/// A text with what is known, or was predicted, of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The document's name, unique in its corpus.
    pub id: String,
    /// The kind of text (“news”, “fiction”), where the corpus says so.
    pub genre: Option<String>,
    /// The text, exactly as it was given; all spans are bytes into it.
    pub text: String,
    /// Fields that travel along untouched.
    pub meta: Map<String, Value>,
    /// The named-entity layer, in text order; `None` where it is not annotated.
    pub named_entities: Option<Vec<NamedEntity>>,
    /// The mentions of entities, in text order; `None` where they are not annotated.
    pub mentions: Option<Vec<Mention>>,
    /// The entities of the document; an [`EntityId`] is an index into them.
    pub entities: Vec<Entity>,
    /// The quotations, in text order; `None` where they are not annotated.
    pub quotations: Option<Vec<Quotation>>,
    /// Spans of content, cue and source that no attribution joins (RiQuA has only these), or cues and
    /// sources beside those of `quotations`.
    pub loose_spans: Option<Vec<LooseSpan>>,
}

/// An index into [`Document::entities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub u32);

impl EntityId {
    /// The index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A name that the named-entity model found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NamedEntity {
    /// Where.
    pub span: Span,
    /// What it names.
    pub label: Label,
    /// From 0 to 1.
    pub confidence: f32,
}

/// An expression that refers to an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where.
    pub span: Span,
    /// Which entity, once it is resolved.
    pub entity: Option<EntityId>,
    /// Name, nominal or pronoun, where known.
    pub form: Option<Form>,
    /// The corpus's own type label (“person”, “PER”), where known.
    pub label: Option<String>,
}

/// Someone or something a document speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Its name in records and corpora, unique in the document (“e1”).
    pub id: String,
    /// The fullest name that the document uses, or a description.
    pub name: String,
    /// What it is, where known.
    pub entity_type: Option<EntityType>,
    /// Other names for it.
    pub aliases: Vec<String>,
    /// Where known.
    pub gender: Option<Gender>,
    /// Whether `name` is a name, not a description.
    pub named: bool,
}

/// Somebody's words, or a report of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Quotation {
    /// Its name, unique in the document (“q3”).
    pub id: String,
    /// The words: several spans where the quotation is interrupted. In text order.
    pub content: Vec<Span>,
    /// The expression that signals it (“said”); empty if none.
    pub cue: Vec<Span>,
    /// The mention of the speaker that goes with it; empty if none.
    pub source: Vec<Span>,
    /// Direct, indirect or mixed, where known.
    pub kind: Option<Kind>,
    /// Whether it stands in quotation marks, or another typographic marking such as a dash.
    pub marked: Option<bool>,
    /// Speech, writing, thought or other, where known.
    pub mode: Option<Mode>,
    /// The form of the source, if there is one and it is known.
    pub source_form: Option<Form>,
    /// Who said it, once it is resolved.
    pub speaker: Option<EntityId>,
    /// To whom.
    pub addressees: Vec<EntityId>,
    /// How the speaker is made known, where known.
    pub reference: Option<Reference>,
    /// From 0 to 1; 1 in gold data.
    pub confidence: f32,
    /// Predictions only: why it has this speaker.
    pub evidence: Option<Evidence>,
    /// Gold data only: whether the annotation can be scored. True elsewhere.
    pub ok: bool,
    /// Gold data only: neither its presence nor its absence is a mistake. False elsewhere.
    pub optional: bool,
}

/// Why a quotation has its speaker, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What decided.
    pub rule: Rule,
    /// The mention that it rests on.
    pub mention: Option<Span>,
    /// What the speaker was worth, where several were weighed: a share from 0 to 1 for
    /// [`Rule::Weighed`], a score of no fixed scale for pronouns and descriptions.
    pub score: Option<f32>,
    /// Who else it may have been, and what for.
    pub runner_up: Option<(EntityId, f32)>,
}

/// What a part of an attribution does in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The words.
    Content,
    /// The expression that signals them.
    Cue,
    /// The mention of the speaker.
    Source,
}

/// A part of an attribution that is not joined to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LooseSpan {
    /// Where.
    pub span: Span,
    /// What it does.
    pub role: Role,
}
