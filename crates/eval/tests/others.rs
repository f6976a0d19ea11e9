//! The same small data measured by other people's programs, whose figures stand here as they print
//! them: seqeval 1.2.2 for named entities, scorch 0.2.0 for clusters. `tests/metrics.sh` does it on
//! random data.

mod common;

use common::{all, document, entity, figure};
use dixit_document::{Document, EntityId, Label, NamedEntity, Quotation, Span};
use dixit_eval::{ClusterMeasure, Group, Measure, Options, evaluate};

/// (gold speaker, predicted speaker) of 24 quotations.
const SPEAKERS: [(u32, Option<u32>); 24] = [
    (2, Some(3)),
    (0, None),
    (0, Some(0)),
    (1, None),
    (3, Some(1)),
    (0, Some(0)),
    (0, Some(4)),
    (0, Some(3)),
    (0, Some(0)),
    (1, Some(1)),
    (0, Some(4)),
    (1, None),
    (1, Some(4)),
    (0, Some(4)),
    (1, Some(4)),
    (3, Some(3)),
    (3, Some(1)),
    (1, Some(1)),
    (0, Some(4)),
    (3, Some(3)),
    (2, Some(0)),
    (0, Some(1)),
    (2, None),
    (3, Some(0)),
];

fn same(value: Option<f64>, printed: f64) {
    let value = value.unwrap();
    assert!(
        (value - printed).abs() < 1e-15,
        "{value:?} is not {printed:?}"
    );
}

#[test]
fn clusters_are_as_scorch_scores_them() {
    let text: String = (0..SPEAKERS.len())
        .map(|index| format!("“wörd{index}” "))
        .collect();
    let cast: Vec<_> = ["a", "b", "c", "d", "e"]
        .iter()
        .map(|name| entity(name, &[name]))
        .collect();
    let said = |speaker: &dyn Fn(usize) -> Option<u32>| -> Document {
        let quotation = |index: usize| -> Option<Quotation> {
            // With its mark, since “wörd1” also begins “wörd10”.
            let word = format!("wörd{index}”");
            let start = text.find(&word).unwrap();
            Some(Quotation {
                content: vec![Span::new(start, start + word.len() - '”'.len_utf8())],
                speaker: Some(EntityId(speaker(index)?)),
                ..common::quotation(&text, &format!("q{index}"), &[])
            })
        };
        let quotations: Vec<Quotation> = (0..SPEAKERS.len()).filter_map(quotation).collect();
        document(&text, &cast, quotations)
    };
    let gold = said(&|index| Some(SPEAKERS[index].0));
    let predicted = said(&|index| SPEAKERS[index].1);
    let report = evaluate(&[gold], &[predicted], &Options::default());
    for (measure, recall, precision, f1) in [
        (ClusterMeasure::Muc, 0.45, 0.5625, 0.5),
        (
            ClusterMeasure::BCubed,
            0.30277777777777776,
            0.5347222222222222,
            0.38663165653215403,
        ),
        (
            ClusterMeasure::CeafE,
            0.45202020202020204,
            0.22601010101010102,
            0.3013468013468014,
        ),
    ] {
        let found = all(&report, Measure::Clusters(measure));
        same(found.0, precision);
        same(found.1, recall);
        same(found.2, f1);
    }
    same(
        all(&report, Measure::Clusters(ClusterMeasure::Conll)).2,
        0.39599281929298513,
    );
}

#[test]
fn names_are_as_seqeval_scores_them() {
    let text = "Zoë Brandt of Ørsund near Lima Nova Łódź saw Opéra with Ali";
    let document = |names: &[(&str, Label)]| {
        let name = |&(words, label): &(&str, Label)| {
            let start = text.find(words).unwrap();
            NamedEntity {
                span: Span::new(start, start + words.len()),
                label,
                confidence: 1.0,
            }
        };
        Document {
            id: "d".to_owned(),
            text: text.to_owned(),
            named_entities: Some(names.iter().map(name).collect()),
            ..Document::default()
        }
    };
    let gold = [
        ("Zoë Brandt", Label::Per),
        ("Ørsund", Label::Org),
        ("Lima", Label::Loc),
        ("Nova Łódź", Label::Loc),
        ("Opéra", Label::Misc),
        ("Ali", Label::Per),
    ];
    // One too long, one cut, one of another type.
    let predicted = [
        ("Zoë Brandt", Label::Per),
        ("Ørsund near", Label::Org),
        ("Lima", Label::Loc),
        ("Łódź", Label::Loc),
        ("Opéra", Label::Misc),
        ("Ali", Label::Org),
    ];
    let report = evaluate(
        &[document(&gold)],
        &[document(&predicted)],
        &Options::default(),
    );
    for (group, precision, recall, f1) in [
        (Group::Label(Label::Loc), 0.5, 0.5, 0.5),
        (Group::Label(Label::Misc), 1.0, 1.0, 1.0),
        (Group::Label(Label::Org), 0.0, 0.0, 0.0),
        (Group::Label(Label::Per), 1.0, 0.5, 0.6666666666666666),
        (Group::All, 0.5, 0.5, 0.5),
    ] {
        let figure = figure(&report, Measure::NamedEntities, &group);
        same(figure.precision, precision);
        same(figure.recall, recall);
        same(figure.value, f1);
    }
}
