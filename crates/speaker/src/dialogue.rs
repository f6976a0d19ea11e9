//! Who says what has no source of its own: the quotation before it goes on, or a dialogue
//! takes its turns.

use std::collections::HashMap;

use dixit_document::{Kind, Quotation, Rule, Span};
use dixit_tokenize::{Layout, MarkKind};

use crate::beside::{Beside, Bond};
use crate::candidates;
use crate::decide::{Decider, Decision};
use crate::evidence::Evidence;
use crate::mentions::What;
use crate::ranker;
use crate::scene;

/// The least number of paragraphs with direct speech that make a story.
const SPOKEN: usize = 20;

/// The same where every sentence is a line.
const SPOKEN_LINES: usize = 5;

/// How many turns a tale has at least that its teller takes up again, and how many may interrupt it.
const TALE: usize = 3;
const INTERRUPTED: usize = 3;

/// Words of one person that paragraph after paragraph leaves open.
struct Tale {
    teller: Decision,
    first: usize,
    last: usize,
}

impl Tale {
    fn is_long(&self) -> bool {
        self.last >= self.first + TALE - 1
    }
}

/// Decides every quotation, in text order.
pub(crate) fn decide(decider: &mut Decider<'_>) -> Vec<Decision> {
    let count = decider.quotations.len();
    let mut decisions: Vec<Option<Decision>> = (0..count)
        .map(|index| decider.by_source(index, 0))
        .collect();
    // Nobody outside of a given cast speaks.
    if decider.given > 0 {
        for slot in &mut decisions {
            slot.take_if(|decision| decision.draft.is_some_and(|draft| draft >= decider.given));
        }
    }
    if talks(decider) {
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

/// Whether turns are taken: in a dialogue, and among a cast that is given.
pub(crate) fn talks(decider: &Decider<'_>) -> bool {
    decider.given > 0 || is_dialogue(decider)
}

/// Whether people talk with one another here, rather than being quoted one by one: direct speech
/// stands in many paragraphs, or in most of a few, and not all say whose it is.
fn is_dialogue(decider: &Decider<'_>) -> bool {
    if is_story(decider.text, decider.layout, decider.quotations) {
        return true;
    }
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
    paragraphs.len() >= 4
        && bare * 8 > paragraphs.len()
        && paragraphs.len() * 2 > decider.layout.paragraphs.len()
}

/// Whether a text is told in dialogues, as novels are: many paragraphs are direct speech, and
/// little is reported in other words, as news does between what it quotes.
pub(crate) fn is_story(text: &str, layout: &Layout, quotations: &[Quotation]) -> bool {
    let reported = quotations
        .iter()
        .filter(|quotation| matches!(quotation.kind, Some(Kind::Indirect | Kind::Mixed)));
    if reported.count() * 2 > quotations.len() {
        return false;
    }
    let mut spoken: Vec<usize> = quotations
        .iter()
        .filter(|quotation| quotation.marked == Some(true) && scene::is_direct(quotation))
        .filter_map(|quotation| layout.paragraph_at(quotation.content.first()?.start()))
        .collect();
    spoken.sort_unstable();
    spoken.dedup();
    spoken.len() >= SPOKEN && spoken.len() * 4 > layout.paragraphs.len()
        || spoken.len() >= SPOKEN_LINES && layout.is_sentence_a_line(text)
}

/// Whether sources tell who says most quotations, as in news.
pub(crate) fn has_sources(quotations: &[Quotation]) -> bool {
    let told = quotations
        .iter()
        .filter(|quotation| !quotation.source.is_empty());
    told.count() * 2 > quotations.len()
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

/// Decides the direct quotations over all turns, but for those whose speaker is named.
fn take_turns(decider: &mut Decider<'_>, decisions: &mut [Option<Decision>]) {
    let (questions, groups) = candidates::questions(decider);
    let shares = ranker::shares(&questions, &groups);
    // Who spoke last, and in which turn.
    let mut last: Option<(usize, Decision)> = None;
    let mut tale: Option<Tale> = None;
    for (question, shares) in questions.iter().zip(shares) {
        let before = last.take();
        if let Some(Some(decision)) = decisions.get(question.quotation) {
            last = Some((question.turn, decision.clone()));
        }
        let Some(slot) = decisions.get_mut(question.quotation) else {
            continue;
        };
        if slot.as_ref().is_some_and(|d| d.evidence.rule == Rule::Name) {
            continue;
        }
        // A tale goes on, unless somebody is named: what is told in it is not told of it.
        let goes_on = groups
            .get(question.turn)
            .is_some_and(|group| group.left_open);
        let named = decider
            .beside_or_source(question.quotation)
            .is_some_and(|(bond, index)| {
                let what = decider.expressions.get(index).map(|e| &e.what);
                let draft = decider.resolved.get(index).copied().flatten();
                // Nobody outside of a given cast speaks.
                let speaks = decider.given == 0 || draft.is_some_and(|d| d < decider.given);
                bond == Bond::Verb && speaks && matches!(what, Some(What::Name(_)))
            });
        let here = |tale: &Tale| tale.last + 1 >= question.turn;
        let long = tale.as_mut().filter(|tale| here(tale) && tale.is_long());
        let goes_on_from = match &long {
            // Whom a long tale names in passing does not take it over.
            Some(tale) => Some((tale.last, tale.teller.clone())),
            None => before,
        };
        if goes_on && named {
            if let Some(tale) = long {
                tale.last = question.turn;
            }
        } else if goes_on
            && let Some((turn, decision)) = goes_on_from
            && turn <= question.turn
            && turn + 1 >= question.turn
        {
            let decision = continued(&decision);
            let first = tale.filter(here).map_or(turn, |tale| tale.first);
            tale = Some(Tale {
                teller: decision.clone(),
                first,
                last: question.turn,
            });
            last = Some((question.turn, decision.clone()));
            *slot = Some(decision);
            continue;
        }
        // Somebody without a name is said to speak: “asked the ferryman”. A given cast decides
        // itself who that is.
        if decider.given == 0
            && let Some(decision) = described(decider, question.quotation)
        {
            last = Some((question.turn, decision.clone()));
            *slot = Some(decision);
            continue;
        }
        // Whoever tells the book tells no tale in marks over paragraphs; “said I” is in the tale.
        let tells = groups
            .get(question.turn + 1)
            .is_some_and(|group| group.left_open);
        // A long tale that others broke in upon is taken up again.
        let bare = decider
            .beside_or_source(question.quotation)
            .is_none_or(|(bond, _)| bond != Bond::Verb);
        if tells
            && bare
            && let Some(tale) = &tale
            && tale.is_long()
            && tale.last < question.turn
            && question.turn <= tale.last + 1 + INTERRUPTED
        {
            let decision = continued(&tale.teller);
            last = Some((question.turn, decision.clone()));
            *slot = Some(decision);
            continue;
        }
        let mut weighed: Vec<(usize, f32)> = question
            .candidates
            .iter()
            .zip(shares)
            .map(|(candidate, share)| (candidate.draft, share))
            .collect();
        if tells && weighed.len() > 1 {
            weighed.retain(|&(draft, _)| decider.narrator != Some(draft));
        }
        // “The other” is one of those who are there.
        if let Some(anybody) = anybody(decider, question.quotation)
            && weighed.len() > 1
        {
            weighed.retain(|&(draft, _)| draft != anybody);
        }
        // “She said” is nobody’s who is a man, which a given cast tells for sure.
        let agrees = |draft: usize| agrees(decider, question.quotation, draft);
        if decider.given > 0 && weighed.iter().any(|&(draft, _)| agrees(draft)) {
            weighed.retain(|&(draft, _)| agrees(draft));
        }
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weighed.truncate(6);
        let Some(&(draft, _)) = weighed.first() else {
            continue;
        };
        let mention = decider
            .beside_or_source(question.quotation)
            .and_then(|(_, index)| decider.expressions.get(index))
            .map(|expression| expression.span);
        let decision = Decision {
            draft: Some(draft),
            evidence: Evidence {
                rule: Rule::Weighed,
                mention,
                weighed,
            },
        };
        last = Some((question.turn, decision.clone()));
        *slot = Some(decision);
    }
}

/// Whether a pronoun beside a quotation can stand for somebody.
fn agrees(decider: &Decider<'_>, quotation: usize, draft: usize) -> bool {
    let Some((Bond::Verb, index)) = decider.beside_or_source(quotation) else {
        return true;
    };
    let expression = decider.expressions.get(index);
    match (expression.map(|e| &e.what), decider.cast.get(draft)) {
        (Some(What::Pronoun(pronoun)), Some(draft)) => pronoun.agreement(draft) > 0.0,
        _ => true,
    }
}

/// The same speaker for what goes on with a quotation.
fn continued(decision: &Decision) -> Decision {
    Decision {
        draft: decision.draft,
        evidence: Evidence {
            rule: Rule::Continued,
            mention: decision.evidence.mention,
            weighed: Vec::new(),
        },
    }
}

/// Whoever a description beside a quotation says is speaking.
fn described(decider: &Decider<'_>, quotation: usize) -> Option<Decision> {
    let (bond, index) = decider.beside_or_source(quotation)?;
    let expression = decider.expressions.get(index)?;
    let What::Phrase(phrase) = &expression.what else {
        return None;
    };
    let draft = decider.resolved.get(index).copied().flatten()?;
    // Whoever was only at hand is weighed with the others.
    let spoken =
        bond == Bond::Verb && !is_anybody(&phrase.head) && decider.is_called(draft, phrase);
    spoken.then(|| Decision {
        draft: Some(draft),
        evidence: Evidence::of(Rule::Beside, Some(expression.span)),
    })
}

/// Whom a description beside a quotation made up that tells nothing of somebody.
fn anybody(decider: &Decider<'_>, quotation: usize) -> Option<usize> {
    let (_, index) = decider.beside_or_source(quotation)?;
    let expression = decider.expressions.get(index)?;
    let empty = matches!(&expression.what, What::Phrase(phrase) if is_anybody(&phrase.head));
    let draft = decider.resolved.get(index).copied().flatten()?;
    let named = decider.cast.get(draft).is_some_and(|draft| draft.named);
    (empty && !named && decider.given == 0).then_some(draft)
}

/// Whether a noun tells nothing of somebody: who “the other” is, the turns tell.
fn is_anybody(head: &str) -> bool {
    matches!(
        head,
        "other" | "one" | "speaker" | "companion" | "former" | "latter" | "voice"
    )
}

/// Whom the words of a turn call by name: a name set off by commas.
pub(crate) fn addressed(decider: &Decider<'_>, indices: &[usize]) -> Vec<usize> {
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
pub(crate) fn is_set_off(text: &str, name: Span, content: Span) -> bool {
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
pub(crate) fn goes_on(decider: &Decider<'_>, before: &(usize, Vec<usize>), place: usize) -> bool {
    let (last_place, last) = before;
    if *last_place < place && (*last_place..place).all(|at| is_left_open(decider.layout, at)) {
        return true;
    }
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

/// Whether double marks open more in a paragraph than they close, and the next one begins with
/// one: somebody tells on, whatever is quoted in between.
pub(crate) fn is_left_open(layout: &Layout, place: usize) -> bool {
    let paragraph = layout.paragraphs.get(place).copied();
    let next = layout.paragraphs.get(place + 1).copied();
    let Some((paragraph, next)) = paragraph.zip(next) else {
        return false;
    };
    let marks = |paragraph: Span| {
        let from = layout
            .marks
            .partition_point(|mark| mark.span.start() < paragraph.start());
        layout
            .marks
            .iter()
            .skip(from)
            .take_while(move |mark| mark.span.start() < paragraph.end())
            .filter(|mark| is_double(mark.kind))
    };
    let begins = marks(next)
        .next()
        .is_some_and(|mark| mark.span.start() == next.start());
    if !begins {
        return false;
    }
    let (mut straight, mut open) = (0_usize, 0_isize);
    for mark in marks(paragraph) {
        match mark.kind {
            MarkKind::DoubleStraight => straight += 1,
            MarkKind::DoubleRight => open -= 1,
            _ => open += 1,
        }
    }
    straight % 2 == 1 && open == 0 || straight == 0 && open == 1
}

fn is_double(kind: MarkKind) -> bool {
    matches!(
        kind,
        MarkKind::DoubleStraight | MarkKind::DoubleLeft | MarkKind::DoubleRight
    )
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
