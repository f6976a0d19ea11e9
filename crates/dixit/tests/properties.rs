//! Whatever the text, what is said of it fits it: spans slice it, in bytes and in code points.

use std::sync::LazyLock;

use dixit::{Mode, Offsets, Pipeline, SourceText, Span};
use dixit_document::validate;
use proptest::prelude::*;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let builder = Pipeline::builder().jobs(2).modes(Mode::ALL.iter().copied());
    builder.build().expect("a pipeline")
});

/// What texts are made of, in any order.
fn fragments() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "“",
        "”",
        "‘",
        "’",
        "\"",
        "'",
        "«",
        "»",
        "—",
        "– ",
        ",",
        ".",
        "!",
        "?",
        "…",
        "\r\n",
        "\n\n",
        "\t",
        "\u{a0}",
        "\u{200d}",
        "\u{feff}",
        "🙂",
        "👩‍👩‍👧",
        "e\u{301}",
        " said ",
        " told ",
        " that ",
        " she ",
        "Mr. ",
        "Zoë Lindqvist",
        "the mayor",
        "According to ",
        "Łódź",
        "日本",
        "The ferry is late",
        "it would rain",
        " asked Emil",
    ]);
    let any = "\\PC{0,6}";
    let fragment = prop_oneof![6 => known.prop_map(str::to_owned), 1 => any];
    prop::collection::vec(fragment, 0..60).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn offsets_slice_the_text(text in fragments()) {
        let source = SourceText { id: "any".into(), text: text.clone(), ..SourceText::default() };
        let document = PIPELINE.read(source).expect("any text is read");
        prop_assert_eq!(&document.text, &text);
        prop_assert_eq!(validate(&document), vec![]);
        let offsets = Offsets::new(&text);
        let code_points: Vec<char> = text.chars().collect();
        let quotations = document.quotations.iter().flatten();
        let mut spans: Vec<Span> = quotations
            .flat_map(|one| [&one.content, &one.cue, &one.source].into_iter().flatten())
            .copied()
            .collect();
        spans.extend(document.mentions.iter().flatten().map(|mention| mention.span));
        spans.extend(document.named_entities.iter().flatten().map(|name| name.span));
        for span in spans {
            let (start, end) = (offsets.code_point(span.start()), offsets.code_point(span.end()));
            let sliced: String = code_points[start..end].iter().collect();
            prop_assert_eq!(sliced, span.of(&text));
        }
    }
}
