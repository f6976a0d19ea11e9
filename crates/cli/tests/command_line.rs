//! The program from outside: what it writes, where, and how it ends.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const HARBOUR: &str = "“The harbour will reopen in May,” Mayor Ilse Brandt said on Tuesday.\r\n\r\n\
    “We’ve waited long enough — two years! 🙂” Brandt added.\r\n";
const CAFE: &str = "«Le café est fermé», replied Zoë Lindqvist.\n";

fn dixit(arguments: &[&str], input: Option<&[u8]>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that ends before it has read everything is no fault of the test.
    let _ = stdin.write_all(input.unwrap_or_default());
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_string_lossy().into_owned()
}

fn lines(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_text_gives_records_whose_offsets_cut_out_the_words() {
    let folder = folder(&[("harbour.txt", HARBOUR.as_bytes())]);
    let output = dixit(&["extract", &path(&folder, "harbour.txt")], None);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let records = lines(&output.stdout);
    assert_eq!(records.len(), 2, "{records:?}");
    let characters: Vec<char> = HARBOUR.chars().collect();
    for record in &records {
        assert_eq!(record["doc"], "harbour");
        let parts = record["content"].as_array().unwrap().iter().map(|span| {
            let offset = |end: usize| usize::try_from(span[end].as_u64().unwrap()).unwrap();
            characters[offset(0)..offset(1)].iter().collect::<String>()
        });
        assert_eq!(record["text"], parts.collect::<Vec<_>>().join(" … "));
        assert_eq!(record["kind"], "direct");
        assert_eq!(record["marked"], true);
    }
    assert!(
        records[0]["text"]
            .as_str()
            .unwrap()
            .starts_with("The harbour will reopen")
    );
    assert_eq!(records[0]["speaker"]["name"], "Ilse Brandt");
}

#[test]
fn standard_input_is_a_text_or_json_lines() {
    let text = dixit(&["extract"], Some(CAFE.as_bytes()));
    assert_eq!(lines(&text.stdout)[0]["doc"], "stdin");
    let line = serde_json::json!({"id": "a/1", "text": HARBOUR, "lang": "en"}).to_string();
    let output = dixit(
        &["extract", "-", "--format", "documents"],
        Some(line.as_bytes()),
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = &lines(&output.stdout)[0];
    assert_eq!(document["id"], "a/1");
    assert_eq!(document["text"], HARBOUR);
    assert_eq!(document["meta"]["lang"], "en");
    for layer in ["quotations", "entities", "mentions", "named_entities"] {
        assert!(document[layer].is_array(), "{layer}");
    }
}

#[test]
fn nothing_in_gives_nothing_out() {
    for input in ["", "\n\n", "\u{feff}"] {
        let output = dixit(&["extract", "-"], Some(input.as_bytes()));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(output.stdout, b"");
    }
}

#[test]
fn a_broken_document_is_reported_and_the_others_are_written() {
    let folder = folder(&[
        ("in/a.txt", HARBOUR.as_bytes()),
        ("in/b.txt", b"caf\xe9"),
        (
            "in/c.jsonl",
            b"{\"id\":\"c1\",\"text\":\"x\"}\n{\"id\":\"c2\"\n",
        ),
        ("in/d.txt", CAFE.as_bytes()),
    ]);
    let (errors, out) = (path(&folder, "errors.jsonl"), path(&folder, "out.jsonl"));
    let arguments = [
        "extract",
        &path(&folder, "in"),
        "--errors",
        &errors,
        "-o",
        &out,
    ];
    let output = dixit(&arguments, None);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(output.stdout, b"");
    let complaints = stderr(&output);
    assert_eq!(complaints.lines().count(), 2, "{complaints}");
    assert!(complaints.contains("b.txt, byte 3: document b: byte 0xe9 is not UTF-8"));
    assert!(complaints.contains("c.jsonl, line 2"));
    let errors = lines(&fs::read(errors).unwrap());
    assert_eq!(errors[0]["doc"], "b");
    assert_eq!(errors[0]["byte"], 3);
    assert_eq!(errors[0]["kind"], "utf-8");
    assert_eq!(errors[1]["line"], 2);
    let records = lines(&fs::read(out).unwrap());
    let mut documents: Vec<&str> = records
        .iter()
        .map(|record| record["doc"].as_str().unwrap())
        .collect();
    documents.dedup();
    assert_eq!(documents, ["a", "d"]);
    assert_eq!(files(folder.path()).len(), 3);
}

#[test]
fn too_many_failures_end_the_run_without_a_file_and_it_can_go_on() {
    let folder = folder(&[
        ("a.txt", b"\xff"),
        ("b.txt", b"\xff"),
        ("c.txt", HARBOUR.as_bytes()),
    ]);
    let out = path(&folder, "out.jsonl");
    let inputs = path(&folder, "*.txt");
    let output = dixit(&["extract", &inputs, "--max-errors", "1", "-o", &out], None);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("gave up after 2 documents failed"));
    assert!(!Path::new(&out).exists());
    let arguments = ["extract", &inputs, "--max-errors", "2", "-o", &out];
    let output = dixit(&[&arguments[..], &["--resume"]].concat(), None);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let resumed = fs::read(&out).unwrap();
    assert!(!resumed.is_empty());
    assert_eq!(files(folder.path()).len(), 4);
    let output = dixit(&arguments, None);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(fs::read(&out).unwrap(), resumed);
    assert_eq!(files(folder.path()).len(), 4);
}

#[test]
fn the_number_of_threads_does_not_change_a_byte() {
    let line = |index: usize| {
        let text = if index.is_multiple_of(3) {
            CAFE
        } else {
            HARBOUR
        };
        serde_json::json!({"id": index, "text": text.repeat(1 + index % 2)}).to_string() + "\n"
    };
    let input: String = (0..9).map(line).collect();
    for format in ["documents", "csv"] {
        let run = |jobs| {
            let arguments = ["extract", "-", "--jobs", jobs, "--format", format];
            let output = dixit(&arguments, Some(input.as_bytes()));
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            output.stdout
        };
        let one = run("1");
        assert!(!one.is_empty());
        assert!(one == run("3"), "{format} differs");
    }
}

#[test]
fn a_list_is_for_reading() {
    let output = dixit(&["extract", "--format", "list"], Some(HARBOUR.as_bytes()));
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.starts_with("stdin, "), "{list}");
    assert!(
        list.contains(" — “We’ve waited long enough — two years! 🙂”"),
        "{list}"
    );
    assert!(!list.contains('\u{1b}') && !list.contains('\r'), "{list:?}");
}

#[test]
fn a_table_has_a_header_and_rows() {
    let table = "nr,body\n7,\"\"\"Enough,\"\" said Brandt.\"\n";
    let folder = folder(&[("posts.csv", table.as_bytes())]);
    let posts = path(&folder, "posts.csv");
    let columns = ["--id-column", "nr", "--text-column", "body"];
    let arguments = [&["extract", &posts, "--format", "csv"], &columns[..]].concat();
    let output = dixit(&arguments, None);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.starts_with("doc,id,speaker,text,"), "{table}");
    assert!(table.contains("\n7,q1,"), "{table}");
}

#[test]
fn certainty_and_modes_choose() {
    let certain = dixit(
        &["extract", "--min-confidence", "1"],
        Some(HARBOUR.as_bytes()),
    );
    for record in lines(&certain.stdout) {
        assert_eq!(record["confidence"], 1.0);
    }
    let thoughts = dixit(&["extract", "--modes", "thought"], Some(HARBOUR.as_bytes()));
    for record in lines(&thoughts.stdout) {
        assert_eq!(record["mode"], "thought");
    }
}

#[test]
fn wrong_usage_is_status_two() {
    for arguments in [
        &["extract", "--modes", "sung"][..],
        &["extract", "--min-confidence", "2"],
        &["extract", "--format", "xml"],
        &["extract", "-q", "-v"],
        &["evaluate", "--gold", "x"],
        &["sing"],
        &[],
    ] {
        let output = dixit(arguments, None);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert_eq!(output.stdout, b"");
    }
    for arguments in [&["--help"][..], &["extract", "--help"], &["--version"]] {
        let output = dixit(arguments, None);
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn what_is_missing_is_named() {
    let output = dixit(&["extract", "nowhere.txt"], None);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("nowhere.txt: no such file or folder"));
    let output = dixit(&["extract", "-", "-o", "/nowhere/out.jsonl"], Some(b"x"));
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("/nowhere/out.jsonl"));
    let output = dixit(
        &["evaluate", "--gold", "nowhere", "--pred", "nowhere"],
        None,
    );
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let line = serde_json::json!({"id": "a", "text": HARBOUR.repeat(4)}).to_string() + "\n";
    let mut child = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(["extract", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let _ = stdin.write_all(line.repeat(8).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing_that_looks_whole() {
    let folder = folder(&[]);
    let out = path(&folder, "out.jsonl");
    let mut child = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(["extract", "-", "-o", &out])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let checkpoint = PathBuf::from(out.clone() + ".checkpoint");
    let begun = (0..3000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        checkpoint.exists()
    });
    assert!(begun);
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let partial = PathBuf::from(out + ".partial");
    assert_eq!(files(folder.path()), [checkpoint, partial]);
}

#[test]
fn predictions_are_measured_against_themselves() {
    let folder = folder(&[("a.txt", HARBOUR.as_bytes()), ("b.txt", CAFE.as_bytes())]);
    let run = |format, name| {
        let (inputs, out) = (path(&folder, "*.txt"), path(&folder, name));
        let output = dixit(&["extract", &inputs, "--format", format, "-o", &out], None);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        out
    };
    let (gold, records) = (run("documents", "gold.jsonl"), run("records", "pred.jsonl"));
    for (pred, format) in [
        (&gold, "text"),
        (&gold, "csv"),
        (&records, "json"),
        (&gold, "markdown"),
    ] {
        let arguments = [
            "evaluate", "--gold", &gold, "--pred", pred, "--format", format,
        ];
        let output = dixit(&arguments, None);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let report = String::from_utf8(output.stdout).unwrap();
        assert!(!report.is_empty());
        if format == "json" {
            let report: Value = serde_json::from_str(&report).unwrap();
            assert_eq!(report["counts"]["documents"], 2);
            assert_eq!(
                report["counts"]["predicted_quotations"],
                report["counts"]["quotations"]
            );
        }
    }
}

#[test]
fn flawed_gold_data_is_named_and_the_rest_counts() {
    let gold = "{\"id\":\"é\",\"text\":\"“Ja”, sagte Noé.\",\"quotations\":[\
                {\"id\":\"q1\",\"content\":[[1,3]]},{\"id\":\"q2\",\"content\":[[1,300]]}]}\n{\n";
    let folder = folder(&[("gold.jsonl", gold.as_bytes()), ("pred.jsonl", b"")]);
    let (gold, pred) = (path(&folder, "gold.jsonl"), path(&folder, "pred.jsonl"));
    let output = dixit(&["evaluate", "--gold", &gold, "--pred", &pred], None);
    assert_eq!(output.status.code(), Some(1));
    let complaints = stderr(&output);
    assert!(complaints.contains("line 1: document é: quotation q2, content: [1, 300] ends past"));
    assert!(complaints.contains("line 2"), "{complaints}");
    assert!(!output.stdout.is_empty());
}
