use std::sync::{Arc, LazyLock};

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};

/// The name of a list's items, as Parquet has it.
const ITEM: &str = "element";

/// The columns of a table of records; [the module](super) tells what they hold.
#[must_use]
pub fn records_schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let label = |name: &str| Field::new(name, DataType::Utf8, true);
        let spans = |name: &str| Field::new(name, list(DataType::Struct(span_fields())), false);
        Arc::new(Schema::new(vec![
            Field::new("doc", DataType::Utf8, false),
            Field::new("id", DataType::Utf8, false),
            Field::new("text", DataType::Utf8, false),
            label("kind"),
            Field::new("marked", DataType::Boolean, true),
            label("mode"),
            spans("content"),
            spans("cue"),
            spans("source"),
            label("source_form"),
            Field::new("speaker", DataType::Struct(speaker_fields()), true),
            Field::new(
                "addressees",
                list(DataType::Struct(addressee_fields())),
                false,
            ),
            label("reference"),
            Field::new("confidence", DataType::Float64, true),
            label("meta"),
        ]))
    });
    Arc::clone(&SCHEMA)
}

fn list(items: DataType) -> DataType {
    DataType::List(item(items))
}

/// The items of a list: never null.
pub(super) fn item(items: DataType) -> Arc<Field> {
    Arc::new(Field::new(ITEM, items, false))
}

pub(super) fn span_fields() -> Fields {
    ["start", "end"]
        .map(|name| Field::new(name, DataType::Int64, false))
        .to_vec()
        .into()
}

pub(super) fn speaker_fields() -> Fields {
    vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("name", DataType::Utf8, false),
        Field::new("type", DataType::Utf8, true),
        Field::new("named", DataType::Boolean, false),
        Field::new("aliases", list(DataType::Utf8), false),
    ]
    .into()
}

pub(super) fn addressee_fields() -> Fields {
    ["id", "name"]
        .map(|name| Field::new(name, DataType::Utf8, false))
        .to_vec()
        .into()
}
