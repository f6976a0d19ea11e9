//! What lies over given words, however long the document is.

use dixit_document::Span;

/// Spans and whose they are.
pub(crate) struct Owned {
    /// With their owners, in text order; they may overlap.
    spans: Vec<(Span, usize)>,
    /// The longest of them bounds how far back one may reach.
    longest: usize,
}

impl Owned {
    /// The spans of owners, who are counted as they come.
    pub(crate) fn of<'a>(owners: impl Iterator<Item = &'a [Span]>) -> Self {
        let mut spans: Vec<(Span, usize)> = owners
            .enumerate()
            .flat_map(|(owner, spans)| spans.iter().map(move |&span| (span, owner)))
            .collect();
        spans.sort_unstable();
        let longest = spans.iter().map(|(span, _)| span.len()).max().unwrap_or(0);
        Self { spans, longest }
    }

    /// Those over some words, with their owners, in text order.
    pub(crate) fn over(&self, words: Span) -> impl Iterator<Item = (Span, usize)> + '_ {
        let from = self
            .spans
            .partition_point(|(span, _)| span.start() + self.longest <= words.start());
        let reached = self.spans.get(from..).unwrap_or(&[]).iter();
        reached
            .take_while(move |(span, _)| span.start() < words.end())
            .filter(move |(span, _)| span.overlaps(words))
            .copied()
    }
}

/// The first of some spans over some words. The spans stand in text order and do not overlap.
pub(crate) fn first_over(spans: &[Span], words: Span) -> Option<Span> {
    let at = spans.partition_point(|span| span.end() <= words.start());
    let first = spans.get(at).copied();
    first.filter(|span| span.overlaps(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_found_by_their_spans() {
        let span = Span::new;
        let owners = [vec![span(0, 40)], vec![span(10, 20), span(30, 38)], vec![]];
        let owned = Owned::of(owners.iter().map(Vec::as_slice));
        let over = |words| {
            owned
                .over(words)
                .map(|(_, owner)| owner)
                .collect::<Vec<_>>()
        };
        assert_eq!(over(span(18, 31)), [0, 1, 1]);
        assert_eq!(over(span(39, 50)), [0]);
        assert!(over(span(40, 50)).is_empty());
        assert_eq!(over(span(20, 30)), [0]);
    }

    #[test]
    fn the_first_one_over_words_touches_them() {
        let span = Span::new;
        let spans = [span(0, 6), span(8, 9)];
        assert_eq!(first_over(&spans, span(5, 9)), Some(span(0, 6)));
        assert_eq!(first_over(&spans, span(8, 12)), Some(span(8, 9)));
        assert_eq!(first_over(&spans, span(6, 8)), None);
        assert_eq!(first_over(&spans, span(9, 12)), None);
    }
}
