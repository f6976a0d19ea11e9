//! Whom a description stands for.

use dixit_document::EntityType;

use crate::cast::Draft;
use crate::lexicon::NounKind;
use crate::phrase::{Determiner, Phrase};
use crate::scene::Scene;

/// Entities that the description fits, best first, with their scores (none: someone new), and whether
/// they are known by it. Whoever is only at hand may be someone else the next time.
pub(crate) fn candidates(
    scene: &Scene<'_>,
    at: usize,
    phrase: &Phrase,
) -> (Vec<(usize, f32)>, bool) {
    let cast = scene.cast;
    let recency = scene.salient(at, |draft| {
        cast.get(draft).map_or(0.0, |draft| suits(phrase, draft))
    });
    let mut scored: Vec<(usize, f32)> = Vec::new();
    for (index, draft) in cast.drafts.iter().enumerate() {
        let Some(fit) = fit(phrase, draft) else {
            continue;
        };
        let recent = recency
            .iter()
            .find(|(candidate, _)| *candidate == index)
            .map_or(0.0, |(_, score)| score / (1.0 + score));
        scored.push((index, fit + recent));
    }
    let known = !scored.is_empty();
    if !known && points_back(phrase) {
        scored = recency;
        scored.truncate(4);
    }
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    (scored, known)
}

/// Whether the description can be of that kind of entity at all.
fn suits(phrase: &Phrase, draft: &Draft) -> f32 {
    // A narrator does not speak of himself as “the waiter”.
    if phrase.plural != draft.plural || draft.label.is_some() {
        return 0.0;
    }
    let kind = match phrase.kind() {
        Some(NounKind::Person) => draft.is_person(),
        Some(NounKind::Organization) => draft.kind == Some(EntityType::Organization),
        Some(NounKind::Document) => draft.kind == Some(EntityType::Document),
        Some(NounKind::Group) => draft.kind == Some(EntityType::Group),
        None => false,
    };
    let gender = phrase.gender().is_none_or(|gender| draft.agrees(gender));
    if !kind || !gender {
        0.0
    } else if phrase.gender().is_some() && draft.gender == phrase.gender() {
        1.0
    } else {
        0.7
    }
}

/// How well a description fits what is known of an entity by its words.
fn fit(phrase: &Phrase, draft: &Draft) -> Option<f32> {
    if let Some(gender) = phrase.gender()
        && !draft.agrees(gender)
    {
        return None;
    }
    let mut best: Option<f32> = None;
    let mut offer = |score: f32| best = Some(best.map_or(score, |old: f32| old.max(score)));
    for old in &draft.descriptions {
        // “the next president” is not President Lind.
        let strange = draft.named
            && old.modifiers.is_empty()
            && !phrase
                .modifiers
                .iter()
                .all(|word| draft.words.contains(word));
        if strange {
            continue;
        }
        if let Some(score) = same_description(phrase, old, draft.named) {
            offer(score);
        }
    }
    let told = phrase.is_definite()
        && !phrase.plural
        && draft.words.contains(&phrase.head)
        && phrase
            .modifiers
            .iter()
            .all(|word| draft.words.contains(word));
    // “the thin gentleman” for a thin, elderly gentleman of the cast.
    if draft.named && draft.is_person() && told && !phrase.modifiers.is_empty() {
        offer(2.0);
    }
    // “the budget office” for the Congressional Budget Office.
    if draft.named && !draft.is_person() && told {
        offer(if phrase.modifiers.is_empty() {
            1.0
        } else {
            2.0
        });
    }
    best
}

/// Whether two descriptions are of the same entity, and how surely.
fn same_description(new: &Phrase, old: &Phrase, named: bool) -> Option<f32> {
    let strangers = !named && is_stranger(new) && is_stranger(old);
    if new.head != old.head && !strangers || new.plural != old.plural {
        return None;
    }
    let shared = new.modifiers.intersection(&old.modifiers).count();
    let shared_score = f32::from(u8::try_from(shared).unwrap_or(u8::MAX));
    let inside = new.modifiers.is_subset(&old.modifiers) || old.modifiers.is_subset(&new.modifiers);
    let equal = new.modifiers == old.modifiers;
    match new.determiner {
        _ if equal && (!new.modifiers.is_empty() || new.plural) => Some(2.0 + shared_score),
        // “a pilot” is someone new, unless the same words come again.
        Determiner::Indefinite => (inside && shared > 0).then_some(1.0 + shared_score),
        Determiner::None if new.plural => (inside && shared > 0).then_some(1.0 + shared_score),
        Determiner::None | Determiner::Definite | Determiner::Demonstrative => {
            if inside {
                Some(1.0 + shared_score)
            } else {
                (named && shared > 0).then_some(shared_score)
            }
        }
        Determiner::Possessive => (inside && (shared > 0 || !named)).then_some(1.0 + shared_score),
    }
}

/// Whether a description is of somebody who has come and whom nobody knows, whatever he is called:
/// “the stranger”, “her visitor”, “the strange man”.
fn is_stranger(phrase: &Phrase) -> bool {
    match phrase.head.as_str() {
        "stranger" | "visitor" | "guest" | "newcomer" | "intruder" => true,
        "man" | "gentleman" | "woman" | "lady" | "person" => phrase
            .modifiers
            .iter()
            .any(|word| word == "strange" || word == "unknown"),
        _ => false,
    }
}

/// Whether a description without a match must still mean someone mentioned: “the senator”.
fn points_back(phrase: &Phrase) -> bool {
    let short = phrase.modifiers.len() <= 2;
    match phrase.kind() {
        Some(NounKind::Person) => {
            let present = phrase.determiner == Determiner::Possessive && is_present(&phrase.head);
            (phrase.is_definite() || present) && !phrase.plural && short
        }
        Some(NounKind::Organization) => {
            phrase.is_definite()
                && !phrase.plural
                && phrase.modifiers.is_empty()
                && !matches!(
                    phrase.head.as_str(),
                    "government"
                        | "administration"
                        | "campaign"
                        | "state"
                        | "court"
                        | "senate"
                        | "house"
                        | "party"
                        | "police"
                        | "county"
                        | "industry"
                        | "opposition"
                )
        }
        Some(NounKind::Document) => {
            phrase.is_definite() && !phrase.plural && phrase.modifiers.is_empty()
        }
        _ => false,
    }
}

/// Whether somebody’s so-and-so is whoever is with him: “her visitor”.
fn is_present(head: &str) -> bool {
    matches!(
        head,
        "visitor"
            | "guest"
            | "companion"
            | "host"
            | "hostess"
            | "interlocutor"
            | "listener"
            | "client"
            | "patient"
            | "prisoner"
            | "opponent"
            | "adversary"
            | "tormentor"
            | "questioner"
            | "captor"
            | "friend"
            | "comrade"
            | "neighbour"
            | "neighbor"
    )
}
