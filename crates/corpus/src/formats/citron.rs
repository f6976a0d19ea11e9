//! Reads and writes Citron's JSON: one object a file, with `text`, `quotes` and, in annotated data,
//! `coreference_groups`.

use std::io::{self, Write};
use std::path::Path;

use dixit_document::{Document, Offsets, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::brat::speaker;
use super::files::{below, extension, read_text, stem, wrong};
use super::kinds::kind_of;
use crate::json_texts::broken;
use crate::labelled::from_file;
use crate::schema::{DocumentLine, EntityLine, MentionLine, Pair, QuotationLine, pair, rounded};
use crate::{DocumentError, ErrorKind, Labelled};

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(default)]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default)]
    quotes: Vec<Quote>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coreference_groups: Option<Vec<Vec<Part>>>,
}

#[derive(Serialize, Deserialize)]
struct Quote {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(default)]
    cue: Option<Part>,
    #[serde(default)]
    sources: Vec<Part>,
    #[serde(default)]
    coreferences: Option<Vec<Part>>,
    #[serde(default)]
    contents: Vec<Part>,
    /// A number, as the description has it, or text, as Citron writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<Value>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Part {
    start: usize,
    end: usize,
    #[serde(default)]
    text: String,
}

pub(crate) fn read(path: &Path) -> Result<Vec<Result<Labelled, DocumentError>>, DocumentError> {
    let files = below(path, &|file| extension(file) == "json")?;
    Ok(files.iter().map(|file| document(file)).collect())
}

fn document(path: &Path) -> Result<Labelled, DocumentError> {
    let name = path.to_string_lossy();
    let file: File =
        serde_json::from_str(&read_text(path)?).map_err(|error| broken(error).in_file(&name))?;
    let Some(text) = file.text else {
        let mend = "add the text under “text”, as in Citron's annotation format";
        return Err(wrong(
            path,
            ErrorKind::MissingField,
            "no field “text”",
            mend,
        ));
    };
    let mut entities: Vec<EntityLine> = Vec::new();
    let mut mentions: Vec<MentionLine> = Vec::new();
    for group in file.coreference_groups.iter().flatten() {
        // A group is called by its longest member.
        let Some(longest) = group
            .iter()
            .rev()
            .max_by_key(|part| part.text.chars().count())
        else {
            continue;
        };
        let id = format!("g{}", entities.len() + 1);
        entities.push(EntityLine {
            id: id.clone(),
            name: longest.text.clone(),
            ..EntityLine::default()
        });
        mentions.extend(group.iter().map(|part| MentionLine {
            span: [part.start, part.end],
            entity: Some(id.clone()),
            label: None,
            form: None,
        }));
    }
    let mut quotations = Vec::with_capacity(file.quotes.len());
    for (index, quote) in file.quotes.into_iter().enumerate() {
        let spans = |parts: &[Part]| -> Vec<Pair> {
            let mut spans: Vec<Pair> = parts.iter().map(|part| [part.start, part.end]).collect();
            spans.sort_unstable();
            spans
        };
        let content = spans(&quote.contents);
        let cue: Vec<Pair> = quote
            .cue
            .iter()
            .filter(|cue| cue.start < cue.end)
            .map(|cue| [cue.start, cue.end])
            .collect();
        let others = quote.coreferences.unwrap_or_default();
        let (source, named) = beside(&quote.sources, &others, cue.first().or(content.first()));
        let of_group = source.iter().find_map(|part| {
            let mention = mentions
                .iter()
                .find(|mention| mention.span == [part.start, part.end]);
            mention.and_then(|mention| mention.entity.clone())
        });
        let name = named
            .iter()
            .chain(&source)
            .map(|part| part.text.trim())
            .find(|name| !name.is_empty());
        let speaker = of_group.or_else(|| name.map(|name| speaker(&mut entities, name)));
        quotations.push(QuotationLine {
            id: match &quote.id {
                Some(Value::String(id)) => id.clone(),
                Some(id) => id.to_string(),
                None => format!("q{}", index + 1),
            },
            kind: Some(
                kind_of(quote.contents.iter().map(|part| part.text.as_str()), false).to_owned(),
            ),
            source: spans(&source),
            cue,
            content,
            speaker,
            confidence: quote.confidence.and_then(|value| match value {
                Value::String(text) => text.parse().ok(),
                value => value.as_f64(),
            }),
            ..QuotationLine::default()
        });
    }
    let line = DocumentLine {
        id: file.id.unwrap_or_else(|| stem(path)),
        genre: None,
        text,
        meta: serde_json::Map::new(),
        quotations: Some(quotations),
        entities: Some(entities),
        mentions: (!mentions.is_empty()).then_some(mentions),
        named_entities: None,
        spans: None,
    };
    Ok(from_file(line, &name))
}

/// Which of a quote's two lists is the mention beside it, and which names the speaker. Annotated
/// data have the mention under `sources`; Citron's own results have it under `coreferences` and the
/// name under `sources`. The mention is the one that lies nearer to the cue.
fn beside(sources: &[Part], others: &[Part], cue: Option<&Pair>) -> (Vec<Part>, Vec<Part>) {
    let distance = |parts: &[Part]| {
        let cue = cue.copied().unwrap_or_default();
        parts
            .iter()
            .map(|part| {
                cue[0]
                    .saturating_sub(part.end)
                    .max(part.start.saturating_sub(cue[1]))
            })
            .min()
    };
    match (distance(sources), distance(others)) {
        (Some(a), Some(b)) if b < a => (others.to_vec(), sources.to_vec()),
        _ => (sources.to_vec(), others.to_vec()),
    }
}

/// A document as one JSON object.
pub(crate) fn write(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let offsets = Offsets::new(&document.text);
    let part = |span: Span| {
        let [start, end] = pair(span, &offsets);
        Part {
            start,
            end,
            text: span.of(&document.text).to_owned(),
        }
    };
    let parts = |spans: &[Span]| -> Vec<Part> { spans.iter().map(|&span| part(span)).collect() };
    let quotes = document.quotations.iter().flatten().map(|quotation| {
        let named = quotation.speaker.and_then(|speaker| {
            let entity = document.entities.get(speaker.index())?;
            // A mention that bears the name, if there is one.
            let mentions = document.mentions.as_deref().unwrap_or_default();
            let mention = mentions.iter().find(|mention| {
                mention.entity == Some(speaker) && mention.span.of(&document.text) == entity.name
            });
            let span = mention.map(|mention| mention.span).or_else(|| {
                let start = document
                    .text
                    .find(entity.name.as_str())
                    .filter(|_| !entity.name.is_empty())?;
                Some(Span::new(start, start + entity.name.len()))
            })?;
            (!quotation.source.contains(&span)).then(|| part(span))
        });
        Quote {
            id: Some(Value::String(quotation.id.clone())),
            cue: Some(quotation.cue.first().map_or_else(
                || {
                    let at = quotation
                        .content
                        .first()
                        .map_or(0, |span| offsets.code_point(span.start()));
                    Part {
                        start: at,
                        end: at,
                        text: String::new(),
                    }
                },
                |&span| part(span),
            )),
            sources: parts(&quotation.source),
            coreferences: Some(named.into_iter().collect()),
            contents: parts(&quotation.content),
            confidence: (quotation.confidence < 1.0).then(|| rounded(quotation.confidence).into()),
        }
    });
    let file = File {
        text: Some(document.text.clone()),
        id: Some(document.id.clone()),
        quotes: quotes.collect(),
        coreference_groups: None,
    };
    serde_json::to_writer_pretty(&mut *out, &file)?;
    out.write_all(b"\n")
}
