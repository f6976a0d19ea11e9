//! Which member of a given cast somebody is whom the text was found to tell of: in news, where
//! sources name those who speak, entities are found first and looked up then.

use dixit_document::{Entity, EntityId, Gender, Quotation};

use crate::cast::Draft;
use crate::link::Linked;
use crate::words::lower;

/// What it is worth that a source is the name of a member, and that it holds one.
const SOURCE: f32 = 6.0;
const WITHIN: f32 = 3.0;
/// What it is worth that an entity’s name is a member’s name, or one of its other names.
const NAME: f32 = 4.0;
const ALIAS: f32 = 3.0;
/// What it is worth that one name ends as the other does: “Mayor Brandt”, “Ilse Brandt”.
const LAST: f32 = 1.5;

/// The words of a name, small, without article and possessive ending.
type Words = Vec<String>;

/// A member’s names, the principal one first.
struct Member {
    names: Vec<Words>,
}

/// Gives every quotation and mention a member of the cast in place of the entity that was found.
pub(crate) fn settle(text: &str, linked: Linked, cast: &[Entity]) -> Linked {
    let members: Vec<Member> = cast
        .iter()
        .map(|entity| Member {
            names: std::iter::once(&entity.name)
                .chain(&entity.aliases)
                .map(|name| words(name))
                .filter(|name| !name.is_empty())
                .collect(),
        })
        .collect();
    // For each entity what every member is worth for it.
    let known: Vec<Vec<f32>> = linked
        .entities
        .iter()
        .map(|entity| members.iter().map(|m| alike(entity, m)).collect())
        .collect();
    let of_entity = |id: EntityId| known.get(id.index()).map_or(&[][..], Vec::as_slice);
    let Linked {
        mut mentions,
        mut quotations,
        ..
    } = linked;
    for mention in &mut mentions {
        mention.entity = mention.entity.and_then(|id| best(of_entity(id).to_vec()));
    }
    mentions.retain(|mention| mention.entity.is_some());
    for quotation in &mut quotations {
        let by_entity = quotation.speaker.map_or(&[][..], of_entity);
        let mut scores: Vec<f32> = members
            .iter()
            .map(|member| by_source(text, quotation, member))
            .collect();
        for (score, more) in scores.iter_mut().zip(by_entity) {
            *score += more;
        }
        quotation.speaker = best(scores);
        if let Some(evidence) = &mut quotation.evidence {
            let other = evidence.runner_up.take();
            evidence.runner_up = other.and_then(|(id, score)| {
                let member = best(of_entity(id).to_vec())?;
                (Some(member) != quotation.speaker).then_some((member, score))
            });
        }
        let mut addressees: Vec<EntityId> = Vec::new();
        for &id in &quotation.addressees {
            if let Some(member) = best(of_entity(id).to_vec())
                && !addressees.contains(&member)
            {
                addressees.push(member);
            }
        }
        quotation.addressees = addressees;
        if quotation.speaker.is_none() {
            quotation.confidence = 0.0;
        }
    }
    Linked {
        mentions,
        entities: cast.to_vec(),
        quotations,
    }
}

/// Takes over what the cast says of genders.
pub(crate) fn genders(text: &str, drafts: &mut [Draft], cast: &[Entity]) {
    let known: Vec<(Words, Gender)> = cast
        .iter()
        .filter_map(|entity| Some((entity, entity.gender?)))
        .filter(|(_, gender)| *gender != Gender::Other)
        .flat_map(|(entity, gender)| {
            std::iter::once(&entity.name)
                .chain(&entity.aliases)
                .map(move |name| (words(name), gender))
        })
        .collect();
    for draft in drafts {
        let own: Vec<Words> = draft
            .names
            .iter()
            .map(|name| words(name.of(text)))
            .collect();
        let found = known.iter().find(|(name, _)| own.contains(name));
        if let Some(&(_, gender)) = found {
            draft.gender = Some(gender);
        }
    }
}

/// The member that is worth most; the first of several.
fn best(scores: Vec<f32>) -> Option<EntityId> {
    let mut best: Option<(usize, f32)> = None;
    for (index, score) in scores.into_iter().enumerate() {
        if score > best.map_or(0.0, |(_, most)| most) {
            best = Some((index, score));
        }
    }
    best.and_then(|(index, _)| u32::try_from(index).ok())
        .map(EntityId)
}

fn alike(entity: &Entity, member: &Member) -> f32 {
    let own: Vec<Words> = std::iter::once(&entity.name)
        .chain(&entity.aliases)
        .map(|name| words(name))
        .filter(|name| !name.is_empty())
        .collect();
    let mut score: f32 = 0.0;
    for (place, theirs) in member.names.iter().enumerate() {
        for (own_place, own) in own.iter().enumerate() {
            let worth = if own == theirs {
                if place == 0 || own_place == 0 {
                    NAME
                } else {
                    ALIAS
                }
            } else if own.last() == theirs.last() && (own_place == 0 || place == 0) {
                LAST
            } else {
                0.0
            };
            score = score.max(worth);
        }
    }
    // Of several that share a name the one that shares more of them.
    let shared = own.iter().filter(|own| member.names.contains(own)).count();
    if score > 0.0 {
        score + 0.25 * (shared as f32).min(6.0)
    } else {
        0.0
    }
}

fn by_source(text: &str, quotation: &Quotation, member: &Member) -> f32 {
    let source: Words = quotation
        .source
        .iter()
        .flat_map(|span| words(span.of(text)))
        .collect();
    if source.is_empty() || crate::pronouns::Pronoun::read(&source.join(" ")).is_some() {
        return 0.0;
    }
    let mut score: f32 = 0.0;
    for name in &member.names {
        let worth = if *name == source {
            SOURCE
        } else if source
            .windows(name.len())
            .any(|part| part == name.as_slice())
        {
            WITHIN * name.len() as f32 / source.len() as f32
        } else {
            0.0
        };
        score = score.max(worth);
    }
    score
}

fn words(name: &str) -> Words {
    let mut words: Words = name
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '.' | '&' | '-')))
        .map(|word| {
            let word = lower(word);
            let word = word.trim_end_matches("'s").trim_end_matches(['.', '\'']);
            word.to_owned()
        })
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 1 && matches!(words.first().map(String::as_str), Some("the" | "a" | "an")) {
        words.remove(0);
    }
    words
}
