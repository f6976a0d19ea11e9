//! Documents for worked examples: quotations are given by the words they are about.

#![allow(dead_code)] // each test file uses some of it

use dixit_document::{Document, Entity, EntityId, Quotation, Span};
use dixit_eval::{Figure, Group, Measure, Report};

/// The first place of `part` in `text`.
pub fn span(text: &str, part: &str) -> Span {
    let start = text
        .find(part)
        .unwrap_or_else(|| panic!("{part:?} is not in {text:?}"));
    Span::new(start, start + part.len())
}

/// A quotation of these pieces of the text, without anything else.
pub fn quotation(text: &str, id: &str, content: &[&str]) -> Quotation {
    Quotation {
        id: id.to_owned(),
        content: content.iter().map(|part| span(text, part)).collect(),
        cue: Vec::new(),
        source: Vec::new(),
        kind: None,
        marked: None,
        mode: None,
        source_form: None,
        speaker: None,
        addressees: Vec::new(),
        reference: None,
        confidence: 1.0,
        ok: true,
        optional: false,
        evidence: None,
    }
}

/// … with a source and a speaker.
pub fn said(text: &str, id: &str, content: &str, source: &str, speaker: Option<u32>) -> Quotation {
    Quotation {
        source: if source.is_empty() {
            Vec::new()
        } else {
            vec![span(text, source)]
        },
        speaker: speaker.map(EntityId),
        ..quotation(text, id, &[content])
    }
}

/// An entity with its names, the first its own.
pub fn entity(id: &str, names: &[&str]) -> Entity {
    Entity {
        id: id.to_owned(),
        name: names[0].to_owned(),
        entity_type: None,
        aliases: names[1..].iter().map(|&name| name.to_owned()).collect(),
        gender: None,
        named: true,
    }
}

/// A document with quotations.
pub fn document(text: &str, entities: &[Entity], quotations: Vec<Quotation>) -> Document {
    Document {
        id: "d".to_owned(),
        text: text.to_owned(),
        entities: entities.to_vec(),
        quotations: Some(quotations),
        ..Document::default()
    }
}

/// (precision, recall, value) of a measure over all items.
pub fn all(report: &Report, measure: Measure) -> (Option<f64>, Option<f64>, Option<f64>) {
    let figure = figure(report, measure, &Group::All);
    (figure.precision, figure.recall, figure.value)
}

pub fn figure<'r>(report: &'r Report, measure: Measure, group: &Group) -> &'r Figure {
    report
        .figure(measure, group)
        .unwrap_or_else(|| panic!("no {measure} for {group}"))
}

/// Asserts that a figure is this number.
#[track_caller]
pub fn close(value: Option<f64>, expected: f64) {
    let value = value.unwrap_or(f64::NAN);
    assert!(
        (value - expected).abs() < 1e-12,
        "{value} is not {expected}"
    );
}

/// Asserts precision, recall and F1.
#[track_caller]
pub fn is(figure: (Option<f64>, Option<f64>, Option<f64>), precision: f64, recall: f64) {
    close(figure.0, precision);
    close(figure.1, recall);
    let sum = precision + recall;
    close(
        figure.2,
        if sum > 0.0 {
            2.0 * precision * recall / sum
        } else {
            0.0
        },
    );
}
