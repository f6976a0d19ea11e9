//! Reads the folders of the Project Dialogism Novel Corpus.

use std::collections::HashMap;
use std::path::Path;

use super::files::{below, read_text, wrong};
use super::python::Value;
use crate::labelled::from_file;
use crate::schema::{DocumentLine, EntityLine, MentionLine, Pair, QuotationLine};
use crate::{DocumentError, ErrorKind, Labelled};

const QUOTATIONS: &str = "quotation_info.csv";

pub(crate) fn read(path: &Path) -> Result<Vec<Result<Labelled, DocumentError>>, DocumentError> {
    let tables = below(path, &|file| {
        file.file_name().is_some_and(|name| name == QUOTATIONS)
    })?;
    Ok(tables.iter().map(|table| novel(table)).collect())
}

fn novel(table: &Path) -> Result<Labelled, DocumentError> {
    let folder = table.parent().unwrap_or(Path::new("."));
    let folder_name = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let id = folder_name
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let text = read_text(&folder.join("novel_text.txt"))?;
    let characters = folder.join("character_info.csv");
    let entities = characters_of(&characters)?;
    let mut by_name: HashMap<String, String> = HashMap::new();
    for entity in &entities {
        by_name.insert(entity.name.clone(), entity.id.clone());
    }
    // A name that is an alias of one only stands for that one; a main name goes before.
    for entity in &entities {
        for alias in &entity.aliases {
            by_name
                .entry(alias.clone())
                .or_insert_with(|| entity.id.clone());
        }
    }
    let mut problems = Vec::new();
    let (mut quotations, mut mentions) = (Vec::new(), Vec::new());
    for row in rows(table)? {
        let (line, row) = row?;
        let mut flaw = |problem: String, mend: &str| {
            problems.push(wrong(table, ErrorKind::Flaw, problem, mend).at_line(line));
        };
        let id = row.get("quoteID").cloned().unwrap_or_default();
        let field = |name: &str| row.get(name).map_or("", String::as_str);
        let list = |name: &str| Value::read(field(name));
        let content: Option<Vec<Pair>> = list("quoteByteSpans")
            .and_then(|spans| spans.items().iter().map(Value::pair).collect());
        let Some(content) = content else {
            flaw(
                format!("quotation {id}: its spans cannot be read"),
                "write quoteByteSpans as [[start, end], …]",
            );
            continue;
        };
        let speaker = field("speaker");
        let known = by_name.get(speaker).cloned();
        if known.is_none() && !speaker.is_empty() && !speaker.starts_with('_') {
            flaw(
                format!("quotation {id}: its speaker “{speaker}” is no character"),
                "add it to character_info.csv, or correct its name",
            );
        }
        let names = list("addressees").unwrap_or(Value::Nothing);
        let addressees = names.items().iter().filter_map(Value::text);
        quotations.push(QuotationLine {
            id,
            kind: Some("direct".to_owned()),
            content,
            speaker: known,
            addressees: addressees
                .filter_map(|name| by_name.get(name).cloned())
                .collect(),
            reference: Some(field("quoteType").to_lowercase()).filter(|kind| !kind.is_empty()),
            ..QuotationLine::default()
        });
        mentions.extend(mentions_of(
            list("mentionSpansList"),
            list("mentionEntitiesList"),
            &by_name,
        ));
    }
    mentions.sort_by(|a: &MentionLine, b| (a.span, &a.entity).cmp(&(b.span, &b.entity)));
    mentions.dedup_by(|a, b| a.span == b.span);
    let line = DocumentLine {
        id: id.unwrap_or_else(|| "novel".to_owned()),
        genre: Some("fiction".to_owned()),
        text,
        meta: serde_json::Map::new(),
        quotations: Some(quotations),
        entities: Some(entities),
        mentions: Some(mentions),
        named_entities: None,
        spans: None,
    };
    let mut labelled = from_file(line, &table.to_string_lossy());
    let id = labelled.document.id.clone();
    labelled
        .flaws
        .extend(problems.into_iter().map(|problem| problem.in_document(&id)));
    Ok(labelled)
}

/// The mentions in a quotation: two lists of lists, one list for each of its parts.
fn mentions_of(
    spans: Option<Value>,
    entities: Option<Value>,
    by_name: &HashMap<String, String>,
) -> Vec<MentionLine> {
    let (Some(spans), Some(entities)) = (spans, entities) else {
        return Vec::new();
    };
    let mut mentions = Vec::new();
    for (spans, entities) in spans.items().iter().zip(entities.items()) {
        for (span, names) in spans.items().iter().zip(entities.items()) {
            let name = match names.items() {
                [name] => name.text(),
                _ => names.text(),
            };
            let entity = name.and_then(|name| by_name.get(name));
            if let (Some(span), Some(entity)) = (span.pair(), entity) {
                mentions.push(MentionLine {
                    span,
                    entity: Some(entity.clone()),
                    label: None,
                    form: None,
                });
            }
        }
    }
    mentions
}

fn characters_of(table: &Path) -> Result<Vec<EntityLine>, DocumentError> {
    let mut entities = Vec::new();
    for row in rows(table)? {
        let (_, row) = row?;
        let field = |name: &str| row.get(name).cloned().unwrap_or_default();
        let aliases = Value::read(&field("Aliases")).unwrap_or(Value::Nothing);
        let mut aliases: Vec<String> = aliases
            .items()
            .iter()
            .filter_map(Value::text)
            .map(str::to_owned)
            .collect();
        // A set has no order of its own.
        aliases.sort();
        entities.push(EntityLine {
            id: format!("C{}", field("Character ID")),
            name: field("Main Name"),
            entity_type: Some("person".to_owned()),
            aliases,
            gender: Some(field("Gender")).filter(|gender| !gender.is_empty()),
            named: None,
        });
    }
    Ok(entities)
}

type Row = HashMap<String, String>;

/// The rows of a table by the names of their columns, each with its line.
fn rows(
    path: &Path,
) -> Result<impl Iterator<Item = Result<(u64, Row), DocumentError>>, DocumentError> {
    let text = read_text(path)?;
    let file = path.to_owned();
    let broken = move |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        wrong(
            &file,
            ErrorKind::Table,
            error.to_string(),
            "write it again as CSV with a header",
        )
        .at_line(line)
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(std::io::Cursor::new(text));
    let header = reader.headers().map_err(&broken)?.clone();
    Ok(reader.into_records().map(move |row| {
        let row = row.map_err(&broken)?;
        let line = row.position().map_or(1, csv::Position::line);
        let fields = header.iter().zip(row.iter());
        Ok((
            line,
            fields
                .map(|(name, field)| (name.to_owned(), field.to_owned()))
                .collect(),
        ))
    }))
}
