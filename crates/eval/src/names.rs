//! Which gold entity a predicted one is.

use std::cmp::Reverse;
use std::collections::HashMap;

use dixit_document::{Document, Entity, EntityId};

use crate::measure::Mapping;
use crate::text::is_strippable;

/// A name as names are compared: in lower case, single blanks, straight apostrophes, no punctuation
/// at the ends, no leading article.
pub(crate) fn normalised(name: &str) -> String {
    let straight: String = name
        .chars()
        .map(|character| {
            if matches!(character, '’' | '‘' | 'ʼ') {
                '\''
            } else {
                character
            }
        })
        .flat_map(char::to_lowercase)
        .collect();
    let words: Vec<&str> = straight
        .trim_matches(is_strippable)
        .split_whitespace()
        .collect();
    let words = match words.split_first() {
        Some((&("a" | "an" | "the"), rest)) if !rest.is_empty() => rest,
        _ => &words,
    };
    words.join(" ")
}

/// The distinct names of an entity, its first.
fn names_of(entity: &Entity) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(entity.aliases.len() + 1);
    for name in std::iter::once(&entity.name).chain(&entity.aliases) {
        let name = normalised(name);
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Maps the predicted entities of one document to its gold ones.
pub(crate) struct EntityMap {
    /// For every predicted entity, the gold entities that bear its name.
    strict: Vec<Vec<usize>>,
    /// For every predicted entity, the gold entity that most of its names point to.
    majority: Vec<Option<usize>>,
}

impl EntityMap {
    /// With `cast`, the system chose among the gold entities: an id that gold data know decides
    /// before any name.
    pub(crate) fn new(gold: &Document, predicted: &Document, cast: bool) -> Self {
        let mut bearers: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, entity) in gold.entities.iter().enumerate() {
            for name in names_of(entity) {
                bearers.entry(name).or_default().push(index);
            }
        }
        let sizes: Vec<usize> = gold
            .entities
            .iter()
            .map(|entity| names_of(entity).len())
            .collect();
        let by_id: HashMap<&str, usize> = gold
            .entities
            .iter()
            .enumerate()
            .map(|(index, e)| (e.id.as_str(), index))
            .collect();
        let mut map = Self {
            strict: Vec::new(),
            majority: Vec::new(),
        };
        for entity in &predicted.entities {
            if let Some(&same) = by_id.get(entity.id.as_str()).filter(|_| cast) {
                map.strict.push(vec![same]);
                map.majority.push(Some(same));
                continue;
            }
            let names = names_of(entity);
            let named: &[usize] = bearers
                .get(&normalised(&entity.name))
                .map_or(&[], Vec::as_slice);
            map.strict.push(named.to_vec());
            let size = |index: usize| sizes.get(index).copied().unwrap_or(0);
            map.majority
                .push(most_pointed_to(&names, &bearers, named, size));
        }
        map
    }

    /// Whether the predicted entity is the gold one.
    pub(crate) fn is(&self, mapping: Mapping, predicted: EntityId, gold: EntityId) -> bool {
        match mapping {
            Mapping::Strict => self
                .strict
                .get(predicted.index())
                .is_some_and(|all| all.contains(&gold.index())),
            Mapping::Majority => {
                self.majority.get(predicted.index()).copied().flatten() == Some(gold.index())
            }
        }
    }
}

/// The gold entity with the most votes, every name voting for all its bearers. Among equals one
/// that bears the predicted entity's first name goes before, then the one with the fewest other
/// names, then the first in the gold data.
fn most_pointed_to(
    names: &[String],
    bearers: &HashMap<String, Vec<usize>>,
    named: &[usize],
    size: impl Fn(usize) -> usize,
) -> Option<usize> {
    let mut votes: HashMap<usize, usize> = HashMap::new();
    for &index in names.iter().filter_map(|name| bearers.get(name)).flatten() {
        *votes.entry(index).or_default() += 1;
    }
    let rank = |&(index, count): &(usize, usize)| {
        (
            count,
            named.contains(&index),
            Reverse(size(index)),
            Reverse(index),
        )
    };
    votes.into_iter().max_by_key(rank).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(id: &str, name: &str, aliases: &[&str]) -> Entity {
        Entity {
            id: id.to_owned(),
            name: name.to_owned(),
            entity_type: None,
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            gender: None,
            named: true,
        }
    }

    fn document(entities: Vec<Entity>) -> Document {
        Document {
            entities,
            ..Document::default()
        }
    }

    #[test]
    fn names_are_compared_without_dress() {
        assert_eq!(normalised("The  Duke of\tÅlborg,"), "duke of ålborg");
        assert_eq!(normalised("Miles O’Dowd"), "miles o'dowd");
        assert_eq!(normalised("The"), "the");
        assert_eq!(normalised("“—”"), "");
    }

    #[test]
    fn a_substring_is_no_name() {
        let gold = document(vec![entity("g", "Anna Lindqvist", &["Lindqvist"])]);
        let predicted = document(vec![
            entity("p", "Anna", &[]),
            entity("q", "LINDQVIST", &[]),
        ]);
        let map = EntityMap::new(&gold, &predicted, false);
        for mapping in Mapping::ALL {
            assert!(!map.is(*mapping, EntityId(0), EntityId(0)));
            assert!(map.is(*mapping, EntityId(1), EntityId(0)));
        }
    }

    #[test]
    fn strict_and_majority_differ_where_a_cluster_is_mixed() {
        // Named after the father, but two of three names are the daughter's.
        let gold = document(vec![
            entity("father", "Mr. Okoro", &["Okoro"]),
            entity("daughter", "Ada Okoro", &["Ada", "Miss Okoro"]),
        ]);
        let predicted = document(vec![entity("p", "Mr. Okoro", &["Ada", "Miss Okoro"])]);
        let map = EntityMap::new(&gold, &predicted, false);
        assert!(map.is(Mapping::Strict, EntityId(0), EntityId(0)));
        assert!(!map.is(Mapping::Strict, EntityId(0), EntityId(1)));
        assert!(map.is(Mapping::Majority, EntityId(0), EntityId(1)));
        assert!(!map.is(Mapping::Majority, EntityId(0), EntityId(0)));
        assert!(!map.is(Mapping::Majority, EntityId(9), EntityId(0)));
    }

    #[test]
    fn among_equal_votes_the_first_name_then_the_fewest_names_decide() {
        let gold = document(vec![
            entity("crew", "officials", &["police", "mayor"]),
            entity("one", "officials", &["police"]),
            entity("other", "mayor", &["guard"]),
        ]);
        let predicted = document(vec![
            entity("p", "police", &["officials"]),
            // One vote each for all three, but only the last bears its first name.
            entity("q", "guard", &["police"]),
        ]);
        let map = EntityMap::new(&gold, &predicted, false);
        assert!(map.is(Mapping::Majority, EntityId(0), EntityId(1)));
        assert!(map.is(Mapping::Majority, EntityId(1), EntityId(2)));
    }

    #[test]
    fn with_the_cast_given_the_id_decides() {
        let cast = vec![entity("tom1", "Tom", &[]), entity("tom2", "Tom", &[])];
        let (gold, predicted) = (document(cast.clone()), document(cast));
        let by_name = EntityMap::new(&gold, &predicted, false);
        assert!(by_name.is(Mapping::Strict, EntityId(1), EntityId(0)));
        let by_id = EntityMap::new(&gold, &predicted, true);
        assert!(!by_id.is(Mapping::Strict, EntityId(1), EntityId(0)));
        assert!(by_id.is(Mapping::Strict, EntityId(1), EntityId(1)));
    }
}
