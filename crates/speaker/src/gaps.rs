//! What is told around quotations: the stretches of a paragraph that nobody says.

use dixit_document::{Quotation, Span};
use dixit_tokenize::Layout;

/// The contents of all quotations, for look-up.
pub(crate) struct Gaps {
    /// In text order.
    contents: Vec<Span>,
}

impl Gaps {
    pub fn read(quotations: &[Quotation]) -> Self {
        let mut contents: Vec<Span> = quotations
            .iter()
            .flat_map(|quotation| quotation.content.iter().copied())
            .collect();
        contents.sort_unstable();
        Self { contents }
    }

    /// From the end of a content to the next one, within its paragraph.
    pub fn behind(&self, layout: &Layout, content: Span) -> Option<Span> {
        let last = content.end().saturating_sub(1);
        let paragraph = layout.paragraphs.get(layout.paragraph_at(last)?)?;
        let next = self
            .contents
            .partition_point(|other| other.start() < content.end());
        let end = self
            .contents
            .get(next)
            .map_or(paragraph.end(), |next| next.start().min(paragraph.end()));
        (end > content.end()).then(|| Span::new(content.end(), end))
    }

    /// From the end of the content before to this one, within its paragraph.
    pub fn before(&self, layout: &Layout, content: Span) -> Option<Span> {
        let paragraph = layout
            .paragraphs
            .get(layout.paragraph_at(content.start())?)?;
        let this = self
            .contents
            .partition_point(|other| other.start() < content.start());
        // Contents may overlap; the ones just before are enough.
        let start = self
            .contents
            .get(this.saturating_sub(4)..this)
            .unwrap_or(&[])
            .iter()
            .map(|other| other.end())
            .filter(|&end| end <= content.start())
            .max()
            .map_or(paragraph.start(), |end| end.max(paragraph.start()));
        (start < content.start()).then(|| Span::new(start, content.start()))
    }

    /// The paragraph before, where it leads up to the content: “Una stood up and said:”.
    pub fn led(&self, text: &str, layout: &Layout, content: Span) -> Option<Span> {
        let place = layout.paragraph_at(content.start())?;
        let paragraph = layout.paragraphs.get(place)?;
        let opening = text.get(paragraph.start()..content.start())?;
        if opening.chars().any(char::is_alphanumeric) {
            return None;
        }
        let before = *layout.paragraphs.get(place.checked_sub(1)?)?;
        // A dash that was lost in copying leaves a paragraph without any end.
        let leads = |c: char| c.is_alphabetic() || matches!(c, ',' | ':' | '—' | '-');
        if !before.of(text).trim_end().ends_with(leads) {
            return None;
        }
        let this = self
            .contents
            .partition_point(|other| other.start() < content.start());
        let start = this
            .checked_sub(1)
            .and_then(|last| self.contents.get(last))
            .map_or(before.start(), |last| last.end().max(before.start()));
        (start < before.end()).then(|| Span::new(start, before.end()))
    }
}
