//! Who is in the reader’s mind at a place: the entities mentioned before it and how strongly.

use dixit_document::{Kind, Quotation, Span};

use crate::cast::Cast;
use crate::mentions::{Expression, Place, What};
use crate::pronouns::Pronoun;

/// How many quotations before some words are looked at for where those before end.
const NEAR: usize = 4;

/// How far back, in expressions: a bound for texts without sentences.
const EXPRESSIONS: usize = 120;

/// What is left of a mention in the words that the pronoun’s own entity says.
const OWN_WORDS: f32 = 0.2;
/// What is left of it where it is a description of someone without a name, and no source.
const UNNAMED: f32 = 0.3;

/// What mentions are worth.
pub(crate) struct Weights {
    /// How far back an expression may look, in sentences.
    reach: usize,
    /// What a mention adds to its entity, by its place.
    subject: f32,
    object: f32,
    oblique: f32,
    owner: f32,
    /// What it adds besides as the source of a quotation.
    source: f32,
    /// What is left of it one sentence on.
    decay: f32,
    /// What is left of it in another paragraph.
    paragraph: f32,
    /// What is left of it where it stands in other words than the pronoun does.
    quoted: f32,
    /// How much of the sum of earlier mentions counts besides the strongest.
    echo: f32,
    /// How much more it counts for the source of words that it leads up to, and a subject again.
    leads: f32,
    /// What is left for that source of whoever said the words in the paragraph before.
    answered: f32,
}

/// In news, where sources follow one another.
pub(crate) const NEWS: Weights = Weights {
    reach: 9,
    subject: 0.6,
    object: 0.25,
    oblique: 0.25,
    owner: 0.15,
    source: 0.5,
    decay: 0.55,
    paragraph: 0.5,
    quoted: 0.15,
    echo: 1.0,
    leads: 1.0,
    answered: 1.0,
};

/// In stories, where people answer one another. Chosen on the “he said” and “she said” of PDNC’s
/// training novels.
pub(crate) const STORY: Weights = Weights {
    reach: 16,
    subject: 0.6,
    object: 0.35,
    oblique: 0.3,
    owner: 0.2,
    source: 0.0,
    decay: 0.7,
    paragraph: 0.5,
    quoted: 0.15,
    echo: 0.5,
    leads: 1.5,
    answered: 0.2,
};

/// What has been read and resolved so far.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'d> {
    pub expressions: &'d [Expression],
    /// For each expression its draft.
    pub resolved: &'d [Option<usize>],
    pub cast: &'d Cast,
    pub quotations: &'d [Quotation],
    /// For each sentence how many before it were told, not quoted.
    pub told: &'d [usize],
    pub weights: &'d Weights,
    /// Who says “I” outside of quotations.
    pub narrator: Option<usize>,
}

/// For each sentence of the text how many before it do not lie wholly in direct quotations.
pub(crate) fn told(sentences: &[Span], quotations: &[Quotation]) -> Vec<usize> {
    let mut contents: Vec<Span> = quotations
        .iter()
        .filter(|quotation| is_direct(quotation))
        .flat_map(|quotation| quotation.content.iter().copied())
        .collect();
    contents.sort_unstable();
    let mut told = Vec::with_capacity(sentences.len());
    let mut count = 0;
    for sentence in sentences {
        told.push(count);
        let behind = contents.partition_point(|content| content.start() <= sentence.start() + 4);
        let inside = behind
            .checked_sub(1)
            .and_then(|last| contents.get(last))
            .is_some_and(|content| content.end() + 4 >= sentence.end());
        count += usize::from(!inside);
    }
    told
}

/// Whether the quotation gives somebody’s own words.
pub(crate) fn is_direct(quotation: &Quotation) -> bool {
    quotation.kind == Some(Kind::Direct) || quotation.marked == Some(true)
}

/// An entity while its mentions are being weighed.
struct Tally {
    draft: usize,
    /// The strongest sentence and the sum of the others.
    best: f32,
    rest: f32,
    /// The sentence at hand and its strongest mention.
    sentence: usize,
    value: f32,
}

impl Tally {
    fn close(&mut self) {
        let (more, less) = if self.value > self.best {
            (self.value, self.best)
        } else {
            (self.best, self.value)
        };
        self.best = more;
        self.rest += less;
        self.value = 0.0;
    }
}

impl Scene<'_> {
    /// The entities that a pronoun may stand for, best first, with their scores.
    pub fn candidates(&self, at: usize, pronoun: Pronoun) -> Vec<(usize, f32)> {
        self.salient(at, |draft| {
            self.cast
                .get(draft)
                .map_or(0.0, |draft| pronoun.agreement(draft))
        })
    }

    /// The entities before an expression, weighed, best first.
    pub fn salient(&self, at: usize, agreement: impl Fn(usize) -> f32) -> Vec<(usize, f32)> {
        let Some(here) = self.expressions.get(at) else {
            return Vec::new();
        };
        let own = self.own_words(here);
        let before_words = self.before_words(here);
        let from = at.saturating_sub(EXPRESSIONS);
        let before = self.expressions.get(from..at).unwrap_or(&[]);
        let mut tallies: Vec<Tally> = Vec::new();
        for (offset, expression) in before.iter().enumerate().rev() {
            let distance = self.distance(expression, here);
            if distance > self.weights.reach {
                break;
            }
            let Some(draft) = self.resolved.get(from + offset).copied().flatten() else {
                continue;
            };
            // Whoever tells the story is nobody’s “he” in it.
            let tells = here.quoted.is_none() && Some(draft) == self.narrator;
            if tells || agreement(draft) == 0.0 {
                continue;
            }
            let mut value = self.strength(expression, here, own, distance);
            value *= self.turn(expression, here, before_words);
            if matches!(expression.what, What::Phrase(_))
                && expression.source.is_none()
                && self
                    .cast
                    .get(draft)
                    .is_some_and(|draft| !draft.named && !draft.plural)
            {
                value *= UNNAMED;
            }
            match tallies.iter_mut().find(|tally| tally.draft == draft) {
                Some(tally) if tally.sentence == expression.sentence => {
                    tally.value = tally.value.max(value);
                }
                Some(tally) => {
                    tally.close();
                    tally.sentence = expression.sentence;
                    tally.value = value;
                }
                None => tallies.push(Tally {
                    draft,
                    best: 0.0,
                    rest: 0.0,
                    sentence: expression.sentence,
                    value,
                }),
            }
        }
        let mut ranked: Vec<(usize, f32)> = tallies
            .into_iter()
            .map(|mut tally| {
                tally.close();
                let score = tally.best + self.weights.echo * tally.rest;
                (tally.draft, score * agreement(tally.draft))
            })
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
    }

    /// How many sentences lie between: what others say in between does not count for one who
    /// tells.
    fn distance(&self, mention: &Expression, here: &Expression) -> usize {
        if here.quoted.is_some() {
            return here.sentence.saturating_sub(mention.sentence);
        }
        let told = |sentence: usize| self.told.get(sentence).copied().unwrap_or(sentence);
        told(here.sentence).saturating_sub(told(mention.sentence))
    }

    /// The words that the expression is the source of.
    fn own_words(&self, here: &Expression) -> &[Span] {
        here.source
            .and_then(|quotation| self.quotations.get(quotation))
            .map_or(&[], |quotation| &quotation.content)
    }

    /// Where the words that an expression is the source of begin, and where those before end.
    fn before_words(&self, here: &Expression) -> Option<(usize, usize)> {
        let spoken = here.source?;
        let start = self.quotations.get(spoken)?.content.first()?.start();
        let before = (0..spoken).rev().take(NEAR);
        let ends = before.filter_map(|index| self.quotations.get(index)?.content.last());
        let last = ends
            .map(|content| content.end())
            .filter(|&end| end <= start);
        Some((start, last.max().unwrap_or(0)))
    }

    /// How much more or less a mention counts for the source of some words, by the turns.
    fn turn(&self, mention: &Expression, here: &Expression, words: Option<(usize, usize)>) -> f32 {
        let Some((start, last)) = words else {
            return 1.0;
        };
        if mention.quoted.is_some() || mention.span.end() > start {
            1.0
        } else if mention.source.is_none() && last <= mention.span.start() {
            match mention.place {
                Place::Subject => self.weights.leads * self.weights.leads,
                _ => self.weights.leads,
            }
        } else if mention
            .source
            .is_some_and(|other| Some(other) != here.source)
            && mention.paragraph + 1 == here.paragraph
        {
            self.weights.answered
        } else {
            1.0
        }
    }

    /// What a mention adds to its entity, seen from a later place.
    fn strength(
        &self,
        mention: &Expression,
        here: &Expression,
        own: &[Span],
        distance: usize,
    ) -> f32 {
        let weights = self.weights;
        let mut value = match mention.place {
            Place::Subject => weights.subject,
            Place::Object => weights.object,
            Place::Oblique => weights.oblique,
            Place::Owner => weights.owner,
        };
        if mention.source.is_some() {
            value += weights.source;
        }
        value *= weights
            .decay
            .powi(i32::try_from(distance).unwrap_or(i32::MAX));
        if mention.paragraph != here.paragraph {
            value *= weights.paragraph;
        }
        if mention.quoted.is_some() && mention.quoted != here.quoted {
            value *= weights.quoted;
        }
        // Speakers seldom name themselves; their “he” is somebody else too.
        let named = !matches!(mention.what, What::Phrase(_));
        if named && own.iter().any(|content| content.contains(mention.span)) {
            value *= OWN_WORDS;
        }
        value
    }
}
