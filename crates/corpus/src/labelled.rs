use std::collections::HashMap;
use std::str::FromStr;

use dixit_document::{
    Document, Entity, EntityId, EntityType, Form, Gender, Label, LooseSpan, Mention, NamedEntity,
    Offsets, Problem, Quotation, Role, Span, validate,
};

use crate::compression;
use crate::inputs::{Input, Inputs};
use crate::json_texts::broken;
use crate::lines::{Line, Lines};
use crate::schema::{DocumentLine, EntityLine, MentionLine, Pair, QuotationLine};
use crate::source_texts::LIMIT;
use crate::{DocumentError, ErrorKind};

/// An annotated document, and what had to be left out of it.
#[derive(Debug)]
pub struct Labelled {
    /// The document with every annotation that can be right.
    pub document: Document,
    /// The annotations that cannot, each with its place.
    pub flaws: Vec<DocumentError>,
}

/// Annotated documents, gold or predicted, from JSON Lines in the corpus schema.
pub struct LabelledDocuments {
    inputs: Inputs,
    lines: Option<Lines>,
}

impl LabelledDocuments {
    /// Documents from files, folders, patterns, or `-` for standard input.
    pub fn new(inputs: impl IntoIterator<Item = String>) -> Self {
        Self {
            inputs: Inputs::new(inputs),
            lines: None,
        }
    }
}

impl Iterator for LabelledDocuments {
    type Item = Result<Labelled, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines
                && let Some(line) = lines.next()
            {
                return Some(line.and_then(|line| labelled(&line, lines.file())));
            }
            match self.inputs.next()?.and_then(open) {
                Ok(lines) => self.lines = Some(lines),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The lines of an input.
pub(crate) fn open(input: Input) -> Result<Lines, DocumentError> {
    let (file, stream) = match input {
        Input::Standard => ("-".into(), compression::unpack(std::io::stdin())),
        Input::File { path, .. } => (
            path.to_string_lossy().into_owned(),
            compression::open(&path),
        ),
    };
    let stream = stream.map_err(|error| DocumentError::io(error).in_file(&file))?;
    Ok(Lines::new(stream, &file, LIMIT))
}

/// Reads one line of the corpus schema.
pub(crate) fn labelled(line: &Line, file: &str) -> Result<Labelled, DocumentError> {
    let fields = serde_json::from_str(&line.text)
        .map_err(|error| broken(error).in_file(file).at_line(line.number))?;
    Ok(from_fields(fields, file, line.number))
}

/// A document from its fields, which stand in line `number` of `file`.
pub(crate) fn from_fields(fields: DocumentLine, file: &str, number: u64) -> Labelled {
    let Labelled { document, flaws } = from_file(fields, file);
    let flaws = flaws.into_iter().map(|flaw| flaw.at_line(number)).collect();
    Labelled { document, flaws }
}

/// A document from its fields, which were read from `file` as a whole.
pub(crate) fn from_file(fields: DocumentLine, file: &str) -> Labelled {
    let (document, problems) = document(fields);
    let flaws = problems
        .into_iter()
        .map(|(problem, mend)| {
            DocumentError::new(ErrorKind::Flaw, problem)
                .in_document(&document.id)
                .in_file(file)
                .mended_by(mend)
        })
        .collect();
    Labelled { document, flaws }
}

/// What is wrong, and what helps.
type Flawed = (String, &'static str);

fn document(line: DocumentLine) -> (Document, Vec<Flawed>) {
    let mut build = Build {
        offsets: Offsets::new(&line.text),
        ids: HashMap::new(),
        problems: Vec::new(),
    };
    let mut entities = build.entities(line.entities.unwrap_or_default());
    let named_entities = match line.named_entities {
        Some(names) => Some(
            build.named_entities(
                names
                    .into_iter()
                    .map(|name| (name.span, name.label, name.confidence)),
            ),
        ),
        None => line
            .mentions
            .as_deref()
            .filter(|mentions| are_names(mentions))
            .map(|mentions| {
                build.named_entities(mentions.iter().map(|mention| {
                    (
                        mention.span,
                        mention.label.clone().unwrap_or_default(),
                        None,
                    )
                }))
            }),
    };
    let quotations = line
        .quotations
        .map(|quotations| build.quotations(quotations, &mut entities));
    let mentions = line.mentions.map(|mentions| build.mentions(mentions));
    let loose_spans = line.spans.map(|spans| {
        let mut loose = Vec::new();
        for (role, pairs) in [
            (Role::Content, spans.content),
            (Role::Cue, spans.cue),
            (Role::Source, spans.source),
        ] {
            let spans = build.spans(&pairs, || format!("{role:?} span").to_lowercase());
            loose.extend(spans.into_iter().map(|span| LooseSpan { span, role }));
        }
        loose.sort_by_key(|loose| (loose.span, loose.role));
        loose
    });
    let mut problems = build.problems;
    let document = Document {
        id: line.id,
        genre: line.genre,
        text: line.text,
        meta: line.meta,
        named_entities,
        mentions,
        entities,
        quotations,
        loose_spans,
    };
    problems.extend(
        validate(&document)
            .iter()
            .map(|flaw| (flaw.to_string(), mend(&flaw.problem))),
    );
    problems.extend(overlaps(&document));
    (document, problems)
}

/// Whether a mention layer is the named-entity layer of CoNLL-2003: names with its four labels,
/// and no entity behind any.
fn are_names(mentions: &[MentionLine]) -> bool {
    mentions.iter().all(|mention| {
        mention.entity.is_none()
            && mention.form.as_deref() == Some(Form::Name.as_str())
            && mention
                .label
                .as_deref()
                .is_some_and(|label| Label::from_str(label).is_ok())
    })
}

struct Build<'t> {
    offsets: Offsets<'t>,
    ids: HashMap<String, EntityId>,
    problems: Vec<Flawed>,
}

impl Build<'_> {
    fn span(&mut self, pair: Pair, place: impl Fn() -> String) -> Option<Span> {
        let [start, end] = pair;
        if start >= end {
            let problem = format!("{}: [{start}, {end}] covers nothing", place());
            self.problems.push((
                problem,
                "offsets are half-open: [start, end) with start before end",
            ));
            return None;
        }
        let bytes = self.offsets.byte(start).zip(self.offsets.byte(end));
        if bytes.is_none() {
            let length = self.offsets.code_points();
            let problem = format!("[{start}, {end}] ends past the text of {length} code points");
            let problem = format!("{}: {problem}", place());
            self.problems.push((
                problem,
                "count Unicode code points, not bytes, in the text as it stands here",
            ));
        }
        bytes.map(|(start, end)| Span::new(start, end))
    }

    fn spans(&mut self, pairs: &[Pair], place: impl Fn() -> String) -> Vec<Span> {
        let mut spans: Vec<Span> = pairs
            .iter()
            .filter_map(|&pair| self.span(pair, &place))
            .collect();
        spans.sort();
        spans
    }

    fn label<T: FromStr<Err: ToString>>(
        &mut self,
        label: Option<String>,
        place: impl Fn() -> String,
    ) -> Option<T> {
        match label?.parse() {
            Ok(label) => Some(label),
            Err(error) => {
                let problem = format!("{}: {}", place(), error.to_string());
                self.problems
                    .push((problem, "use one of the labels, or leave the field out"));
                None
            }
        }
    }

    fn entity(&mut self, id: Option<&str>, place: impl Fn() -> String) -> Option<EntityId> {
        let id = id?;
        let entity = self.ids.get(id).copied();
        if entity.is_none() {
            let problem = format!("{}: no entity has the id “{id}”", place());
            self.problems.push((
                problem,
                "add it to the document's entities, or correct the id",
            ));
        }
        entity
    }

    fn entities(&mut self, lines: Vec<EntityLine>) -> Vec<Entity> {
        let mut entities = Vec::with_capacity(lines.len());
        for line in lines {
            let id = EntityId(u32::try_from(entities.len()).unwrap_or(u32::MAX));
            self.ids.entry(line.id.clone()).or_insert(id);
            entities.push(Entity {
                id: line.id,
                name: line.name,
                entity_type: line.entity_type.as_deref().map(entity_type),
                aliases: line.aliases,
                // Other letters say that it is not known.
                gender: line
                    .gender
                    .and_then(|gender| Gender::from_str(&gender).ok()),
                named: line.named.unwrap_or(true),
            });
        }
        entities
    }

    fn named_entities(
        &mut self,
        names: impl Iterator<Item = (Pair, String, Option<f64>)>,
    ) -> Vec<NamedEntity> {
        let mut found = Vec::new();
        for (index, (pair, label, confidence)) in names.enumerate() {
            let place = || format!("named entity {index}");
            let span = self.span(pair, place);
            let label = self.label::<Label>(Some(label), place);
            if let (Some(span), Some(label)) = (span, label) {
                found.push(NamedEntity {
                    span,
                    label,
                    confidence: unit(confidence),
                });
            }
        }
        found.sort_by_key(|name| name.span);
        found
    }

    fn mentions(&mut self, lines: Vec<MentionLine>) -> Vec<Mention> {
        let mut mentions = Vec::with_capacity(lines.len());
        for (index, line) in lines.into_iter().enumerate() {
            let place = || format!("mention {index}");
            let Some(span) = self.span(line.span, place) else {
                continue;
            };
            let entity = self.entity(line.entity.as_deref(), place);
            let form = self.label(line.form, place);
            mentions.push(Mention {
                span,
                entity,
                form,
                label: line.label,
            });
        }
        mentions.sort_by_key(|mention| mention.span);
        mentions
    }

    fn quotations(&mut self, lines: Vec<QuotationLine>, entities: &mut [Entity]) -> Vec<Quotation> {
        let mut quotations = Vec::with_capacity(lines.len());
        for line in lines {
            let id = line.id;
            let place = || format!("quotation {id}");
            let content = self.spans(&line.content, || format!("quotation {id}, content"));
            if content.is_empty() {
                let problem = format!("{}: no content", place());
                self.problems
                    .push((problem, "give it a content, or take the quotation out"));
                continue;
            }
            let speaker = self.entity(line.speaker.as_deref(), place);
            if let (Some(speaker), Some(false)) = (speaker, line.named)
                && let Some(entity) = entities.get_mut(speaker.index())
            {
                entity.named = false;
            }
            let addressees = line.addressees.iter();
            quotations.push(Quotation {
                cue: self.spans(&line.cue, || format!("quotation {id}, cue")),
                source: self.spans(&line.source, || format!("quotation {id}, source")),
                kind: self.label(line.kind, place),
                marked: line.marked,
                mode: self.label(line.mode, place),
                source_form: self.label(line.source_form, place),
                speaker,
                addressees: addressees
                    .filter_map(|id| self.entity(Some(id), place))
                    .collect(),
                reference: self.label(line.reference, place),
                confidence: unit(line.confidence),
                ok: line.ok,
                optional: line.optional,
                evidence: None,
                content,
                id,
            });
        }
        quotations.sort_by(|a, b| a.content.cmp(&b.content));
        quotations
    }
}

/// What helps against a flaw.
fn mend(problem: &Problem) -> &'static str {
    match problem {
        Problem::OutOfBounds { .. } | Problem::InsideCharacter { .. } | Problem::Empty { .. } => {
            "correct the offsets"
        }
        Problem::Disorder { .. } => "join the spans that overlap, and put them in text order",
        Problem::NoContent => "give it a content, or take the quotation out",
        Problem::UnknownEntity { .. } => "add it to the document's entities, or correct the id",
        Problem::IdTaken => "give every annotation of a document an id of its own",
        Problem::Confidence(_) => "write a number from 0 to 1",
    }
}

/// Quotations over the same words, and those that overlap without one lying inside the other. A
/// quotation in a quotation is no flaw.
fn overlaps(document: &Document) -> Vec<Flawed> {
    let mut pieces: Vec<(Span, &str)> = document
        .quotations
        .iter()
        .flatten()
        .flat_map(|quotation| {
            quotation
                .content
                .iter()
                .map(|&span| (span, quotation.id.as_str()))
        })
        .collect();
    pieces.sort_by_key(|(span, _)| (span.start(), std::cmp::Reverse(span.end())));
    let mut found = Vec::new();
    let mut open: Vec<(Span, &str)> = Vec::new();
    for (span, id) in pieces {
        open.retain(|(before, _)| before.end() > span.start());
        for &(before, other) in open.iter().filter(|(_, other)| *other != id) {
            if before == span {
                found.push((
                    format!("quotation {id}: its content is that of quotation {other}"),
                    "keep one of them",
                ));
            } else if before.end() < span.end() && before.start() < span.start() {
                found.push((
                    format!("quotation {id}: its content overlaps that of quotation {other}"),
                    "part them, or put one wholly inside the other",
                ));
            }
        }
        open.push((span, id));
    }
    found
}

/// A confidence from JSON; gold data has none and is sure.
fn unit(confidence: Option<f64>) -> f32 {
    confidence.map_or(1.0, |confidence| confidence.clamp(0.0, 1.0) as f32)
}

/// The corpora's own types, as far as they have a counterpart.
pub(crate) fn entity_type(label: &str) -> EntityType {
    match label {
        "PER" => EntityType::Person,
        "ORG" => EntityType::Organization,
        "place" | "LOC" | "GPE" | "FAC" => EntityType::Location,
        _ => label.parse().unwrap_or(EntityType::Other),
    }
}
