//! Named entities: a model's scores, decoded into names.
//!
//! [`named_entities`] takes the [`Reading`](dixit_encoder::Reading) of a document and gives its
//! names with the labels of CoNLL-2003, in text order, not overlapping. A model that somebody
//! brings has labels of its own: [`LabelMap`] knows what they mean, and decodes its scores into
//! names of the same kind.

mod bundled;
mod decode;
mod labels;

pub use bundled::named_entities;
pub use labels::{LabelError, LabelMap, LabelNames};
