//! Sources that stand beside a direct quotation: “… ,” cried the old man. Una said: “…”

use std::collections::HashMap;

use dixit_document::{Quotation, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::gaps::Gaps;
use crate::lexicon::lexicon;
use crate::mentions::{Expression, Place, What};
use crate::phrase::is_preposition;
use crate::pronouns::Pronoun;
use crate::scene::is_direct;
use crate::words::{Word, words};

/// How a quotation and the expression beside it go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bond {
    /// Subject of a verb of speaking.
    Verb,
    /// Subject of whatever is told next to it.
    Beat,
}

/// The expression beside a quotation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside {
    pub expression: usize,
    pub bond: Bond,
    pub cue: Option<Span>,
}

/// What a pronoun costs more than a name beside another part of the same words.
const VAGUE: u32 = 6;

/// For every direct quotation without a source what stands beside it.
pub(crate) fn sources(
    text: &str,
    layout: &Layout,
    expressions: &[Expression],
    quotations: &[Quotation],
) -> HashMap<usize, Beside> {
    let gaps = Gaps::read(quotations);
    let mut found = HashMap::new();
    let finder = Finder {
        text,
        layout,
        expressions,
    };
    for (index, quotation) in quotations.iter().enumerate() {
        if !quotation.source.is_empty() || !is_direct(quotation) {
            continue;
        }
        let mut best: Option<(u32, Beside)> = None;
        for &content in &quotation.content {
            let sides = [
                (gaps.behind(layout, content), true),
                (gaps.before(layout, content), false),
                (gaps.led(text, layout, content), false),
            ];
            for (gap, follows) in sides {
                let Some(gap) = gap.filter(|gap| follows || !finder.is_aside(*gap)) else {
                    continue;
                };
                let offer = finder
                    .speaker(gap, follows)
                    .or_else(|| finder.actor(gap, follows));
                let offer = offer.map(|(cost, beside)| (cost + finder.vague(&beside), beside));
                if let Some((cost, beside)) = offer
                    && best.is_none_or(|(old, _)| cost < old)
                {
                    best = Some((cost, beside));
                }
            }
        }
        if let Some((_, beside)) = best {
            found.insert(index, beside);
        }
    }
    found
}

struct Finder<'t> {
    text: &'t str,
    layout: &'t Layout,
    expressions: &'t [Expression],
}

impl Finder<'_> {
    /// The expressions of a gap that could be someone who speaks, with their indices.
    fn inside(&self, gap: Span) -> impl Iterator<Item = (usize, &Expression)> {
        let from = self
            .expressions
            .partition_point(|expression| expression.span.start() < gap.start());
        self.expressions
            .iter()
            .enumerate()
            .skip(from)
            .take_while(move |(_, expression)| expression.span.end() <= gap.end())
            .filter(|(_, expression)| {
                !matches!(
                    expression.what,
                    What::Pronoun(Pronoun::You | Pronoun::Relative)
                )
            })
    }

    /// Of several clauses about the same words the one with a name tells most: “Row,” said Una, “or,”
    /// she added, “steer.”
    fn vague(&self, beside: &Beside) -> u32 {
        let expression = self.expressions.get(beside.expression);
        let pronoun = expression.is_some_and(|e| matches!(e.what, What::Pronoun(_)));
        if pronoun { VAGUE } else { 0 }
    }

    /// The subject of a verb of speaking, and what it costs to believe in it.
    fn speaker(&self, gap: Span, follows: bool) -> Option<(u32, Beside)> {
        // After a full stop the narrator goes on: “Go.” Una laughed. And what leads up to the next
        // words tells of those: “Why?” Tom said, “She went.”
        let stopped = follows && (self.is_stopped(gap.start()) || self.leads_on(gap));
        let gap = self.near(gap, follows);
        let told = words(self.text, self.layout, gap);
        // So it does where a small word is written large: “Who is it?” She said nothing.
        let stopped =
            stopped || follows && told.iter().find(|word| word.is_word()).is_some_and(begins);
        // “…,” and Una laughed.
        let linked = follows && told.iter().find(|word| word.is_word()).is_some_and(links);
        if linked {
            return None;
        }
        let verbs: Vec<usize> = told
            .iter()
            .enumerate()
            .filter(|(index, word)| {
                let next = told.get(index + 1).map(|next| next.lower.as_str());
                word.is_word()
                    && (lexicon().is_speech_verb(&word.lower) && !is_laid(&word.lower, next)
                        || goes_on(&word.lower, next)
                        || follows && !stopped && self.is_inverted(&told, *index))
            })
            .map(|(index, _)| index)
            .collect();
        if verbs.is_empty() {
            return None;
        }
        let mut best: Option<(u32, Beside)> = None;
        for (index, expression) in self.inside(gap) {
            let Some((first, last)) = place(&told, expression.span) else {
                continue;
            };
            for &verb in &verbs {
                if stopped && first < verb {
                    continue;
                }
                let Some(cost) = cost(&told, first, last, verb, follows, expression) else {
                    continue;
                };
                if best.is_none_or(|(old, _)| cost < old) {
                    let beside = Beside {
                        expression: index,
                        bond: Bond::Verb,
                        cue: told.get(verb).map(|word| word.span),
                    };
                    best = Some((cost, beside));
                }
            }
        }
        best.filter(|&(cost, _)| cost < 40)
    }

    /// Whether the words before a byte end in a full stop, seen through closing marks.
    fn is_stopped(&self, byte: usize) -> bool {
        unmarked(self.text.get(..byte).unwrap_or("")).ends_with('.')
    }

    /// Whether a gap behind a finished sentence ends as it leads up to the next quotation.
    fn leads_on(&self, gap: Span) -> bool {
        let before = self.text.get(..gap.start()).unwrap_or("");
        let after = self.text.get(gap.end()..).unwrap_or("");
        // “Why?” she asked Tom, and Tom answered, “She went.”
        let words = gap.of(self.text).split(|c: char| !c.is_alphanumeric());
        let first = words.into_iter().find(|word| !word.is_empty());
        let tag = matches!(first, Some("he" | "she" | "they" | "it"));
        !tag && unmarked(before).ends_with(['?', '!', '.'])
            && unmarked(gap.of(self.text)).ends_with([',', ':'])
            && after.starts_with(char::is_uppercase)
    }

    /// Whether the first word is some verb of the past right before its subject, as only verbs of
    /// speaking stand behind speech: “Go,” puffed Una.
    fn is_inverted(&self, told: &[Word<'_>], index: usize) -> bool {
        let first = told.iter().position(Word::is_word);
        let Some((verb, next)) = told.get(index).zip(told.get(index + 1)) else {
            return false;
        };
        first == Some(index)
            && !verb.is_capital()
            && verb.lower.ends_with("ed")
            && self
                .expressions
                .binary_search_by_key(&next.span.start(), |e| e.span.start())
                .ok()
                .and_then(|at| self.expressions.get(at))
                .is_some_and(|e| matches!(e.what, What::Name(_) | What::Phrase(_)))
    }

    /// Whether a bracket closes before the next words: (“That is Tom,” said Una.) “Come in.”
    fn is_aside(&self, gap: Span) -> bool {
        let told = gap.of(self.text);
        let told = told.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != ']');
        told.ends_with([')', ']'])
    }

    /// The subject of the sentence next to the quotation.
    fn actor(&self, gap: Span, follows: bool) -> Option<(u32, Beside)> {
        let gap = self.near(gap, follows);
        let mut subjects = self.inside(gap).filter(|(_, expression)| {
            expression.place == Place::Subject
                && !matches!(expression.what, What::Pronoun(Pronoun::It))
        });
        // “As they turned back, he jerked out:”
        let leads = !follows && gap.of(self.text).trim_end().ends_with(':');
        let (index, expression) = match leads {
            true => subjects.last()?,
            false => subjects.next()?,
        };
        let told = words(self.text, self.layout, gap);
        let (first, last) = place(&told, expression.span)?;
        // “She heard one of them say:”
        let behind = told.get(last + 1..).unwrap_or(&[]);
        let mut heard = behind.iter().skip_while(|word| !hears(word));
        if heard.any(|word| lexicon().is_bare_speech_verb(&word.lower)) {
            return None;
        }
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        let cost = 60 + first.min(30) + 10 * u32::from(!follows);
        let beside = Beside {
            expression: index,
            bond: Bond::Beat,
            cue: None,
        };
        Some((cost, beside))
    }

    /// The sentence of the gap that touches the quotation.
    fn near(&self, gap: Span, follows: bool) -> Span {
        let sentences = self.layout.sentences_in(gap);
        if follows {
            // The first sentence with a word in it.
            for sentence in sentences {
                let end = sentence.end().min(gap.end());
                let start = sentence.start().max(gap.start());
                let part = Span::new(start, end.max(start));
                if self
                    .layout
                    .tokens_in(part)
                    .iter()
                    .any(|token| token.kind == TokenKind::Word)
                {
                    return part;
                }
            }
        } else {
            for sentence in sentences.iter().rev() {
                let start = sentence.start().max(gap.start());
                let part = Span::new(start, gap.end().max(start));
                if self
                    .layout
                    .tokens_in(part)
                    .iter()
                    .any(|token| token.kind == TokenKind::Word)
                {
                    return part;
                }
            }
        }
        gap
    }
}

/// Whether a clause goes on behind the words rather than telling who says them.
fn links(word: &Word<'_>) -> bool {
    matches!(
        word.lower.as_str(),
        "and" | "but" | "for" | "while" | "as" | "when" | "which"
    )
}

/// “She put on her hat”, but “she put in”.
fn is_laid(verb: &str, next: Option<&str>) -> bool {
    matches!(verb, "put" | "puts" | "putting") && next != Some("in")
}

/// “She went on”, “he burst out”.
fn goes_on(verb: &str, next: Option<&str>) -> bool {
    match verb {
        "went" | "goes" | "go" | "going" | "ran" => next == Some("on"),
        "burst" | "broke" | "rapped" | "called" | "cut" => {
            matches!(next, Some("out" | "in" | "forth"))
        }
        _ => false,
    }
}

/// Whether a word belongs to the verb before it: “broke in”, “cried out”, “went on”.
fn is_phrasal(verb: &str, next: Option<&str>) -> bool {
    goes_on(verb, next)
        || matches!(
            verb,
            "cried" | "called" | "shouted" | "put" | "chimed" | "screamed" | "yelled"
        ) && matches!(next, Some("out" | "in" | "back" | "up"))
}

/// The first and last word that an expression covers.
fn place(told: &[Word<'_>], span: Span) -> Option<(usize, usize)> {
    let first = told.iter().position(|word| word.span.overlaps(span))?;
    let last = told.iter().rposition(|word| word.span.overlaps(span))?;
    Some((first, last))
}

/// What it costs to take the words from `first` to `last` for the subject of the verb.
fn cost(
    told: &[Word<'_>],
    first: usize,
    last: usize,
    verb: usize,
    follows: bool,
    expression: &Expression,
) -> Option<u32> {
    let inverted = verb < first;
    let between = if inverted {
        told.get(verb + 1..first)?
    } else {
        told.get(last + 1..verb)?
    };
    // “said Una” stands right behind its quotation; “asked her” has an object.
    if inverted && (expression.place == Place::Object && is_object(&told.get(first)?.lower)) {
        return None;
    }
    // “Said at last Una”, but “she smiled at Una”.
    let at_last = |at: usize| {
        let next = between.get(at + 1).map(|word| word.lower.as_str());
        between.get(at).is_some_and(|word| word.lower == "at")
            && matches!(next, Some("last" | "length" | "once"))
    };
    let turned = |(at, word): (usize, &Word<'_>)| is_preposition(&word.lower) && !at_last(at);
    // “Broke in Una”, “cried out the other”.
    let particle = |at: usize| {
        let said = told.get(verb).map_or("", |verb| verb.lower.as_str());
        at == 0 && is_phrasal(said, between.first().map(|word| word.lower.as_str()))
    };
    let mut words = between.iter().enumerate();
    if inverted && words.any(|(at, word)| !particle(at) && turned((at, word))) {
        return None;
    }
    let it = told.get(first)?.lower == "it";
    if inverted && (expression.place == Place::Owner || it) {
        return None;
    }
    let relative = |word: &&Word<'_>| word.lower == "who";
    let who = between.iter().find(|word| word.is_word()).filter(relative);
    let who = !inverted && who.is_some();
    if !inverted {
        let heard = first
            .checked_sub(1)
            .and_then(|before| told.get(before))
            .is_some_and(hears);
        // “He heard her murmur:”
        if heard && verb == last + 1 {
            return Some(0);
        }
        // “It led him to murmur:”, “made her say:”
        let bare = told
            .get(verb)
            .is_some_and(|verb| lexicon().is_bare_speech_verb(&verb.lower));
        let led = match between {
            [] => true,
            [to] => to.lower == "to",
            _ => false,
        };
        let colon = told.iter().rev().any(|word| word.text == ":");
        if colon && bare && led && first == last && is_object(&told.get(first)?.lower) {
            return Some(1);
        }
        // “Una heard it murmur:”
        let next = |at: usize| {
            between
                .get(at + 1)
                .is_some_and(|next| next.is_word() && next.lower != "and")
        };
        if between
            .iter()
            .enumerate()
            .any(|(at, word)| hears(word) && next(at))
        {
            return None;
        }
        let word = &told.get(first)?.lower;
        if it && !between.iter().all(|word| word.lower.ends_with("ly")) {
            return None;
        }
        let owned = matches!(word.as_str(), "his" | "hers" | "theirs" | "mine" | "ours");
        // “She looked at Tom, who said:”
        if between.iter().filter(relative).count() > usize::from(who) {
            return None;
        }
        let outside = matches!(expression.place, Place::Oblique | Place::Owner) && !who;
        if outside || first == last && (is_object(word) || owned) {
            return None;
        }
    }
    let distance = u32::try_from(between.iter().filter(|word| word.is_word()).count()).ok()?;
    // A sentence that ends in the verb leads up to the speech, however long it is.
    let leads = !follows && !inverted && told.len() - verb <= 12;
    if distance
        > if inverted {
            4
        } else if leads {
            30
        } else {
            7
        }
    {
        return None;
    }
    let broken = between.iter().any(|word| !word.is_word());
    let away = if follows {
        verb.min(first)
    } else {
        told.len() - verb.max(last)
    };
    let away = if leads { told.len() - verb } else { away };
    let away = u32::try_from(away).ok()?;
    Some(
        distance * if leads { 1 } else { 3 }
            + away * 2
            + 8 * u32::from(broken)
            + 8 * u32::from(is_thing(expression))
            + 10 * u32::from(!inverted && !who && expression.place == Place::Object)
            + 3 * u32::from(inverted && !follows)
            + 2 * u32::from(!follows),
    )
}

/// Whether a word that is small within a sentence begins one.
fn begins(word: &Word<'_>) -> bool {
    let small = matches!(
        word.lower.as_str(),
        "he" | "she" | "they" | "the" | "his" | "her" | "their" | "a" | "an" | "this" | "that"
    );
    small && word.is_capital()
}

/// A text without the marks and blanks at its end; stops stay.
fn unmarked(text: &str) -> &str {
    let is_stop = |c| matches!(c, '.' | ',' | '!' | '?' | ':' | ';' | '-' | '—' | '…');
    text.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_stop(c))
}

/// A description of nobody that the list of nouns knows: “the names of her friends”.
fn is_thing(expression: &Expression) -> bool {
    matches!(&expression.what, What::Phrase(phrase) if phrase.kind().is_none())
}

fn hears(word: &Word<'_>) -> bool {
    matches!(word.lower.as_str(), "heard" | "hear" | "hearing")
}

fn is_object(word: &str) -> bool {
    matches!(
        word,
        "him" | "her" | "them" | "me" | "us" | "himself" | "herself"
    )
}
