//! Block quotations: lines after `>`, and texts that their author's signature follows.

use dixit_document::Span;
use dixit_tokenize::Layout;

use super::{Found, MarkStyle, MarkedSpan, signature};

pub(super) fn read(text: &str, layout: &Layout, found: &mut Found) {
    let mut marked: Vec<Span> = found.spans.iter().map(|span| span.outer).collect();
    marked.sort_unstable();
    let mut previous = None;
    for (index, &paragraph) in layout.paragraphs.iter().enumerate() {
        previous = after_sign(text, paragraph, previous, found);
        let above = index
            .checked_sub(1)
            .and_then(|index| layout.paragraphs.get(index));
        if let (Some(label), Some(&above)) = (signature::below(text, layout, paragraph), above)
            && is_signed(text, above, &marked)
        {
            found.add(text, span(above, above, None, Some(label)));
        }
    }
}

fn span(inner: Span, outer: Span, continues: Option<usize>, label: Option<Span>) -> MarkedSpan {
    let style = MarkStyle::Block;
    MarkedSpan {
        inner,
        outer,
        style,
        closed: false,
        nested: false,
        continues,
        label,
    }
}

/// A paragraph after `>`; one that follows such a paragraph goes on with it.
fn after_sign(
    text: &str,
    paragraph: Span,
    previous: Option<usize>,
    found: &mut Found,
) -> Option<usize> {
    let words = paragraph.of(text).strip_prefix('>')?;
    let words = words.trim_start_matches('>');
    let inner = Span::new(paragraph.end() - words.len(), paragraph.end());
    found.add(text, span(inner, paragraph, previous, None))
}

/// Whether the paragraph above a signature is what was signed: a whole sentence, not in marks.
fn is_signed(text: &str, above: Span, marked: &[Span]) -> bool {
    let words = above.of(text);
    let from = marked.partition_point(|span| span.start() < above.start());
    let within = marked.get(from..).unwrap_or(&[]);
    let free = within
        .iter()
        .take_while(|span| span.start() < above.end())
        .all(|span| span.overlap(above) * 2 < above.len());
    free && words.len() < 1200
        && words.contains(' ')
        && (words.ends_with(['.', '!', '?', '…', ')']) || words.contains(['#', '@']))
}
