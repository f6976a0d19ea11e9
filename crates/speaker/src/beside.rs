//! Sources that stand beside a direct quotation: “… ,” cried the old man. Una said: “…”

use std::collections::HashMap;

use dixit_document::{Quotation, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::clause::{Clause, is_hearsay, is_speaking, place};
use crate::gaps::Gaps;
use crate::mentions::{Expression, Place, What};
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
        let opening = told.iter().find(|word| word.is_word()).filter(|_| follows);
        // “…,” and Una laughed.
        if opening.is_some_and(links) {
            return None;
        }
        // So it does where a small word is written large: “Who is it?” She said nothing.
        let stopped = stopped || opening.is_some_and(begins);
        let verbs: Vec<usize> = told
            .iter()
            .enumerate()
            .filter(|(index, word)| {
                let next = told.get(index + 1).map(|next| next.lower.as_str());
                word.is_word()
                    && (is_speaking(&word.lower, next)
                        || follows && !stopped && self.is_inverted(&told, *index))
            })
            .map(|(index, _)| index)
            .collect();
        if verbs.is_empty() {
            return None;
        }
        let mut best: Option<(u32, Beside)> = None;
        for (index, expression) in self.inside(gap) {
            let Some(place) = place(&told, expression.span) else {
                continue;
            };
            for &verb in &verbs {
                let clause = Clause::new(&told, expression, place, verb)
                    .filter(|clause| !stopped || clause.is_inverted());
                let Some(cost) = clause.and_then(|clause| clause.cost(follows)) else {
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
        let mut words = gap.of(self.text).split(|c: char| !c.is_alphanumeric());
        let first = words.find(|word| !word.is_empty());
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
        if is_hearsay(told.get(last + 1..).unwrap_or(&[])) {
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
