//! A text with its quotations, cues and sources marked.

use dixit_document::{Document, Span};

use crate::escape::{attribute, text};
use crate::layers::cut;
use crate::speakers::Speakers;

/// What a stretch of the text is; the number is that of the quotation, from 0.
#[derive(Clone, Copy, PartialEq)]
enum Layer {
    Content(usize),
    Cue(usize),
    Source(usize),
}

/// Writes the text of document `number`. Every quotation has an anchor `d…q…` where it begins,
/// which leads to its entry `d…l…` in the list.
pub(crate) fn write(out: &mut String, document: &Document, speakers: &Speakers, number: usize) {
    let quotations = document.quotations.as_deref().unwrap_or_default();
    let mut spans: Vec<(Span, Layer)> = Vec::new();
    let mut begins: Vec<(usize, usize)> = Vec::new();
    for (index, quotation) in quotations.iter().enumerate() {
        let of = |spans: &[Span], layer: fn(usize) -> Layer| -> Vec<(Span, Layer)> {
            spans.iter().map(|&span| (span, layer(index))).collect()
        };
        let content = of(&quotation.content, Layer::Content);
        let visible = content
            .iter()
            .find(|(span, _)| !span.of(&document.text).is_empty());
        begins.extend(visible.map(|(span, _)| (span.start(), index)));
        spans.extend(content);
        spans.extend(of(&quotation.source, Layer::Source));
        spans.extend(of(&quotation.cue, Layer::Cue));
    }
    begins.sort_unstable();
    let mut begins = begins.into_iter().peekable();
    for piece in cut(&document.text, spans) {
        while let Some((_, index)) = begins.next_if(|(start, _)| *start <= piece.start) {
            let quotation = &quotations[index];
            let rank = speakers.rank(quotation);
            out.push_str(&format!(
                "<a class=\"n {}\" id=\"d{number}q{}\" href=\"#d{number}l{}\" \
                 aria-label=\"Quotation {}, {}\">{}</a>",
                speakers.class(rank),
                index + 1,
                index + 1,
                index + 1,
                attribute(speakers.name(rank)),
                rank + 1,
            ));
        }
        stretch(out, &piece.layers, piece.text, |index| {
            quotations.get(index).map_or_else(String::new, |quotation| {
                speakers.class(speakers.rank(quotation))
            })
        });
    }
}

/// One element a stretch: the innermost quotation gives the colour.
fn stretch(out: &mut String, layers: &[Layer], words: &str, class: impl Fn(usize) -> String) {
    let content = layers.iter().rev().find_map(|layer| match layer {
        Layer::Content(index) => Some(*index),
        _ => None,
    });
    let aside = layers.iter().rev().find_map(|layer| match layer {
        Layer::Cue(index) => Some(("cue", *index)),
        Layer::Source(index) => Some(("src", *index)),
        Layer::Content(_) => None,
    });
    let (element, classes, index) = match (content, aside) {
        (None, None) => return text(out, words),
        (Some(index), None) => ("mark", format!("q {}", class(index)), index),
        (None, Some((name, index))) => ("span", format!("{name} {}", class(index)), index),
        (Some(index), Some((name, _))) => ("mark", format!("q {name} {}", class(index)), index),
    };
    out.push_str(&format!(
        "<{element} class=\"{classes}\" data-q=\"{}\">",
        index + 1
    ));
    text(out, words);
    out.push_str(&format!("</{element}>"));
}
