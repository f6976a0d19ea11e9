//! Who says what has no source of its own: the quotation before it goes on, or a dialogue
//! takes its turns.

use std::collections::HashMap;

use dixit_document::Span;

use crate::beside::{Beside, Bond};
use crate::decide::{Decider, Decision};
use crate::evidence::{Evidence, Rule};
use crate::mentions::What;
use crate::scene;
use crate::turns::{self, Turn};

/// What tells for the subject of a verb of speaking, by name or description.
const SAID: f32 = 30.0;
/// The same by a pronoun, for the likeliest entity.
const SAID_BY_PRONOUN: f32 = 5.0;
/// For the subject of what is told beside the speech.
const ACTED: f32 = 3.2;
/// Against whoever is named in the speech.
const NAMED: f32 = 0.4;
/// Against whoever is addressed in it, and for him to speak next.
const ADDRESSED: f32 = 3.0;
/// For whoever spoke or was told of lately, at most.
const PRESENT: f32 = 1.3;
/// How many turns away somebody can be to have a say.
const REACH: usize = 8;

/// Decides every quotation, in text order.
pub(crate) fn decide(decider: &mut Decider<'_>) -> Vec<Decision> {
    let count = decider.quotations.len();
    let mut decisions: Vec<Option<Decision>> = (0..count)
        .map(|index| decider.by_source(index, 0))
        .collect();
    if is_dialogue(decider) {
        take_turns(decider, &mut decisions);
    } else {
        for index in 0..count {
            if decisions.get(index).is_some_and(Option::is_none) {
                let decision = beside(decider, index);
                if let Some(slot) = decisions.get_mut(index) {
                    *slot = decision;
                }
            }
        }
    }
    carry_on(decider, &mut decisions);
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

/// Whether people talk with one another here, rather than being quoted one by one.
fn is_dialogue(decider: &Decider<'_>) -> bool {
    // For each paragraph with direct speech whether a source stands in it.
    let mut paragraphs: HashMap<usize, bool> = HashMap::new();
    for (index, quotation) in decider.quotations.iter().enumerate() {
        let Some(place) = paragraph(decider, index) else {
            continue;
        };
        if scene::is_direct(quotation) {
            let said = decider
                .beside
                .get(&index)
                .is_some_and(|beside| beside.bond == Bond::Verb);
            *paragraphs.entry(place).or_insert(false) |= said || !quotation.source.is_empty();
        }
    }
    let bare = paragraphs.values().filter(|&&said| !said).count();
    paragraphs.len() >= 4 && bare * 8 > paragraphs.len()
}

/// What stands beside a quotation, outside of dialogue.
fn beside(decider: &Decider<'_>, quotation: usize) -> Option<Decision> {
    let beside = decider.beside.get(&quotation)?;
    if beside.bond != Bond::Verb {
        return None;
    }
    let draft = decider.resolved.get(beside.expression).copied().flatten()?;
    Some(Decision {
        draft: Some(draft),
        evidence: Evidence::of(Rule::Beside, expression_span(decider, beside)),
    })
}

fn expression_span(decider: &Decider<'_>, beside: &Beside) -> Option<Span> {
    decider
        .expressions
        .get(beside.expression)
        .map(|expression| expression.span)
}

/// The paragraph of a quotation.
fn paragraph(decider: &Decider<'_>, quotation: usize) -> Option<usize> {
    let content = decider.quotations.get(quotation)?.content.first()?;
    decider.layout.paragraph_at(content.start())
}

/// Decides the direct quotations turn by turn.
fn take_turns(decider: &mut Decider<'_>, decisions: &mut [Option<Decision>]) {
    // Quotations by paragraph.
    let mut members: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut order: Vec<(usize, usize)> = (0..decider.quotations.len())
        .filter(|&index| decider.quotations.get(index).is_some_and(scene::is_direct))
        .filter_map(|index| Some((paragraph(decider, index)?, index)))
        .collect();
    order.sort_unstable();
    for (place, index) in order {
        match members.last_mut() {
            Some((last, indices)) if *last == place => indices.push(index),
            _ => members.push((place, vec![index])),
        }
    }
    let told: Vec<HashMap<usize, f32>> = members
        .iter()
        .map(|(place, indices)| evidence(decider, decisions, *place, indices))
        .collect();
    let addressed: Vec<Vec<usize>> = members
        .iter()
        .map(|(_, indices)| addressed(decider, indices))
        .collect();
    let turns: Vec<Turn> = members
        .iter()
        .enumerate()
        .map(|(at, (place, indices))| Turn {
            paragraph: *place,
            goes_on: at
                .checked_sub(1)
                .and_then(|before| members.get(before))
                .is_some_and(|before| goes_on(decider, before, *place, indices)),
            candidates: candidates(at, &told, &addressed),
        })
        .collect();
    for ((_, indices), decided) in members.iter().zip(turns::decide(&turns)) {
        let Some((draft, lead)) = decided else {
            continue;
        };
        for &index in indices {
            if decisions.get(index).is_some_and(Option::is_some) {
                continue;
            }
            let said = decider.beside.get(&index);
            let rule = match said {
                Some(beside) if beside.bond == Bond::Verb => Rule::Beside,
                _ => Rule::Turn,
            };
            let mention = said.and_then(|beside| expression_span(decider, beside));
            let mut evidence = Evidence::of(rule, mention);
            evidence.weighed = vec![(draft, lead)];
            if let Some(slot) = decisions.get_mut(index) {
                *slot = Some(Decision {
                    draft: Some(draft),
                    evidence,
                });
            }
        }
    }
}

/// What tells for each draft in the paragraph of a turn.
fn evidence(
    decider: &Decider<'_>,
    decisions: &[Option<Decision>],
    paragraph: usize,
    indices: &[usize],
) -> HashMap<usize, f32> {
    let mut told: HashMap<usize, f32> = HashMap::new();
    let mut add = |draft: usize, score: f32| {
        let known = told.entry(draft).or_insert(0.0);
        *known += score;
    };
    let mut said = false;
    for &index in indices {
        if let Some(draft) = decisions
            .get(index)
            .and_then(Option::as_ref)
            .and_then(|decision| decision.draft)
        {
            add(draft, SAID);
            said = true;
            continue;
        }
        let Some(beside) = decider.beside.get(&index) else {
            continue;
        };
        if beside.bond == Bond::Verb {
            said = true;
        }
        for (draft, score) in weighed(decider, beside) {
            add(draft, score);
        }
    }
    // Who is told of in the paragraph is there.
    let from = decider
        .expressions
        .partition_point(|expression| expression.paragraph < paragraph);
    for (index, expression) in decider.expressions.iter().enumerate().skip(from) {
        if expression.paragraph != paragraph {
            break;
        }
        let Some(draft) = decider.resolved.get(index).copied().flatten() else {
            continue;
        };
        if !decider
            .cast
            .get(draft)
            .is_some_and(|draft| draft.is_person() || draft.kind.is_none())
        {
            continue;
        }
        if expression.quoted.is_some() {
            add(draft, -NAMED);
        } else if !said {
            add(draft, 0.4);
        }
    }
    told
}

/// The drafts that an expression beside a quotation may stand for, with what tells for each.
fn weighed(decider: &Decider<'_>, beside: &Beside) -> Vec<(usize, f32)> {
    let Some(draft) = decider.resolved.get(beside.expression).copied().flatten() else {
        return Vec::new();
    };
    let pronoun = decider
        .expressions
        .get(beside.expression)
        .is_some_and(|expression| matches!(expression.what, What::Pronoun(_)));
    let full = match beside.bond {
        Bond::Verb if pronoun => SAID_BY_PRONOUN,
        Bond::Verb => SAID,
        Bond::Beat => ACTED,
    };
    if !pronoun {
        return vec![(draft, full)];
    }
    let Some(reason) = decider.reasons.get(&beside.expression) else {
        return vec![(draft, full)];
    };
    let best = reason.weighed.first().map_or(1.0, |&(_, score)| score);
    reason
        .weighed
        .iter()
        .map(|&(draft, score)| (draft, full * (score / best.max(f32::EPSILON)).sqrt()))
        .collect()
}

/// Everyone who may be speaking in a turn: who spoke or was told of around it.
fn candidates(
    at: usize,
    told: &[HashMap<usize, f32>],
    addressed: &[Vec<usize>],
) -> Vec<(usize, f32)> {
    let mut scores: HashMap<usize, f32> = HashMap::new();
    for distance in 1..=REACH {
        let weight = PRESENT * 0.8_f32.powi(i32::try_from(distance).unwrap_or(i32::MAX));
        let around = [at.checked_sub(distance), at.checked_add(distance)];
        for turn in around
            .into_iter()
            .flatten()
            .filter_map(|turn| told.get(turn))
        {
            for (&draft, &score) in turn {
                let known = scores.entry(draft).or_insert(0.0);
                if score > 2.0 {
                    *known = known.max(weight);
                }
            }
        }
    }
    if let Some(here) = told.get(at) {
        for (&draft, &score) in here {
            *scores.entry(draft).or_insert(0.0) += score;
        }
    }
    let calls = |turn: Option<usize>| {
        turn.and_then(|turn| addressed.get(turn))
            .map_or(&[][..], Vec::as_slice)
    };
    for &draft in calls(Some(at)) {
        *scores.entry(draft).or_insert(0.0) -= ADDRESSED;
    }
    for &draft in calls(at.checked_sub(1)).iter().chain(calls(Some(at + 1))) {
        *scores.entry(draft).or_insert(0.0) += ADDRESSED / 2.0;
    }
    let mut ranked: Vec<(usize, f32)> = scores.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.truncate(12);
    ranked
}

/// Whom the words of a turn call by name: a name set off by commas.
fn addressed(decider: &Decider<'_>, indices: &[usize]) -> Vec<usize> {
    let mut called = Vec::new();
    for &index in indices {
        let Some(quotation) = decider.quotations.get(index) else {
            continue;
        };
        for content in &quotation.content {
            let from = decider
                .expressions
                .partition_point(|expression| expression.span.start() < content.start());
            for (at, expression) in decider.expressions.iter().enumerate().skip(from) {
                if expression.span.start() >= content.end() {
                    break;
                }
                let What::Name(name) = expression.what else {
                    continue;
                };
                let Some(name) = decider.names.get(name) else {
                    continue;
                };
                if is_set_off(decider.text, name.titled, *content)
                    && let Some(draft) = decider.resolved.get(at).copied().flatten()
                {
                    called.push(draft);
                }
            }
        }
    }
    called.sort_unstable();
    called.dedup();
    called
}

/// Whether a name stands by itself within speech: “Una, come”, “come, my dear Una!”
fn is_set_off(text: &str, name: Span, content: Span) -> bool {
    let mark = |c: char| matches!(c, '“' | '"' | '‘' | '\'' | '”' | '’' | '—' | '-' | '_');
    let before = text
        .get(content.start()..name.start())
        .unwrap_or("")
        .trim_end();
    let mut before = before.trim_end_matches(mark).trim_end();
    for word in ["my dear", "dear", "my", "O", "Oh", "oh", "old", "poor"] {
        before = before.strip_suffix(word).unwrap_or(before).trim_end();
    }
    let behind = text.get(name.end()..content.end()).unwrap_or("");
    let behind = behind.trim_start_matches(mark);
    let opened = before.is_empty() || before.ends_with([',', '!', '?', '.', ';', ':']);
    let closed =
        behind.trim().is_empty() || behind.starts_with([',', '!', '?', '.', ';', '—', '-']);
    opened && closed
}

/// Whether a turn goes on with what was left open in the paragraph before.
fn goes_on(
    decider: &Decider<'_>,
    before: &(usize, Vec<usize>),
    place: usize,
    _indices: &[usize],
) -> bool {
    let (last_place, last) = before;
    if last_place + 1 != place {
        return false;
    }
    let end = last
        .iter()
        .filter_map(|&index| decider.quotations.get(index)?.content.last())
        .map(|content| content.end())
        .max();
    let Some(end) = end else { return false };
    let Some(paragraph) = decider.layout.paragraphs.get(*last_place) else {
        return false;
    };
    let start = end.saturating_sub(3).min(paragraph.end());
    let mut tail = decider.text.get(start..paragraph.end());
    if tail.is_none() {
        tail = decider.text.get(end.min(paragraph.end())..paragraph.end());
    }
    tail.is_some_and(|tail| {
        !tail.contains(['”', '"', '»', '\u{2019}', '\''])
            && !tail
                .get(3..)
                .unwrap_or("")
                .chars()
                .any(char::is_alphanumeric)
    })
}

/// Gives what is left the speaker of the quotation that it continues.
fn carry_on(decider: &Decider<'_>, decisions: &mut [Option<Decision>]) {
    let mut order: Vec<usize> = (0..decisions.len()).collect();
    let start = |index: usize| {
        decider
            .quotations
            .get(index)
            .and_then(|quotation| quotation.content.first())
            .map_or(0, |content| content.start())
    };
    order.sort_by_key(|&index| start(index));
    for position in 0..order.len() {
        let Some(&index) = order.get(position) else {
            continue;
        };
        if decisions.get(index).is_some_and(Option::is_some) {
            continue;
        }
        let Some(here) = paragraph(decider, index) else {
            continue;
        };
        let direct = decider.quotations.get(index).is_some_and(scene::is_direct);
        let before = order.get(..position).unwrap_or(&[]).iter().rev();
        let behind = order.get(position + 1..).unwrap_or(&[]).iter();
        let alike = |index: &&usize| {
            !direct
                || decider
                    .quotations
                    .get(**index)
                    .is_some_and(scene::is_direct)
        };
        let same = |index: &&usize| paragraph(decider, **index) == Some(here);
        let near = |index: &&usize| {
            paragraph(decider, **index).is_some_and(|place| place + 3 >= here && place <= here)
        };
        let neighbour = before
            .clone()
            .take_while(same)
            .find(alike)
            .or_else(|| behind.take_while(same).find(alike))
            .or_else(|| before.clone().take_while(near).next());
        let decision = neighbour
            .and_then(|&index| decisions.get(index)?.as_ref())
            .map(|decision| Decision {
                draft: decision.draft,
                evidence: Evidence::of(Rule::Continued, decision.evidence.mention),
            });
        if let Some(slot) = decisions.get_mut(index) {
            *slot = decision;
        }
    }
}
