//! Whatever the text, what is said of it fits it: spans slice it, in bytes and in code points.

use std::sync::LazyLock;

use dixit::{Entity, EntityType, Mode, Offsets, Pipeline, Quoted, QuotedText, SourceText, Span};
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

    /// Quotations over any pieces of any text, in any order, with a cast and without.
    #[test]
    fn what_is_given_comes_back_once(
        text in fragments(),
        pieces in prop::collection::vec(prop::collection::vec(0_usize..400, 2..6), 0..8),
        with_cast in any::<bool>(),
    ) {
        let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let quotations: Vec<Quoted> = pieces
            .into_iter()
            .enumerate()
            .map(|(number, mut ends)| {
                for end in &mut ends {
                    *end = edges[*end % edges.len()];
                }
                ends.sort_unstable();
                let content = ends.chunks_exact(2).map(|pair| Span::new(pair[0], pair[1]));
                let content = content.filter(|span| !span.is_empty()).collect();
                Quoted { id: format!("no. {number}"), content }
            })
            .collect();
        let zoe = Entity {
            id: "Z".into(),
            name: "Zoë Lindqvist".into(),
            entity_type: Some(EntityType::Person),
            aliases: vec!["the mayor".into()],
            gender: None,
            named: true,
        };
        let cast = with_cast.then(|| vec![zoe]);
        let document = PIPELINE
            .attribute(QuotedText {
                source: SourceText { id: "any".into(), text, ..SourceText::default() },
                quotations: quotations.clone(),
                cast: cast.clone(),
            })
            .expect("any text is read");
        let found = document.quotations.unwrap_or_default();
        let found: Vec<Quoted> = found
            .into_iter()
            .map(|one| {
                assert!(one.speaker.is_none_or(|id| id.index() < document.entities.len()));
                Quoted { id: one.id, content: one.content }
            })
            .collect();
        prop_assert_eq!(found, quotations);
        if let Some(cast) = cast {
            prop_assert_eq!(document.entities, cast);
        }
    }

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
