//! Runs the readable cases of `tests/attribution` through the whole pipeline.

use std::fs;
use std::path::Path;

use dixit::{Document, Mode, Pipeline, Quotation, SourceText};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/attribution");

struct Case {
    file: String,
    text: String,
    expected: Vec<[String; 3]>,
}

/// Passages and the tables below them.
fn cases(path: &Path) -> Vec<Case> {
    let source = fs::read_to_string(path).expect("a case file");
    let mut cases: Vec<Case> = Vec::new();
    let mut inside = false;
    for line in source.lines() {
        match line {
            "```text" => {
                inside = true;
                let file = path.file_name().map(|n| n.to_string_lossy().into_owned());
                cases.push(Case {
                    file: file.unwrap_or_default(),
                    text: String::new(),
                    expected: vec![],
                });
            }
            "```" => inside = false,
            _ => {
                let Some(case) = cases.last_mut() else {
                    continue;
                };
                if inside {
                    case.text += line;
                    case.text += "\n";
                } else if line.starts_with('|')
                    && !line.starts_with("|-")
                    && !line.starts_with("| speaker")
                {
                    let mut cells = line
                        .trim_matches('|')
                        .splitn(3, '|')
                        .map(|c| c.trim().to_owned());
                    case.expected
                        .push(std::array::from_fn(|_| cells.next().unwrap_or_default()));
                }
            }
        }
    }
    cases
}

fn row(document: &Document, quotation: &Quotation) -> [String; 3] {
    let speaker = quotation
        .speaker
        .and_then(|id| document.entities.get(id.index()));
    let content: Vec<&str> = quotation
        .content
        .iter()
        .map(|span| span.of(&document.text))
        .collect();
    [
        speaker
            .map(|entity| entity.name.clone())
            .unwrap_or_default(),
        quotation
            .kind
            .map(|kind| kind.to_string())
            .unwrap_or_default(),
        content.join(" … "),
    ]
}

/// Rows agree: an empty cell says nothing, and punctuation at a content's ends does not count.
fn agrees(expected: &[String; 3], found: &[String; 3]) -> bool {
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    expected[0] == found[0]
        && (expected[1].is_empty() || expected[1] == found[1])
        && bare(&expected[2]) == bare(&found[2])
}

#[test]
fn every_case_reads_as_it_says() {
    let pipeline = Pipeline::builder()
        .modes(Mode::ALL.to_vec())
        .build()
        .expect("a pipeline");
    let mut failures = String::new();
    let mut files: Vec<_> = fs::read_dir(CASES)
        .expect("the cases")
        .flatten()
        .map(|e| e.path())
        .collect();
    files.sort();
    let mut count = 0;
    for case in files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "md"))
        .flat_map(|f| cases(f))
    {
        count += 1;
        let source = SourceText {
            id: case.file.clone(),
            text: case.text,
            ..SourceText::default()
        };
        let document = pipeline.read(source).expect("a reading");
        let found: Vec<_> = document
            .quotations
            .iter()
            .flatten()
            .map(|q| row(&document, q))
            .collect();
        let right = found.len() == case.expected.len()
            && case.expected.iter().zip(&found).all(|(e, f)| agrees(e, f));
        if !right {
            failures += &format!(
                "\n{}: {}\nexpected {:#?}\nfound {found:#?}\n",
                case.file, document.text, case.expected
            );
        }
    }
    assert!(count > 0, "no cases in {CASES}");
    assert!(failures.is_empty(), "{failures}");
}
