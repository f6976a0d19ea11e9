//! Writes the folders of the Project Dialogism Novel Corpus.

use dixit_document::{Document, Mention, Offsets, Quotation, Span};

use super::python::{list, quoted};
use crate::schema::pair;

/// Who speaks where nobody is known to.
const UNKNOWN: &str = "_unknown";

/// `quotation_info.csv`.
pub(crate) fn quotations(document: &Document) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    table.write_record([
        "quoteID",
        "quoteText",
        "subQuotationList",
        "quoteByteSpans",
        "speaker",
        "addressees",
        "quoteType",
        "referringExpression",
        "mentionTextsList",
        "mentionSpansList",
        "mentionEntitiesList",
    ])?;
    let offsets = Offsets::new(&document.text);
    for quotation in document.quotations.iter().flatten() {
        let words: Vec<&str> = quotation
            .content
            .iter()
            .map(|span| span.of(&document.text))
            .collect();
        let name = |id: dixit_document::EntityId| {
            document
                .entities
                .get(id.index())
                .map(|entity| entity.name.clone())
        };
        let reference = quotation.reference.map(|reference| {
            let mut name = reference.to_string();
            name.get_mut(..1).map(str::make_ascii_uppercase);
            name
        });
        let mentions: Vec<Vec<&Mention>> = quotation
            .content
            .iter()
            .map(|&span| inside(document, span))
            .collect();
        let each = |what: &dyn Fn(&Mention) -> String| -> String {
            let parts = mentions.iter().map(|part| {
                let items: Vec<String> = part.iter().map(|mention| what(mention)).collect();
                format!("[{}]", items.join(", "))
            });
            format!("[{}]", parts.collect::<Vec<_>>().join(", "))
        };
        table.write_record([
            quotation.id.clone(),
            words.join(" "),
            list(words.iter().map(|&words| words.to_owned())),
            spans(quotation, &offsets),
            quotation
                .speaker
                .and_then(name)
                .unwrap_or_else(|| UNKNOWN.to_owned()),
            list(quotation.addressees.iter().filter_map(|&id| name(id))),
            reference.unwrap_or_default(),
            String::new(),
            each(&|mention| quoted(mention.span.of(&document.text))),
            each(&|mention| shown(mention.span, &offsets)),
            each(&|mention| list(mention.entity.and_then(name).into_iter())),
        ])?;
    }
    table
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// `character_info.csv`.
pub(crate) fn characters(document: &Document) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["Character ID", "Main Name", "Aliases", "Gender", "Category"])?;
    for (index, entity) in document.entities.iter().enumerate() {
        // The number of an id that has one stays.
        let number = entity
            .id
            .strip_prefix('C')
            .filter(|rest| rest.parse::<u32>().is_ok());
        table.write_record([
            number.map_or_else(|| index.to_string(), str::to_owned),
            entity.name.clone(),
            list(entity.aliases.iter().cloned()),
            entity
                .gender
                .map_or_else(|| "U".to_owned(), |gender| gender.to_string()),
            String::new(),
        ])?;
    }
    table
        .into_inner()
        .map_err(|error| error.into_error().into())
}

fn spans(quotation: &Quotation, offsets: &Offsets<'_>) -> String {
    let spans: Vec<String> = quotation
        .content
        .iter()
        .map(|&span| shown(span, offsets))
        .collect();
    format!("[{}]", spans.join(", "))
}

fn shown(span: Span, offsets: &Offsets<'_>) -> String {
    let [start, end] = pair(span, offsets);
    format!("[{start}, {end}]")
}

/// The mentions of somebody in a part of a quotation.
fn inside(document: &Document, span: Span) -> Vec<&Mention> {
    let mentions = document.mentions.as_deref().unwrap_or_default();
    let from = mentions.partition_point(|mention| mention.span.start() < span.start());
    mentions
        .iter()
        .skip(from)
        .take_while(|mention| mention.span.start() < span.end())
        .filter(|mention| mention.entity.is_some() && span.contains(mention.span))
        .collect()
}
