//! Headings in single marks (“'Back to the Quay.'” over a part of an article whose speech has double
//! ones): they repeat words and attribute them to nobody.

use dixit_document::Span;
use dixit_tokenize::Layout;

use crate::marks::{MarkStyle, MarkedSpan};

/// The most words of a heading.
const LONGEST: usize = 8;

/// The marked spans that are such headings, in text order.
pub(crate) fn headings(text: &str, layout: &Layout, marked: &[MarkedSpan]) -> Vec<Span> {
    let outermost = |style: MarkStyle| {
        let of = move |span: &&MarkedSpan| span.style == style && !span.nested;
        marked.iter().filter(of)
    };
    let singles = outermost(MarkStyle::Single).count();
    if outermost(MarkStyle::Double).count() <= singles {
        return Vec::new();
    }
    outermost(MarkStyle::Single)
        .filter(|span| span.closed && is_paragraph(text, layout, span.outer))
        .map(|span| span.outer)
        .collect()
}

/// Whether a span is a paragraph of its own, of a few words.
fn is_paragraph(text: &str, layout: &Layout, span: Span) -> bool {
    let paragraph = layout
        .paragraph_at(span.start())
        .and_then(|index| layout.paragraphs.get(index));
    paragraph.is_some_and(|paragraph| {
        let words = paragraph.of(text);
        let inside = span.of(text);
        words.trim_end_matches(['.', '!', '?', ',']) == inside
            && inside.split_whitespace().count() <= LONGEST
    })
}

/// Whether a span lies in one of the headings.
pub(crate) fn holds(headings: &[Span], span: Span) -> bool {
    let behind = headings.partition_point(|heading| heading.start() <= span.start());
    headings[..behind]
        .last()
        .is_some_and(|heading| heading.contains(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::marked_speech;

    fn found(text: &str) -> Vec<&str> {
        let layout = Layout::read(text);
        let marked = marked_speech(text, &layout);
        let headings = headings(text, &layout, &marked);
        assert!(headings.iter().all(|&heading| holds(&headings, heading)));
        headings.iter().map(|heading| heading.of(text)).collect()
    }

    #[test]
    fn a_paragraph_in_single_marks_is_a_heading_where_speech_has_double_ones() {
        for (open, close) in [("'", "'"), ("‘", "’")] {
            let text = format!(
                "“We shall stay,” said Nora Quill.\n\n{open}Back to the Quay.{close}\n\n“All of us,” she said."
            );
            assert_eq!(found(&text), [format!("{open}Back to the Quay.{close}")]);
        }
    }

    #[test]
    fn what_is_said_in_single_marks_is_none() {
        let single = "‘We shall stay,’ said Nora Quill. ‘All of us.’\n\n‘Go home.’\n\n‘No “ifs”, please,’ he said.";
        assert_eq!(found(single), [""; 0]);
        let within = "“We shall stay,” said Nora Quill.\n\nShe called it ‘back to the quay’.\n\n“All of us,” she said.";
        assert_eq!(found(within), [""; 0]);
        let long = "“Stay,” said Nora Quill.\n\n‘Nobody in this town has ever seen so much water in so little time.’\n\n“All of us,” she said.";
        assert_eq!(found(long), [""; 0]);
    }
}
