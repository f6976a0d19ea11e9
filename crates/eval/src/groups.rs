//! Which groups a quotation counts in.

use std::collections::HashSet;

use dixit_document::{Document, Form, Kind, Quotation, Reference};

use crate::measure::Group;
use crate::names::normalised;
use crate::text::Text;

/// The groups of one quotation. What the data leave out and the text tells is filled in: the marks,
/// the form of the source, and from it how the speaker is made known.
pub(crate) fn groups_of(document: &Document, text: &Text, quotation: &Quotation) -> Vec<Group> {
    let mut groups = vec![Group::All];
    let marked = quotation
        .marked
        .or_else(|| stands_in_marks(text, quotation));
    groups.extend(quotation.kind.map(Group::Kind));
    groups.extend(marked.map(Group::Marked));
    if let (Some(kind), Some(marked)) = (quotation.kind, marked) {
        groups.push(Group::KindMarked(kind, marked));
    }
    groups.extend(quotation.mode.map(Group::Mode));
    let form = source_form(document, quotation);
    groups.extend(form.map(Group::SourceForm));
    groups.extend(
        quotation
            .reference
            .or_else(|| reference_of(form))
            .map(Group::Reference),
    );
    groups
}

/// Takes away the dimensions that `gold` does not tell, so that a prediction's own labels open no
/// group without gold items. A document without gold items tells nothing of that.
pub(crate) fn keep_told(groups: &mut [Vec<Group>], gold: &[Vec<Group>]) {
    if gold.is_empty() {
        return;
    }
    let told: HashSet<&str> = gold.iter().flatten().map(Group::dimension).collect();
    for groups in groups {
        groups.retain(|group| matches!(group, Group::All) || told.contains(group.dimension()));
    }
}

fn stands_in_marks(text: &Text, quotation: &Quotation) -> Option<bool> {
    match quotation.kind? {
        Kind::Direct => {
            let content = text.region(&quotation.content);
            let words = text.stripped(&content);
            (!words.is_empty()).then(|| text.opens_with_mark(words.start()))
        }
        Kind::Indirect | Kind::Mixed => Some(false),
    }
}

/// The form of the source where it is known, or a reading of its words.
fn source_form(document: &Document, quotation: &Quotation) -> Option<Form> {
    if quotation.source_form.is_some() {
        return quotation.source_form;
    }
    let first = quotation.source.first()?;
    let last = quotation.source.last()?;
    let mention = document
        .mentions
        .iter()
        .flatten()
        .find(|mention| mention.span == *first);
    if let Some(form) = mention.and_then(|mention| mention.form) {
        return Some(form);
    }
    let words = normalised(first.cover(*last).of(&document.text));
    if PRONOUNS.contains(&words.as_str()) {
        return Some(Form::Pronoun);
    }
    let speaker = quotation
        .speaker
        .and_then(|speaker| document.entities.get(speaker.index()));
    let named = match speaker {
        // A name, or a word of one, stands in the source.
        Some(entity) if entity.named => std::iter::once(&entity.name)
            .chain(&entity.aliases)
            .flat_map(|name| name.split_whitespace())
            .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
            .any(|word| contains_word(&words, &normalised(word))),
        Some(_) => false,
        None => first.of(&document.text).split_whitespace().any(|word| {
            word.chars().next().is_some_and(char::is_uppercase) && !is_function_word(word)
        }),
    };
    Some(if named { Form::Name } else { Form::Nominal })
}

fn contains_word(words: &str, wanted: &str) -> bool {
    !wanted.is_empty()
        && words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == wanted)
}

fn is_function_word(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "a" | "an"
            | "the"
            | "this"
            | "that"
            | "these"
            | "those"
            | "one"
            | "some"
            | "many"
            | "his"
            | "her"
            | "its"
            | "their"
            | "our"
            | "my"
            | "your"
    )
}

fn reference_of(form: Option<Form>) -> Option<Reference> {
    Some(match form? {
        Form::Name => Reference::Explicit,
        Form::Nominal | Form::Pronoun => Reference::Anaphoric,
    })
}

const PRONOUNS: &[&str] = &[
    "he",
    "she",
    "it",
    "they",
    "i",
    "we",
    "you",
    "him",
    "her",
    "them",
    "me",
    "us",
    "who",
    "whom",
    "which",
    "that",
    "this",
    "these",
    "those",
    "his",
    "hers",
    "its",
    "their",
    "my",
    "our",
    "your",
    "himself",
    "herself",
    "themselves",
    "both",
    "all",
    "others",
    "some",
    "many",
    "one",
    "someone",
    "anyone",
    "everyone",
    "somebody",
    "nobody",
    "everybody",
];
