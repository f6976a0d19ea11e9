//! A cast that is given: where its members are named in the text.

use std::collections::HashMap;

use dixit_document::{Entity, EntityType, Gender, Label, NamedEntity, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::cast::Draft;
use crate::phrase::known_noun;
use crate::words::{Word, lower, word};

/// How far back, in bytes, the bearer of an ambiguous name may have been told of.
const REACH: usize = 4000;

/// A name of somebody in the cast.
struct Pattern {
    /// Lower-case words, without a leading article.
    words: Vec<String>,
    /// Whether an article stood before: then the text may write it small (“the cook”).
    article: bool,
    /// Everybody who goes by it, as indices into the cast.
    bearers: Vec<usize>,
}

/// A place where somebody of the cast is named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Named {
    pub name: NamedEntity,
    /// Its index in the cast.
    pub bearer: usize,
}

/// What is known of each member before the text is read.
pub(crate) fn drafts(cast: &[Entity]) -> Vec<Draft> {
    cast.iter()
        .map(|entity| Draft {
            kind: entity.entity_type.or(Some(EntityType::Person)),
            named: true,
            gender: entity.gender.filter(|gender| *gender != Gender::Other),
            plural: entity.entity_type == Some(EntityType::Group),
            narrates: own_names(entity).any(is_narrator),
            words: own_names(entity)
                .flat_map(|name| name_words(name).0)
                .collect(),
            ..Draft::default()
        })
        .collect()
}

/// Finds the members' names, in text order; they do not overlap.
pub(crate) fn named(text: &str, layout: &Layout, cast: &[Entity]) -> Vec<Named> {
    let patterns = patterns(cast);
    // By their first word, longest first.
    let mut index: HashMap<&str, Vec<&Pattern>> = HashMap::new();
    for pattern in &patterns {
        if let Some(first) = pattern.words.first() {
            index.entry(first).or_default().push(pattern);
        }
    }
    for list in index.values_mut() {
        list.sort_by_key(|pattern| std::cmp::Reverse(pattern.words.len()));
    }
    let tokens: Vec<Word<'_>> = layout
        .tokens
        .iter()
        .map(|token| word(text, token.span, token.kind))
        .collect();
    let mut found: Vec<(Span, &Pattern)> = Vec::new();
    let mut at = 0;
    while let Some(first) = tokens.get(at) {
        let hit = (first.kind == TokenKind::Word)
            .then(|| index.get(bare(&first.lower)))
            .flatten()
            .and_then(|list| {
                list.iter()
                    .find_map(|pattern| Some((pattern, fits(&tokens, at, pattern)?)))
            });
        let Some((pattern, last)) = hit else {
            at += 1;
            continue;
        };
        let end = tokens.get(last).map_or(first.span.end(), |w| w.span.end());
        found.push((Span::new(first.span.start(), end), pattern));
        at = last + 1;
    }
    bearers(cast.len(), &found)
}

/// Decides ambiguous names: for whoever was told of last, else for whoever is told of most.
fn bearers(members: usize, found: &[(Span, &Pattern)]) -> Vec<Named> {
    let mut counts = vec![0_usize; members];
    for (_, pattern) in found {
        if let [bearer] = pattern.bearers.as_slice()
            && let Some(count) = counts.get_mut(*bearer)
        {
            *count += 1;
        }
    }
    let mut last: Vec<Option<usize>> = vec![None; members];
    let mut named = Vec::with_capacity(found.len());
    for (span, pattern) in found {
        let recent = pattern
            .bearers
            .iter()
            .filter_map(|&bearer| Some((last.get(bearer).copied().flatten()?, bearer)))
            .filter(|&(place, _)| span.start() - place < REACH)
            .max();
        let most = pattern
            .bearers
            .iter()
            .map(|&bearer| (counts.get(bearer).copied(), std::cmp::Reverse(bearer)))
            .max();
        let bearer = recent
            .map(|(_, bearer)| bearer)
            .or(most.map(|(_, bearer)| bearer.0));
        let Some(bearer) = bearer else { continue };
        if pattern.bearers.len() == 1
            && let Some(place) = last.get_mut(bearer)
        {
            *place = Some(span.start());
        }
        named.push(Named {
            name: NamedEntity {
                span: *span,
                label: Label::Per,
                confidence: 1.0,
            },
            bearer,
        });
    }
    named
}

fn own_names(entity: &Entity) -> impl Iterator<Item = &str> {
    std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(String::as_str))
}

/// The names of the cast and what they are commonly shortened to.
fn patterns(cast: &[Entity]) -> Vec<Pattern> {
    let mut patterns = Patterns::default();
    let short = shortened(cast);
    for (bearer, entity) in cast.iter().enumerate() {
        for name in own_names(entity) {
            // “Her Sister” is whoever’s sister is being told of.
            if is_owned(name) || is_narrator(name) {
                continue;
            }
            let (words, article) = name_words(name);
            // A member who is only called “Lind” beside a Tom Lind is a slip of the list.
            let mut bearers = short.iter().filter(|short| short.0 == words);
            let slip = words.len() == 1
                && own_names(entity).all(|other| other == name)
                && bearers.next().is_some_and(|short| short.2 != bearer)
                && bearers.next().is_none();
            if !slip {
                patterns.add(words, article, bearer);
            }
        }
    }
    // Names of their own are not made ambiguous by what others may be shortened to.
    let own = patterns.list.len();
    for (words, article, bearer) in short {
        if patterns
            .places
            .get(&words)
            .is_none_or(|&place| place >= own)
        {
            patterns.add(words, article, bearer);
        }
    }
    patterns.list
}

#[derive(Default)]
struct Patterns {
    list: Vec<Pattern>,
    places: HashMap<Vec<String>, usize>,
}

impl Patterns {
    fn add(&mut self, words: Vec<String>, article: bool, bearer: usize) {
        if words.is_empty() || words.iter().all(|word| word.chars().count() < 2) {
            return;
        }
        // Everybody has one: “a voice” alone is nobody’s name.
        if article && matches!(words.as_slice(), [only] if only == "voice") {
            return;
        }
        let known = self.places.get(&words);
        if let Some(pattern) = known.and_then(|&place| self.list.get_mut(place)) {
            pattern.article |= article;
            if !pattern.bearers.contains(&bearer) {
                pattern.bearers.push(bearer);
            }
            return;
        }
        self.places.insert(words.clone(), self.list.len());
        self.list.push(Pattern {
            words,
            article,
            bearers: vec![bearer],
        });
    }
}

/// What names are commonly shortened to: “Ralph Denham” is Ralph, and Denham, unless somebody else
/// is; Inspector Lunt is the inspector where there is no other.
fn shortened(cast: &[Entity]) -> Vec<(Vec<String>, bool, usize)> {
    let mut short: Vec<Short> = Vec::new();
    for (bearer, entity) in cast.iter().enumerate() {
        for name in own_names(entity) {
            let (words, article) = name_words(name);
            let [first, .., last] = words.as_slice() else {
                continue;
            };
            let mut add = |word: &String, article: bool, called: bool| {
                short.push(Short {
                    word: word.clone(),
                    article,
                    called,
                    bearer,
                });
            };
            if is_owned(name) {
                // “His Valet” is the valet.
                add(last, true, true);
                continue;
            }
            // “Tall, Dark Man” describes somebody.
            if article || known_noun(last).is_some() {
                continue;
            }
            let title = |word: &String| crate::lexicon::lexicon().title(word).is_some();
            let social = is_social(first);
            if title(first) && !social {
                add(first, true, true);
            }
            if !title(first) {
                add(first, false, true);
            }
            if !title(last) {
                // Nobody says “Lind” of Mrs. Lind where there is a Tom Lind.
                add(
                    last,
                    false,
                    !social && entity.gender != Some(Gender::Female),
                );
            }
        }
    }
    short.sort();
    short.dedup();
    short
        .chunk_by(|a, b| a.word == b.word && a.article == b.article)
        .filter_map(|same| {
            let mut bearers: Vec<usize> = same.iter().map(|short| short.bearer).collect();
            bearers.dedup();
            if bearers.len() > 1 {
                let called = same.iter().filter(|short| short.called);
                bearers = called.map(|short| short.bearer).collect();
                bearers.dedup();
            }
            let first = same.first()?;
            let named = |bearer| (vec![first.word.clone()], first.article, bearer);
            Some(bearers.into_iter().map(named))
        })
        .flatten()
        .collect()
}

/// A part of somebody’s name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Short {
    word: String,
    /// Whether the text writes it with an article.
    article: bool,
    bearer: usize,
    /// Whether the bearer is likely to be called just that.
    called: bool,
}

fn is_social(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "miss"
            | "ms"
            | "mme"
            | "madame"
            | "monsieur"
            | "lady"
            | "dr"
            | "sir"
            | "aunt"
            | "uncle"
            | "cousin"
    )
}

/// The words of a name, small, without a leading article, and whether there was one.
fn name_words(name: &str) -> (Vec<String>, bool) {
    let layout = Layout::read(name);
    let mut words: Vec<String> = layout
        .tokens
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number))
        .map(|token| bare(&lower(token.span.of(name))).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    let article = matches!(words.first().map(String::as_str), Some("the" | "a" | "an"));
    if article && words.len() > 1 {
        words.remove(0);
        return (words, true);
    }
    (words, false)
}

fn is_owned(name: &str) -> bool {
    let first = name.split_whitespace().next().map(lower);
    matches!(
        first.as_deref(),
        Some("his" | "her" | "my" | "their" | "our" | "your")
    )
}

/// Whether an alias says that somebody tells the story, as PDNC writes it (“Narr”) or in full.
fn is_narrator(alias: &str) -> bool {
    let alias = lower(alias.trim_matches('_'));
    matches!(alias.as_str(), "i" | "narr" | "narrator" | "the narrator")
}

/// A title without its full stop.
fn bare(word: &str) -> &str {
    word.trim_end_matches('.')
}

/// The last token of a pattern that begins at a token.
fn fits(tokens: &[Word<'_>], at: usize, pattern: &Pattern) -> Option<usize> {
    let mut place = at;
    let mut capitals = 0;
    for (index, wanted) in pattern.words.iter().enumerate() {
        // The full stop of “Dr.” may stand apart, and “a tall, dark man” has a comma.
        let skipped = |word: &Word<'_>| word.text == "." || pattern.article && word.text == ",";
        if index > 0 && tokens.get(place).is_some_and(skipped) {
            place += 1;
        }
        let word = tokens.get(place)?;
        // A possessive inside a name (“Alice’s sister”) is part of it.
        let same = bare(&word.lower) == wanted
            || word.possessive && wanted.strip_suffix("'s") == Some(&word.lower);
        if !same {
            return None;
        }
        capitals += usize::from(word.is_capital());
        place += 1;
    }
    let led = at.checked_sub(1).and_then(|before| tokens.get(before));
    let article = led.is_some_and(|word| {
        matches!(
            word.lower.as_str(),
            "the" | "a" | "an" | "that" | "this" | "his" | "her" | "my" | "our"
        )
    });
    let written = capitals == pattern.words.len()
        || capitals > 0 && pattern.words.len() > 1
        || pattern.article && article;
    written.then(|| place.saturating_sub(1).max(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(name: &str, aliases: &[&str]) -> Entity {
        Entity {
            id: name.into(),
            name: name.into(),
            entity_type: Some(EntityType::Person),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            gender: None,
            named: true,
        }
    }

    fn found(text: &str, cast: &[Entity]) -> Vec<(String, usize)> {
        named(text, &Layout::read(text), cast)
            .iter()
            .map(|named| (named.name.span.of(text).to_owned(), named.bearer))
            .collect()
    }

    #[test]
    fn full_and_short_names() {
        let cast = [
            entity("Ilse Brandt", &["Mrs. Brandt"]),
            entity("The Ferryman", &[]),
            entity("Édouard Haak", &["Haak"]),
        ];
        let text =
            "🎉 “Go,” said Mrs. Brandt. Ilse’s ferryman, the ferryman of Haak, saw Ilse Brandt.";
        assert_eq!(
            found(text, &cast),
            [
                ("Mrs. Brandt".to_owned(), 0),
                ("Ilse".to_owned(), 0),
                ("ferryman".to_owned(), 1),
                ("Haak".to_owned(), 2),
                ("Ilse Brandt".to_owned(), 0),
            ]
        );
    }

    #[test]
    fn descriptions_have_commas() {
        let cast = [entity("A Tall, Dark Man", &[])];
        let text = "There sat a tall,\r\ndark man. A tall dark — man?";
        assert_eq!(found(text, &cast), [("tall,\r\ndark man".to_owned(), 0)]);
    }

    #[test]
    fn shared_surname_is_whose_was_told_of() {
        let cast = [
            entity("Tom Lind", &["Mr. Lind", "Lind"]),
            entity("Una Lind", &["Lind"]),
        ];
        let text = "Una sat. Lind was tired.";
        assert_eq!(
            found(text, &cast),
            [("Una".to_owned(), 1), ("Lind".to_owned(), 1)]
        );
    }
}
