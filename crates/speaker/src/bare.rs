//! Mentions without an article, and of whatever speaks: “dock workers”, “Mademoiselle”, “said
//! the caterpillar”.

use dixit_document::Span;
use dixit_tokenize::TokenKind;

use crate::lexicon::{NounKind, lexicon};
use crate::mentions::{Finder, Sources, What};
use crate::names::Name;
use crate::phrase::{Phrase, is_auxiliary, is_preposition, known_noun};
use crate::pronouns::Pronoun;
use crate::words::Word;

impl<'t> Finder<'t> {
    /// People without an article: “dock workers”.
    pub(crate) fn plurals(&mut self, sources: &Sources, names: &[Name]) {
        let mut covered: Vec<Span> = self.found.iter().map(|found| found.span).collect();
        covered.sort_unstable();
        for index in 0..self.layout.tokens.len() {
            let Some(word) = self.token(index).filter(|word| word.lower.len() > 4) else {
                continue;
            };
            let people = lexicon()
                .singular(&word.lower)
                .and_then(|singular| lexicon().noun(&singular))
                .is_some_and(|noun| noun.kind == NounKind::Person);
            if !people || word.possessive {
                continue;
            }
            let mut words = vec![word];
            for before in (index.saturating_sub(2)..index).rev() {
                let Some(modifier) = self.token(before) else {
                    break;
                };
                let part = modifier.kind == TokenKind::Word
                    && (modifier.is_capital() || known_noun(&modifier.lower).is_some())
                    && Pronoun::read(&modifier.lower).is_none()
                    && !is_preposition(&modifier.lower)
                    && !matches!(modifier.lower.as_str(), "the" | "a" | "an" | "and" | "but");
                if !part {
                    break;
                }
                words.insert(0, modifier);
            }
            let Some(phrase) = Phrase::read(&words).filter(|phrase| phrase.plural) else {
                continue;
            };
            let near = covered.partition_point(|other| other.start() < phrase.core.end());
            let behind = sources
                .covered
                .partition_point(|other| other.start() < phrase.core.end());
            let known = [(&covered, near), (&sources.covered, behind)]
                .into_iter()
                .any(|(spans, end)| {
                    spans
                        .get(end.saturating_sub(6)..end)
                        .unwrap_or(&[])
                        .iter()
                        .any(|other| other.overlaps(phrase.core))
                });
            let next = names.partition_point(|name| name.span.end() <= phrase.core.start());
            let named = names
                .get(next)
                .is_some_and(|name| name.span.start() < phrase.core.end() + 2);
            if !known && !named {
                let place = self.place(phrase.core, false);
                self.push(phrase.core, What::Phrase(Box::new(phrase)), place, None);
            }
        }
    }

    /// Titles that stand for a name: “answered Mademoiselle”.
    pub(crate) fn titles(&mut self, names: &[Name]) {
        for index in 0..self.layout.tokens.len() {
            let Some(word) = self.token(index) else {
                continue;
            };
            let title = word.is_capital()
                && !word.possessive
                && lexicon()
                    .title(&word.lower)
                    .is_some_and(|title| title.gender.is_some() || title.given)
                || word.is_capital()
                    && matches!(
                        word.lower.as_str(),
                        "doctor" | "captain" | "colonel" | "inspector"
                    );
            if !title || word.lower.ends_with('.') || word.lower.len() < 4 {
                continue;
            }
            let next = names.partition_point(|name| name.titled.end() <= word.span.start());
            if names
                .get(next)
                .is_some_and(|name| name.titled.overlaps(word.span))
            {
                continue;
            }
            let capital = self
                .token(index + 1)
                .is_some_and(|next| next.is_word() && next.is_capital());
            let article = index
                .checked_sub(1)
                .and_then(|before| self.token(before))
                .is_some_and(|before| {
                    matches!(
                        before.lower.as_str(),
                        "the" | "a" | "an" | "my" | "your" | "of"
                    )
                });
            if capital || article {
                continue;
            }
            if let Some(phrase) = Phrase::read(std::slice::from_ref(&word)) {
                let place = self.place(word.span, false);
                self.push(word.span, What::Phrase(Box::new(phrase)), place, None);
            }
        }
    }

    /// “said the caterpillar”, “The voice repeated”: whatever speaks can refer to somebody.
    pub(crate) fn speaking(&self, from: usize) -> Option<(usize, Vec<Word<'t>>)> {
        let article = self.token(from)?;
        if !matches!(
            article.lower.as_str(),
            "the" | "a" | "an" | "another" | "his" | "her"
        ) {
            return None;
        }
        let said = from
            .checked_sub(1)
            .and_then(|before| self.token(before))
            .is_some_and(|word| lexicon().is_speech_verb(&word.lower));
        let behind = from
            .checked_sub(1)
            .and_then(|before| self.token(before))
            .is_some_and(|word| is_preposition(&word.lower));
        let mut words = vec![article];
        for index in from + 1..from + 5 {
            let Some(word) = self.token(index) else { break };
            if !word.is_word()
                || is_preposition(&word.lower)
                || Pronoun::read(&word.lower).is_some()
                || word.lower.ends_with("ly")
                || word.lower.ends_with("ing")
                || matches!(
                    word.lower.as_str(),
                    "who" | "and" | "as" | "again" | "quite" | "then"
                )
            {
                // “Come,” said another.
                let alone = words.first().is_some_and(|word| word.lower == "another");
                return (said && (words.len() > 1 || alone)).then(|| (index - 1, words));
            }
            if is_auxiliary(&word.lower)
                || matches!(
                    word.lower.as_str(),
                    "could" | "can" | "should" | "must" | "may" | "might" | "did" | "does" | "do"
                )
            {
                return None;
            }
            // “the caterpillar called out”
            if words.len() > 1 && !said && !behind && lexicon().is_speech_verb(&word.lower) {
                let past =
                    word.lower.ends_with("ed") || matches!(word.lower.as_str(), "said" | "cried");
                return past.then(|| (index - 1, words));
            }
            words.push(word);
        }
        None
    }
}
