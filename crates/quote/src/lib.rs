//! Quotations: direct speech by its marks, and every other kind from the encoder's scores.
//!
//! `attribution` reads contents, cues and sources from the model, [`marks`] direct speech from its
//! typography; [`quotations`] brings the two together, and [`given()`] lays them on contents
//! that are known.

pub mod marks;

mod aside;
mod attitude;
mod attribution;
mod confidence;
mod given;
mod in_marks;
mod loose;
mod merge;
mod noun;
mod over;
mod spoken;
mod story;
mod title;
mod written;

pub use given::given;
pub use merge::{Found, quotations};

/// Where a part of a text stands first.
#[cfg(test)]
fn place(text: &str, part: &str) -> dixit_document::Span {
    let start = text.find(part).expect("it stands in the text");
    dixit_document::Span::new(start, start + part.len())
}
