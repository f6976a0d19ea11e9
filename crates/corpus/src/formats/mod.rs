//! The forms in which labelled data come in and go out, and how each is read and written.
//!
//! Every reader makes the corpus schema of what it finds, so that one check of spans, labels and
//! references serves them all. What a form cannot hold is told by [`Format::lost_in_reading`] and
//! [`Format::lost_in_writing`].

mod blanks;
mod booknlp;
mod brat;
mod brat_files;
mod brat_writer;
mod citron;
mod conll;
mod conll_writer;
mod files;
mod format;
mod identify;
mod kinds;
mod litbank;
mod pdnc;
mod pdnc_writer;
mod python;
mod read;
mod tei;
mod web_annotation;
mod write;

pub use format::Format;
pub use identify::identify;
pub use read::read_format;
pub use write::{Destination, write_format};
