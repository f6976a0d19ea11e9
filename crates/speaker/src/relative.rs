//! Whom “who”, “which” and “that” stand for: what goes before them.

use dixit_document::Span;
use dixit_tokenize::Layout;

use crate::phrase::{Phrase, known_noun};
use crate::scene::Scene;
use crate::words::{Word, words};

/// What a relative pronoun goes with.
pub(crate) enum Antecedent {
    /// An expression before it.
    Expression(usize),
    /// A description that no expression covers.
    Phrase(Box<Phrase>),
}

/// The antecedent of the relative pronoun that is expression `at`.
pub(crate) fn antecedent(
    text: &str,
    layout: &Layout,
    scene: &Scene<'_>,
    at: usize,
) -> Option<Antecedent> {
    let expressions = scene.expressions;
    let here = expressions.get(at)?;
    let person = here.span.of(text).to_lowercase() == "who";
    let sentence = layout.sentences.get(here.sentence)?;
    let before = words(text, layout, Span::new(sentence.start(), here.span.start()));
    let bare: Vec<&Word<'_>> = before.iter().filter(|word| word.is_word()).collect();
    let last = bare.last()?;
    let fits = |index: usize| {
        let draft = scene.resolved.get(index).copied().flatten();
        draft
            .and_then(|draft| scene.cast.get(draft))
            .is_some_and(|draft| {
                if person {
                    draft.is_person() || draft.plural
                } else {
                    !draft.is_person() || draft.plural
                }
            })
    };
    // Directly before it.
    let adjacent = (0..at)
        .rev()
        .take_while(|&index| {
            expressions
                .get(index)
                .is_some_and(|e| e.sentence == here.sentence)
        })
        .filter(|&index| {
            expressions.get(index).is_some_and(|e| {
                e.span.end() <= here.span.start() && e.span.end() >= last.span.end()
            })
        })
        .filter(|&index| fits(index))
        .last();
    if let Some(index) = adjacent {
        return Some(Antecedent::Expression(index));
    }
    // A description right before it: “two clerks who said”.
    if known_noun(&last.lower).is_some() || !person {
        let start = before
            .iter()
            .rposition(|word| {
                !word.is_word()
                    || matches!(
                        word.lower.as_str(),
                        "to" | "and" | "that" | "of" | "with" | "by"
                    )
            })
            .filter(|&index| index + 1 < before.len())
            .map_or(0, |index| index + 1);
        let article = before.iter().rposition(|word| {
            matches!(
                word.lower.as_str(),
                "a" | "an" | "the" | "another" | "some" | "many" | "several" | "two" | "three"
            )
        });
        let from = start
            .max(before.len().saturating_sub(5))
            .max(article.unwrap_or(0));
        let phrase = Phrase::read(before.get(from..)?);
        if let Some(phrase) = phrase {
            return Some(Antecedent::Phrase(Box::new(phrase)));
        }
    }
    // Else the last one in the sentence that it can stand for.
    (0..at)
        .rev()
        .take_while(|&index| {
            expressions
                .get(index)
                .is_some_and(|e| e.sentence == here.sentence)
        })
        .find(|&index| fits(index))
        .map(Antecedent::Expression)
}
