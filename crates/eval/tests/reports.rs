//! Named entities, the report's forms, comparison, and what must hold of any input.

mod common;

use common::{all, close, document, entity, figure, is, quotation, said, span};
use dixit_document::{Document, EntityId, Kind, Label, NamedEntity, Quotation, Span};
use dixit_eval::{Group, Mapping, Measure, Options, Verdict, compare, evaluate};
use proptest::prelude::*;

const TEXT: &str = "Zoë Brandt of Ørsund Bank flew to Lima. 🙂 Zoë laughed.";

fn names(named: &[(&str, Label)]) -> Document {
    let of = |&(part, label): &(&str, Label)| NamedEntity {
        span: span(TEXT, part),
        label,
        confidence: 1.0,
    };
    Document {
        id: "d".to_owned(),
        text: TEXT.to_owned(),
        named_entities: Some(named.iter().map(of).collect()),
        ..Document::default()
    }
}

#[test]
fn a_named_entity_is_right_in_span_and_type() {
    let gold = names(&[
        ("Zoë Brandt", Label::Per),
        ("Ørsund Bank", Label::Org),
        ("Lima", Label::Loc),
    ]);
    let predicted = names(&[
        ("Zoë Brandt", Label::Per),
        ("Ørsund", Label::Org),
        ("Lima", Label::Misc),
        ("Lima", Label::Loc),
        ("Lima", Label::Loc),
    ]);
    let report = evaluate(&[gold], &[predicted], &Options::default());
    is(all(&report, Measure::NamedEntities), 2.0 / 4.0, 2.0 / 3.0);
    close(
        figure(&report, Measure::NamedEntities, &Group::Label(Label::Per)).value,
        1.0,
    );
    close(
        figure(&report, Measure::NamedEntities, &Group::Label(Label::Org)).value,
        0.0,
    );
    // Nothing was asked about quotations.
    assert!(report.figure(Measure::Detection, &Group::All).is_none());
}

fn corpus(speakers: &[u32]) -> Vec<Document> {
    let cast = [entity("a", &["Zoë Brandt"]), entity("b", &["Lima"])];
    let of = |(index, &speaker): (usize, &u32)| Document {
        id: format!("d{index}"),
        genre: Some("news".to_owned()),
        ..document(
            TEXT,
            &cast,
            vec![said(TEXT, "q", "flew to Lima", "Zoë", Some(speaker))],
        )
    };
    speakers.iter().enumerate().map(of).collect()
}

#[test]
fn intervals_hold_the_value_and_do_not_change_from_run_to_run() {
    let gold = corpus(&[0; 20]);
    let predicted = corpus(&[0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    let report = evaluate(&gold, &predicted, &Options::default());
    let accuracy = figure(
        &report,
        Measure::SpeakerAccuracy(Mapping::Strict),
        &Group::All,
    );
    close(accuracy.value, 0.75);
    let (low, high) = accuracy.interval.unwrap();
    assert!(
        (0.5..0.65).contains(&low) && (0.85..=1.0).contains(&high),
        "{low} {high}"
    );
    assert_eq!(report, evaluate(&gold, &predicted, &Options::default()));
    let without = evaluate(&gold, &predicted, &Options::default().bootstrap(0, 1));
    assert!(
        without
            .figures
            .iter()
            .all(|figure| figure.interval.is_none())
    );
    let value = figure(&without, accuracy.measure, &Group::All).value;
    assert_eq!(value, accuracy.value);
}

#[test]
fn every_document_and_genre_has_its_figures() {
    let report = evaluate(&corpus(&[0, 0]), &corpus(&[0, 1]), &Options::default());
    let accuracy = Measure::SpeakerAccuracy(Mapping::Strict);
    close(
        figure(&report, accuracy, &Group::Document("d0".to_owned())).value,
        1.0,
    );
    close(
        figure(&report, accuracy, &Group::Document("d1".to_owned())).value,
        0.0,
    );
    close(
        figure(&report, accuracy, &Group::Genre("news".to_owned())).value,
        0.5,
    );
}

#[test]
fn documents_that_do_not_pair_are_named() {
    let gold = corpus(&[0, 0]);
    let mut predicted = corpus(&[0, 0]);
    predicted[0].id = "stranger".to_owned();
    predicted[1].text.push('!');
    let report = evaluate(&gold, &predicted, &Options::default());
    let problems: Vec<&str> = report
        .problems
        .iter()
        .map(|p| p.document.as_str())
        .collect();
    assert_eq!(problems, ["d0", "d1", "stranger"]);
    is(all(&report, Measure::Detection), 1.0, 0.5);
    assert!(report.to_string().contains("stranger"));
}

#[test]
fn a_prediction_without_text_is_read_against_the_gold_text() {
    let gold = corpus(&[0]);
    let mut predicted = corpus(&[0]);
    predicted[0].text.clear();
    let report = evaluate(&gold, &predicted, &Options::default());
    assert!(report.problems.is_empty());
    is(all(&report, Measure::Attribution), 1.0, 1.0);
}

#[test]
fn the_report_says_under_which_terms_it_holds() {
    let report = evaluate(&corpus(&[0, 0]), &corpus(&[0, 1]), &Options::default());
    let text = report.to_string();
    for words in [
        "oracle: none (end to end)",
        "strict mapping",
        "accuracy majority",
        "seed 1",
    ] {
        assert!(text.contains(words), "{words:?} is not in\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    assert_eq!(json["options"]["mapping"], "strict");
    let figures = json["figures"].as_array().unwrap();
    assert!(
        figures
            .iter()
            .any(|f| f["measure"] == "accuracy strict" && f["value"] == 0.5)
    );
    assert_eq!(json["outcomes"][0]["verdict"], "right");
    let csv = report.to_csv();
    assert!(csv.starts_with("section,measure,dimension,group,value,"));
    assert_eq!(csv.lines().count(), report.figures.len() + 1);
    assert!(
        report
            .to_markdown()
            .contains("| accuracy strict | 50.0 | 50.0 | 50.0 |")
    );
    assert!(report.listing(false, 10).contains("wrong speaker"));
    assert!(!report.listing(false, 10).contains("right"));
}

#[test]
fn comparison_lists_what_flipped() {
    let gold = corpus(&[0; 12]);
    let a = corpus(&[0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1]);
    let b = corpus(&[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    let comparison = compare(&gold, &a, &b, &Options::default());
    let row = comparison
        .differences
        .iter()
        .find(|row| {
            row.measure == Measure::SpeakerAccuracy(Mapping::Strict) && row.group == Group::All
        })
        .unwrap();
    close(row.a, 5.0 / 12.0);
    close(row.b, 11.0 / 12.0);
    close(row.difference, 6.0 / 12.0);
    let (low, high) = row.interval.unwrap();
    assert!(
        low > 0.0 && high < 1.0 && row.p.unwrap() < 0.05,
        "{low} {high} {:?}",
        row.p
    );
    let gained: Vec<bool> = comparison.flips.iter().map(|flip| flip.gained).collect();
    assert_eq!(gained.iter().filter(|gained| **gained).count(), 7);
    assert_eq!(
        comparison
            .flips
            .iter()
            .find(|flip| !flip.gained)
            .unwrap()
            .a
            .document,
        "d4"
    );
    assert!(
        comparison
            .to_string()
            .contains("7 quotations gained, 1 lost")
    );
    let same = compare(&gold, &a, &a, &Options::default());
    assert!(same.flips.is_empty());
    assert!(
        same.differences
            .iter()
            .all(|row| row.difference.is_none_or(|d| d == 0.0))
    );
}

#[test]
fn nothing_at_all() {
    let report = evaluate(&[], &[], &Options::default());
    assert!(report.figures.is_empty() && report.outcomes.is_empty());
    assert!(!report.to_string().is_empty());
    assert!(
        compare(&[], &[], &[], &Options::default())
            .differences
            .is_empty()
    );
}

fn any_span(length: usize) -> impl Strategy<Value = Span> {
    (0..length + 4, 0..30usize).prop_map(|(start, size)| Span::new(start, start + size))
}

fn any_document(text: &'static str) -> impl Strategy<Value = Document> {
    let spans = || prop::collection::vec(any_span(text.len()), 0..3);
    let one = (
        spans(),
        spans(),
        spans(),
        prop::option::of(0u32..4),
        0u8..16,
    )
        .prop_map(|(content, cue, source, speaker, bits)| Quotation {
            content,
            cue,
            source,
            speaker: speaker.map(EntityId),
            ok: bits & 3 != 0,
            optional: bits & 12 == 0,
            evidence: None,
            kind: Kind::ALL.get(usize::from(bits % 4)).copied(),
            ..quotation(TEXT, "q", &[])
        });
    prop::collection::vec(one, 0..8).prop_map(move |quotations| {
        let cast = [
            entity("a", &["Zoë"]),
            entity("b", &["Lima", "zoë "]),
            entity("c", &["—"]),
        ];
        document(text, &cast, quotations)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Spans past the end, inside characters, empty, overlapping; speakers that are no entity.
    #[test]
    fn any_input_gives_shares(gold in any_document(TEXT), predicted in any_document(TEXT)) {
        let report = evaluate(&[gold], &[predicted], &Options::default());
        for figure in &report.figures {
            for share in [figure.value, figure.precision, figure.recall].into_iter().flatten() {
                prop_assert!((-1e-12..=1.0 + 1e-12).contains(&share), "{figure:?}");
            }
        }
        let _ = report.to_string();
    }

    /// Whatever the gold data are, they are right about themselves.
    #[test]
    fn gold_against_itself_is_perfect(gold in any_document(TEXT)) {
        let mut gold = gold;
        for quotation in gold.quotations.iter_mut().flatten() {
            quotation.content.retain(|span| !span.of(TEXT).trim().is_empty());
        }
        let report = evaluate(&[gold.clone()], &[gold.clone()], &Options::default());
        for measure in [Measure::Detection, Measure::Attribution] {
            let wordless = gold.quotations.iter().flatten().any(|q| q.content.is_empty());
            if let (Some(figure), false) = (report.figure(measure, &Group::All), wordless) {
                prop_assert_eq!(figure.value.unwrap_or(1.0), 1.0, "{}", measure);
            }
        }
        let spans = report.figures.iter().filter(|f| matches!(f.measure, Measure::Spans(..)));
        for figure in spans.filter(|figure| figure.group == Group::All) {
            prop_assert!((figure.value.unwrap_or(1.0) - 1.0).abs() < 1e-9, "{figure:?}");
        }
        prop_assert_eq!(report.count(Verdict::WrongSource), 0);
    }
}
