use std::collections::HashSet;
use std::fmt;

use crate::{Document, EntityId, Quotation, Span};

/// Something in a document that cannot be right, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// The annotation, as a reader finds it: “quotation q3”, “mention 17”.
    pub place: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with an annotation.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// A span ends past the text.
    OutOfBounds {
        /// The span.
        span: Span,
        /// The text's length in bytes.
        len: usize,
    },
    /// A span begins or ends inside a character.
    InsideCharacter {
        /// The span.
        span: Span,
    },
    /// A span covers nothing.
    Empty {
        /// Where it stands.
        span: Span,
    },
    /// Two neighbours of a list do not stand in text order, or overlap where they must not.
    Disorder {
        /// The one that comes first in the list.
        first: Span,
        /// The one that follows it.
        second: Span,
    },
    /// A quotation without content.
    NoContent,
    /// An entity that the document does not have.
    UnknownEntity {
        /// What refers to it.
        role: &'static str,
        /// The reference.
        entity: EntityId,
    },
    /// The id is that of an annotation before it, or empty.
    IdTaken,
    /// A confidence that does not lie between 0 and 1.
    Confidence(f32),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        match &self.problem {
            Problem::OutOfBounds { span, len } => {
                write!(f, "bytes {} end past the text of {len} bytes", show(*span))
            }
            Problem::InsideCharacter { span } => {
                write!(
                    f,
                    "bytes {} do not lie on character boundaries",
                    show(*span)
                )
            }
            Problem::Empty { span } => write!(f, "the span at byte {} is empty", span.start()),
            Problem::Disorder { first, second } => {
                write!(
                    f,
                    "bytes {} stand before bytes {}",
                    show(*first),
                    show(*second)
                )
            }
            Problem::NoContent => write!(f, "no content"),
            Problem::UnknownEntity { role, entity } => {
                write!(
                    f,
                    "its {role} is entity {}, which the document does not have",
                    entity.0
                )
            }
            Problem::IdTaken => write!(f, "the id is empty or taken"),
            Problem::Confidence(value) => write!(f, "confidence {value} is not from 0 to 1"),
        }
    }
}

fn show(span: Span) -> String {
    format!("{}..{}", span.start(), span.end())
}

/// Whether neighbours of a list may share text.
#[derive(Clone, Copy, PartialEq)]
enum Overlap {
    Allowed,
    Forbidden,
}

/// Everything that cannot be right in a document's annotation: spans outside the text, inside a
/// character, empty or out of order; references to entities that are not there; ids used twice;
/// confidences that are none. An empty list means that every invariant holds.
#[must_use]
pub fn validate(document: &Document) -> Vec<Flaw> {
    let mut check = Check {
        document,
        flaws: Vec::new(),
    };
    check.named_entities();
    check.mentions();
    check.entities();
    check.quotations();
    check.loose_spans();
    check.flaws
}

struct Check<'d> {
    document: &'d Document,
    flaws: Vec<Flaw>,
}

impl Check<'_> {
    fn named_entities(&mut self) {
        let names = self.document.named_entities.as_deref().unwrap_or_default();
        for (index, name) in names.iter().enumerate() {
            let place = || format!("named entity {index}");
            self.span(name.span, &place);
            self.confidence(name.confidence, &place);
        }
        let spans = names.iter().map(|name| name.span);
        self.order(spans, Overlap::Forbidden, &|index| {
            format!("named entity {index}")
        });
    }

    fn mentions(&mut self) {
        let mentions = self.document.mentions.as_deref().unwrap_or_default();
        for (index, mention) in mentions.iter().enumerate() {
            let place = || format!("mention {index}");
            self.span(mention.span, &place);
            self.entity("entity", mention.entity, &place);
        }
        let spans = mentions.iter().map(|mention| mention.span);
        self.order(spans, Overlap::Allowed, &|index| format!("mention {index}"));
    }

    fn entities(&mut self) {
        let mut ids = HashSet::new();
        for entity in &self.document.entities {
            if entity.id.is_empty() || !ids.insert(entity.id.as_str()) {
                self.flaw(format!("entity {}", entity.id), Problem::IdTaken);
            }
        }
    }

    fn quotations(&mut self) {
        let quotations = self.document.quotations.as_deref().unwrap_or_default();
        let mut ids = HashSet::new();
        for quotation in quotations {
            self.quotation(quotation);
            if quotation.id.is_empty() || !ids.insert(quotation.id.as_str()) {
                self.flaw(format!("quotation {}", quotation.id), Problem::IdTaken);
            }
        }
        let begun: Vec<(Span, &str)> = quotations
            .iter()
            .filter_map(|quotation| Some((*quotation.content.first()?, quotation.id.as_str())))
            .collect();
        let spans = begun.iter().map(|&(span, _)| span);
        let name = |index: usize| begun.get(index).map_or("", |&(_, id)| id);
        self.order(spans, Overlap::Allowed, &|index| {
            format!("quotation {}", name(index))
        });
    }

    fn quotation(&mut self, quotation: &Quotation) {
        let place = || format!("quotation {}", quotation.id);
        if quotation.content.is_empty() {
            self.flaw(place(), Problem::NoContent);
        }
        for (role, spans) in [
            ("content", &quotation.content),
            ("cue", &quotation.cue),
            ("source", &quotation.source),
        ] {
            let place = || format!("quotation {}, {role}", quotation.id);
            for &span in spans {
                self.span(span, &place);
            }
            self.order(spans.iter().copied(), Overlap::Forbidden, &|_| place());
        }
        self.entity("speaker", quotation.speaker, &place);
        for &addressee in &quotation.addressees {
            self.entity("addressee", Some(addressee), &place);
        }
        self.confidence(quotation.confidence, &place);
    }

    fn loose_spans(&mut self) {
        for (index, loose) in self
            .document
            .loose_spans
            .as_deref()
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            self.span(loose.span, &|| format!("loose span {index}"));
        }
    }

    fn span(&mut self, span: Span, place: &dyn Fn() -> String) {
        let text = &self.document.text;
        if span.end() > text.len() {
            self.flaw(
                place(),
                Problem::OutOfBounds {
                    span,
                    len: text.len(),
                },
            );
        } else if !text.is_char_boundary(span.start()) || !text.is_char_boundary(span.end()) {
            self.flaw(place(), Problem::InsideCharacter { span });
        }
        if span.is_empty() {
            self.flaw(place(), Problem::Empty { span });
        }
    }

    fn order(
        &mut self,
        spans: impl Iterator<Item = Span>,
        overlap: Overlap,
        place: &dyn Fn(usize) -> String,
    ) {
        let mut before: Option<Span> = None;
        for (index, second) in spans.enumerate() {
            if let Some(first) = before {
                let limit = if overlap == Overlap::Allowed {
                    first.start()
                } else {
                    first.end()
                };
                if second.start() < limit {
                    self.flaw(place(index), Problem::Disorder { first, second });
                }
            }
            before = Some(second);
        }
    }

    fn entity(&mut self, role: &'static str, entity: Option<EntityId>, place: &dyn Fn() -> String) {
        if let Some(entity) = entity
            && entity.index() >= self.document.entities.len()
        {
            self.flaw(place(), Problem::UnknownEntity { role, entity });
        }
    }

    fn confidence(&mut self, confidence: f32, place: &dyn Fn() -> String) {
        if !(0.0..=1.0).contains(&confidence) {
            self.flaw(place(), Problem::Confidence(confidence));
        }
    }

    fn flaw(&mut self, place: String, problem: Problem) {
        self.flaws.push(Flaw { place, problem });
    }
}
