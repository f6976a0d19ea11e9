//! Reads text and says who said what.
//!
//! [`Pipeline`] is the principal type: a document goes in, and comes back with its named
//! entities, mentions, entities and quotations.
//!
//! ```
//! use dixit::{Pipeline, SourceText};
//!
//! let pipeline = Pipeline::builder().build()?;
//! let document = pipeline.read(SourceText {
//!     id: "harbour".into(),
//!     text: "“The harbour will reopen in May,” Mayor Ilse Brandt said on Tuesday.".into(),
//!     ..SourceText::default()
//! })?;
//! for quotation in document.quotations.iter().flatten() {
//!     let words = quotation.content[0].of(&document.text);
//!     let speaker = quotation.speaker.and_then(|id| document.entities.get(id.index()));
//!     println!("{}: {words}", speaker.map_or("somebody", |entity| &entity.name));
//! }
//! # let quotations = document.quotations.unwrap();
//! # assert_eq!(quotations.len(), 1);
//! # assert_eq!(quotations[0].content[0].of(&document.text), "The harbour will reopen in May");
//! # assert_eq!(document.entities[quotations[0].speaker.unwrap().index()].name, "Ilse Brandt");
//! # Ok::<(), dixit::Error>(())
//! ```
//!
//! # How a document is read
//! 1. `dixit-tokenize` finds paragraphs, sentences, words and marks, and makes word pieces.
//! 2. `dixit-encoder` reads the pieces once, in windows, and scores every word.
//! 3. `dixit-ner` decodes the names and `dixit-quote` the quotations: by their marks, and from
//!    the scores.
//! 4. `dixit-speaker` gathers names, descriptions and pronouns into entities and decides who
//!    spoke.
//!
//! [`Pipeline::stream`] does this for many documents at once, on all cores, in bounded memory,
//! and gives them back in their order. Where it is known what is quoted, [`Pipeline::attribute`]
//! only says who says it.

mod config;
mod error;
mod given;
mod input;
mod loaded;
mod names;
mod pipeline;
mod reading;
mod stages;
mod stream;

pub use config::{Builder, Config, EngineKind, MIN_CONFIDENCE};
pub use dixit_document::{
    Document, Entity, EntityId, EntityType, Form, Gender, Kind, Label, LooseSpan, Mention, Mode,
    NamedEntity, Offsets, Quotation, Quoted, QuotedText, Reference, Role, SourceText, Span,
};
pub use dixit_encoder::{Device, Precision, UnknownDevice};
pub use dixit_ner::{LabelError, LabelNames};
pub use error::Error;
pub use input::Input;
pub use pipeline::Pipeline;
pub use stages::Work;
pub use stream::{Source, Stream};
