//! What holds of the layout of every text whatever.

use dixit_document::Span;
use dixit_tokenize::{Layout, TokenKind};
use proptest::prelude::*;

fn blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        )
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Spans are in order, apart, not empty, and on character boundaries.
fn in_order(text: &str, spans: &[Span]) -> Result<(), TestCaseError> {
    let mut end = 0;
    for span in spans {
        prop_assert!(span.start() >= end);
        prop_assert!(
            text.get(span.range())
                .is_some_and(|slice| !slice.is_empty())
        );
        end = span.end();
    }
    Ok(())
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let layout = Layout::read(text);
    let tokens: Vec<Span> = layout.tokens.iter().map(|token| token.span).collect();
    let marks: Vec<Span> = layout.marks.iter().map(|mark| mark.span).collect();
    for spans in [&tokens, &marks, &layout.sentences, &layout.paragraphs] {
        in_order(text, spans)?;
    }
    let mut at = 0;
    for span in tokens
        .iter()
        .copied()
        .chain([Span::new(text.len(), text.len())])
    {
        prop_assert!(
            text[at..span.start()].chars().all(blank),
            "not covered in {text:?}"
        );
        at = span.end();
    }
    for &token in &tokens {
        let sentence = layout
            .sentence_at(token.start())
            .map(|i| layout.sentences[i]);
        prop_assert!(sentence.is_some_and(|sentence| sentence.contains(token)));
    }
    for &sentence in &layout.sentences {
        let paragraph = layout
            .paragraph_at(sentence.start())
            .map(|i| layout.paragraphs[i]);
        prop_assert!(paragraph.is_some_and(|paragraph| paragraph.contains(sentence)));
    }
    let of_kind: Vec<Span> = layout
        .tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Mark)
        .map(|token| token.span)
        .collect();
    prop_assert_eq!(of_kind, marks);
    prop_assert!(
        layout
            .marks
            .iter()
            .all(|mark| mark.can_open || mark.can_close)
    );
    Ok(())
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn texts_of_marks(text in "[a-cA-C.,!?:…—–‐' ’‘“”\"«»‹›„‚「」『』`\r\n\t\u{a0}\u{200b}\u{301}1-3()_-]{0,80}") {
        holds(&text)?;
    }

    #[test]
    fn texts_of_words(text in "((Mr|U\\.S|said|Go|boys|s|it)[.,’'”\"!?]{0,2}[ \n]){0,40}") {
        holds(&text)?;
    }
}

#[test]
fn a_million_characters_on_one_line() {
    for unit in [
        "“No,” he said, ‘it’s the boys’ 5' 6\".’ ",
        "'",
        "\" ",
        "a",
        ".",
        "‘a ",
        "’ ",
        "’",
        "‘",
        "“",
        "\"",
        "«",
        "— ",
        "u.s.",
        "\'em, ",
        "\' A ",
        "\'A ",
        "No. ",
        "\u{301}",
        "👩\u{200d}",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        let layout = Layout::read(&text);
        assert!(!layout.tokens.is_empty());
    }
}
