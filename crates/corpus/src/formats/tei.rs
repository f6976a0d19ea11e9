//! Writes TEI: paragraphs in which `<said who="…">` holds the quotations.

use std::io::{self, Write};

use dixit_document::{Document, Mode, Quotation, Span};

/// What a stretch of text is part of; the number is that of the quotation.
#[derive(Clone, Copy, PartialEq)]
enum Layer {
    Said(usize),
    Cue(usize),
    Source(usize),
}

/// What stands before the first document.
pub(crate) const BEGIN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <teiCorpus xmlns=\"http://www.tei-c.org/ns/1.0\">\n<teiHeader><fileDesc>\
    <titleStmt><title>Quotations</title></titleStmt>\
    <publicationStmt><p>Made with Dixit.</p></publicationStmt>\
    <sourceDesc><p>Texts as they were given.</p></sourceDesc></fileDesc></teiHeader>\n";

/// What stands after the last.
pub(crate) const END: &str = "</teiCorpus>\n";

/// Writes document `number` as a `TEI` element.
pub(crate) fn write(out: &mut impl Write, document: &Document, number: usize) -> io::Result<()> {
    let mut people = String::new();
    for (index, entity) in document.entities.iter().enumerate() {
        people.push_str(&format!(
            "<person xml:id=\"{}\" n=\"{}\"><persName>{}</persName>",
            person(number, index),
            escaped(&entity.id),
            escaped(&entity.name)
        ));
        for alias in &entity.aliases {
            people.push_str(&format!(
                "<persName type=\"alias\">{}</persName>",
                escaped(alias)
            ));
        }
        people.push_str("</person>\n");
    }
    let people = match people.is_empty() {
        true => people,
        false => format!(
            "<profileDesc><particDesc><listPerson>\n{people}</listPerson></particDesc></profileDesc>"
        ),
    };
    write!(
        out,
        "<TEI xml:id=\"d{number}\" n=\"{id}\">\n<teiHeader><fileDesc><titleStmt><title>{id}</title></titleStmt>\
         <publicationStmt><p>Made with Dixit.</p></publicationStmt><sourceDesc><p>The text as it was given.</p>\
         </sourceDesc></fileDesc>{people}</teiHeader>\n<text><body>\n",
        id = escaped(&document.id),
    )?;
    let body = Body::new(document, number).written();
    out.write_all(body.as_bytes())?;
    writeln!(out, "</body></text>\n</TEI>")
}

fn person(document: usize, entity: usize) -> String {
    format!("d{document}.e{}", entity + 1)
}

struct Body<'d> {
    document: &'d Document,
    number: usize,
    layers: Vec<(Span, Layer)>,
    /// How often each quotation was begun.
    begun: Vec<usize>,
    /// How often it has to be.
    parts: Vec<usize>,
}

impl<'d> Body<'d> {
    fn new(document: &'d Document, number: usize) -> Self {
        let mut layers = Vec::new();
        let quotations = document.quotations.as_deref().unwrap_or_default();
        for (index, quotation) in quotations.iter().enumerate() {
            let mut add = |spans: &[Span], layer: Layer| {
                let visible = spans
                    .iter()
                    .filter(|span| !span.of(&document.text).is_empty());
                layers.extend(visible.map(|&span| (span, layer)));
            };
            add(&quotation.content, Layer::Said(index));
            add(&quotation.source, Layer::Source(index));
            add(&quotation.cue, Layer::Cue(index));
        }
        layers.sort_by_key(|(span, _)| (span.start(), std::cmp::Reverse(span.end())));
        Self {
            document,
            number,
            layers,
            begun: vec![0; quotations.len()],
            parts: vec![0; quotations.len()],
        }
    }

    /// Twice the same way: first to count the parts of every quotation, then with their links.
    fn written(mut self) -> String {
        self.body();
        self.parts = std::mem::replace(&mut self.begun, vec![0; self.parts.len()]);
        self.body()
    }

    fn body(&mut self) -> String {
        let text = &self.document.text;
        let mut borders: Vec<usize> = self
            .layers
            .iter()
            .flat_map(|(span, _)| [span.start(), span.end()])
            .chain([0, text.len()])
            .collect();
        for (at, character) in text.char_indices() {
            if character == '\n' {
                borders.extend([at, at + 1]);
            }
        }
        borders.sort_unstable();
        borders.dedup();
        let mut out = String::with_capacity(text.len() * 2);
        let mut stack: Vec<(Span, Layer)> = Vec::new();
        let mut active: Vec<(Span, Layer)> = Vec::new();
        let (mut next, mut paragraph) = (0, false);
        for pair in borders.windows(2) {
            let (start, end) = (pair[0], pair[1]);
            let piece = text.get(start..end).unwrap_or("");
            active.retain(|(span, _)| span.end() > start);
            while let Some(&layer) = self
                .layers
                .get(next)
                .filter(|(span, _)| span.start() <= start)
            {
                active.push(layer);
                next += 1;
            }
            let wanted: &[(Span, Layer)] = if piece == "\n" { &[] } else { &active };
            let same = stack.iter().zip(wanted).take_while(|(a, b)| a == b).count();
            while stack.len() > same {
                out.push_str(stack.pop().map_or("", |(_, layer)| close(layer)));
            }
            if piece == "\n" {
                if std::mem::take(&mut paragraph) {
                    out.push_str("</p>");
                }
                out.push('\n');
                continue;
            }
            if !paragraph && (!piece.trim().is_empty() || !wanted.is_empty()) {
                paragraph = true;
                out.push_str("<p>");
            }
            for &(span, layer) in wanted.iter().skip(same) {
                let tag = self.open(layer);
                out.push_str(&tag);
                stack.push((span, layer));
            }
            out.push_str(&escaped(piece));
        }
        while let Some((_, layer)) = stack.pop() {
            out.push_str(close(layer));
        }
        if paragraph {
            out.push_str("</p>\n");
        }
        out
    }

    fn open(&mut self, layer: Layer) -> String {
        let quotations = self.document.quotations.as_deref().unwrap_or_default();
        match layer {
            Layer::Cue(_) => "<seg type=\"cue\">".to_owned(),
            Layer::Source(index) => {
                let who = quotations
                    .get(index)
                    .and_then(|quotation| self.who(quotation));
                who.map_or_else(|| "<rs>".to_owned(), |who| format!("<rs ref=\"#{who}\">"))
            }
            Layer::Said(index) => match quotations.get(index) {
                Some(quotation) => self.said(quotation, index),
                None => "<said>".to_owned(),
            },
        }
    }

    fn said(&mut self, quotation: &Quotation, index: usize) -> String {
        let (begun, parts) = (self.begun[index], self.parts[index]);
        self.begun[index] += 1;
        let name = |part: usize| match parts {
            0 | 1 => format!("d{}.q{}", self.number, index + 1),
            _ => format!("d{}.q{}.{}", self.number, index + 1, part + 1),
        };
        let mut tag = format!(
            "<said xml:id=\"{}\" n=\"{}\"",
            name(begun),
            escaped(&quotation.id)
        );
        if let Some(who) = self.who(quotation) {
            tag.push_str(&format!(" who=\"#{who}\""));
        }
        let addressees: Vec<String> = quotation
            .addressees
            .iter()
            .map(|id| format!("#{}", person(self.number, id.index())))
            .collect();
        if !addressees.is_empty() {
            tag.push_str(&format!(" toWhom=\"{}\"", addressees.join(" ")));
        }
        if let Some(kind) = quotation.kind {
            let direct = kind == dixit_document::Kind::Direct;
            tag.push_str(&format!(" direct=\"{direct}\" type=\"{kind}\""));
        }
        if let Some(mode) = quotation.mode {
            tag.push_str(&format!(" aloud=\"{}\"", mode == Mode::Speech));
        }
        if begun > 0 {
            tag.push_str(&format!(" prev=\"#{}\"", name(begun - 1)));
        }
        if begun + 1 < parts {
            tag.push_str(&format!(" next=\"#{}\"", name(begun + 1)));
        }
        tag.push('>');
        tag
    }

    fn who(&self, quotation: &Quotation) -> Option<String> {
        let speaker = quotation
            .speaker
            .filter(|id| id.index() < self.document.entities.len())?;
        Some(person(self.number, speaker.index()))
    }
}

fn close(layer: Layer) -> &'static str {
    match layer {
        Layer::Said(_) => "</said>",
        Layer::Cue(_) => "</seg>",
        Layer::Source(_) => "</rs>",
    }
}

/// Markup as text; what XML 1.0 forbids becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A bare carriage return would be read as a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            character if character < ' ' => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
    out
}
