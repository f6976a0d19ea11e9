//! Records as Arrow tables, for Parquet, Spark, DuckDB, Polars, pandas… (feature `arrow`)
//!
//! One row is one quotation, as a line of the JSON records is. All types are such that Spark,
//! which knows no unsigned numbers, reads them as they are:
//!
//! | column | type | null | holds |
//! |---|---|---|---|
//! | `doc` | utf8 | no | the document's id |
//! | `id` | utf8 | no | the quotation's id, unique in the document |
//! | `text` | utf8 | no | the words, “ … ” between the parts of an interrupted quotation |
//! | `kind` | utf8 | yes | direct, indirect, mixed |
//! | `marked` | boolean | yes | whether it stands in marks |
//! | `mode` | utf8 | yes | speech, writing, thought, other |
//! | `content` | list\<struct\<start: int64, end: int64\>\> | no | where the words are |
//! | `cue` | the same | no | where the cue is; empty if there is none |
//! | `source` | the same | no | where the mention of the speaker is; empty if there is none |
//! | `source_form` | utf8 | yes | name, nominal, pronoun |
//! | `speaker` | struct\<id: utf8, name: utf8, type: utf8?, named: boolean, aliases: list\<utf8\>\> | yes | who said it |
//! | `addressees` | list\<struct\<id: utf8, name: utf8\>\> | no | to whom |
//! | `reference` | utf8 | yes | explicit, anaphoric, implicit |
//! | `confidence` | float64 | yes | from 0 to 1, four decimals |
//! | `meta` | utf8 | yes | the document's other fields, as a JSON object; null if it has none |
//!
//! Items of lists and fields of structs are never null, but for `speaker.type`. Positions count
//! Unicode code points, half-open, into the text as it was given.

mod lists;
mod records;
mod schema;
#[cfg(feature = "parquet")]
mod value;

pub use records::{RecordBatches, record_batch};
pub use schema::records_schema;
#[cfg(feature = "parquet")]
pub(crate) use value::value;

// What the functions here give and take.
pub use arrow_array::RecordBatch;
pub use arrow_schema::{ArrowError, SchemaRef};
