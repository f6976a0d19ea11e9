//! Words in marks that only name something: headings in single marks (“'Back to the Quay.'” over a part of an
//! article whose speech has double ones), which repeat words and attribute them to nobody, and titles of
//! works and programmes.

use dixit_document::Span;
use dixit_tokenize::Layout;

use crate::marks::{MarkStyle, MarkedSpan, evidence};
use crate::over::first_over;

/// The most words of a heading or a title.
const LONGEST: usize = 8;

/// What has a title.
const WORKS: [&str; 23] = [
    "album",
    "anthem",
    "article",
    "ballad",
    "book",
    "column",
    "documentary",
    "essay",
    "film",
    "magazine",
    "memoir",
    "movie",
    "musical",
    "novel",
    "opera",
    "play",
    "podcast",
    "poem",
    "program",
    "programme",
    "series",
    "show",
    "song",
];

/// The marked spans that are headings or titles, in text order.
pub(crate) fn titles(text: &str, layout: &Layout, marked: &[MarkedSpan]) -> Vec<Span> {
    let outermost = |style: MarkStyle| {
        let of = move |span: &&MarkedSpan| span.style == style && !span.nested;
        marked.iter().filter(of)
    };
    let headed = outermost(MarkStyle::Double).count() > outermost(MarkStyle::Single).count();
    let heading = |span: &MarkedSpan| {
        headed && span.style == MarkStyle::Single && is_paragraph(text, layout, span.outer)
    };
    marked
        .iter()
        .filter(|span| span.closed && !span.nested)
        .filter(|span| heading(span) || names_work(text, layout, span))
        .map(|span| span.outer)
        .collect()
}

/// Whether marked words are capitalised as titles are and follow what has one: “her song …”, “on …”, “the
/// station's …” (in PolNeAR's training portion none of 97 such spans is a content).
fn names_work(text: &str, layout: &Layout, span: &MarkedSpan) -> bool {
    let before = text.get(..span.outer.start()).unwrap_or("");
    let before = before.trim_end_matches([' ', '\u{a0}']);
    let word = |words: &str| {
        words
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or("")
            .to_lowercase()
    };
    let last = word(before);
    let owner = ["'s", "’s", "s'", "s’"]
        .iter()
        .any(|ending| last.ends_with(ending));
    let work = WORKS.contains(&word(before.trim_end_matches(',')).as_str());
    if !(owner || work || last == "on") {
        return false;
    }
    let inside = evidence(text, layout, span);
    let cried = inside
        .final_punctuation
        .is_some_and(|c| matches!(c, '!' | '?'));
    inside.titled && inside.words <= LONGEST && !inside.labelled && !cried
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

/// Whether a span lies in one of the titles.
pub(crate) fn holds(titles: &[Span], span: Span) -> bool {
    first_over(titles, span).is_some_and(|title| title.contains(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::marked_speech;

    fn found(text: &str) -> Vec<&str> {
        let layout = Layout::read(text);
        let marked = marked_speech(text, &layout);
        let titles = titles(text, &layout, &marked);
        assert!(titles.iter().all(|&title| holds(&titles, title)));
        titles.iter().map(|title| title.of(text)).collect()
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

    #[test]
    fn capitalised_words_behind_what_has_a_title_are_one() {
        for title in [
            "“Tides of the Harbour,”",
            "'Tides of the Harbour'",
            "«Tides of the Harbour»",
        ] {
            for before in [
                "her song",
                "In his novel,",
                "Speaking on",
                "the station's",
                "Jonas’",
            ] {
                let text = format!("{before} {title} there is more of it.");
                assert_eq!(found(&text), [title], "{text}");
            }
        }
    }

    #[test]
    fn what_is_said_is_no_title() {
        for text in [
            "Nora Quill wrote in her song that “The tide is out.”",
            "Nora Quill's “the tide is out” was heard on “every quay of the north”.",
            "Nora Quill said, “Tides of the Harbour.”",
            "Nora Quill's “Save Our Harbour!”",
            "They sang on.\n\n“Tides of the Harbour”",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
