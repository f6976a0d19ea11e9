//! `dixit convert`, and what `dixit evaluate` does with flawed gold data, from outside.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn dixit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(arguments)
        .output()
        .unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_string_lossy().into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const GOLD: &str = r#"{"id":"quay","genre":"news","text":"“Há tempo 🙂,” said Inês Duarte.","quotations":[{"id":"E1","kind":"direct","content":[[1,12]],"cue":[[15,19]],"source":[[20,31]],"speaker":"a"}],"entities":[{"id":"a","name":"Inês Duarte","aliases":["Duarte"]}]}
"#;

#[test]
fn there_and_back_with_what_is_lost_told() {
    let folder = folder(&[("gold.jsonl", GOLD)]);
    let (gold, brat, back) = (
        path(&folder, "gold.jsonl"),
        path(&folder, "brat"),
        path(&folder, "back.jsonl"),
    );
    let output = dixit(&["convert", &gold, "--to", "brat", "-o", &brat]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("note: to brat: of entities only the speakers' names"),
        "{}",
        stderr(&output)
    );
    assert!(output.stdout.is_empty());
    assert!(
        fs::read_to_string(folder.path().join("brat/quay.ann"))
            .unwrap()
            .contains("T1\tContent 1 12\tHá tempo 🙂,")
    );

    let output = dixit(&["convert", "-q", &brat, "-o", &back, "--prefix", "polnear/"]);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        stderr(&output)
    );
    let document: Value = serde_json::from_str(&fs::read_to_string(&back).unwrap()).unwrap();
    assert_eq!(document["id"], "polnear/quay");
    assert_eq!(
        document["quotations"][0]["content"],
        serde_json::json!([[1, 12]])
    );
    assert_eq!(document["entities"][0]["name"], "Inês Duarte");

    // By the text, whatever it is called.
    let output = dixit(&["convert", &brat, "--ids-from", &gold]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["id"], "quay");
    assert!(
        stderr(&output).contains("1 of 1 documents have a text of"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_outputs_name_tells_the_format() {
    let folder = folder(&[("gold.jsonl", GOLD)]);
    for (name, begin) in [
        ("a.xml", "<?xml"),
        ("a.conll", "# document: quay"),
        ("a.jsonld", "{\"@context\""),
        ("a.csv", "doc,id,"),
    ] {
        let out = path(&folder, name);
        let output = dixit(&["convert", "-q", &path(&folder, "gold.jsonl"), "-o", &out]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(
            fs::read_to_string(&out).unwrap().starts_with(begin),
            "{name}"
        );
    }
}

#[test]
fn wrong_usage_is_2_and_says_what_helps() {
    let folder = folder(&[("gold.jsonl", GOLD), ("what.dat", "?")]);
    let (gold, what) = (path(&folder, "gold.jsonl"), path(&folder, "what.dat"));
    for (arguments, part) in [
        (
            vec!["convert", gold.as_str(), "--to", "brat"],
            "name one with -o",
        ),
        (
            vec!["convert", gold.as_str(), "--to", "booknlp"],
            "booknlp is read, but not written",
        ),
        (
            vec!["convert", gold.as_str(), "--from", "tei"],
            "tei is written, but not read back",
        ),
        (vec!["convert", what.as_str()], "name it with --from"),
        (
            vec!["convert", what.as_str(), "--from", "word"],
            "possible values",
        ),
    ] {
        let output = dixit(&arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(
            stderr(&output).contains(part),
            "{part}: {}",
            stderr(&output)
        );
    }
    let output = dixit(&["convert", "nowhere"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("no such file or folder"),
        "{}",
        stderr(&output)
    );
}

const FLAWED: &str = r#"{"id":"a","text":"Zoë said it rained","quotations":[{"id":"q1","content":[[0,8]],"speaker":"nobody"},{"id":"q2","content":[[4,11]]},{"id":"q2","content":[[12,99]]}],"entities":[]}
{"id":"a","text":"again"}
"#;

#[test]
fn flawed_gold_data_are_told_with_place_and_mend_and_stop_when_strict() {
    let folder = folder(&[("gold.jsonl", FLAWED)]);
    let (gold, out) = (path(&folder, "gold.jsonl"), path(&folder, "report.html"));
    let output = dixit(&[
        "evaluate", "--gold", &gold, "--pred", &gold, "--format", "json",
    ]);
    let told = stderr(&output);
    for part in [
        "gold.jsonl, line 1: document a: quotation q1: no entity has the id “nobody” (add it to the document's entities, or correct the id)",
        "quotation q2, content: [12, 99] ends past the text of 18 code points (count Unicode code points",
        "quotation q2: its content overlaps that of quotation q1 (part them",
        "gold.jsonl: document a: another document has the same id (give every document an id of its own)",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert_eq!(
        output.status.code(),
        Some(0),
        "flaws stop nothing unless they are to"
    );

    let output = dixit(&[
        "evaluate", "--strict", "--gold", &gold, "--pred", &gold, "--format", "html", "-o", &out,
    ]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(output.stdout.is_empty() && !folder.path().join("report.html").exists());
    let output = dixit(&["convert", "--strict", &gold, "-o", &out]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(!folder.path().join("report.html").exists());

    fs::write(folder.path().join("good.jsonl"), GOLD).unwrap();
    let good = path(&folder, "good.jsonl");
    let output = dixit(&["evaluate", "--strict", "--gold", &good, "--pred", &good]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn pages_of_texts_and_of_evaluations() {
    let folder = folder(&[
        ("gold.jsonl", GOLD),
        (
            "a.txt",
            "“The <b>harbour</b> will reopen,” Mayor Ilse Brandt said.\n",
        ),
    ]);
    let gold = path(&folder, "gold.jsonl");
    let pages: Vec<Vec<u8>> = ["1", "2"]
        .iter()
        .map(|jobs| {
            dixit(&[
                "extract",
                "-q",
                &path(&folder, "a.txt"),
                &gold,
                "--format",
                "html",
                "--jobs",
                jobs,
            ])
            .stdout
        })
        .collect();
    assert_eq!(pages[0], pages[1]);
    let page = String::from_utf8(pages[0].clone()).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(
        page.contains("The &lt;b&gt;harbour&lt;/b&gt; will reopen") && page.contains("Ilse Brandt")
    );

    for arguments in [vec![], vec!["--compare", gold.as_str()]] {
        let mut all = vec![
            "evaluate",
            "--gold",
            gold.as_str(),
            "--pred",
            gold.as_str(),
            "--format",
            "html",
        ];
        all.extend(arguments);
        let output = dixit(&all);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(
            output.stdout.starts_with(b"<!DOCTYPE html>") && output.stdout.ends_with(b"</html>\n")
        );
    }
}
