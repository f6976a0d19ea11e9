//! Readers and writers of everything Dixit reads and writes.
//!
//! [`SourceTexts`] reads texts (files, folders, patterns, JSON Lines, tables, standard input,
//! packed or not) one at a time; a document that cannot be read is a [`DocumentError`] between
//! the others. [`LabelledDocuments`] reads annotated documents, gold or predicted, and
//! [`read_predictions`] also takes the records of one quotation a line. [`Writer`] writes records,
//! documents or a table, and [`WholeFile`] makes a file that is there wholly or not at all.
//!
//! Positions are bytes inside and Unicode code points in every file.

#[cfg(feature = "arrow")]
pub mod arrow;
mod bare_content;
mod compression;
mod error;
mod format;
mod inputs;
mod json_texts;
mod labelled;
mod lines;
mod predictions;
mod schema;
mod source_texts;
mod table_texts;
mod whole_file;
mod write_documents;
mod write_records;
mod write_table;
mod writer;

pub use error::{DocumentError, ErrorKind, WriteError};
pub use format::InputFormat;
pub use labelled::{Labelled, LabelledDocuments};
pub use predictions::{Predictions, read_predictions};
pub use schema::{
    AddresseeLine as Addressee, Pair, RecordLine as Record, SpeakerLine as Speaker, pair, rounded,
};
pub use source_texts::{ReadOptions, SourceTexts};
pub use whole_file::WholeFile;
pub use write_records::{record, words};
pub use writer::{OutputFormat, Writer};
