//! Who may be saying a direct quotation, and what tells for each.
//!
//! Everything that can be read off the text around a quotation becomes a number; what the numbers
//! are worth is learned (`ranker`).

mod address;
mod apart;
mod around;
mod company;
mod lead;
mod nearness;
mod register;
mod speech;

use std::collections::{HashMap, HashSet};

use dixit_document::{Gender, Span};

use crate::beside::Bond;
use crate::decide::Decider;
use crate::dialogue::{goes_on, is_left_open};
use crate::mentions::What;
use crate::pronouns::Pronoun;
use crate::scene;

use address::Address;
use apart::Apart;
use company::Company;
use lead::Lead;
use register::{called, manners, often, said, speaking, told};

/// How far back and ahead, in bytes, whoever speaks has to be named.
const BACK: usize = 6000;
const AHEAD: usize = 1500;
/// How far, in bytes, the paragraphs around are read at most: a bound for texts without paragraphs.
const FAR: usize = 20_000;
/// How far back, in bytes, what leads up to words is read.
const LEAD: usize = 1500;
/// How many candidates are weighed at most.
const MOST: usize = 14;
/// How many numbers tell for a candidate, without those of neighbouring turns.
pub(crate) const OWN: usize = 97;

/// A direct quotation that somebody says.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Its index.
    pub quotation: usize,
    /// The turn that it belongs to.
    pub turn: usize,
    pub candidates: Vec<Candidate>,
}

/// Somebody who may be saying it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub draft: usize,
    /// [`OWN`] numbers.
    pub features: Vec<f32>,
}

/// Direct quotations of one paragraph.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub paragraph: usize,
    /// Whether it goes on with what the paragraph before left open.
    pub goes_on: bool,
    /// Whether marks show that, beyond doubt.
    pub left_open: bool,
}

/// A mention of somebody by name or description.
#[derive(Clone, Copy)]
struct Told {
    span: Span,
    draft: usize,
    paragraph: usize,
    subject: bool,
    quoted: Option<usize>,
}

/// Reads the questions of a text, in text order, and the turns that they make.
pub(crate) fn questions(decider: &Decider<'_>) -> (Vec<Question>, Vec<Group>) {
    let speaking = speaking(decider);
    let told = told(decider, &speaking);
    let mut order: Vec<(usize, usize)> = (0..decider.quotations.len())
        .filter(|&index| decider.quotations.get(index).is_some_and(scene::is_direct))
        .filter_map(|index| {
            let content = decider.quotations.get(index)?.content.first()?;
            Some((content.start(), index))
        })
        .collect();
    order.sort_unstable();
    let mut groups: Vec<Group> = Vec::new();
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut turns = Vec::with_capacity(order.len());
    for &(start, index) in &order {
        let paragraph = decider.layout.paragraph_at(start).unwrap_or(0);
        if groups.last().is_none_or(|last| last.paragraph != paragraph) {
            let goes_on = members.last().zip(groups.last()).is_some_and(|(m, group)| {
                goes_on(decider, &(group.paragraph, m.clone()), paragraph)
            });
            let left_open = goes_on
                && paragraph
                    .checked_sub(1)
                    .is_some_and(|before| is_left_open(decider.layout, before));
            groups.push(Group {
                paragraph,
                goes_on,
                left_open,
            });
            members.push(Vec::new());
        }
        if let Some(last) = members.last_mut() {
            last.push(index);
        }
        turns.push(groups.len() - 1);
    }
    let reader = Reader {
        decider,
        speaking: &speaking,
        told: &told,
        groups: &groups,
        members: &members,
        often: often(decider, &told),
        called: called(decider, &members),
        said: said(decider, &members),
        manners: manners(decider),
    };
    let mut questions: Vec<Question> = Vec::with_capacity(order.len());
    for (&(_, index), turn) in order.iter().zip(turns) {
        let goes_on = groups.get(turn).is_some_and(|group| group.goes_on);
        let before = questions
            .last()
            .filter(|before| before.turn == turn || goes_on)
            .map_or(&[][..], |before| &before.candidates);
        let question = reader.question(index, turn, before);
        questions.push(question);
    }
    (questions, groups)
}

struct Reader<'r, 't> {
    decider: &'r Decider<'t>,
    speaking: &'r HashSet<usize>,
    told: &'r [Told],
    groups: &'r [Group],
    members: &'r [Vec<usize>],
    often: HashMap<usize, (f32, f32)>,
    called: Vec<Vec<usize>>,
    said: Vec<Option<usize>>,
    /// For each draft how often it is named as a speaker, and how often with each kind of address.
    manners: HashMap<usize, (f32, [f32; Address::COUNT])>,
}

/// What is told around one quotation, for every candidate alike.
struct Around {
    quotation: usize,
    start: usize,
    end: usize,
    turn: usize,
    paragraph: usize,
    /// What stands beside it: the bond, what the expression is, whose it was found to be.
    beside: Option<(Bond, What, Option<usize>)>,
    weighed: Vec<(usize, f32)>,
    wanted: Option<Gender>,
    context: Vec<f32>,
    lead: Lead,
    address: Address,
    apart: Apart,
    company: Company,
}

impl Reader<'_, '_> {
    /// `before` may be going on speaking.
    fn question(&self, quotation: usize, turn: usize, before: &[Candidate]) -> Question {
        let content = self.contents(quotation);
        let start = content.first().map_or(0, |span| span.start());
        let end = content.last().map_or(start, |span| span.end());
        let around = self.around(quotation, turn, start, end);
        let mut drafts = self.drafts(&around);
        for candidate in before.iter().take(MOST / 2) {
            if !drafts.contains(&candidate.draft) {
                drafts.push(candidate.draft);
            }
        }
        self.narrate(&around, &mut drafts);
        let back: Vec<usize> = self.recent(start).map(|(draft, _)| draft).collect();
        let agreeing: Vec<usize> = back
            .iter()
            .copied()
            .filter(|&draft| self.agreement(draft, around.wanted) >= 0.0)
            .collect();
        let candidates = drafts
            .into_iter()
            .map(|draft| Candidate {
                draft,
                features: self.features(&around, draft, &back, &agreeing),
            })
            .collect();
        Question {
            quotation,
            turn,
            candidates,
        }
    }

    fn contents(&self, quotation: usize) -> &[Span] {
        let quotation = self.decider.quotations.get(quotation);
        quotation.map_or(&[], |quotation| &quotation.content)
    }

    /// Whoever was named before a place, last first, each once, with where.
    fn recent(&self, start: usize) -> impl Iterator<Item = (usize, Span)> + '_ {
        let at = self.told.partition_point(|told| told.span.start() < start);
        let mut seen: Vec<usize> = Vec::new();
        self.told
            .get(..at)
            .unwrap_or(&[])
            .iter()
            .rev()
            .take_while(move |told| told.span.start() + BACK >= start)
            .filter(|told| told.quoted.is_none())
            .filter_map(move |told| {
                if seen.contains(&told.draft) {
                    return None;
                }
                seen.push(told.draft);
                Some((told.draft, told.span))
            })
    }

    fn drafts(&self, around: &Around) -> Vec<usize> {
        let mut drafts: Vec<usize> = Vec::new();
        let add = |draft: usize, drafts: &mut Vec<usize>| {
            if drafts.len() < MOST && !drafts.contains(&draft) {
                drafts.push(draft);
            }
        };
        if let Some((_, _, Some(draft))) = around.beside
            && self.speaking.contains(&draft)
        {
            add(draft, &mut drafts);
        }
        if let Some(narrator) = self.decider.narrator {
            add(narrator, &mut drafts);
        }
        for turn in around.turn.saturating_sub(3)..around.turn + 4 {
            if let Some(Some(draft)) = self.said.get(turn)
                && self.speaking.contains(draft)
            {
                add(*draft, &mut drafts);
            }
        }
        let behind = self
            .told
            .partition_point(|told| told.span.start() < around.start);
        for told in self.told.iter().skip(behind) {
            if told.span.start() > around.end + AHEAD || told.paragraph > around.paragraph + 2 {
                break;
            }
            if told.paragraph == around.paragraph && told.quoted.is_none() {
                add(told.draft, &mut drafts);
            }
        }
        for (draft, _) in self.recent(around.start) {
            add(draft, &mut drafts);
        }
        for told in self.told.iter().skip(behind) {
            if told.span.start() > around.end + AHEAD {
                break;
            }
            add(told.draft, &mut drafts);
        }
        // Whoever is only named in speech.
        for told in self.told.get(..behind).unwrap_or(&[]).iter().rev() {
            if told.span.start() + BACK < around.start {
                break;
            }
            add(told.draft, &mut drafts);
        }
        drafts
    }

    /// Whoever tells the story says “I” in it, and is nobody’s “he”.
    fn narrate(&self, around: &Around, drafts: &mut Vec<usize>) {
        let Some(narrator) = self.decider.narrator.filter(|_| drafts.len() > 1) else {
            return;
        };
        match &around.beside {
            Some((Bond::Verb, What::Pronoun(Pronoun::I), _)) => drafts.retain(|&d| d == narrator),
            Some((Bond::Verb, What::Pronoun(_) | What::Phrase(_), _)) => {
                drafts.retain(|&d| d != narrator);
            }
            _ => {}
        }
    }

    fn agreement(&self, draft: usize, wanted: Option<Gender>) -> f32 {
        let gender = self.decider.cast.get(draft).and_then(|draft| draft.gender);
        match (gender, wanted) {
            (_, None) | (None, _) => 0.0,
            (Some(Gender::Other), Some(wanted)) if wanted != Gender::Other => 0.0,
            (Some(gender), Some(wanted)) if gender == wanted => 1.0,
            _ => -1.0,
        }
    }

    fn features(
        &self,
        around: &Around,
        draft: usize,
        back: &[usize],
        agreeing: &[usize],
    ) -> Vec<f32> {
        let mut f = around.context.clone();
        self.beside_features(around, draft, &mut f);
        self.told_features(around, draft, &mut f);
        self.speech_features(around, draft, &mut f);
        f.extend([rank(back, draft), rank(agreeing, draft)]);
        let (told, said) = self.often.get(&draft).copied().unwrap_or_default();
        f.extend([told, said]);
        f.extend(self.pronoun_features(around, draft));
        f.extend(self.kind_features(around, draft));
        f.extend(self.lead_features(around, draft));
        f.extend(self.apart_features(around, draft));
        f.extend(self.company_features(around, draft));
        f.resize(OWN, 0.0);
        f
    }

    /// What is known of the candidate: whether it has a name, stands for several, is of a given
    /// cast, and was taken for the description beside the quotation only since it was at hand.
    fn kind_features(&self, around: &Around, draft: usize) -> [f32; 4] {
        let (named, plural) = self
            .decider
            .cast
            .get(draft)
            .map_or((false, false), |draft| (draft.named, draft.plural));
        let at_hand = matches!(&around.beside, Some((_, What::Phrase(phrase), resolved))
            if *resolved == Some(draft) && !self.decider.is_called(draft, phrase));
        [
            flag(named),
            flag(plural),
            flag(self.decider.given > 0),
            flag(at_hand),
        ]
    }
}

/// 1 for the first of a list, less for those behind it.
fn rank(list: &[usize], draft: usize) -> f32 {
    let place = list.iter().position(|&other| other == draft);
    place.map_or(0.0, |place| 1.0 / (1.0 + place as f32))
}

fn flag(value: bool) -> f32 {
    f32::from(u8::from(value))
}
