//! A text cut where any of its annotations begins or ends.

use dixit_document::Span;

/// A stretch of text under the same annotations.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece<'t, L> {
    /// The stretch.
    pub(crate) text: &'t str,
    /// The byte at which it begins.
    pub(crate) start: usize,
    /// What covers it, the latest to begin last.
    pub(crate) layers: Vec<L>,
}

/// Cuts `text` where a span begins or ends; the pieces put together are the text. Spans that are
/// empty or do not lie on character boundaries of the text are left out.
pub(crate) fn cut<L: Copy>(
    text: &str,
    spans: impl IntoIterator<Item = (Span, L)>,
) -> Vec<Piece<'_, L>> {
    let mut spans: Vec<(Span, L)> = spans
        .into_iter()
        .filter(|(span, _)| !span.of(text).is_empty())
        .collect();
    // Stable: of equals the one that was named last lies on top.
    spans.sort_by_key(|(span, _)| (span.start(), std::cmp::Reverse(span.end())));
    let mut borders: Vec<usize> = spans
        .iter()
        .flat_map(|(span, _)| [span.start(), span.end()])
        .chain([0, text.len()])
        .collect();
    borders.sort_unstable();
    borders.dedup();

    let mut pieces = Vec::with_capacity(borders.len());
    let mut open: Vec<(usize, L)> = Vec::new();
    let mut next = spans.iter().peekable();
    for pair in borders.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        open.retain(|(end, _)| *end > start);
        while let Some((span, layer)) = next.next_if(|(span, _)| span.start() <= start) {
            open.push((span.end(), *layer));
        }
        pieces.push(Piece {
            text: text.get(start..end).unwrap_or(""),
            start,
            layers: open.iter().map(|(_, layer)| *layer).collect(),
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn overlapping_spans_make_pieces() {
        let text = "“Né à Łódź”";
        let at = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let pieces = cut(
            text,
            [(at("Né à"), 'a'), (at("à Łódź"), 'b'), (at("“"), 'c')],
        );
        let seen: Vec<(&str, String)> = pieces
            .iter()
            .map(|piece| (piece.text, piece.layers.iter().collect()))
            .collect();
        let expected = [
            ("“", "c"),
            ("Né ", "a"),
            ("à", "ab"),
            (" Łódź", "b"),
            ("”", ""),
        ];
        assert_eq!(
            seen,
            expected.map(|(text, layers)| (text, layers.to_owned()))
        );
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_and_every_layer_covers_its_span(
            text in "[aé🙂 ]{0,20}",
            spans in prop::collection::vec((0usize..40, 0usize..40), 0..8),
        ) {
            let spans: Vec<(Span, usize)> =
                spans.iter().enumerate().map(|(i, &(a, b))| (Span::new(a, b), i)).collect();
            let pieces = cut(&text, spans.clone());
            let whole: String = pieces.iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&whole, &text);
            for (span, layer) in spans {
                let covered: String = pieces
                    .iter()
                    .filter(|piece| piece.layers.contains(&layer))
                    .map(|piece| piece.text)
                    .collect();
                prop_assert_eq!(covered, span.of(&text));
            }
        }
    }
}
