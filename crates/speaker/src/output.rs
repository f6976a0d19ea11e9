//! From drafts to the entities and mentions of the document.

use std::collections::HashMap;

use dixit_document::{Entity, EntityId, EntityType, Form, Mention};

use crate::cast::Draft;
use crate::decide::Decider;
use crate::mentions::What;
use crate::words::{lower, without_possessive};

/// One mention in so many is taken for a slip of the named-entity model.
const SLIPS: usize = 50;

/// Entities in the order of their first mention, and where each draft went.
pub(crate) fn entities(
    decider: &Decider<'_>,
    speakers: &[Option<usize>],
) -> (Vec<Entity>, HashMap<usize, EntityId>) {
    let mut mentions: HashMap<usize, usize> = HashMap::new();
    let mut order: Vec<usize> = Vec::new();
    let mut meet = |draft: usize| {
        let count = mentions.entry(draft).or_insert(0);
        *count += 1;
        if *count == 1 {
            order.push(draft);
        }
    };
    for draft in decider.resolved.iter().flatten() {
        meet(*draft);
    }
    for draft in speakers.iter().flatten() {
        meet(*draft);
    }
    let mut entities = Vec::new();
    let mut places = HashMap::new();
    for index in order {
        let Some(draft) = decider.cast.get(index) else {
            continue;
        };
        let speaks = speakers.contains(&Some(index));
        let often = mentions.get(&index).is_some_and(|&count| count > 1);
        if !draft.named && !speaks && !often {
            continue;
        }
        let number = entities.len();
        let Ok(id) = u32::try_from(number) else {
            break;
        };
        places.insert(index, EntityId(id));
        entities.push(entity(decider.text, draft, number + 1, speaks));
    }
    (entities, places)
}

/// A cast that was given, as it was given.
pub(crate) fn cast(cast: &[Entity]) -> (Vec<Entity>, HashMap<usize, EntityId>) {
    let places = (0..cast.len())
        .filter_map(|index| Some((index, EntityId(u32::try_from(index).ok()?))))
        .collect();
    (cast.to_vec(), places)
}

fn entity(text: &str, draft: &Draft, number: usize, speaks: bool) -> Entity {
    let name = titled(text, draft, fullest(text, draft));
    let mut aliases: Vec<String> = Vec::new();
    for span in draft.names.iter().chain(&draft.aliases) {
        let alias = one_line(without_article(without_possessive(span.of(text))));
        let known = |other: &String| lower(other) == lower(&alias);
        if !alias.is_empty() && alias != name && !aliases.iter().any(known) {
            aliases.push(alias);
        }
    }
    // A place that speaks acts as a state.
    let kind = match draft.kind {
        Some(EntityType::Location) if speaks => EntityType::Organization,
        Some(kind) => kind,
        None => EntityType::Other,
    };
    Entity {
        id: format!("e{number}"),
        name,
        entity_type: Some(kind),
        aliases,
        gender: draft.gender,
        named: draft.named,
    }
}

/// The name of most words that is more than a slip; of those the one most often used.
fn fullest<'t>(text: &'t str, draft: &'t Draft) -> &'t str {
    if let Some(label) = draft.label {
        return label;
    }
    if !draft.named {
        return draft
            .names
            .first()
            .map_or("", |span| without_article(span.of(text)));
    }
    let counts = tally(draft.names.iter().map(|span| span.of(text)));
    // Among many mentions of somebody, a longer name that stands once is seldom a name.
    let least = (draft.names.len() / SLIPS).max(1);
    let often = counts.iter().map(|&(_, count)| count).max().unwrap_or(0);
    let mut best: Option<((usize, bool, usize), &str)> = None;
    for (name, count) in counts {
        if count < least.min(often) {
            continue;
        }
        let mixed = name.chars().any(char::is_lowercase);
        let rank = (name.split_whitespace().count(), mixed, count);
        if best.is_none_or(|(old, _)| rank > old) {
            best = Some((rank, name));
        }
    }
    best.map_or("", |(_, name)| name)
}

/// A lone surname with the title that it has most often: “Mrs. Lind” is not just any Lind.
fn titled(text: &str, draft: &Draft, name: &str) -> String {
    if !draft.named || draft.label.is_some() || name.contains(char::is_whitespace) {
        return one_line(name);
    }
    let titled = draft.aliases.iter().map(|span| span.of(text));
    let counts = tally(
        titled
            .filter(|alias| {
                alias
                    .rsplit_once(char::is_whitespace)
                    .is_some_and(|(title, last)| {
                        last == name && title.starts_with(char::is_uppercase)
                    })
            })
            .map(one_line),
    );
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let bare = draft.names.len().saturating_sub(all);
    // Among equals the first.
    let best = counts.into_iter().rev().max_by_key(|&(_, count)| count);
    best.filter(|&(_, count)| count > bare)
        .map_or_else(|| one_line(name), |(alias, _)| alias)
}

/// How often each name stands, in the order in which they first do.
fn tally<N: PartialEq>(names: impl Iterator<Item = N>) -> Vec<(N, usize)> {
    let mut counts: Vec<(N, usize)> = Vec::new();
    for name in names {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    counts
}

/// Without a leading article.
fn without_article(text: &str) -> &str {
    for article in ["the ", "The ", "THE ", "a ", "A ", "an ", "An "] {
        if let Some(rest) = text.strip_prefix(article) {
            return rest.trim_start();
        }
    }
    text
}

fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The mentions of entities that are kept, in text order.
pub(crate) fn mentions(decider: &Decider<'_>, places: &HashMap<usize, EntityId>) -> Vec<Mention> {
    decider
        .expressions
        .iter()
        .zip(&decider.resolved)
        .filter_map(|(expression, draft)| {
            let entity = places.get(draft.as_ref()?)?;
            let form = form_of(&expression.what);
            Some(Mention {
                span: expression.span,
                entity: Some(*entity),
                form: Some(form),
                label: None,
            })
        })
        .filter(|mention| !mention.span.is_empty())
        .collect()
}

/// The form of an expression.
pub(crate) fn form_of(what: &What) -> Form {
    match what {
        What::Name(_) | What::Names(..) => Form::Name,
        What::Pronoun(_) => Form::Pronoun,
        What::Phrase(_) => Form::Nominal,
    }
}

/// The form of a source by its head.
pub(crate) fn form(head: &crate::source::Head) -> Option<Form> {
    match head {
        crate::source::Head::Names(_) => Some(Form::Name),
        crate::source::Head::Pronoun(_) => Some(Form::Pronoun),
        crate::source::Head::Phrase(_) => Some(Form::Nominal),
        crate::source::Head::None => None,
    }
}
