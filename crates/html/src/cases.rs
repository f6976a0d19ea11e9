//! Every document with what became of its quotations.

use std::collections::HashMap;

use dixit_document::{Document, Offsets, Span};
use dixit_eval::{Outcome, Report, Side, Verdict};

use crate::escape::{escaped, text};
use crate::layers::cut;
use crate::plots::stack;
use crate::verdicts::{ORDER, class, is_mistake};

/// What a stretch of text is part of: outcome, and whether on the gold side.
type Layer = (usize, Verdict, bool);

/// Writes the documents, each as a part that opens.
pub(crate) fn write(out: &mut String, report: &Report, gold: &[Document]) {
    let mut of: HashMap<&str, Vec<&Outcome>> = HashMap::new();
    for outcome in &report.outcomes {
        of.entry(&outcome.document).or_default().push(outcome);
    }
    let mut number = 0;
    for (index, document) in gold.iter().enumerate() {
        let Some(outcomes) = of.remove(document.id.as_str()) else {
            continue;
        };
        let mut counts: HashMap<Verdict, usize> = HashMap::new();
        for outcome in &outcomes {
            *counts.entry(outcome.verdict).or_default() += 1;
        }
        let parts: Vec<(&str, usize)> = ORDER
            .iter()
            .rev()
            .map(|verdict| (class(*verdict), counts.get(verdict).copied().unwrap_or(0)))
            .collect();
        let wrong: usize = counts
            .iter()
            .filter(|(verdict, _)| is_mistake(**verdict))
            .map(|(_, count)| count)
            .sum();
        let right = counts.get(&Verdict::Right).copied().unwrap_or(0);
        out.push_str(&format!(
            "<details class=\"case\" id=\"d{}\" data-wrong=\"{wrong}\" data-at=\"{index}\"><summary>\
             <bdi class=\"name\">{}</bdi><span class=\"tally\">{right} right, {wrong} wrong</span>{}</summary>\n\
             <div class=\"both\"><div class=\"text\" dir=\"auto\" tabindex=\"0\" role=\"region\" aria-label=\"Text\">",
            index + 1,
            escaped(&document.id),
            stack(&parts),
        ));
        let offsets = Offsets::new(&document.text);
        passage(out, document, &offsets, &outcomes, number);
        out.push_str("</div>\n<ol class=\"outcomes\">\n");
        for outcome in &outcomes {
            number += 1;
            entry(out, document, &offsets, outcome, number);
        }
        out.push_str("</ol></div></details>\n");
    }
}

/// The text: gold contents tinted, predicted ones underlined, in the colour of the outcome.
fn passage(
    out: &mut String,
    document: &Document,
    offsets: &Offsets,
    outcomes: &[&Outcome],
    before: usize,
) {
    let mut layers: Vec<(Span, Layer)> = Vec::new();
    for (index, outcome) in outcomes.iter().enumerate() {
        for (side, gold) in [(&outcome.gold, true), (&outcome.predicted, false)] {
            for &(start, end) in side.iter().flat_map(|side| &side.content) {
                let bytes = offsets.byte(start as usize).zip(offsets.byte(end as usize));
                if let Some((start, end)) = bytes {
                    layers.push((
                        Span::new(start, end),
                        (before + index + 1, outcome.verdict, gold),
                    ));
                }
            }
        }
    }
    for piece in cut(&document.text, layers) {
        let Some((number, verdict, _)) = piece.layers.last().copied() else {
            text(out, piece.text);
            continue;
        };
        let has = |side: bool| {
            piece
                .layers
                .iter()
                .any(|(of, _, gold)| *of == number && *gold == side)
        };
        let sides = match (has(true), has(false)) {
            (true, true) => "g p",
            (true, false) => "g",
            _ => "p",
        };
        out.push_str(&format!(
            "<mark class=\"{sides} {}\" data-o=\"{number}\">",
            class(verdict)
        ));
        text(out, piece.text);
        out.push_str("</mark>");
    }
}

fn entry(
    out: &mut String,
    document: &Document,
    offsets: &Offsets,
    outcome: &Outcome,
    number: usize,
) {
    let side = outcome.gold.as_ref().or(outcome.predicted.as_ref());
    let kind = side.and_then(|side| side.kind).unwrap_or("");
    let mut notes = Vec::new();
    if let (Some(_), Some(predicted)) = (&outcome.gold, &outcome.predicted) {
        if !outcome.exact {
            notes.push(format!("{:.0} % overlap", outcome.overlap * 100.0));
        }
        if predicted.confidence < 1.0 {
            notes.push(format!("{:.0} % sure", predicted.confidence * 100.0));
        }
        if outcome.source == Some(false) {
            notes.push("another source".to_owned());
        }
    } else if let Some(predicted) = outcome
        .predicted
        .as_ref()
        .filter(|side| side.confidence < 1.0)
    {
        notes.push(format!("{:.0} % sure", predicted.confidence * 100.0));
    }
    out.push_str(&format!(
        "<li id=\"o{number}\" class=\"o {}\" data-k=\"{kind}\"><p class=\"head\"><a href=\"#o{number}\" class=\"tag\">{}</a> \
         <small>{}</small></p>",
        class(outcome.verdict),
        outcome.verdict,
        escaped(&notes.join(" · ")),
    ));
    let same = outcome.exact && outcome.gold.is_some();
    let cue = |side: &Side| -> String {
        let parts = side.cue.iter().filter_map(|&(start, end)| {
            document
                .text
                .get(offsets.byte(start as usize)?..offsets.byte(end as usize)?)
        });
        escaped(&parts.collect::<Vec<_>>().join(" … "))
    };
    one_side(out, "Gold", outcome.gold.as_ref(), cue, false);
    one_side(out, "Predicted", outcome.predicted.as_ref(), cue, same);
    out.push_str("</li>\n");
}

/// Gold or predicted: who, by which mention and cue, what.
fn one_side(
    out: &mut String,
    title: &str,
    side: Option<&Side>,
    cue: impl Fn(&Side) -> String,
    same: bool,
) {
    let Some(side) = side else {
        out.push_str(&format!(
            "<div class=\"side nil\"><b>{title}</b> nothing</div>"
        ));
        return;
    };
    let mut labels: Vec<&str> = Vec::new();
    labels.extend(side.kind);
    labels.extend(side.mode);
    let who = side.speaker.as_deref().unwrap_or("–");
    let source = match side.source_text.as_str() {
        "" => String::new(),
        source if Some(source) == side.speaker.as_deref() => String::new(),
        source => format!(" <span class=\"by\">({})</span>", escaped(source)),
    };
    let words = match same {
        true => "<span class=\"same\">the same words</span>".to_owned(),
        false => format!(
            "<span class=\"words\" dir=\"auto\">{}</span>",
            escaped(&side.text)
        ),
    };
    out.push_str(&format!(
        "<div class=\"side\"><b>{title}</b> <bdi class=\"who\">{}</bdi>{source} <i>{}</i> <small>{}</small>{words}</div>",
        escaped(who),
        cue(side),
        labels.join(", "),
    ));
}
