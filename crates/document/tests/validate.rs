//! The validator finds every broken invariant, and nothing in a sound document.

use dixit_document::{
    Document, Entity, EntityId, Label, LooseSpan, Mention, NamedEntity, Problem, Quotation, Role,
    Span, validate,
};
use proptest::prelude::*;

const TEXT: &str = "“É già tardi”, disse Noè 🙂.\r\n";

fn entity(id: &str) -> Entity {
    Entity {
        id: id.to_owned(),
        name: "Noè".to_owned(),
        entity_type: None,
        aliases: Vec::new(),
        gender: None,
        named: true,
    }
}

fn quotation(id: &str, content: &[(usize, usize)]) -> Quotation {
    Quotation {
        id: id.to_owned(),
        content: content
            .iter()
            .map(|&(start, end)| Span::new(start, end))
            .collect(),
        cue: Vec::new(),
        source: Vec::new(),
        kind: None,
        marked: None,
        mode: None,
        source_form: None,
        speaker: Some(EntityId(0)),
        addressees: Vec::new(),
        reference: None,
        confidence: 0.5,
        ok: true,
        optional: false,
        evidence: None,
    }
}

fn document(quotations: Vec<Quotation>) -> Document {
    Document {
        text: TEXT.to_owned(),
        entities: vec![entity("e1")],
        quotations: Some(quotations),
        ..Document::default()
    }
}

fn problems(document: &Document) -> Vec<Problem> {
    validate(document)
        .into_iter()
        .map(|flaw| flaw.problem)
        .collect()
}

#[test]
fn a_sound_document_has_no_flaw() {
    let mut sound = document(vec![
        quotation("q1", &[(3, 10), (10, 14)]),
        quotation("q2", &[(3, 5)]),
    ]);
    sound.mentions = Some(vec![Mention {
        span: Span::new(3, 10),
        entity: None,
        form: None,
        label: None,
    }]);
    assert_eq!(problems(&sound), []);
    assert_eq!(problems(&Document::default()), []);
}

#[test]
fn spans_lie_on_characters_of_the_text() {
    let span = Span::new;
    let cases = [
        (
            (0, 99),
            Problem::OutOfBounds {
                span: span(0, 99),
                len: TEXT.len(),
            },
        ),
        ((1, 3), Problem::InsideCharacter { span: span(1, 3) }),
        ((3, 4), Problem::InsideCharacter { span: span(3, 4) }),
        ((5, 5), Problem::Empty { span: span(5, 5) }),
    ];
    for (content, problem) in cases {
        assert_eq!(
            problems(&document(vec![quotation("q", &[content])])),
            [problem]
        );
    }
    let mut loose = document(Vec::new());
    loose.loose_spans = Some(vec![LooseSpan {
        span: span(1, 3),
        role: Role::Cue,
    }]);
    assert_eq!(
        problems(&loose),
        [Problem::InsideCharacter { span: span(1, 3) }]
    );
}

#[test]
fn parts_stand_in_text_order_and_apart() {
    let (first, second) = (Span::new(3, 10), Span::new(5, 14));
    let overlapping = document(vec![quotation("q", &[(3, 10), (5, 14)])]);
    assert_eq!(
        problems(&overlapping),
        [Problem::Disorder { first, second }]
    );
    let swapped = document(vec![quotation("a", &[(5, 14)]), quotation("b", &[(3, 10)])]);
    assert_eq!(
        problems(&swapped),
        [Problem::Disorder {
            first: second,
            second: first
        }]
    );
    assert_eq!(validate(&swapped)[0].place, "quotation b");
    let mut names = document(Vec::new());
    let name = |span| NamedEntity {
        span,
        label: Label::Per,
        confidence: 1.0,
    };
    names.named_entities = Some(vec![name(first), name(second)]);
    assert_eq!(problems(&names), [Problem::Disorder { first, second }]);
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    let mut document = document(vec![
        quotation("q", &[(3, 10)]),
        Quotation {
            speaker: Some(EntityId(7)),
            ..quotation("q", &[(5, 10)])
        },
        Quotation {
            addressees: vec![EntityId(1)],
            ..quotation("", &[(5, 10)])
        },
        Quotation {
            confidence: f32::NAN,
            ..quotation("r", &[])
        },
    ]);
    document.entities.push(entity("e1"));
    document.entities.truncate(1);
    let found: Vec<String> = validate(&document)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "quotation q: its speaker is entity 7, which the document does not have",
            "quotation q: the id is empty or taken",
            "quotation : its addressee is entity 1, which the document does not have",
            "quotation : the id is empty or taken",
            "quotation r: no content",
            "quotation r: confidence NaN is not from 0 to 1",
        ]
    );
    document.entities.push(entity("e1"));
    assert!(problems(&document).contains(&Problem::IdTaken));
}

proptest! {
    /// Whatever passes can be cut out of the text.
    #[test]
    fn what_passes_can_be_cut_out(ends in prop::collection::vec(0usize..40, 2..8)) {
        let content: Vec<(usize, usize)> =
            ends.chunks_exact(2).map(|pair| (pair[0].min(pair[1]), pair[0].max(pair[1]))).collect();
        let document = document(vec![quotation("q", &content)]);
        let sound = content.iter().all(|&(start, end)| TEXT.get(start..end).is_some_and(|part| !part.is_empty()))
            && content.windows(2).all(|pair| pair[0].1 <= pair[1].0);
        prop_assert_eq!(validate(&document).is_empty(), sound);
    }

    /// Overlap, cover and containment agree with the sets of bytes.
    #[test]
    fn spans_are_sets_of_bytes(a in 0usize..20, b in 0usize..20, c in 0usize..20, d in 0usize..20) {
        let (first, second) = (Span::new(a, b), Span::new(c, d));
        let shared = first.range().filter(|byte| second.range().contains(byte)).count();
        prop_assert_eq!(first.overlap(second), shared);
        prop_assert_eq!(first.overlaps(second), shared > 0);
        prop_assert!(first.cover(second).contains(first) && first.cover(second).contains(second));
        prop_assert!(!first.contains(second) || second.range().all(|byte| first.range().contains(&byte)));
    }
}
