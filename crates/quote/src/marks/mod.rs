//! Direct speech by its typography: quotation marks, speech dashes, transcripts, block quotations.
//!
//! [`marked_speech`] finds what stands in marks, whatever custom the text follows; [`evidence`]
//! tells how much each span looks like speech, so that a later step can set titles and scare
//! quotes aside.

mod block;
mod cues;
mod dash;
mod evidence;
mod lost;
mod pairing;
mod signature;
mod straight;
mod transcript;
mod verse;

use dixit_document::Span;
use dixit_tokenize::{Layout, MarkKind};

pub use evidence::{Evidence, evidence};
pub(crate) use verse::is_verse;

/// How a span is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkStyle {
    /// `“…”`, `„…“`, `"…"`.
    Double,
    /// `‘…’`, `‚…‘`, `'…'`.
    Single,
    /// `«…»`, `»…«`.
    Guillemets,
    /// `‹…›`, `›…‹`.
    Angles,
    /// `「…」`.
    Corners,
    /// `『…』`.
    WhiteCorners,
    /// A dash at the start of a paragraph.
    Dash,
    /// `NAME: …` in a transcript or play.
    Transcript,
    /// A block quotation: lines after `>`, or a text over its author's signature.
    Block,
}

impl MarkStyle {
    fn of(kind: MarkKind) -> Self {
        use MarkKind as K;
        match kind {
            K::DoubleStraight | K::DoubleLeft | K::DoubleRight | K::DoubleLow => Self::Double,
            K::SingleStraight | K::SingleLeft | K::SingleRight | K::SingleLow => Self::Single,
            K::GuillemetLeft | K::GuillemetRight => Self::Guillemets,
            K::AngleLeft | K::AngleRight => Self::Angles,
            K::CornerOpen | K::CornerClose => Self::Corners,
            K::WhiteCornerOpen | K::WhiteCornerClose => Self::WhiteCorners,
            K::Dash => Self::Dash,
        }
    }
}

/// A stretch of text that its typography marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkedSpan {
    /// What stands inside the marks, without outer blanks; never empty.
    pub inner: Span,
    /// The same with its marks, which a text may have lost.
    pub outer: Span,
    /// How it is marked.
    pub style: MarkStyle,
    /// Whether a mark closes it. Not so where a paragraph ends and the next one opens again,
    /// where the mark is missing, and in styles that have none.
    pub closed: bool,
    /// Whether it lies inside another marked span.
    pub nested: bool,
    /// The index of the span that this one goes on with: an earlier paragraph of the same
    /// quotation, or the part of a dash's speech before “said she”.
    pub continues: Option<usize>,
    /// Who speaks, where the typography itself says so (`NAME:`, a signature).
    pub label: Option<Span>,
}

impl MarkedSpan {
    /// The colon or dash that stands between the words and who speaks, where the typography names
    /// them there.
    #[must_use]
    pub fn sign(&self, text: &str) -> Option<Span> {
        let label = self.label?;
        let (from, found) = if label.end() <= self.inner.start() {
            let between = text.get(label.end()..self.inner.start())?;
            // What follows in the next paragraph has its label far before.
            (label.end(), between.lines().next()?.find(':')?)
        } else {
            let between = text.get(self.inner.end()..label.start())?;
            (self.inner.end(), between.rfind(['—', '–', '―', '-'])?)
        };
        let sign = text.get(from + found..)?.chars().next()?;
        Some(Span::new(from + found, from + found + sign.len_utf8()))
    }
}

/// Everything that the typography of a text marks, in text order, outer spans before those they
/// hold. Speech and other uses of marks alike: see [`evidence`].
#[must_use]
pub fn marked_speech(text: &str, layout: &Layout) -> Vec<MarkedSpan> {
    let mut found = Found::default();
    pairing::read(text, layout, &mut found);
    lost::read(text, layout, &mut found);
    block::read(text, layout, &mut found);
    transcript::read(text, layout, &mut found);
    signature::read(text, layout, &mut found);
    dash::read(text, layout, &mut found);
    found.sorted()
}

/// Spans as they are found, in any order; `continues` counts in this order.
#[derive(Default)]
struct Found {
    spans: Vec<MarkedSpan>,
}

impl Found {
    /// Adds a span unless nothing stands inside it, and gives its index.
    fn add(&mut self, text: &str, span: MarkedSpan) -> Option<usize> {
        let inner = trim(text, span.inner);
        if !inner
            .of(text)
            .contains(|c: char| !c.is_whitespace() && c != '\u{200b}')
        {
            return None;
        }
        self.spans.push(MarkedSpan { inner, ..span });
        Some(self.spans.len() - 1)
    }

    fn sorted(self) -> Vec<MarkedSpan> {
        let mut order: Vec<usize> = (0..self.spans.len()).collect();
        let key = |&index: &usize| {
            let outer = self
                .spans
                .get(index)
                .map_or(Span::new(0, 0), |span| span.outer);
            (outer.start(), std::cmp::Reverse(outer.end()), index)
        };
        order.sort_by_key(key);
        let mut places = vec![0; order.len()];
        for (place, &index) in order.iter().enumerate() {
            if let Some(slot) = places.get_mut(index) {
                *slot = place;
            }
        }
        let mut reach = 0;
        order
            .iter()
            .filter_map(|&index| self.spans.get(index))
            .map(|span| {
                let nested = span.outer.end() <= reach;
                reach = reach.max(span.outer.end());
                let continues = span.continues.and_then(|index| places.get(index)).copied();
                MarkedSpan {
                    nested,
                    continues,
                    ..*span
                }
            })
            .collect()
    }
}

/// A span without the blanks at its ends.
fn trim(text: &str, span: Span) -> Span {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}');
    let slice = span.of(text);
    let left = slice.len() - slice.trim_start_matches(blank).len();
    let right = slice.trim_end_matches(blank).len();
    Span::new(span.start() + left.min(right), span.start() + right)
}
