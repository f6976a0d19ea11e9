//! What stands in marks: contents fitted to the marks around them, and what they are by them.

use dixit_document::{Kind, Span};
use dixit_tokenize::Layout;

use crate::marks::{MarkedSpan, evidence};

/// A content inside marks is widened to the marks where it fills this part of them.
pub(crate) const FILLS: f32 = 0.5;

/// Marked words that the model attributes to nobody are a quotation from this evidence on.
pub(crate) const SPEECH: f32 = 0.7;

/// The least number of paragraphs that begin with marks in a story.
const SPOKEN: usize = 20;

/// The same where every sentence is a line: the least number of marked spans that are speech.
const LINES: usize = 5;

/// The outermost marked spans, in text order.
pub(crate) struct Marks<'a> {
    spans: Vec<&'a MarkedSpan>,
    /// Whether the text is a story in dialogues: paragraph after paragraph begins with marks.
    /// There marked words are one person’s at one time, whatever the model reads in them.
    pub(crate) story: bool,
}

impl<'a> Marks<'a> {
    /// The marked spans inside others: what the words in marks quote in their turn.
    pub(crate) fn nested(marked: &'a [MarkedSpan]) -> Self {
        let mut reach = 0;
        let spans = marked.iter().filter(|span| span.nested);
        Self {
            // Those of one level, so that they stand in order.
            spans: spans
                .filter(|span| {
                    let apart = span.outer.start() >= reach;
                    reach = reach.max(span.outer.end());
                    apart
                })
                .collect(),
            story: false,
        }
    }

    pub(crate) fn new(text: &str, layout: &Layout, marked: &'a [MarkedSpan]) -> Self {
        let spans: Vec<&MarkedSpan> = marked.iter().filter(|span| !span.nested).collect();
        let opening = layout.paragraphs.iter().filter(|paragraph| {
            let at = spans.partition_point(|span| span.outer.start() < paragraph.start());
            spans
                .get(at)
                .is_some_and(|span| span.outer.start() == paragraph.start())
        });
        let spoken = opening.count();
        Self {
            story: spoken >= SPOKEN && spoken * 5 > layout.paragraphs.len()
                || layout.is_sentence_a_line(text) && speeches(text, layout, &spans) >= LINES,
            spans,
        }
    }

    fn touching(&self, span: Span) -> impl Iterator<Item = &'a MarkedSpan> + '_ {
        let first = self
            .spans
            .partition_point(|m| m.outer.end() <= span.start());
        self.spans
            .iter()
            .skip(first)
            .take_while(move |m| m.outer.start() < span.end())
            .copied()
    }

    /// The marked span with a label that a content fills, if any.
    pub(crate) fn labelled(&self, content: Span) -> Option<&'a MarkedSpan> {
        self.touching(content).find(|mark| {
            let shared = mark.outer.overlap(content) as f32;
            mark.label.is_some()
                && shared >= FILLS * content.len() as f32
                && shared >= FILLS * mark.inner.len() as f32
        })
    }

    /// A content with its edges put right where they stand at or beside marks.
    pub(crate) fn fitted(&self, text: &str, content: Span) -> Span {
        let (mut start, mut end) = (content.start(), content.end());
        for mark in self.touching(content) {
            let inside = mark.outer.contains(content);
            let fills = content.overlap(mark.inner) as f32 >= FILLS * mark.inner.len() as f32;
            // The first sentence in marks stands for all of them; where the typography names who speaks,
            // any first words do.
            let first = mark.label.is_some() && begins(mark, content);
            if inside && (fills || first || opens(text, mark, content)) {
                return mark.inner;
            }
            // A content that is nothing but the marked words and punctuation around them.
            let rest = [
                Span::new(start, mark.outer.start().max(start)),
                Span::new(mark.outer.end().min(end), end),
            ];
            if !inside
                && rest
                    .iter()
                    .all(|r| !r.of(text).contains(char::is_alphanumeric))
            {
                (start, end) = (mark.inner.start(), mark.inner.end());
            }
        }
        Span::new(start, end)
    }

    /// What some words are by the marks they stand in, and whether they stand in any: direct where but a
    /// twentieth of them does not. Without marks they are direct where something else tells so.
    pub(crate) fn kind(&self, content: &[Span], direct: bool) -> (Kind, bool) {
        let total: usize = content.iter().map(|span| span.len()).sum();
        match self.covered(content) {
            covered if covered * 20 >= total * 19 => (Kind::Direct, true),
            1.. => (Kind::Mixed, true),
            0 if direct => (Kind::Direct, false),
            0 => (Kind::Indirect, false),
        }
    }

    /// How many bytes of some spans stand in marks.
    fn covered(&self, content: &[Span]) -> usize {
        let of = |span: &Span| {
            self.touching(*span)
                .map(|m| m.outer.overlap(*span))
                .sum::<usize>()
        };
        content.iter().map(of).sum()
    }
}

/// Whether a content stands at the beginning of marked words.
fn begins(mark: &MarkedSpan, content: Span) -> bool {
    content.start() <= mark.inner.start() + 1
}

/// Whether a content is the first sentence of marked words, of which the rest then is said too.
pub(crate) fn opens(text: &str, mark: &MarkedSpan, content: Span) -> bool {
    begins(mark, content)
        && mark.closed
        && text
            .get(content.start()..content.end() + 1)
            .or_else(|| text.get(content.range()))
            .is_some_and(|words| {
                words
                    .trim_end()
                    .ends_with(['.', '!', '?', ',', ';', '—', '-'])
            })
}

/// How many marked spans look like speech, as far as it matters.
fn speeches(text: &str, layout: &Layout, spans: &[&MarkedSpan]) -> usize {
    spans
        .iter()
        .filter(|span| evidence(text, layout, span).speech() >= SPEECH)
        .take(LINES)
        .count()
}
