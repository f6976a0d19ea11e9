//! What is written is read again; flaws are named, and the rest of the document counts.

use std::fs;
use std::path::Path;

use dixit_corpus::{
    ErrorKind, Labelled, LabelledDocuments, OutputFormat, WholeFile, Writer, read_predictions,
};
use dixit_document::{
    Document, Entity, EntityId, EntityType, Form, Gender, Kind, Label, LooseSpan, Mention, Mode,
    NamedEntity, Quotation, Reference, Role, Span, validate,
};
use proptest::prelude::*;

const TEXT: &str = "— Né à Łódź 🙂,\r\nsaid Zoë Brand,\r\n“that’s all.” She wrote that the café’s \
                    doors stay shut.";

/// The span of `part` in the text.
fn span(part: &str) -> Span {
    let start = TEXT.find(part).unwrap();
    Span::new(start, start + part.len())
}

fn quotation(id: &str, content: Vec<Span>) -> Quotation {
    Quotation {
        id: id.to_owned(),
        content,
        cue: Vec::new(),
        source: Vec::new(),
        kind: None,
        marked: None,
        mode: None,
        source_form: None,
        speaker: None,
        addressees: Vec::new(),
        reference: None,
        confidence: 1.0,
        ok: true,
        optional: false,
        evidence: None,
    }
}

fn document() -> Document {
    let zoe = Entity {
        id: "e1".to_owned(),
        name: "Zoë Brand".to_owned(),
        entity_type: Some(EntityType::Person),
        aliases: vec!["Zoë".to_owned()],
        gender: Some(Gender::Female),
        named: true,
    };
    let crowd = Entity {
        id: "e2".to_owned(),
        name: "the crowd".to_owned(),
        entity_type: None,
        aliases: Vec::new(),
        gender: None,
        named: false,
    };
    Document {
        id: "sample/ł".to_owned(),
        genre: Some("news".to_owned()),
        text: TEXT.to_owned(),
        meta: serde_json::from_str(r#"{"z":1,"a":[0.1,null]}"#).unwrap(),
        named_entities: Some(vec![
            NamedEntity {
                span: span("Łódź"),
                label: Label::Loc,
                confidence: 0.5,
            },
            NamedEntity {
                span: span("Zoë Brand"),
                label: Label::Per,
                confidence: 1.0,
            },
        ]),
        mentions: Some(vec![
            Mention {
                span: span("Zoë Brand"),
                entity: Some(EntityId(0)),
                form: Some(Form::Name),
                label: Some("person".to_owned()),
            },
            Mention {
                span: span("She"),
                entity: None,
                form: None,
                label: None,
            },
        ]),
        entities: vec![zoe, crowd],
        quotations: Some(vec![
            Quotation {
                cue: vec![span("said")],
                source: vec![span("Zoë Brand")],
                kind: Some(Kind::Direct),
                marked: Some(true),
                mode: Some(Mode::Speech),
                source_form: Some(Form::Name),
                speaker: Some(EntityId(0)),
                addressees: vec![EntityId(1)],
                reference: Some(Reference::Explicit),
                confidence: 0.25,
                ..quotation("q1", vec![span("Né à Łódź 🙂"), span("that’s all.")])
            },
            Quotation {
                cue: vec![span("wrote")],
                kind: Some(Kind::Indirect),
                mode: Some(Mode::Writing),
                ok: false,
                optional: true,
                ..quotation("q2", vec![span("that the café’s doors stay shut")])
            },
        ]),
        loose_spans: Some(vec![LooseSpan {
            span: span("said"),
            role: Role::Cue,
        }]),
    }
}

fn written(document: &Document, format: OutputFormat) -> String {
    let mut writer = Writer::new(Vec::new(), format).unwrap();
    writer.write(document).unwrap();
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn read(lines: &str) -> Vec<Labelled> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gold.jsonl");
    fs::write(&path, lines).unwrap();
    let documents = LabelledDocuments::new([path.to_string_lossy().into_owned()]);
    documents.map(|document| document.unwrap()).collect()
}

#[test]
fn documents_come_back_as_they_were() {
    let document = document();
    assert_eq!(validate(&document), []);
    let read = read(&written(&document, OutputFormat::Documents));
    assert!(read[0].flaws.is_empty(), "{:?}", read[0].flaws);
    assert_eq!(read[0].document, document);
}

#[test]
fn a_layer_that_is_absent_stays_so() {
    let bare = Document {
        id: "b".to_owned(),
        text: "é".to_owned(),
        ..Document::default()
    };
    let line = written(&bare, OutputFormat::Documents);
    assert_eq!(line, "{\"id\":\"b\",\"text\":\"é\",\"meta\":{}}\n");
    assert_eq!(read(&line)[0].document, bare);
}

#[test]
fn a_record_has_its_keys_in_order_and_its_offsets_in_code_points() {
    let document = document();
    let lines = written(&document, OutputFormat::Records);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(
        lines[0],
        "{\"doc\":\"sample/ł\",\"id\":\"q1\",\"text\":\"Né à Łódź 🙂 … that’s all.\",\
         \"kind\":\"direct\",\"marked\":true,\"mode\":\"speech\",\"content\":[[2,13],[34,45]],\
         \"cue\":[[16,20]],\"source\":[[21,30]],\"source_form\":\"name\",\
         \"speaker\":{\"id\":\"e1\",\"name\":\"Zoë Brand\",\"type\":\"person\",\"named\":true,\
         \"aliases\":[\"Zoë\"]},\"addressees\":[{\"id\":\"e2\",\"name\":\"the crowd\"}],\
         \"reference\":\"explicit\",\"confidence\":0.25,\
         \"meta\":{\"z\":1,\"a\":[0.1,null]}}"
    );
    // The words are what the code points cut out of the text.
    let characters: Vec<char> = TEXT.chars().collect();
    let second: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    let offset = |end: usize| second["content"][0][end].as_u64().unwrap() as usize;
    let cut: String = characters[offset(0)..offset(1)].iter().collect();
    assert_eq!(cut, "the café’s doors stay shut");
    assert_eq!(second["text"], cut);
    assert_eq!(second["speaker"], serde_json::Value::Null);
}

#[test]
fn a_table_has_a_row_for_each_quotation() {
    let table = written(&document(), OutputFormat::Csv);
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(&rows[0][2], "Zoë Brand");
    assert_eq!(&rows[0][7], "2-13 34-45");
    assert_eq!(&rows[0][16], "{\"z\":1,\"a\":[0.1,null]}");
}

#[test]
fn records_find_the_text_they_were_made_from() {
    let document = document();
    let other = Document {
        id: "silent".to_owned(),
        text: "…".to_owned(),
        ..Document::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    let mut lines = written(&document, OutputFormat::Records);
    lines.push_str("{\"doc\":\"elsewhere\",\"id\":\"q1\",\"content\":[[0,1]]}\n");
    fs::write(&path, lines).unwrap();
    let gold = [other, document.clone()];
    let predictions = read_predictions(&path.to_string_lossy(), &gold).unwrap();
    assert_eq!(predictions.errors.len(), 1);
    assert_eq!(predictions.errors[0].line(), Some(3));
    let [silent, read] = predictions.documents.as_slice() else {
        panic!("two documents")
    };
    assert_eq!(silent.quotations, Some(Vec::new()));
    let quotations = read.quotations.as_ref().unwrap();
    let gold = document.quotations.as_ref().unwrap();
    assert_eq!(quotations[0], gold[0]);
    assert_eq!(quotations[1].content, [span("the café’s doors stay shut")]);
    assert_eq!(read.entities[0].name, "Zoë Brand");
    assert_eq!(validate(read), []);
}

#[test]
fn names_of_the_four_types_are_the_named_entity_layer() {
    let line = r#"{"id":"n","text":"Łódź grows .","mentions":[{"span":[0,4],"type":"LOC","form":"name"}]}"#;
    let document = &read(line)[0].document;
    let names = document.named_entities.as_deref().unwrap();
    assert_eq!(
        names,
        [NamedEntity {
            span: Span::new(0, 7),
            label: Label::Loc,
            confidence: 1.0
        }]
    );
    let resolved = r#"{"id":"n","text":"Łódź","entities":[{"id":"x","name":"Łódź","type":"GPE"}],
        "mentions":[{"span":[0,4],"type":"LOC","form":"name","entity":"x"}]}"#;
    let resolved = &read(&resolved.replace('\n', " "))[0].document;
    assert_eq!(resolved.named_entities, None);
    assert_eq!(resolved.entities[0].entity_type, Some(EntityType::Location));
}

#[test]
fn flaws_are_named_and_the_rest_counts() {
    let line = r#"{"id":"f","text":"“é” 🙂",
        "entities":[{"id":"a","name":"A"},{"id":"a","name":"B"}],
        "quotations":[{"id":"q1","content":[[0,3]],"speaker":"zz","kind":"sung"},
                      {"id":"q2","content":[[2,99]]},{"id":"q3","content":[[3,2]]},
                      {"id":"q1","content":[[4,5],[4,5]]}]}"#;
    let read = read(&line.replace('\n', " "));
    let quotations = read[0].document.quotations.as_ref().unwrap();
    assert_eq!(quotations[0].content[0].of(&read[0].document.text), "“é”");
    assert_eq!(quotations[1].content[0].of(&read[0].document.text), "🙂");
    let flaws: Vec<String> = read[0].flaws.iter().map(ToString::to_string).collect();
    let all = flaws.join("\n");
    for part in [
        "line 1: document f: quotation q1: no entity has the id “zz”",
        "quotation q1: unknown kind of quotation “sung”",
        "quotation q2, content: [2, 99] ends past the text of 5 code points",
        "quotation q2: no content",
        "quotation q3, content: [3, 2] covers nothing",
        "entity a: the id is empty or taken",
        "quotation q1: the id is empty or taken",
        "quotation q1, content: bytes",
    ] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
    assert!(
        read[0]
            .flaws
            .iter()
            .all(|flaw| flaw.kind() == ErrorKind::Flaw)
    );
}

#[test]
fn a_file_is_there_wholly_or_not_at_all() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.jsonl");
    let names = || fs::read_dir(folder.path()).unwrap().count();
    let mut file = WholeFile::create(&path).unwrap();
    file.write_all("“half".as_bytes()).unwrap();
    assert!(!path.exists());
    drop(file);
    assert_eq!(names(), 0);

    fs::write(&path, "before").unwrap();
    let mut file = WholeFile::create(&path).unwrap();
    file.write_all("“whole”".as_bytes()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    file.commit().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "“whole”");
    assert_eq!(names(), 1);
    assert!(WholeFile::create(Path::new("/nowhere/at/all")).is_err());
}

proptest! {
    /// Any text and any spans on its characters survive the way out and back.
    #[test]
    fn any_document_comes_back(text in "(\\PC|[“”—é🙂\r\n]){1,40}", ends in prop::collection::vec(0usize..40, 4)) {
        let boundaries: Vec<usize> =
            text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        let mut ends: Vec<usize> =
            ends.iter().map(|end| boundaries[end % boundaries.len()]).collect();
        ends.sort();
        ends.dedup();
        let content: Vec<Span> =
            ends.chunks_exact(2).map(|pair| Span::new(pair[0], pair[1])).collect();
        prop_assume!(!content.is_empty());
        let document = Document {
            id: "p".to_owned(),
            text,
            quotations: Some(vec![quotation("q", content)]),
            ..Document::default()
        };
        let read = read(&written(&document, OutputFormat::Documents));
        prop_assert!(read[0].flaws.is_empty());
        prop_assert_eq!(&read[0].document, &document);
    }
}
