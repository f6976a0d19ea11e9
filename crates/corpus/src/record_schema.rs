/// The JSON Schema of a record, one quotation: a line of
/// [`OutputFormat::Records`](crate::OutputFormat::Records).
pub const RECORD_SCHEMA: &str = include_str!("../schema/record.schema.json");

/// The JSON Schema of a document with its annotation: a line of
/// [`OutputFormat::Documents`](crate::OutputFormat::Documents).
pub const DOCUMENT_SCHEMA: &str = include_str!("../schema/document.schema.json");
