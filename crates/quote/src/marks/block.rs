//! Block quotations: lines after `>`, and texts that their author's signature follows, below or at
//! their end.

use dixit_document::Span;
use dixit_tokenize::Layout;

use super::{Found, MarkStyle, MarkedSpan, signature};

/// The least number of paragraphs that show the custom of signing them.
const TESTIMONIES: usize = 3;

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
    testimonies(text, layout, &marked, found);
}

/// Lines without marks that end in who says them, one after the other: `I never row. — Orla Finch`.
fn testimonies(text: &str, layout: &Layout, marked: &[Span], found: &mut Found) {
    let mut signed = Vec::new();
    for &paragraph in &layout.paragraphs {
        // A name at the end of a line ends what stands before it, from the line behind the last.
        let mut start = paragraph.start();
        let mut end = start;
        let mut dash = None;
        for line in paragraph.of(text).split_inclusive('\n') {
            dash = signature::dash(line).map(|at| end + at).or(dash);
            end += line.len();
            let all = Span::new(start, end);
            if let Some(at) = dash
                && let Some((words, label)) = signature::at_end(text, layout, all, at)
                && is_signed(text, words, marked)
            {
                signed.push((words, all, label));
                start = end;
                dash = None;
            }
        }
    }
    if signed.len() < TESTIMONIES {
        return;
    }
    for (words, all, label) in signed {
        found.add(text, span(words, all, None, Some(label)));
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
