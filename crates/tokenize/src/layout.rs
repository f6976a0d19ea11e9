use dixit_document::Span;

use crate::apostrophe;
use crate::mark::Mark;
use crate::paragraph::{self, Custom};
use crate::sentence;
use crate::token::{self, Token};

/// Where the paragraphs, sentences, tokens and quotation marks of a text are.
///
/// Every token lies in one sentence and every sentence in one paragraph; all are in text order,
/// do not overlap, and leave out nothing but blanks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The paragraphs, without the blanks around them.
    pub paragraphs: Vec<Span>,
    /// The sentences, with the marks that close them.
    pub sentences: Vec<Span>,
    /// Words, numbers, punctuation, marks and symbols.
    pub tokens: Vec<Token>,
    /// Quotation marks and speech dashes. Each is a token too; apostrophes are not here.
    pub marks: Vec<Mark>,
    /// How the text sets its paragraphs.
    pub custom: Custom,
}

impl Layout {
    /// Reads a text, in time that grows with its length.
    #[must_use]
    pub fn read(text: &str) -> Self {
        // Spans count in 32 bits; nothing longer is read as one document.
        let text = within(text, u32::MAX as usize);
        let (paragraphs, custom) = paragraph::paragraphs(text);
        let mut layout = Self {
            paragraphs,
            custom,
            ..Self::default()
        };
        let mut decisions = Vec::new();
        for &paragraph in &layout.paragraphs {
            decisions.clear();
            apostrophe::decide(text, paragraph, &mut decisions);
            let (token, mark) = (layout.tokens.len(), layout.marks.len());
            token::read(
                text,
                paragraph,
                &decisions,
                &mut layout.tokens,
                &mut layout.marks,
            );
            let tokens = layout.tokens.get(token..).unwrap_or(&[]);
            let marks = layout.marks.get(mark..).unwrap_or(&[]);
            sentence::read(text, tokens, marks, &mut layout.sentences);
        }
        layout
    }

    /// Whether `text`, whose layout this is, comes from a tokenised corpus: a sentence a line, with
    /// blanks before its punctuation, so that quotations run over many lines.
    #[must_use]
    pub fn is_sentence_a_line(&self, text: &str) -> bool {
        if self.custom != Custom::Lines || self.paragraphs.len() < 8 {
            return false;
        }
        let stops = self.tokens.iter().zip(self.tokens.iter().skip(1));
        let (mut loose, mut all) = (0, 0);
        for (before, stop) in stops.take(4000) {
            if matches!(stop.span.of(text), "," | "." | "?") {
                all += 1;
                loose += usize::from(before.span.end() < stop.span.start());
            }
        }
        loose * 5 > all * 4
    }

    /// The index of the paragraph that holds a byte.
    #[must_use]
    pub fn paragraph_at(&self, byte: usize) -> Option<usize> {
        holding(&self.paragraphs, |&span| span, byte)
    }

    /// The index of the sentence that holds a byte.
    #[must_use]
    pub fn sentence_at(&self, byte: usize) -> Option<usize> {
        holding(&self.sentences, |&span| span, byte)
    }

    /// The index of the token that holds a byte.
    #[must_use]
    pub fn token_at(&self, byte: usize) -> Option<usize> {
        holding(&self.tokens, |token| token.span, byte)
    }

    /// The tokens that share a byte with a span.
    #[must_use]
    pub fn tokens_in(&self, span: Span) -> &[Token] {
        within_span(&self.tokens, |token| token.span, span)
    }

    /// The sentences that share a byte with a span.
    #[must_use]
    pub fn sentences_in(&self, span: Span) -> &[Span] {
        within_span(&self.sentences, |&span| span, span)
    }

    /// The marks that share a byte with a span.
    #[must_use]
    pub fn marks_in(&self, span: Span) -> &[Mark] {
        within_span(&self.marks, |mark| mark.span, span)
    }
}

fn holding<T>(items: &[T], span: impl Fn(&T) -> Span, byte: usize) -> Option<usize> {
    let after = items.partition_point(|item| span(item).start() <= byte);
    let index = after.checked_sub(1)?;
    (byte < span(items.get(index)?).end()).then_some(index)
}

fn within_span<T>(items: &[T], of: impl Fn(&T) -> Span, span: Span) -> &[T] {
    let from = items.partition_point(|item| of(item).end() <= span.start());
    let to = items.partition_point(|item| of(item).start() < span.end());
    items.get(from..to.max(from)).unwrap_or(&[])
}

fn within(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups() {
        let text = "One two.\n\nThree “four”.";
        let layout = Layout::read(text);
        assert_eq!(layout.paragraph_at(0), Some(0));
        assert_eq!(layout.paragraph_at(8), None);
        assert_eq!(layout.paragraph_at(10), Some(1));
        assert_eq!(layout.sentence_at(text.len()), None);
        assert_eq!(layout.tokens_in(Span::new(1, 5)).len(), 2);
        assert_eq!(layout.marks_in(Span::new(0, text.len())).len(), 2);
        assert_eq!(layout.token_at(4), Some(1));
    }
}
