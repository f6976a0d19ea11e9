//! Descriptions of people with an article: “a pilot”, “the two sisters”.

use dixit_document::Span;
use dixit_tokenize::Layout;

use crate::lexicon::{NounKind, lexicon};
use crate::mentions::{Finder, Place, Sources, What};
use crate::names::Name;
use crate::phrase::{Phrase, is_auxiliary, is_preposition, known_noun};
use crate::pronouns::Pronoun;
use crate::words::Word;

impl<'t> Finder<'t> {
    /// Descriptions of people that are no sources: “a pilot”, “the two sisters”.
    pub(crate) fn phrases(&mut self, sources: &Sources, names: &[Name]) {
        let mut index = 0;
        while let Some(token) = self.token(index) {
            index += 1;
            if !matches!(
                token.lower.as_str(),
                "the"
                    | "a"
                    | "an"
                    | "his"
                    | "her"
                    | "their"
                    | "this"
                    | "that"
                    | "another"
                    | "one"
                    | "my"
                    | "our"
                    | "these"
                    | "those"
                    | "two"
                    | "three"
                    | "some"
                    | "many"
            ) {
                continue;
            }
            let Some((last, words)) = self.ahead(index - 1).or_else(|| self.speaking(index - 1))
            else {
                continue;
            };
            let span = Span::new(
                token.span.start(),
                words
                    .last()
                    .map_or(token.span.end(), |word| word.span.end()),
            );
            index = last + 1;
            let taken = sources
                .covered
                .partition_point(|core| core.end() <= span.start());
            if sources
                .covered
                .get(taken)
                .is_some_and(|core| core.overlaps(span))
            {
                continue;
            }
            // What somebody is said to be is nobody new: “he is a pilot”.
            let predicate = index_before(self.layout, span)
                .and_then(|before| self.token(before))
                .is_some_and(|word| {
                    matches!(
                        word.lower.as_str(),
                        "is" | "was"
                            | "are"
                            | "were"
                            | "am"
                            | "be"
                            | "been"
                            | "being"
                            | "become"
                            | "became"
                            | "as"
                            | "i'm"
                            | "he's"
                            | "she's"
                            | "not"
                    )
                });
            if predicate {
                continue;
            }
            // “the singer Una Lind” and “the Lind sisters” belong to the name.
            let next = names.partition_point(|name| name.span.end() <= span.start());
            if names.get(next).is_some_and(|name| {
                name.span.start() < span.end() + 2 && name.span.end() >= span.end()
            }) {
                continue;
            }
            let Some(phrase) = Phrase::read(&words) else {
                continue;
            };
            if let Some(name) = self.apposed(span, &phrase, names) {
                self.push(phrase.core, What::Name(name), Place::Oblique, None);
                continue;
            }
            let place = if words.last().is_some_and(|word| word.possessive) {
                Place::Owner
            } else {
                self.place(span, false)
            };
            self.push(phrase.core, What::Phrase(Box::new(phrase)), place, None);
        }
    }

    /// The name that a description goes with: “Una Lind, the pilot”, “the pilot of the boat, Una
    /// Lind”.
    pub(crate) fn apposed(&self, span: Span, phrase: &Phrase, names: &[Name]) -> Option<usize> {
        if phrase.plural {
            return None;
        }
        let next = names.partition_point(|name| name.span.end() <= span.start());
        if let Some(last) = next.checked_sub(1)
            && let Some(name) = names.get(last)
            && name.is_person()
            && !name.possessive
        {
            let between = self
                .text
                .get(name.span.end()..span.start())
                .unwrap_or("")
                .trim();
            let age = between.trim_matches(|c: char| c == ',' || c.is_whitespace());
            if between.starts_with(',') && age.chars().all(|c| c.is_ascii_digit()) {
                return Some(last);
            }
        }
        let name = names.iter().skip(next).take(3).position(|name| {
            name.is_person()
                && self
                    .text
                    .get(span.end()..name.titled.start())
                    .is_some_and(is_complement)
        })?;
        Some(next + name)
    }

    /// Whether the noun at a token is no adjective there: not “a general rule”.
    pub(crate) fn stands_alone(&self, index: usize) -> bool {
        let Some(word) = self.token(index) else {
            return false;
        };
        if word.lower == "head" {
            return self.token(index + 1).is_some_and(|next| next.lower == "of");
        }
        let adjective = matches!(
            word.lower.as_str(),
            "general"
                | "independent"
                | "liberal"
                | "conservative"
                | "moderate"
                | "radical"
                | "progressive"
                | "principal"
                | "chief"
                | "marine"
                | "republican"
                | "democrat"
                | "major"
                | "private"
                | "fellow"
                | "relative"
                | "socialist"
                | "deputy"
                | "patient"
                | "native"
                | "champion"
                | "master"
                | "lead"
                | "guest"
                | "user"
                | "voter"
        );
        !adjective
            || word.possessive
            || self.token(index + 1).is_none_or(|next| {
                !next.is_word()
                    || next.is_capital()
                    || is_preposition(&next.lower)
                    || Pronoun::read(&next.lower).is_some()
                    || lexicon().is_speech_verb(&next.lower)
                    || known_noun(&next.lower).is_some_and(|(_, noun, _)| {
                        noun.is_some_and(|noun| noun.kind == NounKind::Person)
                    })
                    || matches!(
                        next.lower.as_str(),
                        "is" | "was" | "has" | "had" | "will" | "would" | "and" | "or"
                    )
            })
    }

    /// The words from a determiner up to the last of the nouns for people that follow it.
    pub(crate) fn ahead(&self, from: usize) -> Option<(usize, Vec<Word<'t>>)> {
        let mut words = vec![self.token(from)?];
        let mut best = None;
        for index in from + 1..from + 6 {
            let Some(word) = self.token(index).filter(Word::is_word) else {
                break;
            };
            if is_preposition(&word.lower)
                || Pronoun::read(&word.lower).is_some()
                || begins_anew(&word.lower)
            {
                break;
            }
            let person = known_noun(&word.lower)
                .is_some_and(|(_, noun, _)| noun.is_some_and(|noun| noun.kind == NounKind::Person));
            let possessive = word.possessive;
            words.push(word);
            if person && self.stands_alone(index) {
                best = Some((index, words.len()));
                if possessive {
                    break;
                }
            } else if best.is_some() {
                break;
            }
        }
        let (last, length) = best?;
        words.truncate(length);
        Some((last, words))
    }
}

/// Whether a word ends what a determiner began: “this was why a pilot came”.
fn begins_anew(word: &str) -> bool {
    is_auxiliary(word)
        || matches!(
            word,
            "a" | "an" | "the" | "this" | "these" | "why" | "how" | "when" | "where"
        )
}

/// What may stand between a description and the name that explains it: “of the boat,”.
fn is_complement(between: &str) -> bool {
    let Some(inner) = between.trim().strip_suffix(',') else {
        return false;
    };
    inner.is_empty()
        || is_preposition(inner.split_whitespace().next().unwrap_or(""))
            && inner.split_whitespace().count() < 7
            && !inner.contains([',', '.', ';', ':', '“', '"'])
}

/// The index of the token before a span.
fn index_before(layout: &Layout, span: Span) -> Option<usize> {
    layout
        .tokens
        .partition_point(|token| token.span.start() < span.start())
        .checked_sub(1)
}
