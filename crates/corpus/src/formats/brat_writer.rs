//! Writes brat's stand-off annotation: `ID.txt` and `ID.ann`.

use std::fmt::Write as _;

use dixit_document::{Document, Offsets, Quotation, Span};

use super::brat::SPEAKER_NOTE;
use crate::schema::pair;

/// The annotation of a document.
pub(crate) fn annotation(document: &Document) -> String {
    let mut writer = Writer {
        text: &document.text,
        offsets: Offsets::new(&document.text),
        out: String::new(),
        bounds: 0,
        attributes: 0,
        notes: 0,
    };
    for (index, quotation) in document.quotations.iter().flatten().enumerate() {
        writer.quotation(document, quotation, index + 1);
    }
    for name in document.named_entities.iter().flatten() {
        writer.bound(name.label.as_str(), &[name.span]);
    }
    for loose in document.loose_spans.iter().flatten() {
        let label = match loose.role {
            dixit_document::Role::Content => "Content",
            dixit_document::Role::Cue => "Cue",
            dixit_document::Role::Source => "Source",
        };
        writer.bound(label, &[loose.span]);
    }
    writer.out
}

struct Writer<'d> {
    text: &'d str,
    offsets: Offsets<'d>,
    out: String,
    bounds: usize,
    attributes: usize,
    notes: usize,
}

impl Writer<'_> {
    /// A text-bound annotation; its id.
    fn bound(&mut self, label: &str, spans: &[Span]) -> String {
        self.bounds += 1;
        let places: Vec<String> = spans
            .iter()
            .map(|&span| {
                let [start, end] = pair(span, &self.offsets);
                format!("{start} {end}")
            })
            .collect();
        let words: Vec<&str> = spans.iter().map(|span| span.of(self.text)).collect();
        let words = one_line(&words.join(" "));
        let _ = writeln!(
            self.out,
            "T{}\t{label} {}\t{words}",
            self.bounds,
            places.join(";")
        );
        format!("T{}", self.bounds)
    }

    fn quotation(&mut self, document: &Document, quotation: &Quotation, number: usize) {
        // brat's events are called E and a number.
        let own = quotation
            .id
            .strip_prefix('E')
            .filter(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
        let all_own = document.quotations.iter().flatten().all(|quotation| {
            quotation
                .id
                .strip_prefix('E')
                .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
        });
        let id = match own {
            Some(_) if all_own => quotation.id.clone(),
            _ => format!("E{number}"),
        };
        let mut roles = String::new();
        for (role, spans) in [
            ("Content", &quotation.content),
            ("Cue", &quotation.cue),
            ("Source", &quotation.source),
        ] {
            if !spans.is_empty() {
                let bound = self.bound(role, spans);
                let _ = write!(roles, " {role}:{bound}");
            }
        }
        let trigger = [&quotation.cue, &quotation.source, &quotation.content]
            .into_iter()
            .find_map(|spans| spans.first().copied());
        let Some(trigger) = trigger else { return };
        let trigger = self.bound("Attribution", &[trigger]);
        let _ = writeln!(self.out, "{id}\tAttribution:{trigger}{roles}");
        for (name, value) in [
            ("Kind", quotation.kind.map(|kind| kind.to_string())),
            ("Mode", quotation.mode.map(|mode| mode.to_string())),
            (
                "Reference",
                quotation.reference.map(|reference| reference.to_string()),
            ),
            ("Marked", quotation.marked.map(|marked| marked.to_string())),
        ] {
            if let Some(value) = value {
                self.attributes += 1;
                let _ = writeln!(self.out, "A{}\t{name} {id} {value}", self.attributes);
            }
        }
        let speaker = quotation
            .speaker
            .and_then(|speaker| document.entities.get(speaker.index()));
        if let Some(speaker) = speaker {
            self.notes += 1;
            let name = one_line(&speaker.name);
            let _ = writeln!(
                self.out,
                "#{}\tAnnotatorNotes {id}\t{SPEAKER_NOTE}{name}",
                self.notes
            );
        }
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| {
            if matches!(c, '\n' | '\r' | '\t') {
                ' '
            } else {
                c
            }
        })
        .collect()
}
