//! The readable list: who — said — what.

use std::io::{self, Write};

use console::measure_text_width;
use dixit::{Document, Kind, Quotation};

use crate::color::{Paint, plain};

/// Lines do not get longer than can be read with ease.
const WIDEST: usize = 100;

/// Writes documents for a person.
pub(crate) struct Listing<W: Write> {
    out: W,
    width: usize,
    colored: bool,
    begun: bool,
}

impl<W: Write> Listing<W> {
    /// Writes to `out`, which shows `columns` characters a line.
    pub(crate) fn new(out: W, columns: usize, colored: bool) -> Self {
        Self {
            out,
            width: columns.clamp(40, WIDEST),
            colored,
            begun: false,
        }
    }

    pub(crate) fn write(&mut self, document: &Document) -> io::Result<()> {
        let quotations = document.quotations.as_deref().unwrap_or_default();
        if self.begun {
            writeln!(self.out)?;
        }
        self.begun = true;
        let count = match quotations.len() {
            0 => "no quotations".to_owned(),
            1 => "1 quotation".to_owned(),
            count => format!("{count} quotations"),
        };
        let heading = Paint::Heading.on(&plain(&document.id), self.colored);
        writeln!(
            self.out,
            "{heading}{}",
            Paint::Aside.on(&format!(", {count}"), self.colored)
        )?;
        for quotation in quotations {
            self.quotation(document, quotation)?;
        }
        self.out.flush()
    }

    fn quotation(&mut self, document: &Document, quotation: &Quotation) -> io::Result<()> {
        let speaker = quotation
            .speaker
            .and_then(|id| document.entities.get(id.index()));
        let speaker = speaker.map_or_else(|| "(unknown)".to_owned(), |entity| plain(&entity.name));
        let cue: Vec<String> = quotation
            .cue
            .iter()
            .map(|span| plain(span.of(&document.text)))
            .collect();
        let cue = match cue.is_empty() {
            true => String::new(),
            false => format!("{} — ", cue.join(" … ")),
        };
        let words = plain(&dixit_corpus::words(document, quotation));
        let words = match quotation.kind {
            Some(Kind::Direct) => format!("“{words}”"),
            _ => words,
        };
        // The words go on under themselves, unless that leaves too little room.
        let head = measure_text_width(&format!("  {speaker} — {cue}"));
        let speaker = Paint::Speaker.on(&speaker, self.colored);
        write!(
            self.out,
            "  {speaker} — {}",
            Paint::Aside.on(&cue, self.colored)
        )?;
        let mut column = head;
        for (index, word) in words.split(' ').enumerate() {
            let width = measure_text_width(word);
            if index > 0 && column + 1 + width > self.width {
                write!(self.out, "\n      {word}")?;
                column = 6 + width;
            } else {
                write!(self.out, "{}{word}", if index > 0 { " " } else { "" })?;
                column += usize::from(index > 0) + width;
            }
        }
        writeln!(self.out)
    }

    pub(crate) fn into_inner(self) -> W {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dixit::{Entity, EntityId, Span};

    const TEXT: &str = "Zoë\r\nBrand said on air: “It’s \u{1b}[31m over.”";

    fn listed(kind: Kind, speaker: Option<EntityId>, columns: usize, colored: bool) -> String {
        let span = |part: &str| {
            let start = TEXT.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let quotation = Quotation {
            id: "q1".to_owned(),
            content: vec![span("It’s \u{1b}[31m over.")],
            cue: vec![span("said")],
            source: Vec::new(),
            kind: Some(kind),
            marked: None,
            mode: None,
            source_form: None,
            speaker,
            addressees: Vec::new(),
            reference: None,
            confidence: 1.0,
            ok: true,
            optional: false,
            evidence: None,
        };
        let entity = Entity {
            id: "e1".to_owned(),
            name: "Zoë\r\nBrand".to_owned(),
            entity_type: None,
            aliases: Vec::new(),
            gender: None,
            named: true,
        };
        let document = Document {
            id: "a".to_owned(),
            text: TEXT.to_owned(),
            entities: vec![entity],
            quotations: Some(vec![quotation]),
            ..Document::default()
        };
        let mut listing = Listing::new(Vec::new(), columns, colored);
        listing.write(&document).unwrap();
        String::from_utf8(listing.into_inner()).unwrap()
    }

    #[test]
    fn who_said_what_without_what_steers_a_terminal() {
        assert_eq!(
            listed(Kind::Direct, Some(EntityId(0)), 80, false),
            "a, 1 quotation\n  Zoë Brand — said — “It’s [31m over.”\n"
        );
        assert_eq!(
            listed(Kind::Indirect, None, 80, false),
            "a, 1 quotation\n  (unknown) — said — It’s [31m over.\n"
        );
        let colored = listed(Kind::Direct, Some(EntityId(0)), 80, true);
        assert!(
            colored.contains("\u{1b}[1;36mZoë Brand\u{1b}[0m — "),
            "{colored:?}"
        );
    }

    #[test]
    fn long_lines_go_on_below() {
        let narrow = listed(Kind::Direct, Some(EntityId(0)), 1, false);
        assert!(
            narrow.lines().all(|line| measure_text_width(line) <= 40),
            "{narrow}"
        );
    }
}
