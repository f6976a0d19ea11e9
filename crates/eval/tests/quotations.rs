//! Who said what, and speakers of gold quotations, worked by hand.

mod common;

use common::{all, close, document, entity, figure, is, quotation, said};
use dixit_document::{Document, Entity, Form, Reference};
use dixit_eval::{
    ClusterMeasure, Group, Mapping, Measure, Options, Oracle, Report, Verdict, evaluate,
};

const TEXT: &str = "“Pack at once,” said Inês Duarte. “Why?” he asked. The guard “saw nobody”, \
                    according to Bruno. “Nobody at all!” Later she wrote that snow would come.";

/// Inês, Bruno, the guard.
fn cast() -> Vec<Entity> {
    vec![
        entity("g0", &["Inês Duarte", "Duarte"]),
        entity("g1", &["Bruno Keller", "Bruno"]),
        entity("g2", &["guard"]),
    ]
}

fn gold() -> Document {
    document(
        TEXT,
        &cast(),
        vec![
            said(TEXT, "g1", "“Pack at once,”", "Inês Duarte", Some(0)),
            said(TEXT, "g2", "Why", "he", Some(1)),
            said(TEXT, "g3", "saw nobody", "Bruno", Some(1)),
            said(TEXT, "g4", "Nobody at all", "", Some(1)),
            said(TEXT, "g5", "snow would come", "she", Some(0)),
        ],
    )
}

/// Five predictions: right; without a speaker; right by name; wrong speaker; g5 missed; one
/// spurious.
fn predicted() -> Document {
    let cast = [
        entity("p0", &["Duarte"]),
        entity("p1", &["bruno"]),
        entity("p2", &["The guard"]),
    ];
    document(
        TEXT,
        &cast,
        vec![
            said(TEXT, "a", "Pack at once", "Inês", Some(0)),
            said(TEXT, "b", "Why?", "he", None),
            said(TEXT, "c", "saw nobody", "The guard", Some(1)),
            said(TEXT, "d", "Nobody at all!", "", Some(2)),
            said(TEXT, "e", "Later she", "she", Some(0)),
        ],
    )
}

fn report() -> Report {
    evaluate(&[gold()], &[predicted()], &Options::default())
}

#[test]
fn attribution_asks_for_the_content_and_the_source() {
    // g1 and g2 have their sources; g3 has another; g4 has none, as predicted; g5 is missed.
    is(all(&report(), Measure::Detection), 4.0 / 5.0, 4.0 / 5.0);
    is(all(&report(), Measure::Attribution), 3.0 / 5.0, 3.0 / 5.0);
    close(all(&report(), Measure::RecordPrecision).2, 4.0 / 5.0);
}

#[test]
fn speaker_f1_asks_for_the_content_and_the_entity() {
    for mapping in Mapping::ALL {
        is(
            all(&report(), Measure::SpeakerF1(*mapping)),
            2.0 / 5.0,
            2.0 / 5.0,
        );
    }
}

#[test]
fn an_abstention_is_wrong_but_costs_no_precision() {
    // Of 5 gold quotations 3 got an answer, 2 of them right; 4 were found.
    let report = report();
    let accuracy = figure(
        &report,
        Measure::SpeakerAccuracy(Mapping::Strict),
        &Group::All,
    );
    close(accuracy.value, 2.0 / 5.0);
    close(accuracy.precision, 2.0 / 3.0);
    close(accuracy.counts.coverage(), 3.0 / 5.0);
    close(all(&report, Measure::SpeakerCoverage).2, 3.0 / 5.0);
    close(
        all(&report, Measure::SpeakerOfFound(Mapping::Strict)).2,
        2.0 / 4.0,
    );
}

#[test]
fn what_became_of_each() {
    let report = report();
    let verdicts: Vec<(Option<&str>, Verdict)> = report
        .outcomes
        .iter()
        .map(|outcome| {
            (
                outcome.gold.as_ref().map(|gold| gold.id.as_str()),
                outcome.verdict,
            )
        })
        .collect();
    assert_eq!(
        verdicts,
        [
            (Some("g1"), Verdict::Right),
            (Some("g2"), Verdict::NoSpeaker),
            (Some("g3"), Verdict::Right),
            (Some("g4"), Verdict::WrongSpeaker),
            (None, Verdict::Spurious),
            (Some("g5"), Verdict::Missed),
        ]
    );
    // Offsets leave in code points: “ and ” are three bytes each, ê two.
    let first = report.outcomes[1].gold.as_ref().unwrap();
    let place = TEXT[..TEXT.find("Why").unwrap()].chars().count() as u32;
    assert_eq!(first.content, [(place, place + 3)]);
    assert_eq!(report.outcomes[2].source, Some(false));
    assert!(report.outcomes[0].exact);
}

#[test]
fn by_form_of_the_source_and_reference() {
    // Read from the words: g1 and g3 names, g2 and g5 pronouns, g4 no source.
    let report = report();
    let measure = Measure::SpeakerAccuracy(Mapping::Strict);
    close(
        figure(&report, measure, &Group::SourceForm(Form::Name)).value,
        1.0,
    );
    close(
        figure(&report, measure, &Group::SourceForm(Form::Pronoun)).value,
        0.0,
    );
    assert!(
        report
            .figure(measure, &Group::SourceForm(Form::Nominal))
            .is_none()
    );
    close(
        figure(&report, measure, &Group::Reference(Reference::Explicit)).value,
        1.0,
    );

    // What the data say goes before what the words tell.
    let mut gold = gold();
    gold.quotations.as_mut().unwrap()[1].reference = Some(Reference::Implicit);
    let report = evaluate(&[gold], &[predicted()], &Options::default());
    close(
        figure(&report, measure, &Group::Reference(Reference::Implicit)).value,
        0.0,
    );
    assert_eq!(
        figure(&report, measure, &Group::Reference(Reference::Anaphoric))
            .counts
            .gold,
        1.0
    );
}

#[test]
fn what_is_not_ok_or_optional_is_free_for_speakers() {
    let mut gold = gold();
    let quotations = gold.quotations.as_mut().unwrap();
    quotations[3].ok = false; // predicted with the wrong speaker
    quotations[4].optional = true; // missed
    quotations[1].speaker = None; // nobody knows who spoke
    let report = evaluate(&[gold], &[predicted()], &Options::default());
    let strict = Mapping::Strict;
    // Left: g1 and g3, both right; of the predictions a, c and the spurious e count.
    is(all(&report, Measure::SpeakerF1(strict)), 2.0 / 3.0, 1.0);
    close(all(&report, Measure::SpeakerAccuracy(strict)).2, 1.0);
    assert_eq!(report.count(Verdict::Free), 2);
    // An annotation that is not fit for scoring is still a record that stands for something.
    close(all(&report, Measure::RecordPrecision).2, 4.0 / 5.0);
}

#[test]
fn half_the_overlap_is_enough_and_less_is_not() {
    let try_it = |part: &str| {
        let predicted = document(TEXT, &[], vec![quotation(TEXT, "p", &[part])]);
        let gold = document(TEXT, &[], vec![quotation(TEXT, "g", &["Pack at once"])]);
        evaluate(&[gold], &[predicted], &Options::default())
    };
    let near = try_it("Pack at"); // 7 of 12 characters
    is(all(&near, Measure::Detection), 1.0, 1.0);
    let far = try_it("at once,” said Inês"); // 7 shared, 24 in either
    is(all(&far, Measure::Detection), 0.0, 0.0);
    assert_eq!(far.outcomes.len(), 1);
    assert_eq!(far.outcomes[0].verdict, Verdict::WrongSpan);
}

#[test]
fn two_predictions_of_one_quotation_are_one_right_and_one_spurious() {
    let gold = document(TEXT, &[], vec![quotation(TEXT, "g", &["Pack at once"])]);
    let predicted = document(
        TEXT,
        &[],
        vec![
            quotation(TEXT, "a", &["Pack at once,"]),
            quotation(TEXT, "b", &["Pack at once"]),
        ],
    );
    let report = evaluate(&[gold], &[predicted], &Options::default());
    is(all(&report, Measure::Detection), 1.0 / 2.0, 1.0);
    // Both are records that stand for something.
    close(all(&report, Measure::RecordPrecision).2, 1.0);
}

#[test]
fn macro_accuracy_is_the_mean_of_documents() {
    let mut other = gold();
    other.id = "other".to_owned();
    other.quotations.as_mut().unwrap().truncate(1);
    let mut nothing = gold();
    nothing.id = "no quotations".to_owned();
    nothing.quotations = Some(Vec::new());
    let mut found = predicted();
    found.id = "other".to_owned();
    let report = evaluate(
        &[gold(), other, nothing],
        &[predicted(), found],
        &Options::default(),
    );
    // 2 of 5 and 1 of 1: micro 3/6, macro (0.4 + 1) / 2.
    close(
        all(&report, Measure::SpeakerAccuracy(Mapping::Strict)).2,
        3.0 / 6.0,
    );
    close(all(&report, Measure::SpeakerMacro(Mapping::Strict)).2, 0.7);
}

#[test]
fn clusters_are_those_of_gold_quotations() {
    // Gold {g1 g5} {g2 g3 g4}; predicted {g1} {g3} {g4}, and g2 and g5 alone: all singletons.
    // MUC keeps no link. B³ recall: 2 × 1/2 + 3 × 1/3 of 5, precision 1.
    // CEAF-e: φ4 of a singleton with a pair 2/3, with three 2/4: 7/6 of 2 gold, 5 predicted.
    let report = report();
    let of = |measure| all(&report, Measure::Clusters(measure));
    assert_eq!(of(ClusterMeasure::Muc).2, Some(0.0));
    is(of(ClusterMeasure::BCubed), 1.0, 2.0 / 5.0);
    let ceaf = 2.0 / 3.0 + 2.0 / 4.0;
    is(of(ClusterMeasure::CeafE), ceaf / 5.0, ceaf / 2.0);
    let mean =
        (0.0 + of(ClusterMeasure::BCubed).2.unwrap() + of(ClusterMeasure::CeafE).2.unwrap()) / 3.0;
    close(of(ClusterMeasure::Conll).2, mean);
}

#[test]
fn given_quotations_are_known_by_their_ids_and_a_given_cast_by_its_ids() {
    // Two quotations over the same words, two people of the same name.
    let cast = [entity("t1", &["Tom"]), entity("t2", &["Tom"])];
    let document = |speakers: [u32; 2]| {
        let of = |id: &str, speaker| said(TEXT, id, "Why?", "he", Some(speaker));
        document(
            TEXT,
            &cast,
            vec![of("q1", speakers[0]), of("q2", speakers[1])],
        )
    };
    let oracle = Oracle {
        quotations: true,
        cast: true,
        mentions: false,
    };
    let options = Options::default().oracle(oracle);
    let accuracy = |predicted| {
        let report = evaluate(&[document([0, 1])], &[document(predicted)], &options);
        all(&report, Measure::SpeakerAccuracy(Mapping::Strict)).2
    };
    close(accuracy([0, 1]), 1.0);
    close(accuracy([1, 0]), 0.0);
    close(accuracy([0, 0]), 0.5);
}
