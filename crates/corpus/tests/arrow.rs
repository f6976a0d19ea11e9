//! Records as Arrow tables say the same as records in JSON.
#![cfg(feature = "arrow")]

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, StructArray};
use dixit_corpus::arrow::{RecordBatches, record_batch, records_schema};
use dixit_document::{Document, Entity, EntityId, EntityType, Kind, Quotation, Span};

/// A text whose bytes, code points and UTF-16 units all differ.
const TEXT: &str = "“Né 🦊 à Łódź,”\r\nsaid Zoë. Ships leave, she added.";

fn span(part: &str) -> Span {
    let start = TEXT.find(part).unwrap();
    Span::new(start, start + part.len())
}

fn quotation(id: &str, content: &[&str], cue: &str, speaker: Option<EntityId>) -> Quotation {
    Quotation {
        id: id.to_owned(),
        content: content.iter().map(|part| span(part)).collect(),
        cue: vec![span(cue)],
        source: Vec::new(),
        kind: Some(Kind::Direct),
        marked: None,
        mode: None,
        source_form: None,
        speaker,
        addressees: vec![EntityId(0)],
        reference: None,
        confidence: 0.5,
        ok: true,
        optional: false,
        evidence: None,
    }
}

fn document() -> Document {
    let entity = Entity {
        id: "e1".to_owned(),
        name: "Zoë".to_owned(),
        entity_type: Some(EntityType::Person),
        aliases: vec!["she".to_owned(), "Zoë B.".to_owned()],
        gender: None,
        named: true,
    };
    Document {
        id: "a/é".to_owned(),
        text: TEXT.to_owned(),
        entities: vec![entity],
        meta: [("url".to_owned(), "https://example.org/é".into())]
            .into_iter()
            .collect(),
        quotations: Some(vec![
            quotation("q1", &["Né 🦊 à Łódź", "Ships"], "said", Some(EntityId(0))),
            quotation("q2", &["Ships leave"], "added", None),
        ]),
        ..Document::default()
    }
}

/// The parts of a row's spans, sliced out of the text by code points.
fn parts(spans: &dyn Array) -> Vec<String> {
    let spans: &StructArray = spans.as_struct();
    let [start, end] = [0, 1].map(|index| spans.column(index).as_primitive::<Int64Type>());
    let code_points: Vec<char> = TEXT.chars().collect();
    (0..spans.len())
        .map(|index| {
            let [start, end] = [start, end].map(|column| column.value(index) as usize);
            code_points[start..end].iter().collect()
        })
        .collect()
}

#[test]
fn one_row_a_quotation_with_positions_in_code_points() {
    let batch = record_batch([&document(), &Document::default(), &document()]).unwrap();
    assert_eq!(batch.schema(), records_schema());
    assert_eq!(batch.num_rows(), 4);
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let texts = column("text").as_string::<i32>();
    assert_eq!(texts.value(2), "Né 🦊 à Łódź … Ships");
    let content = column("content").as_list::<i32>();
    assert_eq!(parts(&content.value(2)), ["Né 🦊 à Łódź", "Ships"]);
    assert_eq!(parts(&content.value(3)), ["Ships leave"]);
    assert_eq!(parts(&column("cue").as_list::<i32>().value(1)), ["added"]);
    assert!(column("source").as_list::<i32>().value(0).is_empty());
    assert!(column("mode").is_null(0) && column("marked").is_null(0));

    let speaker = column("speaker").as_struct();
    assert!(speaker.is_valid(0) && speaker.is_null(1) && speaker.is_valid(2));
    let names = speaker.column_by_name("name").unwrap();
    assert_eq!(names.as_string::<i32>().value(2), "Zoë");
    let aliases = speaker.column_by_name("aliases").unwrap();
    let aliases = aliases.as_list::<i32>().value(2);
    assert_eq!(aliases.as_string::<i32>().value(1), "Zoë B.");
    let addressees = column("addressees").as_list::<i32>().value(3);
    assert_eq!(addressees.len(), 1);
    let meta = column("meta").as_string::<i32>();
    assert_eq!(meta.value(0), "{\"url\":\"https://example.org/é\"}");
}

#[test]
fn a_finished_batch_leaves_an_empty_one() {
    let mut batches = RecordBatches::new();
    assert_eq!(batches.finish().unwrap().num_rows(), 0);
    batches.push(&document()).unwrap();
    assert_eq!(batches.rows(), 2);
    assert!(batches.bytes() > 2 * "a/é".len());
    assert_eq!(batches.finish().unwrap().num_rows(), 2);
    assert_eq!((batches.rows(), batches.bytes()), (0, 0));
    batches.push(&document()).unwrap();
    let batch = batches.finish().unwrap();
    assert_eq!(parts(&batch["cue"].as_list::<i32>().value(0)), ["said"]);
}
