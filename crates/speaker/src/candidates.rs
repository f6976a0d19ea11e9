//! Who may be saying a direct quotation, and what tells for each.
//!
//! Everything that can be read off the text around a quotation becomes a number; what the numbers
//! are worth is learned (`ranker`).

use std::collections::{HashMap, HashSet};

use dixit_document::{EntityType, Gender, Span};

use crate::beside::Bond;
use crate::cast::Draft;
use crate::decide::Decider;
use crate::dialogue::{goes_on, is_left_open, is_set_off};
use crate::mentions::{Place, What};
use crate::pronouns::Pronoun;
use crate::scene;

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

fn told(decider: &Decider<'_>, speaking: &HashSet<usize>) -> Vec<Told> {
    let mut told: Vec<Told> = decider
        .expressions
        .iter()
        .zip(&decider.resolved)
        .filter(|(expression, _)| matches!(expression.what, What::Name(_) | What::Phrase(_)))
        .filter_map(|(expression, &draft)| {
            let draft = draft.filter(|draft| speaking.contains(draft))?;
            Some(Told {
                span: expression.span,
                draft,
                paragraph: expression.paragraph,
                subject: expression.place == Place::Subject,
                quoted: expression.quoted,
            })
        })
        .collect();
    told.sort_by_key(|told| (told.span.start(), told.span.end()));
    told
}

/// The drafts that can speak at all: of a given cast only its members, else people and whatever is
/// said to speak, as the King of Hearts does.
fn speaking(decider: &Decider<'_>) -> HashSet<usize> {
    let able = |&(index, draft): &(usize, &Draft)| {
        let able = match decider.given {
            0 => matches!(draft.kind, Some(EntityType::Person) | None),
            given => index < given,
        };
        able && !is_slanted(decider.text, draft)
    };
    let drafts = decider.cast.drafts.iter().enumerate().filter(able);
    let mut speaking: HashSet<usize> = drafts.map(|(index, _)| index).collect();
    match decider.given {
        0 => speaking.extend(
            (0..decider.quotations.len()).filter_map(|index| names_speaker(decider, index)),
        ),
        _ => speaking.extend(decider.narrator),
    }
    speaking
}

/// Whether a text sets a name in italics wherever it stands, as it does with ships, books and
/// newspapers: “the _Heron_”.
fn is_slanted(text: &str, draft: &Draft) -> bool {
    let slanted = |name: &Span| {
        let before = text.get(..name.start()).unwrap_or("");
        let behind = text.get(name.end()..).unwrap_or("");
        before.ends_with('_') && behind.starts_with('_')
    };
    draft.names.len() > 1 && draft.names.iter().all(slanted)
}

/// How often each draft is told of and how often it is the subject of a verb of speaking.
fn often(decider: &Decider<'_>, told: &[Told]) -> HashMap<usize, (f32, f32)> {
    let mut counts: HashMap<usize, (f32, f32)> = HashMap::new();
    for told in told {
        counts.entry(told.draft).or_default().0 += 1.0;
    }
    for quotation in 0..decider.quotations.len() {
        if let Some(draft) = names_speaker(decider, quotation) {
            counts.entry(draft).or_default().1 += 1.0;
        }
    }
    for (told, said) in counts.values_mut() {
        *told = told.ln_1p() / 7.0;
        *said = said.ln_1p() / 6.0;
    }
    counts
}

/// For each turn who is called by name in it.
fn called(decider: &Decider<'_>, members: &[Vec<usize>]) -> Vec<Vec<usize>> {
    members
        .iter()
        .map(|indices| crate::dialogue::addressed(decider, indices))
        .collect()
}

/// For each turn who the text names as its speaker, if it does.
fn said(decider: &Decider<'_>, members: &[Vec<usize>]) -> Vec<Option<usize>> {
    members
        .iter()
        .map(|indices| {
            indices
                .iter()
                .find_map(|&index| names_speaker(decider, index))
        })
        .collect()
}

/// How speakers that are named call those they speak to.
fn manners(decider: &Decider<'_>) -> HashMap<usize, (f32, [f32; Address::COUNT])> {
    let mut manners: HashMap<usize, (f32, [f32; Address::COUNT])> = HashMap::new();
    for (index, quotation) in decider.quotations.iter().enumerate() {
        if let Some(draft) = names_speaker(decider, index) {
            let (said, called) = manners.entry(draft).or_default();
            *said += 1.0;
            let address = Address::read(decider.text, &quotation.content);
            for (count, used) in called.iter_mut().zip(address.used) {
                *count += flag(used);
            }
        }
    }
    manners
}

/// Whoever is named as the subject of a verb of speaking beside a quotation.
fn names_speaker(decider: &Decider<'_>, quotation: usize) -> Option<usize> {
    let (bond, index) = decider.beside_or_source(quotation)?;
    let expression = decider.expressions.get(index)?;
    let named = bond == Bond::Verb && matches!(expression.what, What::Name(_));
    named.then(|| decider.resolved.get(index).copied().flatten())?
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

/// Who is told of between the words before and these, in what leads up to them.
struct Lead {
    /// The first and the last subject, and the only one that is told of.
    first: Option<usize>,
    last: Option<usize>,
    sole: Option<usize>,
    /// The first subject of a sentence that the words end: “And Una, laughing, said:”.
    leads: Option<usize>,
    /// Whether there is such a sentence.
    open: bool,
}

/// Who the source beside the words is not: whoever is named in a sentence, but not as its subject.
#[derive(Default)]
struct Apart {
    /// Whether the source is “the other”.
    other: bool,
    /// In the sentence of the source: “she said, looking at Una”.
    own: Vec<usize>,
    /// In a sentence whose subject is the same pronoun, in the paragraph and what leads up to it.
    before: Vec<usize>,
    /// The same in the paragraph behind.
    behind: Vec<usize>,
}

/// Who is told of around the words and agrees with their source in gender, last first, each once.
#[derive(Default)]
struct Company {
    /// In three paragraphs.
    near: Vec<usize>,
    /// In seven paragraphs.
    all: Vec<usize>,
    /// The subjects among them.
    subjects: Vec<usize>,
    /// The first subject of the next paragraph, of any gender.
    next: Option<usize>,
}

/// How somebody is spoken to.
#[derive(Default)]
struct Address {
    used: [bool; Self::COUNT],
    /// Whether the words begin as an answer does.
    answers: bool,
}

impl Address {
    const COUNT: usize = 5;

    fn read(text: &str, contents: &[Span]) -> Self {
        let mut found = Self::default();
        let words = contents.iter().flat_map(|content| {
            content
                .of(text)
                .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        });
        for (place, word) in words.filter(|word| !word.is_empty()).enumerate() {
            let kind = match word.to_lowercase().as_str() {
                "sir" | "sirs" => 0,
                "madam" | "ma'am" | "ma’am" | "miss" | "mum" | "m'm" | "m’m" => 1,
                "papa" | "mamma" | "mama" | "father" | "mother" | "uncle" | "aunt" => 2,
                "lord" | "lady" | "majesty" | "highness" | "worship" | "honour" => 3,
                "dear" | "dearest" | "darling" | "love" => 4,
                "yes" | "no" | "oh" | "ah" | "well" | "why" | "indeed" => {
                    found.answers |= place == 0;
                    continue;
                }
                _ => continue,
            };
            if let Some(used) = found.used.get_mut(kind) {
                *used = true;
            }
        }
        found
    }
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
        let content = self
            .decider
            .quotations
            .get(quotation)
            .map_or(&[][..], |quotation| &quotation.content);
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

    fn around(&self, quotation: usize, turn: usize, start: usize, end: usize) -> Around {
        let decider = self.decider;
        let group = self.groups.get(turn).cloned().unwrap_or_default();
        let near = decider.beside_or_source(quotation);
        let beside = near.and_then(|(bond, index)| {
            let expression = decider.expressions.get(index)?;
            let draft = decider.resolved.get(index).copied().flatten();
            Some((bond, expression.what.clone(), draft))
        });
        let weighed = near
            .and_then(|(_, index)| decider.reasons.get(&index))
            .map_or(Vec::new(), |reason| reason.weighed.clone());
        let wanted = match &beside {
            Some((_, What::Pronoun(Pronoun::He), _)) => Some(Gender::Male),
            Some((_, What::Pronoun(Pronoun::She), _)) => Some(Gender::Female),
            Some((Bond::Verb, What::Pronoun(Pronoun::It), _)) => Some(Gender::Other),
            Some((_, What::Phrase(phrase), _)) => phrase.gender(),
            _ => None,
        };
        let mut context = vec![0.0; 10];
        let slot = match &beside {
            None => 0,
            Some((Bond::Verb, What::Name(_) | What::Names(..), _)) => 1,
            Some((Bond::Verb, What::Phrase(_), _)) => 2,
            Some((Bond::Verb, What::Pronoun(Pronoun::He | Pronoun::She), _)) => 3,
            Some((Bond::Verb, What::Pronoun(Pronoun::I), _)) => 4,
            Some((Bond::Verb, What::Pronoun(_), _)) => 5,
            Some((Bond::Beat, What::Name(_) | What::Names(..), _)) => 6,
            Some((Bond::Beat, What::Phrase(_), _)) => 7,
            Some((Bond::Beat, What::Pronoun(Pronoun::I), _)) => 8,
            Some((Bond::Beat, What::Pronoun(_), _)) => 9,
        };
        if let Some(value) = context.get_mut(slot) {
            *value = 1.0;
        }
        let contents = decider
            .quotations
            .get(quotation)
            .map_or(&[][..], |quotation| &quotation.content);
        let paragraph = decider.layout.paragraphs.get(group.paragraph).copied();
        let words = |from: usize, to: usize| {
            decider
                .text
                .get(from..to.max(from))
                .unwrap_or("")
                .chars()
                .any(char::is_alphanumeric)
        };
        let opens = paragraph.is_some_and(|p| !words(p.start(), start));
        let closes = paragraph.is_some_and(|p| !words(end, p.end()));
        context.extend([flag(opens), flag(closes), flag(group.goes_on)]);
        let gap = |other: Option<&Group>| {
            other.map_or(9, |other| group.paragraph.abs_diff(other.paragraph))
        };
        for gap in [
            gap(turn.checked_sub(1).and_then(|t| self.groups.get(t))),
            gap(self.groups.get(turn + 1)),
        ] {
            context.extend([flag(gap == 1), flag(gap == 2), flag(gap > 3)]);
        }
        let members = self.members.get(turn).map_or(&[][..], Vec::as_slice);
        let place = members.iter().position(|&m| m == quotation).unwrap_or(0);
        context.extend([
            flag(place == 0),
            flag(place + 1 == members.len()),
            ((end - start) as f32).ln_1p() / 8.0,
            flag(decider.narrator.is_some()),
        ]);
        Around {
            quotation,
            start,
            end,
            turn,
            paragraph: group.paragraph,
            beside,
            weighed,
            wanted,
            context,
            lead: self.lead(quotation, turn, start),
            address: Address::read(decider.text, contents),
            apart: self.apart(quotation, group.paragraph, start, end),
            company: self.company(group.paragraph, start, end, wanted),
        }
    }

    /// What is told between the words before and these.
    fn lead(&self, quotation: usize, turn: usize, start: usize) -> Lead {
        let decider = self.decider;
        let end = |index: &usize| {
            let last = decider.quotations.get(*index)?.content.last()?;
            (last.end() <= start).then(|| last.end())
        };
        let own = self.members.get(turn).map_or(&[][..], Vec::as_slice);
        let own = own.iter().take_while(|&&index| index != quotation);
        let from = own.filter_map(end).max().or_else(|| {
            // What stands behind the words before in their paragraph is told of those.
            let before = turn.checked_sub(1)?;
            let paragraph = self.groups.get(before)?.paragraph;
            let paragraph = decider.layout.paragraphs.get(paragraph)?.end();
            let last = self.members.get(before)?.iter().filter_map(end).max()?;
            Some(last.max(paragraph))
        });
        let from = from.unwrap_or(start.saturating_sub(LEAD)).min(start);
        let from = from.max(start.saturating_sub(LEAD));
        let first = self.told.partition_point(|told| told.span.start() < from);
        let behind = self.told.partition_point(|told| told.span.start() < start);
        let told = self.told.get(first..behind).unwrap_or(&[]);
        let told = || told.iter().filter(|told| told.quoted.is_none());
        let mut subjects = told().filter(|told| told.subject);
        let first = subjects.next().map(|told| told.draft);
        let last = subjects.next_back().map_or(first, |told| Some(told.draft));
        let sole = first.filter(|&draft| told().all(|told| told.draft == draft));
        let mark = |c: char| c.is_whitespace() || matches!(c, '“' | '"' | '‘' | '\'' | '«' | '_');
        let all = (from..start)
            .find_map(|from| decider.text.get(from..start))
            .unwrap_or("");
        let words = all.trim_end_matches(mark);
        let blank = all.get(words.len()..).unwrap_or("");
        let open = !words.is_empty() && !words.ends_with(['.', '!', '?', '…', '”', '’', ')']);
        let sentence = |at: usize| decider.layout.sentence_at(at);
        let last_sentence = sentence(start.saturating_sub(blank.len() + 1).max(from));
        let leads = told()
            .filter(|told| told.subject && open && sentence(told.span.start()) == last_sentence)
            .map(|told| told.draft)
            .next();
        Lead {
            first,
            last,
            sole,
            leads,
            open,
        }
    }

    /// How the candidate stands in what leads up to the words, and whether it speaks in their way.
    fn lead_features(&self, around: &Around, draft: usize) -> [f32; 13] {
        let lead = &around.lead;
        let is = |other: Option<usize>| other == Some(draft);
        let pronoun = matches!(
            &around.beside,
            Some((Bond::Verb, What::Pronoun(Pronoun::He | Pronoun::She), _))
        );
        let agrees = self.agreement(draft, around.wanted) >= 0.0;
        let (said, called) = self.manners.get(&draft).copied().unwrap_or_default();
        let manner = called
            .iter()
            .zip(around.address.used)
            .filter(|&(_, used)| used)
            .map(|(count, _)| count / (said + 1.0))
            .fold(0.0, f32::max);
        let ends = |offset: usize| {
            let turn = around.turn.checked_sub(offset)?;
            let index = match offset {
                0 => around.quotation,
                _ => *self.members.get(turn)?.last()?,
            };
            let content = self.decider.quotations.get(index)?.content.last()?;
            let words = content.of(self.decider.text);
            Some(
                words
                    .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?')
                    .ends_with('?'),
            )
        };
        [
            flag(is(lead.first)),
            flag(is(lead.last)),
            flag(is(lead.sole)),
            flag(is(lead.leads)),
            flag(lead.open),
            flag(lead.first.is_some()),
            flag(is(lead.last) && pronoun && agrees),
            flag(is(lead.sole) && pronoun && agrees),
            flag(around.address.used.contains(&true)),
            manner,
            flag(ends(0) == Some(true)),
            flag(ends(1) == Some(true)),
            flag(around.address.answers),
        ]
    }

    /// Who is named beside the source of words, or beside its pronoun.
    fn apart(&self, quotation: usize, paragraph: usize, start: usize, end: usize) -> Apart {
        let mut apart = Apart::default();
        let expressions = &self.decider.expressions;
        let near = self.decider.beside_or_source(quotation);
        let Some((index, source)) = near.and_then(|(_, at)| Some((at, expressions.get(at)?)))
        else {
            return apart;
        };
        apart.other = matches!(&source.what, What::Phrase(phrase) if phrase.head == "other");
        let first = expressions.partition_point(|e| e.span.start() + LEAD / 2 < start);
        let last = expressions
            .partition_point(|e| e.paragraph <= paragraph + 1 && e.span.start() <= end + FAR);
        // The last subject, if it is the source or its pronoun once more, and its sentence.
        let mut subject: Option<(bool, usize)> = None;
        for (at, expression) in expressions.iter().enumerate().take(last).skip(first) {
            if expression.quoted.is_some() {
                continue;
            }
            if expression.place == Place::Subject {
                let again = matches!(source.what, What::Pronoun(Pronoun::He | Pronoun::She))
                    && expression.what == source.what;
                subject = (at == index || again).then_some((at == index, expression.sentence));
                continue;
            }
            let named = matches!(expression.what, What::Name(_) | What::Phrase(_));
            if named
                && expression.place != Place::Owner
                && let Some(draft) = self.decider.resolved.get(at).copied().flatten()
                && let Some((own, sentence)) = subject
                && sentence == expression.sentence
            {
                let drafts = match (own, expression.paragraph > paragraph) {
                    (true, _) => &mut apart.own,
                    (false, false) => &mut apart.before,
                    (false, true) => &mut apart.behind,
                };
                drafts.push(draft);
            }
        }
        apart
    }

    /// Whether the source is “the other”, and whether the candidate is somebody else than it.
    fn apart_features(&self, around: &Around, draft: usize) -> [f32; 4] {
        let apart = &around.apart;
        [
            flag(apart.other),
            flag(apart.own.contains(&draft)),
            flag(apart.before.contains(&draft)),
            flag(apart.behind.contains(&draft)),
        ]
    }

    /// Who is told of around words, as far as the source’s gender allows.
    fn company(
        &self,
        paragraph: usize,
        start: usize,
        end: usize,
        wanted: Option<Gender>,
    ) -> Company {
        let mut company = Company::default();
        let add = |drafts: &mut Vec<usize>, draft: usize| {
            if !drafts.contains(&draft) {
                drafts.push(draft);
            }
        };
        let behind = self.told.partition_point(|told| told.span.start() < start);
        for told in self.told.get(..behind).unwrap_or(&[]).iter().rev() {
            let back = paragraph.saturating_sub(told.paragraph);
            if back > 6 || told.span.start() + FAR < start {
                break;
            }
            if told.quoted.is_some() || self.agreement(told.draft, wanted) < 0.0 {
                continue;
            }
            if back <= 2 {
                add(&mut company.near, told.draft);
            }
            add(&mut company.all, told.draft);
            if told.subject {
                add(&mut company.subjects, told.draft);
            }
        }
        let next = self.told.iter().skip(behind);
        let next = next
            .take_while(|told| told.span.start() <= end + FAR)
            .skip_while(|told| told.paragraph <= paragraph)
            .take_while(|told| told.paragraph == paragraph + 1)
            .find(|told| told.quoted.is_none() && told.subject);
        company.next = next.map(|told| told.draft);
        company
    }

    /// Whether the candidate is the only one told of who agrees with the source in gender, in three
    /// paragraphs and in seven; its rank by when an agreeing one was last a subject; whether the next
    /// paragraph begins with it, as with whoever hears the words.
    fn company_features(&self, around: &Around, draft: usize) -> [f32; 4] {
        let company = &around.company;
        let asked = around.wanted.is_some() && self.agreement(draft, around.wanted) >= 0.0;
        let only = |drafts: &[usize]| drafts.iter().all(|&other| other == draft);
        [
            flag(asked && only(&company.near)),
            flag(asked && only(&company.all)),
            if asked {
                rank(&company.subjects, draft)
            } else {
                0.0
            },
            flag(company.next == Some(draft)),
        ]
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

    /// What the expression beside the quotation says of the candidate.
    fn beside_features(&self, around: &Around, draft: usize, f: &mut Vec<f32>) {
        let mut found = [0.0; 8];
        let mut other = 0.0;
        if let Some((bond, what, resolved)) = &around.beside {
            let slot = match what {
                What::Name(_) | What::Names(..) => 0,
                What::Phrase(_) => 1,
                What::Pronoun(_) => 2,
            } + 3 * usize::from(*bond == Bond::Beat);
            if *resolved == Some(draft) {
                if let Some(value) = found.get_mut(slot) {
                    *value = 1.0;
                }
            } else if slot % 3 == 0 {
                other = 1.0;
            }
            let best = around.weighed.first().map_or(1.0, |&(_, score)| score);
            let share = around
                .weighed
                .iter()
                .find(|(other, _)| *other == draft)
                .map_or(0.0, |&(_, score)| score / best.max(f32::EPSILON));
            if let Some(value) = found.get_mut(6 + usize::from(*bond == Bond::Beat)) {
                *value = share;
            }
        }
        f.extend(found);
        f.push(other);
        let agreement = self.agreement(draft, around.wanted);
        f.extend([
            flag(agreement > 0.0),
            flag(agreement < 0.0),
            flag(around.wanted.is_some()),
        ]);
        let narrator = self.decider.narrator == Some(draft);
        let own = matches!(around.beside, Some((_, What::Pronoun(Pronoun::I), _)));
        f.extend([flag(narrator), flag(narrator && own)]);
    }

    /// Where the candidate is told of around the quotation.
    fn told_features(&self, around: &Around, draft: usize, f: &mut Vec<f32>) {
        let at = self
            .told
            .partition_point(|told| told.span.start() < around.start);
        let mut before = 0.0_f32;
        let mut after = 0.0_f32;
        let mut subject = 0.0_f32;
        let mut paragraphs = [0.0_f32; 4];
        let mut subject_before = 0.0_f32;
        let mut last: Option<usize> = None;
        for told in self.told.get(..at).unwrap_or(&[]).iter().rev() {
            if told.span.start() + BACK < around.start {
                break;
            }
            if told.draft != draft || told.quoted.is_some() {
                continue;
            }
            last = last.or(Some(around.start - told.span.start()));
            let distance = around.paragraph.saturating_sub(told.paragraph);
            match distance {
                0 => {
                    before += 1.0;
                    subject = subject.max(flag(told.subject));
                }
                1 => {
                    paragraphs[0] += 1.0;
                    subject_before = subject_before.max(flag(told.subject));
                }
                2 => paragraphs[1] += 1.0,
                3..=5 => paragraphs[2] += 1.0,
                _ => paragraphs[3] += 1.0,
            }
        }
        let mut next: Option<usize> = None;
        let mut ahead = 0.0_f32;
        for told in self.told.iter().skip(at) {
            if told.span.start() > around.end + AHEAD {
                break;
            }
            if told.draft != draft || told.quoted.is_some() {
                continue;
            }
            next = next.or(Some(told.span.start().saturating_sub(around.end)));
            if told.paragraph == around.paragraph {
                after += 1.0;
                subject = subject.max(flag(told.subject));
            } else if told.paragraph == around.paragraph + 1 {
                ahead += 1.0;
            }
        }
        let few = |count: f32| count.min(3.0) / 3.0;
        f.extend([few(before), few(after), subject, subject_before, few(ahead)]);
        f.extend(paragraphs.map(|count| count.ln_1p() / 2.0));
        for distance in [last, next] {
            f.push(distance.map_or(1.0, |d| (d as f32).ln_1p() / 9.0));
            f.push(flag(distance.is_none()));
        }
    }

    /// How many pronouns of what is told stand for the candidate: in the paragraph before and
    /// behind the quotation, in the paragraph before, and in the one behind.
    fn pronoun_features(&self, around: &Around, draft: usize) -> [f32; 4] {
        let expressions = &self.decider.expressions;
        let from = around.paragraph.saturating_sub(1);
        let first = expressions
            .partition_point(|e| e.paragraph < from || e.span.start() + FAR < around.start);
        let mut counts = [0.0_f32; 4];
        for (index, expression) in expressions.iter().enumerate().skip(first) {
            let beyond = expression.span.start() > around.end + FAR;
            if expression.paragraph > around.paragraph + 1 || beyond {
                break;
            }
            let third = matches!(
                expression.what,
                What::Pronoun(Pronoun::He | Pronoun::She | Pronoun::I)
            );
            let resolved = self.decider.resolved.get(index).copied().flatten();
            if !third || expression.quoted.is_some() || resolved != Some(draft) {
                continue;
            }
            let slot = match expression.paragraph.cmp(&around.paragraph) {
                std::cmp::Ordering::Less => 2,
                std::cmp::Ordering::Greater => 3,
                std::cmp::Ordering::Equal => usize::from(expression.span.start() >= around.start),
            };
            if let Some(count) = counts.get_mut(slot) {
                *count += 1.0;
            }
        }
        counts.map(|count| count.min(4.0) / 4.0)
    }

    /// Who is named and called in the speech itself and in the turns around it.
    fn speech_features(&self, around: &Around, draft: usize, f: &mut Vec<f32>) {
        let contents = self
            .decider
            .quotations
            .get(around.quotation)
            .map_or(&[][..], |quotation| &quotation.content);
        let own: Vec<&Told> = contents
            .iter()
            .flat_map(|content| self.inside(*content))
            .filter(|told| told.draft == draft)
            .collect();
        let vocative = contents.iter().any(|content| {
            own.iter()
                .any(|told| is_set_off(self.decider.text, told.span, *content))
        });
        f.extend([flag(!own.is_empty()), flag(vocative)]);
        let turn = |offset: isize| around.turn.checked_add_signed(offset);
        for offset in [0, -1, 1, -2, 2] {
            let called = turn(offset)
                .and_then(|turn| self.called.get(turn))
                .is_some_and(|called| called.contains(&draft));
            f.push(flag(called));
        }
        for offset in [-1, 1] {
            let named = turn(offset)
                .and_then(|turn| self.members.get(turn))
                .is_some_and(|members| {
                    members
                        .iter()
                        .filter_map(|&member| self.decider.quotations.get(member))
                        .flat_map(|quotation| &quotation.content)
                        .any(|content| self.inside(*content).any(|told| told.draft == draft))
                });
            f.push(flag(named));
        }
        for offset in [0, -1, 1, -2, 2] {
            let said = turn(offset).and_then(|turn| self.said.get(turn).copied().flatten());
            f.push(said.map_or(0.0, |said| if said == draft { 1.0 } else { -1.0 }));
        }
    }

    fn inside(&self, content: Span) -> impl Iterator<Item = &Told> {
        let from = self
            .told
            .partition_point(|told| told.span.start() < content.start());
        self.told
            .iter()
            .skip(from)
            .take_while(move |told| told.span.start() < content.end())
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
