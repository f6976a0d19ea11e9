//! A [`Document`] is a text with annotation layers: named entities, mentions, entities and
//! quotations. Every position inside Dixit is a [`Span`] of bytes into that text; [`Offsets`]
//! turns them into Unicode code points where results leave the program.

mod document;
mod labels;
mod offsets;
mod span;
mod validate;

pub use document::{
    Document, Entity, EntityId, Evidence, LooseSpan, Mention, NamedEntity, Quotation, Quoted,
    QuotedText, Role, SourceText,
};
pub use labels::{EntityType, Form, Gender, Kind, Label, Mode, Reference, Rule, UnknownLabel};
pub use offsets::Offsets;
pub use span::Span;
pub use validate::{Flaw, Problem, validate};
