//! `dixit attribute` from outside: what is given comes back, and nothing else was looked at.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

fn dixit(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(arguments)
        .output();
    output.expect("the program runs")
}

fn sample() -> String {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/samples"))
        .join("harbour.gold.jsonl")
        .to_string_lossy()
        .into_owned()
}

fn gold() -> Value {
    let line = fs::read_to_string(sample()).expect("the sample");
    serde_json::from_str(&line).expect("a document")
}

/// A folder with one file of the lines.
fn file(lines: &[String]) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gold.jsonl");
    fs::write(&path, lines.join("\n")).expect("a file");
    let path = path.to_string_lossy().into_owned();
    (folder, path)
}

fn documents(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn quotations(document: &Value) -> &Vec<Value> {
    document["quotations"].as_array().expect("quotations")
}

/// The name of each quotation's speaker.
fn speakers(document: &Value) -> Vec<String> {
    let name = |quotation: &Value| {
        let entities = document["entities"].as_array().expect("entities");
        let found = entities.iter().find(|e| e["id"] == quotation["speaker"]);
        found.map_or(String::new(), |e| {
            e["name"].as_str().unwrap_or("").to_owned()
        })
    };
    quotations(document).iter().map(name).collect()
}

#[test]
fn every_quotation_comes_back_once_in_its_order() {
    // Not in the order of the text, and one id looks like nothing of ours.
    let mut document = gold();
    let list = document["quotations"].as_array_mut().expect("quotations");
    list.reverse();
    list[0]["id"] = json!("🙂 1");
    let (_folder, path) = file(&[document.to_string()]);
    for cast in [&[][..], &["--cast"]] {
        let arguments = [&["attribute", &path, "--format", "documents", "-q"], cast].concat();
        let output = dixit(&arguments);
        assert_eq!(output.status.code(), Some(0));
        let found = documents(&output).remove(0);
        assert_eq!(found["id"], document["id"]);
        assert_eq!(found["text"], document["text"]);
        let parts = |document: &Value, field: &str| -> Vec<Value> {
            quotations(document)
                .iter()
                .map(|q| q[field].clone())
                .collect()
        };
        for field in ["id", "content"] {
            assert_eq!(parts(&found, field), parts(&document, field), "{field}");
        }
        if !cast.is_empty() {
            let ids = |document: &Value| -> Vec<Value> {
                let entities = document["entities"].as_array().expect("entities");
                entities.iter().map(|entity| entity["id"].clone()).collect()
            };
            assert_eq!(ids(&found), ids(&document));
        }
    }
}

#[test]
fn the_sample_gets_its_speakers() {
    // The text does not tell whether Piet Verhoeven is meant by “she”; the cast does.
    let mut gold = gold();
    gold["entities"][4]["gender"] = json!("M");
    let wanted = speakers(&gold);
    let (_folder, path) = file(&[gold.to_string()]);
    for (cast, least) in [(&[][..], wanted.len() - 1), (&["--cast"], wanted.len())] {
        let arguments = [&["attribute", &path, "--format", "documents", "-q"], cast].concat();
        let found = documents(&dixit(&arguments)).remove(0);
        let found = speakers(&found);
        let right = found.iter().zip(&wanted).filter(|(a, b)| a == b).count();
        assert!(right >= least, "{found:?}, not {wanted:?}");
    }
}

#[test]
fn records_carry_the_given_ids_and_can_be_evaluated() {
    let path = sample();
    let folder = tempfile::tempdir().expect("a folder");
    let said = folder
        .path()
        .join("said.jsonl")
        .to_string_lossy()
        .into_owned();
    assert_eq!(
        dixit(&["attribute", &path, "-q", "-o", &said])
            .status
            .code(),
        Some(0)
    );
    let records = fs::read_to_string(&said).expect("records");
    let ids: Vec<Value> = records
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].clone())
        .collect();
    let wanted: Vec<Value> = quotations(&gold())
        .iter()
        .map(|q| q["id"].clone())
        .collect();
    assert_eq!(ids, wanted);
    let report = dixit(&[
        "evaluate", "--gold", &path, "--pred", &said, "--format", "json",
    ]);
    assert_eq!(report.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&report.stdout).expect("a report");
    assert_eq!(
        report["counts"]["quotations"],
        report["counts"]["predicted_quotations"]
    );
}

#[test]
fn no_other_gold_field_is_read() {
    let plain = gold();
    let mut spoilt = plain.clone();
    for (index, quotation) in spoilt["quotations"]
        .as_array_mut()
        .expect("them")
        .iter_mut()
        .enumerate()
    {
        let fields = quotation.as_object_mut().expect("an object");
        fields.retain(|field, _| field == "id" || field == "content");
        if index % 2 == 0 {
            for field in [
                "cue",
                "source",
                "kind",
                "marked",
                "mode",
                "reference",
                "speaker",
                "named",
            ] {
                fields.insert(field.to_owned(), json!({"no": index}));
            }
        } else {
            fields.insert("speaker".to_owned(), json!("nobody"));
            fields.insert("cue".to_owned(), json!([[0, 3]]));
            fields.insert("source".to_owned(), json!([[4, 8]]));
            fields.insert("ok".to_owned(), json!(false));
            fields.insert("optional".to_owned(), json!(true));
            fields.insert("addressees".to_owned(), json!(["nobody"]));
        }
    }
    spoilt["mentions"] = json!("none");
    spoilt["named_entities"] = json!(4);
    spoilt["spans"] = json!([]);
    let run = |document: &Value, cast: &[&str]| {
        let (_folder, path) = file(&[document.to_string()]);
        let arguments = [&["attribute", &path, "--format", "documents", "-q"], cast].concat();
        let output = dixit(&arguments);
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    assert_eq!(run(&plain, &["--cast"]), run(&spoilt, &["--cast"]));
    // Without --cast the entities are none of its business either.
    spoilt["entities"] = json!([{"id": 3}]);
    assert_eq!(run(&plain, &[]), run(&spoilt, &[]));
}

#[test]
fn the_bytes_do_not_depend_on_the_jobs_and_documents_stay_in_order() {
    let lines: Vec<String> = (0..9)
        .map(|number| {
            let mut document = gold();
            document["id"] = json!(format!("d{number}"));
            let text = document["text"].as_str().expect("text").to_owned();
            document["text"] = json!(text + &" The end.".repeat(40 * (9 - number)));
            document.to_string()
        })
        .collect();
    let (_folder, path) = file(&lines);
    let run = |jobs: &str| dixit(&["attribute", &path, "-q", "--jobs", jobs]);
    let one = run("1");
    assert_eq!(one.status.code(), Some(0));
    assert_eq!(one.stdout, run("3").stdout);
    let mut order: Vec<Value> = documents(&one).iter().map(|r| r["doc"].clone()).collect();
    order.dedup();
    assert_eq!(
        order,
        (0..9).map(|n| json!(format!("d{n}"))).collect::<Vec<_>>()
    );
}

#[test]
fn bad_documents_are_set_aside_with_place_and_mend() {
    let mut outside = gold();
    outside["id"] = json!("outside");
    outside["quotations"][2]["content"] = json!([[0, 4], [5, 99_999]]);
    let bare = json!({"id": "bare", "text": "“Go,” said Zoë."});
    let lines = [
        outside.to_string(),
        "{".to_owned(),
        gold().to_string(),
        bare.to_string(),
    ];
    let (folder, path) = file(&lines);
    let errors = folder
        .path()
        .join("errors.jsonl")
        .to_string_lossy()
        .into_owned();
    let output = dixit(&[
        "attribute",
        &path,
        "--format",
        "documents",
        "--errors",
        &errors,
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(documents(&output).len(), 1);
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        told.contains("line 1: document outside: quotation Q3: [5, 99999] ends past"),
        "{told}"
    );
    assert!(told.contains("count Unicode code points"), "{told}");
    assert!(
        told.contains("line 4: document bare: no field “quotations”"),
        "{told}"
    );
    let errors = fs::read_to_string(errors).expect("errors");
    let kinds: Vec<Value> = errors
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["kind"].clone())
        .collect();
    assert_eq!(kinds, ["flaw", "json", "missing field"]);
    assert_eq!(
        dixit(&["attribute", &path, "--oracle"]).status.code(),
        Some(2)
    );
}
