//! Every expression of a text that may refer to someone: names, pronouns, descriptions.

use std::collections::HashMap;

use dixit_document::{Quotation, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::lexicon::lexicon;
use crate::names::Name;
use crate::phrase::{Phrase, is_preposition};
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
    let sources = Sources::read(heads);
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
pub(crate) struct Sources {
    names: HashMap<usize, usize>,
    pronouns: HashMap<usize, usize>,
    phrases: HashMap<usize, usize>,
    /// What the phrases cover.
    pub covered: Vec<Span>,
}

impl Sources {
    fn read(heads: &[Head]) -> Self {
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

/// Finds them, one kind after the other.
pub(crate) struct Finder<'t> {
    pub text: &'t str,
    pub layout: &'t Layout,
    pub found: Vec<Expression>,
}

impl<'t> Finder<'t> {
    pub fn push(&mut self, span: Span, what: What, place: Place, source: Option<usize>) {
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

    pub fn token(&self, index: usize) -> Option<Word<'t>> {
        let token = self.layout.tokens.get(index)?;
        Some(word(self.text, token.span, token.kind))
    }

    /// The place of a name or description.
    pub fn place(&self, span: Span, source: bool) -> Place {
        if source {
            return Place::Subject;
        }
        let mut at = self
            .layout
            .tokens
            .partition_point(|token| token.span.start() < span.start());
        // “The old Professor” begins with its article.
        while let Some(before) = at.checked_sub(1)
            && self
                .token(before)
                .is_some_and(|word| leads_name(&word.lower))
        {
            at = before;
        }
        let start = self
            .token(at)
            .map_or(span.start(), |word| word.span.start());
        let start = start.min(span.start());
        let begins = self
            .layout
            .sentence_at(span.start())
            .and_then(|index| self.layout.sentences.get(index))
            .is_some_and(|sentence| sentence.start() >= start);
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
                || is_past(&word.lower)
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
        let named = self
            .found
            .partition_point(|found| matches!(found.what, What::Name(_)));
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
                // What one of them is, both are: “Una and Tom went on”.
                let both = [first, second].map(|name| self.place(name.titled, false));
                let place = match both.contains(&Place::Subject) && both[0] != Place::Oblique {
                    true => Place::Subject,
                    false => both[0],
                };
                let named = self.found.get_mut(..named).unwrap_or_default();
                let from = named.partition_point(|name| name.span.start() < span.start());
                for found in named.iter_mut().skip(from) {
                    if !span.contains(found.span) {
                        break;
                    }
                    if found.source.is_none() {
                        found.place = place;
                    }
                }
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

/// Whether a word stands before a name and belongs to it.
fn leads_name(word: &str) -> bool {
    matches!(
        word,
        "the" | "old" | "young" | "little" | "poor" | "good" | "dear"
    )
}

/// Whether a word is the past of a strong verb that people are often the subject of.
#[rustfmt::skip]
fn is_past(word: &str) -> bool {
    matches!(
        word,
        "gave" | "took" | "came" | "went" | "rose" | "stood" | "sat" | "made" | "saw" | "knew"
            | "felt" | "found" | "held" | "kept" | "left" | "put" | "ran" | "shook" | "drew"
            | "threw" | "fell" | "got" | "began" | "broke" | "sprang" | "bent" | "caught"
            | "struck" | "flung" | "strode" | "swung" | "led" | "lay" | "met" | "heard" | "bit"
            | "brought" | "thrust" | "wore" | "woke" | "wept" | "stole" | "shut" | "set"
    )
}
