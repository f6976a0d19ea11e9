//! The choice of an engine, a device and a model for names, from outside; what a build without
//! libtorch says where it would need it.

#[cfg(feature = "rust-bert")]
#[path = "../../../tests/engines/brought.rs"]
#[allow(dead_code)]
mod brought;

use std::process::{Command, Output};

const SAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../data/samples/harbour.txt"
);

fn extract(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(["extract", SAMPLE])
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// How a run that may not succeed ends, and what it says.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = extract(arguments);
    assert!(output.stdout.is_empty(), "{arguments:?}");
    let message = String::from_utf8(output.stderr).expect("text");
    (output.status.code(), message)
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    for (arguments, mentioned) in [
        (&["--engine", "onnx"][..], "rust-bert"),
        (&["--engine", "rust-bert", "--precision", "int8"], "f32"),
        (&["--device", "gpu"], "cuda:0"),
        (&["--ner-labels", "A=PER"], "--ner-model"),
        (&["--ner-model", "x", "--ner-labels", "A"], "NAME=PER"),
    ] {
        let (status, message) = refused(arguments);
        assert_eq!(status, Some(2), "{message}");
        assert!(message.contains(mentioned), "{message}");
    }
}

#[test]
fn a_device_that_is_not_there_is_an_error() {
    // No machine has so many.
    let (status, message) = refused(&["--device", "cuda:4321"]);
    assert_eq!(status, Some(3));
    assert!(message.contains("cuda:4321"), "{message}");
}

#[cfg(not(feature = "rust-bert"))]
#[test]
fn a_build_without_libtorch_says_how_to_get_one_with_it() {
    for arguments in [&["--engine", "rust-bert"], &["--ner-model", "folder"]] {
        let (status, message) = refused(arguments);
        assert_eq!(status, Some(3));
        let command = "cargo build --release -p dixit-cli --features rust-bert";
        assert!(message.contains(command), "{message}");
    }
}

#[cfg(feature = "rust-bert")]
mod with_libtorch {
    use super::*;
    use brought::Brought;
    use serde_json::{Value, json};

    fn records(arguments: &[&str]) -> Vec<Value> {
        let output = extract(arguments);
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{message}");
        let text = String::from_utf8(output.stdout).expect("text");
        let lines = text.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().expect("JSON")
    }

    #[test]
    fn both_engines_give_the_same_records() {
        let mut native = records(&["--precision", "f32"]);
        let mut torch = records(&["--engine", "rust-bert", "--jobs", "1"]);
        assert_eq!(torch, records(&["--engine", "rust-bert", "--jobs", "3"]));
        assert!(!native.is_empty());
        for (a, b) in native.iter_mut().zip(&mut torch) {
            let confidence = |record: &mut Value| {
                let confidence = record["confidence"].take();
                confidence.as_f64().expect("a number")
            };
            assert!((confidence(a) - confidence(b)).abs() < 1e-3);
        }
        assert_eq!(native, torch);
    }

    #[test]
    fn a_graphics_processor_that_is_not_there_is_an_error() {
        let (status, message) = refused(&["--engine", "rust-bert", "--device", "cuda:4321"]);
        assert_eq!(status, Some(3));
        assert!(
            message.contains("there is no device cuda:4321"),
            "{message}"
        );
    }

    #[test]
    fn names_come_from_the_model_that_is_brought() {
        let folder = tempfile::tempdir().expect("a folder");
        Brought::distilbert().write(folder.path());
        let text = folder.path().join("text.jsonl");
        let passage = "“We open in May,” said Zoë Brandt, Piet Haak of Lindhaven said 😀.";
        std::fs::write(&text, json!({"id": "a", "text": passage}).to_string()).expect("written");
        let (folder, text) = (path(folder.path()), path(&text));
        let characters: Vec<char> = passage.chars().collect();
        for more in [&[][..], &["--engine", "rust-bert"]] {
            for (labels, expected) in [
                (
                    "PER=PER",
                    &["PER Zoë Brandt", "PER Piet Haak", "LOC Lindhaven"][..],
                ),
                ("PER=O,LOC=MISC", &["MISC Lindhaven"]),
            ] {
                let output = Command::new(env!("CARGO_BIN_EXE_dixit"))
                    .args(["extract", &text, "--format", "documents"])
                    .args(["--ner-model", &folder, "--ner-labels", labels])
                    .args(more)
                    .output()
                    .expect("the program runs");
                let message = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{message}");
                let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
                let named = document["named_entities"].as_array().expect("names");
                let names = named.iter().map(|name| {
                    let [from, to] = [0, 1].map(|at| name["span"][at].as_u64().expect("offset"));
                    let words: String = characters[from as usize..to as usize].iter().collect();
                    format!("{} {words}", name["type"].as_str().expect("a type"))
                });
                assert_eq!(names.collect::<Vec<_>>(), expected);
                if labels == "PER=PER" {
                    let entities = document["entities"].to_string();
                    assert!(entities.contains("Zoë Brandt"), "{entities}");
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_folder_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut model = Brought::bert();
        model.config.insert("model_type".to_owned(), json!("gpt2"));
        model.write(folder.path());
        let (status, message) = refused(&["--ner-model", &path(folder.path())]);
        assert_eq!(status, Some(3));
        for mentioned in [
            "the named-entity model cannot be used",
            "config.json",
            "`gpt2`",
        ] {
            assert!(message.contains(mentioned), "{message}");
        }
    }

    fn path(path: &std::path::Path) -> String {
        path.to_string_lossy().into_owned()
    }
}
