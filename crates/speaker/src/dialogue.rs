//! Quotations without a source of their own: what stands beside them, what they continue, whose
//! turn it is.

use dixit_document::Span;

use crate::decide::{Decider, Decision};
use crate::evidence::{Evidence, Rule};
use crate::lexicon::lexicon;
use crate::mentions::{Place, What};
use crate::pronouns::Pronoun;
use crate::scene;
use crate::words::{Word, words};

/// Decides every quotation, in text order.
pub(crate) fn decide(decider: &mut Decider<'_>) -> Vec<Decision> {
    let count = decider.quotations.len();
    let mut decisions: Vec<Option<Decision>> = (0..count)
        .map(|index| decider.by_source(index, 0))
        .collect();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&index| start(decider, index));
    // What stands beside a quotation is surer than the order of turns, so all of it goes first.
    for &index in &order {
        if decisions.get(index).is_some_and(Option::is_none)
            && let Some(slot) = decisions.get_mut(index)
        {
            *slot = beside(decider, index);
        }
    }
    for position in 0..order.len() {
        let Some(&index) = order.get(position) else {
            continue;
        };
        if decisions.get(index).is_some_and(Option::is_some) {
            continue;
        }
        let before = order.get(..position).unwrap_or(&[]);
        let behind = order.get(position + 1..).unwrap_or(&[]);
        let decision = continued(decider, &decisions, before, behind, index)
            .or_else(|| turn(decider, &decisions, before, behind, index));
        if let Some(slot) = decisions.get_mut(index) {
            *slot = decision;
        }
    }
    decisions
        .into_iter()
        .map(|decision| {
            decision.unwrap_or_else(|| Decision {
                draft: None,
                evidence: Evidence::of(Rule::None, None),
            })
        })
        .collect()
}

fn start(decider: &Decider<'_>, quotation: usize) -> usize {
    decider
        .quotations
        .get(quotation)
        .and_then(|quotation| quotation.content.first())
        .map_or(0, |span| span.start())
}

fn paragraph(decider: &Decider<'_>, quotation: usize) -> Option<usize> {
    let content = decider.quotations.get(quotation)?.content.first()?;
    decider.layout.paragraph_at(content.start())
}

fn is_direct(decider: &Decider<'_>, quotation: usize) -> bool {
    decider
        .quotations
        .get(quotation)
        .is_some_and(scene::is_direct)
}

/// A verb of speaking beside the quotation, with its subject: “… ,” cried the old man.
fn beside(decider: &mut Decider<'_>, quotation: usize) -> Option<Decision> {
    if !is_direct(decider, quotation) {
        return None;
    }
    let contents = decider.quotations.get(quotation)?.content.clone();
    let paragraph = *decider
        .layout
        .paragraphs
        .get(paragraph(decider, quotation)?)?;
    let mut best: Option<(u32, usize)> = None;
    for content in contents {
        let behind = behind(decider, content, paragraph);
        let before = before(decider, content, paragraph);
        for (gap, follows) in [(behind, true), (before, false)] {
            let Some((cost, at)) = subject(decider, gap, follows) else {
                continue;
            };
            if best.is_none_or(|(old, _)| cost < old) {
                best = Some((cost, at));
            }
        }
    }
    let (_, at) = best?;
    let draft = decider.resolved.get(at).copied().flatten()?;
    let span = decider.expressions.get(at)?.span;
    Some(Decision {
        draft: Some(draft),
        evidence: Evidence::of(Rule::Beside, Some(span)),
    })
}

/// What is told between the content and the next quotation of the paragraph.
fn behind(decider: &Decider<'_>, content: Span, paragraph: Span) -> Span {
    let next = decider
        .quotations
        .iter()
        .flat_map(|quotation| &quotation.content)
        .map(|span| span.start())
        .filter(|&start| start >= content.end())
        .min()
        .unwrap_or(paragraph.end());
    Span::new(content.end(), next.min(paragraph.end()).max(content.end()))
}

/// What is told between the quotation before it in the paragraph and the content.
fn before(decider: &Decider<'_>, content: Span, paragraph: Span) -> Span {
    let last = decider
        .quotations
        .iter()
        .flat_map(|quotation| &quotation.content)
        .map(|span| span.end())
        .filter(|&end| end <= content.start())
        .max()
        .unwrap_or(paragraph.start());
    Span::new(
        last.max(paragraph.start()).min(content.start()),
        content.start(),
    )
}

/// The subject of a verb of speaking in a gap, with what it costs to believe in it.
fn subject(decider: &Decider<'_>, gap: Span, follows: bool) -> Option<(u32, usize)> {
    let told = words(decider.text, decider.layout, gap);
    let verbs: Vec<usize> = told
        .iter()
        .enumerate()
        .filter(|(_, word)| word.is_word() && lexicon().is_speech_verb(&word.lower))
        .map(|(index, _)| index)
        .collect();
    let mut best: Option<(u32, usize)> = None;
    let from = decider
        .expressions
        .partition_point(|expression| expression.span.start() < gap.start());
    for (index, expression) in decider.expressions.iter().enumerate().skip(from) {
        if expression.span.start() >= gap.end() {
            break;
        }
        if decider.resolved.get(index).copied().flatten().is_none()
            || expression.place == Place::Owner
            || matches!(
                expression.what,
                What::Pronoun(Pronoun::I | Pronoun::We | Pronoun::You | Pronoun::It)
            )
        {
            continue;
        }
        let first = told
            .iter()
            .position(|word| word.span.overlaps(expression.span))?;
        let last = told
            .iter()
            .rposition(|word| word.span.overlaps(expression.span))?;
        for &verb in &verbs {
            let between: &[Word<'_>] = if verb < first {
                told.get(verb + 1..first).unwrap_or(&[])
            } else {
                told.get(last + 1..verb).unwrap_or(&[])
            };
            let distance = u32::try_from(between.len()).unwrap_or(u32::MAX);
            let broken = between.iter().any(|word| !word.is_word());
            if distance > 4 || expression.place == Place::Oblique && verb > last {
                continue;
            }
            let away = if follows {
                verb.min(first)
            } else {
                told.len().saturating_sub(verb.max(last))
            };
            let away = u32::try_from(away).unwrap_or(u32::MAX);
            let object = u32::from(expression.place == Place::Object && verb > first);
            let cost =
                distance * 2 + away + 6 * u32::from(broken) + 4 * object + u32::from(!follows);
            if best.is_none_or(|(old, _)| cost < old) {
                best = Some((cost, index));
            }
        }
    }
    best.filter(|&(cost, _)| cost < 30)
}

/// The speaker of a quotation of the same paragraph, or of the one before that this continues.
fn continued(
    decider: &Decider<'_>,
    decisions: &[Option<Decision>],
    before: &[usize],
    behind: &[usize],
    quotation: usize,
) -> Option<Decision> {
    let here = paragraph(decider, quotation)?;
    let of = |index: usize| decisions.get(index).and_then(Option::as_ref);
    let same = |index: &&usize| paragraph(decider, **index) == Some(here);
    let direct = is_direct(decider, quotation);
    let alike = |index: &&usize| !direct || is_direct(decider, **index);
    let neighbour = before
        .iter()
        .rev()
        .take_while(same)
        .find(alike)
        .or_else(|| behind.iter().take_while(same).find(alike))
        .or_else(|| before.iter().rev().take_while(same).next());
    if let Some(decision) = neighbour.and_then(|&index| of(index)) {
        return Some(again(decision, Rule::Continued));
    }
    None
}

fn again(decision: &Decision, rule: Rule) -> Decision {
    Decision {
        draft: decision.draft,
        evidence: Evidence::of(rule, decision.evidence.mention),
    }
}

/// Whose turn it is: the last but one to speak, else whoever goes on.
fn turn(
    decider: &Decider<'_>,
    decisions: &[Option<Decision>],
    before: &[usize],
    behind: &[usize],
    quotation: usize,
) -> Option<Decision> {
    let here = paragraph(decider, quotation)?;
    // Speakers of the paragraphs before, nearest first, as long as these adjoin.
    let mut turns: Vec<(usize, usize)> = Vec::new();
    for &index in before.iter().rev() {
        let Some(place) = paragraph(decider, index) else {
            continue;
        };
        let nearest = turns.last().map_or(here, |&(place, _)| place);
        if place + 3 < nearest || turns.len() >= 4 {
            break;
        }
        let Some(draft) = decisions
            .get(index)
            .and_then(Option::as_ref)
            .and_then(|decision| decision.draft)
        else {
            continue;
        };
        if turns.last().is_none_or(|&(last, _)| last != place) {
            turns.push((place, draft));
        }
    }
    let &(place, last) = turns.first()?;
    let decision = |draft: usize, rule: Rule| Decision {
        draft: Some(draft),
        evidence: Evidence::of(rule, None),
    };
    if is_direct(decider, quotation) && goes_on(decider, before, here) {
        return Some(decision(last, Rule::Continued));
    }
    let other = turns
        .iter()
        .skip(1)
        .map(|&(_, draft)| draft)
        .find(|&draft| draft != last)
        .or_else(|| {
            behind.iter().take(3).find_map(|&index| {
                paragraph(decider, index).filter(|&place| place <= here + 3)?;
                let draft = decisions.get(index)?.as_ref()?.draft?;
                (draft != last).then_some(draft)
            })
        });
    match other {
        Some(other) if place + 1 == here => Some(decision(other, Rule::Turn)),
        _ => Some(decision(last, Rule::Continued)),
    }
}

/// Whether the quotation before, in the last paragraph, was left open there, or the text is one
/// that runs on: nothing is told between.
fn goes_on(decider: &Decider<'_>, before: &[usize], here: usize) -> bool {
    let Some(&last) = before.last() else {
        return false;
    };
    if paragraph(decider, last).is_none_or(|place| place + 1 != here) {
        return false;
    }
    let Some(content) = decider
        .quotations
        .get(last)
        .and_then(|quotation| quotation.content.last())
    else {
        return false;
    };
    // A closing mark behind the content means that the speaker had finished.
    let after = decider.text.get(content.end()..).unwrap_or("");
    !after
        .chars()
        .take_while(|c| !c.is_whitespace())
        .any(|c| matches!(c, '”' | '"' | '’' | '\'' | '»'))
}
