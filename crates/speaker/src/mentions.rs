//! Every expression of a text that may refer to someone: names, pronouns, descriptions.

use std::collections::HashMap;

use dixit_document::{Quotation, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::lexicon::{NounKind, lexicon};
use crate::names::Name;
use crate::phrase::{Phrase, is_preposition, known_noun};
use crate::pronouns::Pronoun;
use crate::scene::is_direct;
use crate::source::Head;
use crate::words::{Word, lower, word};

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// A name, by its index.
    Name(usize),
    /// Names joined by “and”, by the indices of the first and the last.
    Names(usize, usize),
    Pronoun(Pronoun),
    Phrase(Box<Phrase>),
}

/// Its place in the clause, as far as the words around it show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Subject,
    Object,
    /// Behind a preposition.
    Oblique,
    /// Before what it owns.
    Owner,
}

/// A mention in the making.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub span: Span,
    pub what: What,
    pub place: Place,
    pub sentence: usize,
    pub paragraph: usize,
    /// The direct quotation in whose words it stands.
    pub quoted: Option<usize>,
    /// The quotation whose source it heads.
    pub source: Option<usize>,
}

/// Finds all of them, in text order.
pub(crate) fn expressions(
    text: &str,
    layout: &Layout,
    names: &[Name],
    quotations: &[Quotation],
    heads: &[Head],
) -> Vec<Expression> {
    let mut finder = Finder {
        text,
        layout,
        found: Vec::new(),
    };
    let sources = Sources::read(heads, names);
    for (index, name) in names.iter().enumerate() {
        let source = sources.names.get(&index).copied();
        let place = if name.possessive && source.is_none() {
            Place::Owner
        } else {
            finder.place(name.titled, source.is_some())
        };
        finder.push(name.span, What::Name(index), place, source);
    }
    for (quotation, head) in heads.iter().enumerate() {
        if let Head::Phrase(phrase) = head
            && sources.phrases.get(&phrase.whole.start()) == Some(&quotation)
        {
            finder.push(
                phrase.whole,
                What::Phrase(phrase.clone()),
                Place::Subject,
                Some(quotation),
            );
        }
    }
    finder.pairs(names);
    finder.pronouns(&sources);
    finder.phrases(&sources, names);
    finder.titles(names);
    finder.plurals(&sources, names);
    let mut found = finder.found;
    found.sort_by_key(|expression| (expression.span.start(), expression.span.end()));
    quote(&mut found, quotations);
    found
}

/// What the heads of sources are, for look-up. Several quotations may share one.
struct Sources {
    names: HashMap<usize, usize>,
    pronouns: HashMap<usize, usize>,
    phrases: HashMap<usize, usize>,
    /// What the phrases cover.
    covered: Vec<Span>,
}

impl Sources {
    fn read(heads: &[Head], _names: &[Name]) -> Self {
        let mut sources = Self {
            names: HashMap::new(),
            pronouns: HashMap::new(),
            phrases: HashMap::new(),
            covered: Vec::new(),
        };
        for (quotation, head) in heads.iter().enumerate() {
            match head {
                Head::Names(indices) => {
                    for &index in indices {
                        sources.names.entry(index).or_insert(quotation);
                    }
                }
                Head::Pronoun(span) => {
                    sources.pronouns.entry(span.start()).or_insert(quotation);
                }
                Head::Phrase(phrase) => {
                    sources
                        .phrases
                        .entry(phrase.whole.start())
                        .or_insert(quotation);
                    sources.covered.push(phrase.core);
                }
                Head::None => {}
            }
        }
        sources.covered.sort_unstable();
        sources
    }
}

struct Finder<'t> {
    text: &'t str,
    layout: &'t Layout,
    found: Vec<Expression>,
}

impl<'t> Finder<'t> {
    fn push(&mut self, span: Span, what: What, place: Place, source: Option<usize>) {
        let (Some(sentence), Some(paragraph)) = (
            self.layout.sentence_at(span.start()),
            self.layout.paragraph_at(span.start()),
        ) else {
            return;
        };
        self.found.push(Expression {
            span,
            what,
            place,
            sentence,
            paragraph,
            quoted: None,
            source,
        });
    }

    fn token(&self, index: usize) -> Option<Word<'t>> {
        let token = self.layout.tokens.get(index)?;
        Some(word(self.text, token.span, token.kind))
    }

    /// The place of a name or description.
    fn place(&self, span: Span, source: bool) -> Place {
        if source {
            return Place::Subject;
        }
        let at = self
            .layout
            .tokens
            .partition_point(|token| token.span.start() < span.start());
        let begins = self
            .layout
            .sentence_at(span.start())
            .and_then(|index| self.layout.sentences.get(index))
            .is_some_and(|sentence| sentence.start() >= span.start());
        if begins {
            return Place::Subject;
        }
        let before = at.checked_sub(1).and_then(|index| self.token(index));
        let Some(before) = before else {
            return Place::Subject;
        };
        if is_preposition(&before.lower) {
            return Place::Oblique;
        }
        let joins = matches!(
            before.lower.as_str(),
            "that"
                | "but"
                | "as"
                | "when"
                | "if"
                | "because"
                | "while"
                | "where"
                | "whether"
                | "than"
                | "so"
                | "what"
                | "how"
                | "why"
                | "although"
                | "though"
                | "since"
                | "until"
                | "which"
        );
        if joins || before.kind == TokenKind::Mark {
            return Place::Subject;
        }
        let end = self
            .layout
            .tokens
            .partition_point(|token| token.span.start() < span.end());
        let behind = self.token(end);
        let verb = behind.is_some_and(|word| {
            matches!(
                word.lower.as_str(),
                "is" | "was"
                    | "has"
                    | "had"
                    | "will"
                    | "would"
                    | "can"
                    | "could"
                    | "may"
                    | "might"
                    | "should"
                    | "did"
                    | "does"
                    | "also"
                    | "who"
            ) || lexicon().is_speech_verb(&word.lower)
                || word.kind == TokenKind::Word && !word.is_capital() && word.lower.ends_with("ed")
        });
        if verb || !before.is_word() {
            Place::Subject
        } else {
            Place::Object
        }
    }

    /// “Una Lind and Kwame Boadi”.
    fn pairs(&mut self, names: &[Name]) {
        for (index, pair) in names.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            if !first.is_person() || !second.is_person() || first.possessive || second.possessive {
                continue;
            }
            let between = self
                .text
                .get(first.span.end()..second.titled.start().max(first.span.end()))
                .unwrap_or("");
            if matches!(between.trim(), "and" | "&") {
                let span = first.span.cover(second.span);
                let place = self.place(first.titled, false);
                self.push(span, What::Names(index, index + 1), place, None);
            }
        }
    }

    fn pronouns(&mut self, sources: &Sources) {
        for index in 0..self.layout.tokens.len() {
            let Some(token) = self.layout.tokens.get(index) else {
                continue;
            };
            if token.kind != TokenKind::Word || token.span.len() > 14 {
                continue;
            }
            let text = token.span.of(self.text);
            let lowered = lower(text);
            let Some(pronoun) = Pronoun::read(&lowered) else {
                continue;
            };
            // “US” is a country, and “that” is mostly no pronoun.
            if text == "US" || text == "IT" {
                continue;
            }
            let source = sources.pronouns.get(&token.span.start()).copied();
            if pronoun == Pronoun::Relative && source.is_none() {
                continue;
            }
            let bare = lowered.split('\'').next().unwrap_or(&lowered);
            let place = match bare {
                "him" | "them" | "me" | "us" => Place::Object,
                "his" | "her" | "their" | "its" | "my" | "our" | "your" => Place::Owner,
                "it" | "you" if source.is_none() => self.place(token.span, false),
                _ => Place::Subject,
            };
            let length = if lowered.contains('\'') {
                text.find(['\'', '’']).unwrap_or(text.len())
            } else {
                text.len()
            };
            let span = Span::new(token.span.start(), token.span.start() + length);
            self.push(span, What::Pronoun(pronoun), place, source);
        }
    }

    /// Descriptions of people that are no sources: “a pilot”, “the two sisters”.
    fn phrases(&mut self, sources: &Sources, names: &[Name]) {
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
    fn apposed(&self, span: Span, phrase: &Phrase, names: &[Name]) -> Option<usize> {
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

    /// People without an article: “dock workers”.
    fn plurals(&mut self, sources: &Sources, names: &[Name]) {
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
    fn titles(&mut self, names: &[Name]) {
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
    fn speaking(&self, from: usize) -> Option<(usize, Vec<Word<'t>>)> {
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
                return (said && words.len() > 1).then(|| (index - 1, words));
            }
            if matches!(
                word.lower.as_str(),
                "is" | "was"
                    | "are"
                    | "were"
                    | "has"
                    | "had"
                    | "have"
                    | "will"
                    | "would"
                    | "could"
                    | "can"
                    | "should"
                    | "must"
                    | "may"
                    | "might"
                    | "did"
                    | "does"
                    | "do"
            ) {
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

    /// Whether the noun at a token is no adjective there: not “a general rule”.
    fn stands_alone(&self, index: usize) -> bool {
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
    fn ahead(&self, from: usize) -> Option<(usize, Vec<Word<'t>>)> {
        let mut words = vec![self.token(from)?];
        let mut best = None;
        for index in from + 1..from + 6 {
            let Some(word) = self.token(index).filter(Word::is_word) else {
                break;
            };
            if is_preposition(&word.lower) || Pronoun::read(&word.lower).is_some() {
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

/// Marks what stands inside direct quotations.
fn quote(found: &mut [Expression], quotations: &[Quotation]) {
    for (index, quotation) in quotations.iter().enumerate() {
        if !is_direct(quotation) {
            continue;
        }
        for content in &quotation.content {
            let from = found.partition_point(|e| e.span.start() < content.start());
            for expression in found.iter_mut().skip(from) {
                if expression.span.start() >= content.end() {
                    break;
                }
                expression.quoted = Some(index);
            }
        }
    }
}
