use std::io::{self, Write};

use dixit_document::{Document, Offsets, Quotation, Role};

use crate::schema::{
    DocumentLine, EntityLine, EvidenceLine, MentionLine, NamedEntityLine, QuotationLine,
    RunnerUpLine, SpansLine, pair, pairs, rounded,
};

/// Writes a document as one line of the corpus schema.
pub(crate) fn write(out: &mut impl Write, document: &Document) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &line(document))?;
    out.write_all(b"\n")
}

fn line(document: &Document) -> DocumentLine {
    let offsets = Offsets::new(&document.text);
    let id_of = |id: dixit_document::EntityId| {
        document
            .entities
            .get(id.index())
            .map(|entity| entity.id.clone())
    };
    let quotation = |quotation: &Quotation| QuotationLine {
        id: quotation.id.clone(),
        kind: quotation.kind.map(|kind| kind.to_string()),
        marked: quotation.marked,
        mode: quotation.mode.map(|mode| mode.to_string()),
        content: pairs(&quotation.content, &offsets),
        cue: pairs(&quotation.cue, &offsets),
        source: pairs(&quotation.source, &offsets),
        source_form: quotation.source_form.map(|form| form.to_string()),
        speaker: quotation.speaker.and_then(id_of),
        named: None,
        addressees: quotation
            .addressees
            .iter()
            .filter_map(|&id| id_of(id))
            .collect(),
        reference: quotation.reference.map(|reference| reference.to_string()),
        confidence: Some(rounded(quotation.confidence)),
        evidence: quotation.evidence.as_ref().map(|evidence| EvidenceLine {
            rule: evidence.rule.as_str(),
            mention: evidence.mention.map(|span| pair(span, &offsets)),
            score: evidence.score.map(rounded),
            runner_up: evidence.runner_up.and_then(|(entity, score)| {
                Some(RunnerUpLine {
                    speaker: id_of(entity)?,
                    score: rounded(score),
                })
            }),
        }),
        ok: quotation.ok,
        optional: quotation.optional,
    };
    let resolved = document.quotations.is_some() || document.mentions.is_some();
    DocumentLine {
        id: document.id.clone(),
        genre: document.genre.clone(),
        text: document.text.clone(),
        meta: document.meta.clone(),
        quotations: document
            .quotations
            .as_deref()
            .map(|all| all.iter().map(quotation).collect()),
        entities: (resolved || !document.entities.is_empty())
            .then(|| document.entities.iter().map(entity).collect()),
        mentions: document.mentions.as_deref().map(|mentions| {
            let line = |mention: &dixit_document::Mention| MentionLine {
                span: pair(mention.span, &offsets),
                entity: mention.entity.and_then(id_of),
                label: mention.label.clone(),
                form: mention.form.map(|form| form.to_string()),
            };
            mentions.iter().map(line).collect()
        }),
        named_entities: document.named_entities.as_deref().map(|names| {
            let line = |name: &dixit_document::NamedEntity| NamedEntityLine {
                span: pair(name.span, &offsets),
                label: name.label.to_string(),
                confidence: Some(rounded(name.confidence)),
            };
            names.iter().map(line).collect()
        }),
        spans: document.loose_spans.as_deref().map(|loose| {
            let mut spans = SpansLine::default();
            for loose in loose {
                let list = match loose.role {
                    Role::Content => &mut spans.content,
                    Role::Cue => &mut spans.cue,
                    Role::Source => &mut spans.source,
                };
                list.push(pair(loose.span, &offsets));
            }
            spans
        }),
    }
}

fn entity(entity: &dixit_document::Entity) -> EntityLine {
    EntityLine {
        id: entity.id.clone(),
        name: entity.name.clone(),
        entity_type: entity.entity_type.map(|kind| kind.to_string()),
        aliases: entity.aliases.clone(),
        gender: entity.gender.map(|gender| gender.to_string()),
        named: Some(entity.named),
    }
}
