//! Which marked words of a story somebody says, and which of them a teller repeats of others' words.

use dixit_document::Span;
use dixit_tokenize::Layout;

use crate::attribution::Attribution;
use crate::marks::{Evidence, MarkedSpan, evidence};
use crate::merge::{FILLS, SPEECH, opens};

/// Marked words that somebody says.
pub(crate) struct Spoken<'a> {
    /// Its place among the marked spans.
    pub index: usize,
    pub span: &'a MarkedSpan,
    pub evidence: Evidence,
    /// The attribution whose content it is.
    pub attribution: Option<usize>,
}

/// The outermost marked spans that are speech: by their looks, or because the model reads a
/// content in them.
pub(crate) fn spoken<'a>(
    text: &str,
    layout: &Layout,
    marked: &'a [MarkedSpan],
    attributions: &[Attribution],
) -> Vec<Spoken<'a>> {
    let outermost = marked.iter().enumerate().filter(|(_, span)| !span.nested);
    let read = read(text, layout, outermost, attributions);
    let said = |(spoken, read): (Spoken<'a>, bool)| {
        (read || spoken.evidence.speech() >= SPEECH).then_some(spoken)
    };
    read.into_iter().filter_map(said).collect()
}

/// What a teller repeats of others' words: marked spans inside what is said, with a verb of saying beside them
/// (in PDNC's training novels 93 of 111 such are no part of the teller's own quotation).
pub(crate) fn retold<'a>(
    text: &str,
    layout: &Layout,
    marked: &'a [MarkedSpan],
    whole: &[Span],
    attributions: &[Attribution],
) -> Vec<Spoken<'a>> {
    let around = |span: &MarkedSpan| {
        let at = whole.partition_point(|whole| whole.end() < span.outer.end());
        let around = whole.get(at).copied();
        around.filter(|around| around.contains(span.outer))
    };
    let mut reach = 0;
    let inside = marked.iter().enumerate().filter(|(_, span)| {
        let first = span.nested && around(span).is_some() && span.outer.start() >= reach;
        reach = reach.max(if first { span.outer.end() } else { 0 });
        first
    });
    // Who was told to speak goes on in the same paragraph, and a tale in paragraphs that are all others'.
    let mut last: Option<Option<usize>> = None;
    let read = read(text, layout, inside, attributions);
    let theirs = |(spoken, _): (Spoken<'a>, bool)| {
        let evidence = &spoken.evidence;
        let cues = [evidence.cue_before, evidence.cue_after];
        let told = cues.iter().flatten().any(|cue| tells(cue.of(text)));
        let words = spoken.span.outer.of(text).trim_end();
        let alone = around(spoken.span).is_some_and(|around| around.of(text).trim_end() == words);
        let paragraph = layout.paragraph_at(spoken.span.outer.start());
        let goes_on = told || last.is_some_and(|last| alone || last == paragraph);
        last = goes_on.then_some(paragraph);
        (goes_on && evidence.final_punctuation.is_some()).then_some(spoken)
    };
    read.into_iter().filter_map(theirs).collect()
}

/// Whether a verb tells that something was said, not that it may be (“you should say ‘…’”).
fn tells(verb: &str) -> bool {
    !verb.ends_with("ing") && !matches!(verb, "say" | "shout" | "read" | "reads")
}

/// Marked spans with their looks, the attributions whose contents they are, and whether the model reads a
/// content there.
fn read<'a>(
    text: &str,
    layout: &Layout,
    spans: impl Iterator<Item = (usize, &'a MarkedSpan)>,
    attributions: &[Attribution],
) -> Vec<(Spoken<'a>, bool)> {
    let mut contents: Vec<(Span, usize)> = attributions
        .iter()
        .enumerate()
        .flat_map(|(index, one)| one.content.iter().map(move |&span| (span, index)))
        .collect();
    contents.sort_unstable();
    let longest = contents
        .iter()
        .map(|(span, _)| span.len())
        .max()
        .unwrap_or(0);
    let mut spoken = Vec::new();
    for (index, span) in spans {
        let inner = span.inner;
        let from =
            contents.partition_point(|(content, _)| content.start() + longest <= inner.start());
        let mut best: Option<(usize, usize)> = None;
        let mut read = false;
        for &(content, attribution) in contents.get(from..).unwrap_or(&[]) {
            if content.start() >= inner.end() {
                break;
            }
            let overlap = content.overlap(inner);
            let source = attributions.get(attribution).and_then(|one| one.source);
            // Somebody else’s words in these.
            if overlap == 0 || source.is_some_and(|source| inner.contains(source)) {
                continue;
            }
            let fills = overlap as f32 >= FILLS * inner.len() as f32;
            let inside = overlap as f32 >= FILLS * content.len() as f32;
            read |= inside && (fills || opens(text, span, content));
            if inside && best.is_none_or(|(most, _)| overlap > most) {
                best = Some((overlap, attribution));
            }
        }
        let spoken_so = Spoken {
            index,
            span,
            evidence: evidence(text, layout, span),
            attribution: best.map(|(_, attribution)| attribution),
        };
        spoken.push((spoken_so, read));
    }
    spoken
}
