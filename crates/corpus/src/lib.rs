//! Readers and writers of everything Dixit reads and writes.
//!
//! [`SourceTexts`] reads texts (files, folders, patterns, JSON Lines, tables, standard input,
//! packed or not) one at a time; a document that cannot be read is a [`DocumentError`] between
//! the others. [`LabelledDocuments`] reads annotated documents, gold or predicted; [`QuotedTexts`]
//! reads no more of them than what is quoted; [`read_predictions`] also takes the records of one
//! quotation a line. [`Writer`] writes records, documents or a table, and [`WholeFile`] makes a
//! file that is there wholly or not at all.
//!
//! [`formats`] reads and writes the forms in which labelled data come in: brat, PDNC, LitBank,
//! CoNLL, BookNLP, Citron, and for output the W3C's Web Annotation and TEI.
//!
//! For long runs, [`ReadAhead`] reads on a thread of its own, and [`RestartableOutput`] writes so
//! that an interrupted run goes on to the same bytes.
//!
//! Positions are bytes inside and Unicode code points in every file.

#[cfg(feature = "arrow")]
pub mod arrow;
mod bare_content;
mod compression;
mod error;
mod format;
pub mod formats;
mod inputs;
mod json_texts;
mod labelled;
mod lines;
mod meter;
#[cfg(feature = "parquet")]
mod parquet_texts;
mod predictions;
mod quoted_texts;
mod read_ahead;
mod record_schema;
mod restart;
mod schema;
mod source_texts;
mod table_rows;
mod table_texts;
mod whole_file;
mod write_documents;
mod write_parquet;
mod write_records;
mod write_table;
mod writer;

pub use error::{DocumentError, ErrorKind, WriteError};
pub use format::InputFormat;
pub use labelled::{Labelled, LabelledDocuments};
pub use meter::Meter;
pub use predictions::{Predictions, read_predictions};
pub use quoted_texts::QuotedTexts;
pub use read_ahead::ReadAhead;
pub use record_schema::{DOCUMENT_SCHEMA, RECORD_SCHEMA};
pub use restart::{Done, OutputPlan, RestartError, RestartableOutput, Resumed};
pub use schema::{
    AddresseeLine as Addressee, Pair, RecordLine as Record, SpeakerLine as Speaker, pair, rounded,
};
pub use source_texts::{ReadOptions, SourceTexts};
pub use whole_file::WholeFile;
pub use write_records::{record, words};
pub use writer::{OutputFormat, Writer};
