//! The bundled sample, end to end: extracted, then measured against its gold records.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn sample(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/samples")).join(name)
}

fn dixit() -> Command {
    Command::new(env!("CARGO_BIN_EXE_dixit"))
}

#[test]
fn the_sample_reads_as_its_gold_records_say() {
    let folder = std::env::temp_dir().join(format!("dixit-sample-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let predicted = folder.join("predicted.jsonl");
    let done = dixit()
        .args(["extract", "--format", "documents", "-q", "-o"])
        .arg(&predicted)
        .arg(sample("harbour.gold.jsonl"))
        .status()
        .expect("the program runs");
    assert!(done.success());
    let report = dixit()
        .args(["evaluate", "--format", "json", "--bootstrap", "0", "--gold"])
        .arg(sample("harbour.gold.jsonl"))
        .arg("--pred")
        .arg(&predicted)
        .output()
        .expect("the program runs");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert!(
        report.status.success(),
        "{}",
        String::from_utf8_lossy(&report.stderr)
    );
    let report: Value = serde_json::from_slice(&report.stdout).expect("a report in JSON");
    let figure = |measure: &str| {
        let figures = report["figures"].as_array().expect("figures");
        let found = figures
            .iter()
            .find(|f| f["measure"] == measure && f["dimension"] == "all");
        found
            .and_then(|f| f["value"].as_f64())
            .unwrap_or_else(|| panic!("no {measure} in {report}"))
    };
    assert!(figure("accuracy strict") >= 0.8, "{report}");
}

#[test]
fn the_records_slice_the_text_by_code_points() {
    let run = dixit()
        .args(["extract", "-q"])
        .arg(sample("harbour.txt"))
        .output()
        .expect("it runs");
    let text: Vec<char> = std::fs::read_to_string(sample("harbour.txt"))
        .expect("the sample")
        .chars()
        .collect();
    let mut count = 0;
    for line in String::from_utf8(run.stdout).expect("UTF-8").lines() {
        let record: Value = serde_json::from_str(line).expect("a record");
        let pieces: Vec<String> = record["content"]
            .as_array()
            .expect("spans")
            .iter()
            .map(|span| {
                let at = |i: usize| span[i].as_u64().expect("an offset") as usize;
                text[at(0)..at(1)].iter().collect()
            })
            .collect();
        assert_eq!(record["text"], pieces.join(" … "));
        count += 1;
    }
    assert!(count >= 8, "{count} records");
}
