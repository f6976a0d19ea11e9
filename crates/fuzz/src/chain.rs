use std::sync::LazyLock;

use dixit::{Mode, Pipeline, SourceText};
use dixit_corpus::{OutputFormat, Writer};
use dixit_document::{Document, Offsets, Span, validate};
use dixit_tokenize::Layout;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let builder = Pipeline::builder().jobs(1).modes(Mode::ALL.iter().copied());
    builder.build().expect("the bundled model")
});

/// Paragraphs, sentences, words and marks: their spans slice the text.
pub(crate) fn layout(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let layout = Layout::read(&text);
    let whole = Span::new(0, text.len());
    for token in layout.tokens_in(whole) {
        assert!(text.get(token.span.start()..token.span.end()).is_some());
    }
    for sentence in layout.sentences_in(whole) {
        assert!(text.get(sentence.start()..sentence.end()).is_some());
    }
}

/// Any text through everything: the result is valid, its spans slice the text in bytes and in code
/// points alike, and every form can be written.
pub(crate) fn chain(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let document = PIPELINE
        .read(SourceText {
            id: "fuzz".into(),
            text: text.clone(),
            ..SourceText::default()
        })
        .expect("any text is read");
    assert_eq!(document.text, text);
    assert_eq!(validate(&document), []);
    slices(&document);
    for format in [
        OutputFormat::Records,
        OutputFormat::Documents,
        OutputFormat::Csv,
        OutputFormat::Parquet,
    ] {
        let mut writer = Writer::new(Vec::new(), format).expect("a header");
        writer.write(&document).expect("a document");
        let _ = writer.finish().expect("an end");
    }
}

fn slices(document: &Document) {
    let offsets = Offsets::new(&document.text);
    let code_points: Vec<char> = document.text.chars().collect();
    for quotation in document.quotations.iter().flatten() {
        let parts = [&quotation.content, &quotation.cue, &quotation.source];
        for span in parts.into_iter().flatten() {
            let (start, end) = (
                offsets.code_point(span.start()),
                offsets.code_point(span.end()),
            );
            let sliced: String = code_points[start..end].iter().collect();
            assert_eq!(sliced, span.of(&document.text));
        }
    }
}
