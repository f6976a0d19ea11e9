//! Which marked words of a story somebody says, and which of them a teller repeats of others' words.

use dixit_document::Span;
use dixit_tokenize::Layout;

use crate::attribution::Attribution;
use crate::in_marks::{FILLS, SPEECH, opens};
use crate::marks::{Evidence, MarkedSpan, evidence};
use crate::over::{Owned, first_over};

/// Marked words that may be said.
pub(crate) struct Spoken<'a> {
    /// Its place among the marked spans.
    pub index: usize,
    pub span: &'a MarkedSpan,
    pub evidence: Evidence,
    /// The attribution whose content it is.
    pub attribution: Option<usize>,
    /// Whether the model reads a content there.
    read: bool,
}

/// The outermost marked spans that are speech: by their looks, or because the model reads a
/// content in them.
pub(crate) fn spoken<'a>(
    text: &str,
    layout: &Layout,
    marked: &'a [MarkedSpan],
    contents: &Contents<'_>,
) -> Vec<Spoken<'a>> {
    let outermost = marked.iter().enumerate().filter(|(_, span)| !span.nested);
    outermost
        .map(|place| contents.spoken(text, layout, place))
        .filter(|spoken| spoken.read || spoken.evidence.speech() >= SPEECH)
        .collect()
}

/// What a teller repeats of others' words: marked spans inside what is said, with a verb of saying beside them
/// (in PDNC's training novels 93 of 111 such are no part of the teller's own quotation).
pub(crate) fn retold<'a>(
    text: &str,
    layout: &Layout,
    marked: &'a [MarkedSpan],
    whole: &[Span],
    contents: &Contents<'_>,
) -> Vec<Spoken<'a>> {
    let mut reach = 0;
    // Who was told to speak goes on in the same paragraph, and a tale in paragraphs that are all others'.
    let mut last: Option<usize> = None;
    let retold = |place: (usize, &'a MarkedSpan)| {
        let (_, span) = place;
        let around = first_over(whole, span.outer).filter(|around| around.contains(span.outer))?;
        if !span.nested || span.outer.start() < reach {
            return None;
        }
        reach = span.outer.end();
        let spoken = contents.spoken(text, layout, place);
        let evidence = &spoken.evidence;
        let cues = [evidence.cue_before, evidence.cue_after];
        let told = cues.iter().flatten().any(|cue| tells(cue.of(text)));
        let alone = around.of(text).trim_end() == span.outer.of(text).trim_end();
        let paragraph = layout.paragraph_at(span.outer.start());
        let goes_on = told || last.is_some() && (alone || last == paragraph);
        last = paragraph.filter(|_| goes_on);
        (goes_on && evidence.final_punctuation.is_some()).then_some(spoken)
    };
    marked.iter().enumerate().filter_map(retold).collect()
}

/// Whether a verb tells that something was said, not that it may be (“you should say ‘…’”).
fn tells(verb: &str) -> bool {
    !verb.ends_with("ing") && !matches!(verb, "say" | "shout" | "read" | "reads")
}

/// What the model reads, to be found by its place.
pub(crate) struct Contents<'a> {
    attributions: &'a [Attribution],
    pieces: Owned,
}

impl<'a> Contents<'a> {
    pub(crate) fn of(attributions: &'a [Attribution]) -> Self {
        Self {
            attributions,
            pieces: Owned::of(attributions.iter().map(|one| one.content.as_slice())),
        }
    }

    /// A marked span with its looks and the attribution whose content it is.
    fn spoken<'m>(
        &self,
        text: &str,
        layout: &Layout,
        (index, span): (usize, &'m MarkedSpan),
    ) -> Spoken<'m> {
        let inner = span.inner;
        let mut best: Option<(usize, usize)> = None;
        let mut read = false;
        for (content, attribution) in self.pieces.over(inner) {
            let source = self
                .attributions
                .get(attribution)
                .and_then(|one| one.source);
            // Somebody else’s words in these.
            if source.is_some_and(|source| inner.contains(source)) {
                continue;
            }
            let overlap = content.overlap(inner);
            let fills = overlap as f32 >= FILLS * inner.len() as f32;
            let inside = overlap as f32 >= FILLS * content.len() as f32;
            read |= inside && (fills || opens(text, span, content));
            if inside && best.is_none_or(|(most, _)| overlap > most) {
                best = Some((overlap, attribution));
            }
        }
        Spoken {
            index,
            span,
            evidence: evidence(text, layout, span),
            attribution: best.map(|(_, attribution)| attribution),
            read,
        }
    }
}
