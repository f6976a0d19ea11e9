//! Spans of content, cue and source, each measure worked by hand.

mod common;

use common::{all, close, document, figure, is, quotation, span};
use dixit_document::{Document, Kind, LooseSpan, Mode, Quotation, Role};
use dixit_eval::Boundaries::{Raw, Stripped};
use dixit_eval::{Group, Measure, Options, Report, SpanMeasure, evaluate};

// Tokens: “ It rained ” , said Zoë . “ I stayed , ” wrote Ali , “ and read . ”
const TEXT: &str = "“It rained”, said Zoë. 🙂 “I stayed,” wrote Ali, “and read.”";

fn report(gold: Vec<Quotation>, predicted: Vec<Quotation>) -> Report {
    let gold = document(TEXT, &[], gold);
    let predicted = document(TEXT, &[], predicted);
    evaluate(&[gold], &[predicted], &Options::default())
}

fn content(measure: SpanMeasure) -> Measure {
    Measure::Spans(Role::Content, measure, Stripped)
}

#[test]
fn exact_raw_asks_for_the_marks_exact_stripped_does_not() {
    let report = report(
        vec![
            quotation(TEXT, "g1", &["“It rained”,"]),
            quotation(TEXT, "g2", &["I stayed"]),
        ],
        vec![
            quotation(TEXT, "p1", &["It rained"]),
            quotation(TEXT, "p2", &["stayed"]),
        ],
    );
    let exact = |boundaries| Measure::Spans(Role::Content, SpanMeasure::Exact, boundaries);
    is(all(&report, exact(Raw)), 0.0, 0.0);
    is(all(&report, exact(Stripped)), 0.5, 0.5);
}

#[test]
fn a_discontinuous_span_is_exact_only_as_a_whole() {
    let whole = || quotation(TEXT, "g", &["“I stayed,”", "“and read.”"]);
    // Both pieces, but as two quotations: nothing is exact; both pieces are.
    let parts = vec![
        quotation(TEXT, "p1", &["I stayed"]),
        quotation(TEXT, "p2", &["and read"]),
    ];
    let split = report(vec![whole()], parts);
    is(all(&split, content(SpanMeasure::Exact)), 0.0, 0.0);
    is(all(&split, content(SpanMeasure::Pieces)), 1.0, 1.0);

    let joined = report(
        vec![whole()],
        vec![quotation(TEXT, "p", &["I stayed", "and read"])],
    );
    is(all(&joined, content(SpanMeasure::Exact)), 1.0, 1.0);

    let half = report(vec![whole()], vec![quotation(TEXT, "p", &["I stayed"])]);
    is(all(&half, content(SpanMeasure::Exact)), 0.0, 0.0);
    is(all(&half, content(SpanMeasure::Pieces)), 1.0, 0.5);
}

#[test]
fn tokens_are_counted_once_whichever_spans_cover_them() {
    // Gold: It rained (2) I stayed (2). Predicted: rained ” , said (4; 1 right), I (1; right),
    // and “stayed” twice in spans that overlap (1; right).
    let report = report(
        vec![
            quotation(TEXT, "g1", &["It rained"]),
            quotation(TEXT, "g2", &["I stayed"]),
        ],
        vec![
            quotation(TEXT, "p1", &["rained”, said"]),
            quotation(TEXT, "p2", &["I stayed"]),
            quotation(TEXT, "p3", &["stayed"]),
        ],
    );
    is(
        all(&report, content(SpanMeasure::Tokens)),
        3.0 / 6.0,
        3.0 / 4.0,
    );
}

#[test]
fn partial_overlap_gives_the_mean_share_of_each_span() {
    // Predictions: “rained ” , said”: 1 of 4 tokens; “wrote Ali”: 0. Golds: “It rained”: 1 of 2,
    // “I stayed”: 0.
    let report = report(
        vec![
            quotation(TEXT, "g1", &["It rained"]),
            quotation(TEXT, "g2", &["I stayed"]),
        ],
        vec![
            quotation(TEXT, "p1", &["rained”, said"]),
            quotation(TEXT, "p2", &["wrote Ali"]),
        ],
    );
    is(
        all(&report, content(SpanMeasure::Partial)),
        0.25 / 2.0,
        0.5 / 2.0,
    );
}

#[test]
fn an_over_long_prediction_costs_precision() {
    let report = report(
        vec![quotation(TEXT, "g", &["It rained"])],
        vec![quotation(TEXT, "p", &["It rained”, said Zoë"])],
    );
    // It rained ” , said Zoë: 2 of 6.
    is(all(&report, content(SpanMeasure::Partial)), 2.0 / 6.0, 1.0);
    is(all(&report, content(SpanMeasure::Tokens)), 2.0 / 6.0, 1.0);
    close(all(&report, content(SpanMeasure::Jaccard)).2, 2.0 / 6.0);
}

#[test]
fn begin_asks_for_the_first_character_only() {
    let report = report(
        vec![
            quotation(TEXT, "g1", &["It rained"]),
            quotation(TEXT, "g2", &["I stayed"]),
        ],
        vec![
            quotation(TEXT, "p1", &["“It rained”, said Zoë"]),
            quotation(TEXT, "p2", &["stayed"]),
            quotation(TEXT, "p3", &["wrote"]),
        ],
    );
    is(
        all(&report, content(SpanMeasure::Begin)),
        1.0 / 3.0,
        1.0 / 2.0,
    );
}

#[test]
fn jaccard_takes_the_best_prediction_and_charges_those_that_touch_nothing() {
    // “It rained”: best of {rained: 1/2, It rained ” , said: 2/5}; “I stayed”: missed; “wrote”
    // touches nothing: (1/2 + 0 + 0) / 3.
    let report = report(
        vec![
            quotation(TEXT, "g1", &["It rained"]),
            quotation(TEXT, "g2", &["I stayed"]),
        ],
        vec![
            quotation(TEXT, "p1", &["rained"]),
            quotation(TEXT, "p2", &["It rained”, said"]),
            quotation(TEXT, "p3", &["wrote"]),
        ],
    );
    close(all(&report, content(SpanMeasure::Jaccard)).2, 0.5 / 3.0);
}

#[test]
fn adjacent_spans_share_nothing() {
    let report = report(
        vec![quotation(TEXT, "g", &["“It"])],
        vec![quotation(TEXT, "p", &[" rained”"])],
    );
    for measure in [SpanMeasure::Tokens, SpanMeasure::Partial] {
        is(all(&report, content(measure)), 0.0, 0.0);
    }
    close(all(&report, content(SpanMeasure::Jaccard)).2, 0.0);
}

#[test]
fn a_span_shared_by_two_attributions_counts_once() {
    let by = |id: &str, content: &str, source: &str| Quotation {
        source: vec![span(TEXT, source)],
        cue: vec![span(TEXT, "wrote")],
        ..quotation(TEXT, id, &[content])
    };
    let report = report(
        vec![by("g1", "I stayed", "Ali"), by("g2", "and read", "Ali")],
        vec![by("p1", "I stayed", "Ali"), by("p2", "and read", "Zoë")],
    );
    let exact = |role| Measure::Spans(role, SpanMeasure::Exact, Stripped);
    is(all(&report, exact(Role::Source)), 1.0 / 2.0, 1.0);
    is(all(&report, exact(Role::Cue)), 1.0, 1.0);
    assert_eq!(
        figure(&report, exact(Role::Cue), &Group::All).counts.gold,
        1.0
    );
}

#[test]
fn a_layer_that_nobody_annotated_is_not_scored() {
    let report = report(
        vec![quotation(TEXT, "g", &["It rained"])],
        vec![Quotation {
            source: vec![span(TEXT, "Zoë")],
            ..quotation(TEXT, "p", &["It rained"])
        }],
    );
    let source = Measure::Spans(Role::Source, SpanMeasure::Exact, Stripped);
    assert!(report.figure(source, &Group::All).is_none());
    assert!(report.figure(Measure::Attribution, &Group::All).is_none());
}

#[test]
fn loose_spans_are_compared_with_the_spans_of_predicted_quotations() {
    let loose = |part: &str, role| LooseSpan {
        span: span(TEXT, part),
        role,
    };
    let gold = Document {
        quotations: None,
        loose_spans: Some(vec![
            loose("“It rained”", Role::Content),
            loose("“I stayed,”", Role::Content),
            loose("“and read.”", Role::Content),
            loose("said", Role::Cue),
            loose("wrote", Role::Cue),
            loose("Ali", Role::Source),
        ]),
        ..document(TEXT, &[], Vec::new())
    };
    let with_cue = |id: &str, content: &[&str]| Quotation {
        cue: vec![span(TEXT, "wrote")],
        source: vec![span(TEXT, "Ali")],
        ..quotation(TEXT, id, content)
    };
    let predicted = document(
        TEXT,
        &[],
        vec![with_cue("p1", &["I stayed"]), with_cue("p2", &["and read"])],
    );
    let report = evaluate(&[gold], &[predicted], &Options::default());
    let exact = |role| Measure::Spans(role, SpanMeasure::Exact, Stripped);
    is(all(&report, exact(Role::Content)), 1.0, 2.0 / 3.0);
    is(all(&report, exact(Role::Cue)), 1.0, 1.0 / 2.0);
    is(all(&report, exact(Role::Source)), 1.0, 1.0);
    assert!(report.figure(Measure::Detection, &Group::All).is_none());
}

#[test]
fn predicted_loose_spans_count_where_the_gold_data_have_some() {
    let loose = |part: &str, role| LooseSpan {
        span: span(TEXT, part),
        role,
    };
    let quoted = || Quotation {
        cue: vec![span(TEXT, "wrote")],
        ..quotation(TEXT, "q1", &["and read"])
    };
    let predicted = || Document {
        loose_spans: Some(vec![loose("said", Role::Cue)]),
        ..document(TEXT, &[], vec![quoted()])
    };
    let spans = Document {
        quotations: None,
        loose_spans: Some(vec![loose("said", Role::Cue), loose("wrote", Role::Cue)]),
        ..document(TEXT, &[], Vec::new())
    };
    let cues = Measure::Spans(Role::Cue, SpanMeasure::Exact, Stripped);
    let report = evaluate(&[spans], &[predicted()], &Options::default());
    is(all(&report, cues), 1.0, 1.0);
    let quotations = document(TEXT, &[], vec![quoted()]);
    let report = evaluate(&[quotations], &[predicted()], &Options::default());
    is(all(&report, cues), 1.0, 1.0);
}

#[test]
fn optional_and_unasked_modes_are_neither_right_nor_wrong() {
    let gold = || {
        let optional = Quotation {
            optional: true,
            evidence: None,
            ..quotation(TEXT, "g1", &["It rained"])
        };
        let thought = Quotation {
            mode: Some(Mode::Thought),
            ..quotation(TEXT, "g2", &["I stayed"])
        };
        let speech = Quotation {
            mode: Some(Mode::Speech),
            ..quotation(TEXT, "g3", &["and read"])
        };
        document(TEXT, &[], vec![optional, thought, speech])
    };
    let options = Options::default().modes(&[Mode::Speech, Mode::Writing]);
    let of = |id: &str, part: &str| quotation(TEXT, id, &[part]);
    let found = vec![
        of("p1", "It rained"),
        of("p2", "I stayed"),
        of("p3", "and read"),
    ];
    for predicted in [found, vec![of("p3", "and read")]] {
        let report = evaluate(&[gold()], &[document(TEXT, &[], predicted)], &options);
        for measure in [
            SpanMeasure::Exact,
            SpanMeasure::Tokens,
            SpanMeasure::Partial,
            SpanMeasure::Begin,
        ] {
            is(all(&report, content(measure)), 1.0, 1.0);
            assert_eq!(
                figure(&report, content(measure), &Group::All)
                    .counts
                    .gold
                    .min(2.0),
                {
                    if measure == SpanMeasure::Tokens {
                        2.0
                    } else {
                        1.0
                    }
                }
            );
        }
        is(all(&report, Measure::Detection), 1.0, 1.0);
    }
}

#[test]
fn a_found_span_is_filed_under_its_gold_kind_a_spurious_one_under_its_own() {
    let of = |id: &str, part: &str, kind| Quotation {
        kind: Some(kind),
        ..quotation(TEXT, id, &[part])
    };
    let report = report(
        vec![
            of("g1", "It rained", Kind::Direct),
            of("g2", "I stayed", Kind::Indirect),
        ],
        vec![
            of("p1", "It rained", Kind::Indirect), // found: direct
            of("p2", "stayed", Kind::Direct),      // overlaps the indirect one
            of("p3", "and read", Kind::Mixed),     // spurious
        ],
    );
    let of = |kind| {
        let figure = report
            .figure(content(SpanMeasure::Exact), &Group::Kind(kind))
            .unwrap();
        let counts = figure.counts;
        (
            counts.gold,
            counts.predicted,
            counts.right_gold,
            counts.right_predicted,
        )
    };
    assert_eq!(of(Kind::Direct), (1.0, 1.0, 1.0, 1.0));
    assert_eq!(of(Kind::Indirect), (1.0, 1.0, 0.0, 0.0));
    assert_eq!(of(Kind::Mixed), (0.0, 1.0, 0.0, 0.0));
}

#[test]
fn marks_are_read_from_the_text_where_the_data_do_not_tell() {
    let of = |id: &str, part: &str| Quotation {
        kind: Some(Kind::Direct),
        ..quotation(TEXT, id, &[part])
    };
    let report = report(
        vec![of("g1", "It rained"), of("g2", "wrote Ali")],
        Vec::new(),
    );
    for marked in [true, false] {
        let figure = figure(&report, content(SpanMeasure::Exact), &Group::Marked(marked));
        assert_eq!(figure.counts.gold, 1.0);
    }
}
