//! Runs the Markdown cases of `tests/cases`: a heading, a passage in a fence, and who said what.
//!
//! In a passage `[Ines Calloway]` is the name of a person, `[Harbor Trust|ORG]` one of another
//! kind; `{1:the words}` is the content of quotation 1, direct where marks or `{1!…}` say so;
//! `<1:she>` is its source. Below it stand the speakers by number, `nobody` for none, and after a
//! dash what else the entity is called, its type or gender.

use std::path::Path;

use dixit_document::{Kind, Label, NamedEntity, Quotation, Span};
use dixit_speaker::{Linked, link};
use dixit_tokenize::Layout;
use proptest::prelude::*;

/// A passage without its signs, and what they say.
#[derive(Default)]
struct Passage {
    text: String,
    names: Vec<NamedEntity>,
    quotations: Vec<Quotation>,
}

fn quotation(number: &str) -> Quotation {
    Quotation {
        id: number.to_owned(),
        content: Vec::new(),
        cue: Vec::new(),
        source: Vec::new(),
        kind: Some(Kind::Indirect),
        marked: Some(false),
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

impl Passage {
    fn read(signed: &str) -> Self {
        let mut passage = Self::default();
        // The open signs: the sign, where its text begins, the number.
        let mut open: Vec<(char, usize, String)> = Vec::new();
        let mut rest = signed;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '[' => open.push((c, passage.text.len(), String::new())),
                '{' | '<' => {
                    let end = rest.find([':', '!']).expect("a number and a colon");
                    let sign = if rest[end..].starts_with('!') { '!' } else { c };
                    open.push((sign, passage.text.len(), rest[..end].to_owned()));
                    rest = &rest[end + 1..];
                }
                '|' => {
                    let end = rest.find(']').expect("a closing bracket");
                    let label = rest[..end].parse().expect("a label");
                    rest = &rest[end + 1..];
                    passage.close(open.pop(), label);
                }
                ']' | '}' | '>' => passage.close(open.pop(), Label::Per),
                c => passage.text.push(c),
            }
        }
        passage
            .quotations
            .sort_by_key(|quotation| quotation.content[0]);
        passage.names.sort_by_key(|name| name.span);
        passage
    }

    fn close(&mut self, sign: Option<(char, usize, String)>, label: Label) {
        let (sign, start, number) = sign.expect("an open sign");
        let span = Span::new(start, self.text.len());
        if sign == '[' {
            self.names.push(NamedEntity {
                span,
                label,
                confidence: 1.0,
            });
            return;
        }
        let known = self.quotations.iter().position(|q| q.id == number);
        let index = known.unwrap_or_else(|| {
            self.quotations.push(quotation(&number));
            self.quotations.len() - 1
        });
        let marked = self.text[..start].ends_with(['“', '"', '‘', '«']);
        let quotation = &mut self.quotations[index];
        if sign == '<' {
            quotation.source.push(span);
            return;
        }
        quotation.content.push(span);
        if marked || sign == '!' {
            quotation.kind = Some(Kind::Direct);
            quotation.marked = Some(marked);
        }
    }

    fn link(&self) -> Linked {
        let layout = Layout::read(&self.text);
        link(&self.text, &layout, &self.names, self.quotations.clone())
    }
}

struct Case {
    name: String,
    passage: String,
    expected: Vec<(String, String)>,
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
            cases.push(Case {
                name: name.to_owned(),
                passage: String::new(),
                expected: Vec::new(),
            });
        } else if let (Some(case), Some((number, speaker))) =
            (cases.last_mut(), line.split_once(". "))
            && number.chars().all(|c| c.is_ascii_digit())
        {
            let number = number.to_owned();
            case.expected.push((number, speaker.to_owned()));
        }
    }
    cases
}

/// What is wrong with the speaker of a quotation, if anything.
fn wrong(linked: &Linked, number: &str, expected: &str) -> Option<String> {
    let quotation = linked.quotations.iter().find(|q| q.id == number)?;
    let (name, notes) = expected.split_once(" — ").unwrap_or((expected, ""));
    let Some(speaker) = quotation.speaker else {
        return (name != "nobody").then(|| format!("{number}: nobody, not {name}"));
    };
    let entity = &linked.entities[speaker.index()];
    if entity.name != name {
        return Some(format!("{number}: {} instead of {name}", entity.name));
    }
    let kind = entity.entity_type.map_or("", |kind| kind.as_str());
    let gender = entity.gender.map_or("", |gender| gender.as_str());
    notes
        .split(", ")
        .filter(|note| !note.is_empty())
        .find(|&note| {
            let unnamed = note == "unnamed" && !entity.named;
            let alias = entity.aliases.iter().any(|alias| alias == note);
            !(unnamed || alias || note == kind || note == gender)
        })
        .map(|note| format!("{number}: {entity:?} is not “{note}”"))
}

#[test]
fn everyone_says_what_the_cases_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut failures = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    for file in files {
        let markdown = std::fs::read_to_string(&file).expect("a readable case");
        for case in cases(&markdown) {
            assert!(!case.expected.is_empty(), "{} expects nothing", case.name);
            // Windows line ends change nothing.
            for passage in [case.passage.clone(), case.passage.replace('\n', "\r\n")] {
                let linked = Passage::read(&passage).link();
                for (number, expected) in &case.expected {
                    if let Some(problem) = wrong(&linked, number, expected) {
                        failures.push(format!("{}: {problem}", case.name));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Pieces that rules look at, in any order.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("she said ".to_owned()),
        Just("“Go,” ".to_owned()),
        Just("the ".to_owned()),
        Just("Mrs. Émile’s ".to_owned()),
        Just(", who ".to_owned()),
        Just("an aide to ".to_owned()),
        Just("\r\n\r\n".to_owned()),
        Just(" 🙂—".to_owned()),
        "\\PC{0,6}",
    ]
}

proptest! {
    #[test]
    fn no_text_breaks_it(
        pieces in proptest::collection::vec(piece(), 0..24),
        cuts in proptest::collection::vec((0_usize..200, 0_usize..40, 0_u8..4), 0..8),
    ) {
        let text = pieces.concat();
        let boundary = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let mut names = Vec::new();
        let mut quotations: Vec<Quotation> = Vec::new();
        for (index, &(start, length, role)) in cuts.iter().enumerate() {
            let span = Span::new(boundary(start), boundary(start + length));
            if role == 0 {
                names.push(NamedEntity { span, label: Label::Per, confidence: 0.5 });
            } else {
                let mut quotation = quotation(&format!("q{index}"));
                quotation.content.push(span);
                if role == 1 {
                    quotation.kind = Some(Kind::Direct);
                }
                if role == 2 {
                    quotation.source.push(Span::new(boundary(start / 2), boundary(start / 2 + 9)));
                }
                quotations.push(quotation);
            }
        }
        names.sort_by_key(|name| name.span);
        let count = quotations.len();
        let linked = link(&text, &Layout::read(&text), &names, quotations);
        prop_assert_eq!(linked.quotations.len(), count);
        for quotation in &linked.quotations {
            if let Some(speaker) = quotation.speaker {
                prop_assert!(speaker.index() < linked.entities.len());
            }
            prop_assert!((0.0..=1.0).contains(&quotation.confidence));
        }
        for mention in &linked.mentions {
            prop_assert!(text.get(mention.span.range()).is_some());
        }
        prop_assert!(linked.mentions.windows(2).all(|pair| pair[0].span.start() <= pair[1].span.start()));
    }
}
