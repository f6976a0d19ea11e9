//! Cues and sources that no quotation holds.

use dixit::{Document, Mode, Pipeline, Role, SourceText};

/// Somebody asks and somebody answers, but the words are not told.
const TEXT: &str =
    "Zoë Marsh asked him twice, and the ferryman answered her at last.\n\nThey went home.\n";

fn read(modes: &[Mode]) -> Document {
    let pipeline = Pipeline::builder().modes(modes.to_vec()).build();
    let source = SourceText {
        text: TEXT.to_owned(),
        ..SourceText::default()
    };
    pipeline
        .expect("a pipeline")
        .read(source)
        .expect("a reading")
}

#[test]
fn are_told_where_every_mode_is_asked_for() {
    let document = read(Mode::ALL);
    let of = |role: Role| -> Vec<&str> {
        let loose = document.loose_spans.iter().flatten();
        let of_role = loose.filter(|loose| loose.role == role);
        of_role.map(|loose| loose.span.of(TEXT)).collect()
    };
    assert!(of(Role::Cue).contains(&"asked"), "{:?}", of(Role::Cue));
    assert!(
        of(Role::Source).contains(&"Zoë Marsh"),
        "{:?}",
        of(Role::Source)
    );
    assert!(of(Role::Content).is_empty());
}

#[test]
fn are_not_told_otherwise() {
    assert_eq!(read(&[Mode::Speech, Mode::Writing]).loose_spans, None);
}
