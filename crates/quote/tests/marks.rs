//! Runs the Markdown cases of `tests/cases`: a heading, a passage in a fence, and the spans that
//! its marks make, one a line.
//!
//! A line gives the words inside the marks (`⏎` for a line's end), then the style, then what
//! else holds: `unclosed`, `nested`, `goes on N` (with the Nth span), `by NAME`, `no speech`.

use std::fmt::Write as _;
use std::path::Path;

use dixit_quote::marks::{MarkStyle, MarkedSpan, evidence, marked_speech};
use dixit_tokenize::Layout;
use proptest::prelude::*;

struct Case {
    name: String,
    passage: String,
    expected: Vec<String>,
}

fn cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if let Some(case) = cases.last_mut().filter(|_| fenced) {
            case.passage.push_str(line);
            case.passage.push('\n');
        } else if let Some(name) = line.strip_prefix("## ") {
            let name = name.to_owned();
            cases.push(Case {
                name,
                passage: String::new(),
                expected: Vec::new(),
            });
        } else if let Some(case) = cases.last_mut()
            && line.starts_with(|c: char| c.is_ascii_digit())
        {
            case.expected.push(line.to_owned());
        }
    }
    cases
}

fn shown(text: &str, layout: &Layout, number: usize, span: &MarkedSpan) -> String {
    let words = span.inner.of(text).replace('\n', "⏎");
    let mut line = format!("{number}. `{words}` {:?}", span.style).replace("` ", "` — ");
    let mut add = |note: &str| {
        let _ = write!(line, ", {note}");
    };
    if !span.closed && span.style < MarkStyle::Dash {
        add("unclosed");
    }
    if span.nested {
        add("nested");
    }
    if let Some(index) = span.continues {
        add(&format!("goes on {}", index + 1));
    }
    if let Some(label) = span.label {
        add(&format!("by {}", label.of(text)));
    }
    if evidence(text, layout, span).speech() < 0.5 {
        add("no speech");
    }
    line
}

fn read(passage: &str) -> Vec<String> {
    let layout = Layout::read(passage);
    let spans = marked_speech(passage, &layout);
    let lines = spans.iter().enumerate();
    lines
        .map(|(index, span)| shown(passage, &layout, index + 1, span))
        .collect()
}

#[test]
fn every_custom_reads_as_its_case_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("a case file").path())
        .collect();
    files.sort();
    let mut failures = String::new();
    let mut count = 0;
    for file in files {
        let markdown = std::fs::read_to_string(&file).expect("a readable case file");
        for case in cases(&markdown) {
            count += 1;
            let found = read(&case.passage);
            if found != case.expected {
                let _ = writeln!(
                    failures,
                    "\n{}: {}\n  expected\n    {}\n  found\n    {}",
                    file.display(),
                    case.name,
                    case.expected.join("\n    "),
                    found.join("\n    ")
                );
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count >= 40, "only {count} cases were found");
}

/// Spans lie in the text and hold words; links point back; what is nested lies inside.
fn holds(text: &str) -> Result<(), TestCaseError> {
    let layout = Layout::read(text);
    let spans = marked_speech(text, &layout);
    let mut outer_start = 0;
    for (index, span) in spans.iter().enumerate() {
        prop_assert!(text.get(span.outer.range()).is_some());
        prop_assert!(
            text.get(span.inner.range())
                .is_some_and(|inner| !inner.trim().is_empty())
        );
        prop_assert!(span.outer.contains(span.inner));
        prop_assert!(span.outer.start() >= outer_start);
        outer_start = span.outer.start();
        prop_assert!(span.continues.is_none_or(|before| before < index));
        let held = spans
            .iter()
            .take(index)
            .any(|other| other.outer.contains(span.outer));
        prop_assert_eq!(span.nested, held);
        let speech = evidence(text, &layout, span).speech();
        prop_assert!((0.0..=1.0).contains(&speech));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn texts_of_marks(text in "[a-cA-C.,!?:>…—–' ’‘“”\"«»‹›„‚「」『』\r\n\u{a0}\u{200b}\u{301}1-3()-]{0,80}") {
        holds(&text)?;
    }

    #[test]
    fn texts_of_words(text in "([\"“”‘’«»—]?(he|said|Go|MOSS:|Una)[.,’'”\"!?]{0,2}[ \n]){0,40}") {
        holds(&text)?;
    }
}

#[test]
fn a_million_characters_of_marks() {
    for unit in [
        "“No,” he said, ‘it’s the boys’ 5' 6\".’ ",
        "\"",
        "\" ",
        "“a ",
        "a” ",
        "“a\n",
        "\"a\n",
        "— Go, he said. You.\n",
        "A: \"b\"\n",
        "A: b\n",
        "« a ",
        "> a\n",
        "“a.\n— Una Moss\n",
        "「『",
        "‘“",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        let layout = Layout::read(&text);
        let spans = marked_speech(&text, &layout);
        assert!(spans.len() <= text.len());
    }
}
