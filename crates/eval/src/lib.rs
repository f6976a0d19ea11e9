//! The metrics of quotation attribution, against gold data.
//!
//! [`evaluate`] takes gold and predicted [`Document`](dixit_document::Document)s and gives a
//! [`Report`]: spans of content, cue and source; who said what, end to end; speakers of gold
//! quotations; quotations clustered by speaker; named entities. Each figure comes with its counts,
//! by kind, marks, mode, reference, form of the source, genre and document, and with a bootstrap
//! interval over documents. The report also says what became of every single quotation. [`compare`]
//! does it for two systems on the same gold data.
//!
//! This crate sees no model and reads no file.
//!
//! ```
//! use dixit_document::{Document, Quotation, Span};
//! use dixit_eval::{Group, Measure, Options, evaluate};
//! # fn quotation(content: Span, source: Span) -> Quotation {
//! #     Quotation {
//! #         id: "q1".to_owned(), content: vec![content], cue: vec![], source: vec![source],
//! #         kind: None, marked: None, mode: None, source_form: None, speaker: None,
//! #         addressees: vec![], reference: None, confidence: 1.0, evidence: None, ok: true,
//! #         optional: false,
//! #     }
//! # }
//!
//! let text = "“Há tempo”, said Inês.";
//! let document = |content: Span| Document {
//!     id: "letter".to_owned(),
//!     text: text.to_owned(),
//!     quotations: Some(vec![quotation(content, Span::new(19, 24))]),
//!     ..Document::default()
//! };
//! // Gold data with the marks, predictions without: with the ends stripped they are the same.
//! let gold = [document(Span::new(0, 15))];
//! let predicted = [document(Span::new(3, 12))];
//! let report = evaluate(&gold, &predicted, &Options::default());
//! assert_eq!(report.figure(Measure::Attribution, &Group::All).unwrap().value, Some(1.0));
//! println!("{report}");
//! ```
//!
//! # How things are counted
//!
//! - Lengths and overlaps are counted in Unicode code points, token measures in runs of letters and
//!   digits and single other characters.
//! - Contents are matched one to one, greedily by intersection over union of the boundary-stripped
//!   spans; from 0.5 on they are the same quotation.
//! - A found quotation is filed under what the gold data say of it (its kind, its mode), a spurious
//!   one under what the prediction says.
//! - Optional gold quotations, and those of a mode that is not asked for, are free: found or not,
//!   they count for nothing. Those that are not fit to be scored (`ok` is false) are free wherever
//!   quotations are matched, and count in the span measures.
//! - Names are the same if they are so in lower case, without a leading article and without
//!   punctuation at the ends; never by a part of them.

mod align;
mod bootstrap;
mod case;
mod clusters;
mod compare;
mod entities;
mod evaluate;
mod groups;
mod measure;
mod names;
mod options;
mod outcome;
mod outcomes;
mod overview;
mod quotations;
mod region;
mod render;
mod report;
mod sheet;
mod spans;
mod table;
mod tally;
mod text;
mod told;

pub use compare::{Comparison, Difference, Flip, compare};
pub use evaluate::evaluate;
pub use measure::{Boundaries, ClusterMeasure, Group, Mapping, Measure, SpanMeasure};
pub use options::{Options, Oracle};
pub use outcome::{Outcome, Side, Verdict};
pub use report::{Counts, Figure, Problem, Report};
pub use tally::Tally;
