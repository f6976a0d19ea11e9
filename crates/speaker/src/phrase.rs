//! What a noun phrase is made of: its head, what modifies it, how it is determined.

use std::collections::BTreeSet;

use dixit_document::{Gender, Span};
use dixit_tokenize::TokenKind;

use crate::lexicon::{Noun, NounKind, lexicon};
use crate::words::Word;

/// How a phrase begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Determiner {
    /// the
    Definite,
    /// this, that, these, those
    Demonstrative,
    /// a, an, another, some, one …
    Indefinite,
    /// his, Calloway’s …
    Possessive,
    None,
}

/// A description.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Phrase {
    /// The head in the singular and lower case.
    pub head: String,
    pub noun: Option<Noun>,
    pub plural: bool,
    pub determiner: Determiner,
    /// The other words that carry meaning, of the head’s own part and of what depends on it.
    pub modifiers: BTreeSet<String>,
    /// From after the determiner to before the first preposition.
    pub core: Span,
    /// From after the determiner to before the first comma or relative clause.
    pub whole: Span,
    /// The pronoun that owns what is described: “his” aides.
    pub owner: Option<Span>,
}

impl PartialEq for Noun {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.gender == other.gender
    }
}

impl Phrase {
    /// Reads the phrase that the words begin with; none if they hold no word.
    pub fn read(words: &[Word<'_>]) -> Option<Self> {
        let (determiner, start) = determiner(words);
        let rest = words.get(start..)?;
        if let ([], Some(last)) = (rest, words.last())
            && last.lower == "another"
        {
            return Some(Self {
                head: last.lower.clone(),
                noun: None,
                plural: false,
                determiner,
                modifiers: BTreeSet::new(),
                core: last.span,
                whole: last.span,
                owner: None,
            });
        }
        let whole = rest.get(..end_of_whole(rest))?;
        let core = whole.get(..end_of_core(whole))?;
        let content: Vec<&Word<'_>> = core.iter().filter(|word| word.is_word()).collect();
        let (position, (head, noun, plural)) = head(&content)?;
        let core = content
            .get(position)
            .filter(|_| noun.is_some())
            .and_then(|head| core.iter().position(|word| word.span == head.span))
            .and_then(|at| core.get(..=at))
            .unwrap_or(core);
        let mut modifiers = BTreeSet::new();
        for (index, word) in content.iter().enumerate() {
            if index != position {
                add(&mut modifiers, word);
            }
        }
        for word in whole.get(core.len()..).unwrap_or(&[]) {
            add(&mut modifiers, word);
        }
        modifiers.remove(&head);
        if let Some(owner) = start
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .filter(|word| determiner == Determiner::Possessive && word.possessive)
        {
            add(&mut modifiers, owner);
        }
        Some(Self {
            head,
            noun,
            plural,
            determiner,
            modifiers,
            core: cover(core)?,
            whole: cover(whole)?.cover(owner(words, start, determiner).unwrap_or(cover(core)?)),
            owner: words
                .get(..start)
                .and_then(<[Word<'_>]>::last)
                .filter(|word| matches!(word.lower.as_str(), "his" | "her" | "their" | "its"))
                .map(|word| word.span),
        })
    }

    pub fn kind(&self) -> Option<NounKind> {
        self.noun.map(|noun| noun.kind)
    }

    pub fn gender(&self) -> Option<Gender> {
        self.noun.and_then(|noun| noun.gender)
    }

    pub fn is_definite(&self) -> bool {
        matches!(
            self.determiner,
            Determiner::Definite | Determiner::Demonstrative
        )
    }
}

/// The name that owns what the phrase describes: “Ms. Calloway’s” managers.
fn owner(words: &[Word<'_>], start: usize, determiner: Determiner) -> Option<Span> {
    if determiner != Determiner::Possessive {
        return None;
    }
    let owned = words.get(..start)?;
    let last = owned.last().filter(|word| word.possessive)?;
    let first = owned
        .iter()
        .find(|word| word.is_word() && !matches!(word.lower.as_str(), "the" | "a" | "an"))?;
    Some(Span::new(first.span.start(), last.span.end()))
}

/// The span from the first to the last word.
pub(crate) fn cover(words: &[Word<'_>]) -> Option<Span> {
    let (first, last) = (words.first()?, words.last()?);
    let end = last.span.end();
    Some(Span::new(first.span.start(), end))
}

/// The determiner and where the phrase goes on behind it.
fn determiner(words: &[Word<'_>]) -> (Determiner, usize) {
    let mut at = 0;
    let mut found = Determiner::None;
    while let Some(word) = words.get(at) {
        let next = match word.lower.as_str() {
            "the" => Determiner::Definite,
            "this" | "that" | "these" | "those" => Determiner::Demonstrative,
            "a" | "an" | "another" | "some" | "one" | "many" | "several" | "most" | "other"
            | "few" | "no" | "any" | "every" | "each" | "certain" | "various" | "numerous"
            | "more" => Determiner::Indefinite,
            "his" | "her" | "their" | "its" | "my" | "our" | "your" => Determiner::Possessive,
            "all" | "both" | "even" | "only" | "about" | "nearly" | "almost" | "roughly"
            | "while" | "as" | "but" | "and" | "because" | "though" | "although" | "when"
            | "among" | "according" | "to" | "by" | "from" => found,
            _ if !word.is_word() && at == 0 => found,
            _ => break,
        };
        // “one of the”, “some said”: the word is the head itself.
        let ahead = words.get(at + 1);
        if ahead.is_none_or(|next| {
            is_preposition(&next.lower) || !next.is_word() && next.kind != TokenKind::Mark
        }) && word.is_word()
        {
            break;
        }
        found = next;
        at += 1;
    }
    // “Calloway’s campaign manager”: the owner determines.
    if found != Determiner::Possessive
        && let Some(owner) = words
            .get(at..)
            .unwrap_or(&[])
            .iter()
            .take(5)
            .take_while(|word| word.is_word() && !is_preposition(&word.lower))
            .position(|word| word.possessive)
        && words.get(at + owner + 1).is_some_and(Word::is_word)
    {
        return (Determiner::Possessive, at + owner + 1);
    }
    (found, at)
}

fn end_of_whole(words: &[Word<'_>]) -> usize {
    words
        .iter()
        .enumerate()
        .position(|(index, word)| {
            index > 0
                && (matches!(
                    word.lower.as_str(),
                    "who"
                        | "which"
                        | "that"
                        | "whose"
                        | "whom"
                        | "where"
                        | "when"
                        | "while"
                        | "including"
                ) || matches!(
                    word.lower.as_str(),
                    "," | ";" | ":" | "(" | "—" | "–" | "--" | "-"
                ))
        })
        .unwrap_or(words.len())
}

fn end_of_core(words: &[Word<'_>]) -> usize {
    words
        .iter()
        .enumerate()
        .position(|(index, word)| {
            index > 0
                && (is_preposition(&word.lower)
                    || matches!(
                        word.lower.as_str(),
                        "familiar"
                            | "close"
                            | "speaking"
                            | "last"
                            | "this"
                            | "released"
                            | "published"
                    ))
        })
        .unwrap_or(words.len())
}

/// Verbs that only go with others, and being and having.
pub(crate) fn is_auxiliary(word: &str) -> bool {
    matches!(
        word,
        "is" | "was" | "are" | "were" | "has" | "had" | "have" | "will" | "would"
    )
}

/// Words that begin what depends on a noun.
pub(crate) fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "of" | "in"
            | "at"
            | "for"
            | "from"
            | "to"
            | "with"
            | "on"
            | "by"
            | "about"
            | "against"
            | "near"
            | "under"
            | "over"
            | "into"
            | "like"
            | "among"
            | "between"
            | "within"
            | "without"
            | "behind"
            | "through"
            | "toward"
            | "towards"
            | "upon"
            | "across"
            | "around"
            | "before"
            | "after"
            | "during"
            | "outside"
            | "inside"
            | "via"
    )
}

type Head = (String, Option<Noun>, bool);

/// The last noun of the list among the words, else the last word; with its place.
fn head(words: &[&Word<'_>]) -> Option<(usize, Head)> {
    let last = words.len().checked_sub(1)?;
    for (index, word) in words.iter().enumerate().rev().take(4) {
        if let Some(head) = known_noun(&word.lower) {
            return Some((index, head));
        }
        // A capital word behind a noun is no longer part of the description.
        if word.possessive {
            break;
        }
    }
    let word = words.get(last)?;
    let plural = word.lower.ends_with('s') && !word.lower.ends_with("ss") && word.lower.len() > 3;
    Some((last, (stem(&word.lower), None, plural)))
}

/// A noun of the list, by its singular or plural.
pub(crate) fn known_noun(word: &str) -> Option<(String, Option<Noun>, bool)> {
    if let Some(noun) = lexicon().noun(word) {
        let plural = noun.kind == NounKind::Group
            && (word.ends_with('s') && word != "press"
                || matches!(word, "people" | "women" | "men" | "police" | "percent"));
        return Some((word.to_owned(), Some(noun), plural));
    }
    let singular = lexicon().singular(word)?;
    let noun = lexicon().noun(&singular);
    Some((singular, noun, true))
}

/// A rough singular for words that no list has.
fn stem(word: &str) -> String {
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.contains('.') {
        word.trim_end_matches('s').to_owned()
    } else {
        word.to_owned()
    }
}

fn add(modifiers: &mut BTreeSet<String>, word: &Word<'_>) {
    let empty = matches!(
        word.lower.as_str(),
        "the"
            | "a"
            | "an"
            | "and"
            | "or"
            | "his"
            | "her"
            | "their"
            | "its"
            | "my"
            | "our"
            | "this"
            | "that"
            | "these"
            | "those"
            | "who"
            | "is"
            | "was"
            | "mr."
            | "mrs."
            | "ms."
    );
    if word.is_word() && !empty && !is_preposition(&word.lower) {
        modifiers.insert(stem(&word.lower));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;
    use dixit_tokenize::Layout;

    fn read(text: &str) -> Phrase {
        let layout = Layout::read(text);
        Phrase::read(&words(text, &layout, Span::new(0, text.len()))).expect("a phrase")
    }

    fn modifiers(phrase: &Phrase) -> Vec<&str> {
        phrase.modifiers.iter().map(String::as_str).collect()
    }

    #[test]
    fn heads_and_modifiers() {
        let phrase = read("a senior official from the Harbor Trust, who asked");
        assert_eq!(phrase.head, "official");
        assert_eq!(phrase.determiner, Determiner::Indefinite);
        assert_eq!(modifiers(&phrase), ["harbor", "senior", "trust"]);
        assert!(!phrase.plural);
    }

    #[test]
    fn both_orders_give_the_same() {
        let before = read("A Palace aide");
        let behind = read("An aide to the Palace");
        assert_eq!(before.head, behind.head);
        assert_eq!(before.modifiers, behind.modifiers);
    }

    #[test]
    fn owners_determine() {
        let phrase = read("Ms. Calloway’s campaign managers");
        assert_eq!(phrase.head, "manager");
        assert_eq!(phrase.determiner, Determiner::Possessive);
        assert!(phrase.plural);
        assert_eq!(modifiers(&phrase), ["calloway", "campaign"]);
    }

    #[test]
    fn spans_cover_what_they_say() {
        let text = "the “grand” secretary of the guild — Émile’s";
        let phrase = read(text);
        assert_eq!(phrase.core.of(text), "“grand” secretary");
        assert_eq!(phrase.whole.of(text), "“grand” secretary of the guild");
    }
}
