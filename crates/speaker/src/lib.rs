//! Who said it: entities, aliases, pronouns and the speaker of each quotation.
//!
//! [`link`] takes a text, its layout, the names found in it and its quotations, and gives every
//! quotation its speaker:
//!
//! ```
//! use dixit_document::{Label, NamedEntity, Quotation, Span};
//! use dixit_speaker::link;
//! use dixit_tokenize::Layout;
//!
//! let text = "Mayor Ines Calloway arrived late. “We begin,” she said.";
//! let at = |part: &str| {
//!     let start = text.find(part).unwrap_or(0);
//!     Span::new(start, start + part.len())
//! };
//! let names = [NamedEntity { span: at("Ines Calloway"), label: Label::Per, confidence: 1.0 }];
//! let quotation = Quotation {
//!     id: "q1".into(),
//!     content: vec![at("We begin")],
//!     cue: vec![at("said")],
//!     source: vec![at("she")],
//!     kind: None,
//!     marked: Some(true),
//!     mode: None,
//!     source_form: None,
//!     speaker: None,
//!     addressees: Vec::new(),
//!     reference: None,
//!     confidence: 1.0,
//!     ok: true,
//!     optional: false,
//!     evidence: None,
//! };
//! let linked = link(text, &Layout::read(text), &names, vec![quotation]);
//! let speaker = linked.quotations[0].speaker.map(|id| &linked.entities[id.index()]);
//! assert_eq!(speaker.map(|entity| entity.name.as_str()), Some("Ines Calloway"));
//! ```
//!
//! How it goes:
//!
//! 1. **Names** are read into titles, given names and surnames, and names of one bearer are put
//!    together into entities.
//! 2. **Descriptions** beside a name (“Mayor Calloway”, “Jo Reyes, a pilot”) are kept with its
//!    entity.
//! 3. **Sources** are taken apart: which name or noun is their head.
//! 4. In text order, every pronoun and description finds its **entity** among those that went
//!    before.
//! 5. A quotation without a source of its own **continues** the one before it, or takes its turn
//!    in a dialogue.
//! 6. In a dialogue the others who speak around a quotation are its **addressees**, and those
//!    whom it calls by name.
//!
//! [`link_cast`] does the same among speakers who are given.

mod addressees;
mod aliases;
mod bare;
mod beside;
mod candidates;
mod cast;
mod clause;
mod decide;
mod describe;
mod described;
mod dialogue;
mod evidence;
mod gaps;
mod given;
mod kin;
mod lexicon;
mod lines;
mod link;
mod members;
mod mentions;
mod names;
mod narrator;
mod nominals;
mod output;
mod phrase;
mod pronouns;
mod ranker;
mod relative;
mod scene;
mod source;
pub mod training;
mod turns;
mod words;

pub use link::{Linked, link, link_cast};
