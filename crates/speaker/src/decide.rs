//! Goes through the text once and decides for every expression and quotation whose it is.

use std::collections::HashMap;

use dixit_document::{EntityType, Gender, Quotation, Rule, Span};
use dixit_tokenize::Layout;

use crate::beside::{Beside, Bond};
use crate::cast::{Cast, Draft};
use crate::evidence::Evidence;
use crate::kin;
use crate::lexicon::NounKind;
use crate::mentions::{Expression, What};
use crate::names::Name;
use crate::nominals;
use crate::phrase::{Determiner, Phrase};
use crate::pronouns::Pronoun;
use crate::relative::{Antecedent, antecedent};
use crate::scene::{Scene, Weights};
use crate::source::Head;

/// The least score at which a description is taken for someone known.
const KNOWN: f32 = 0.25;

/// What is being decided, and on what.
pub(crate) struct Decider<'t> {
    pub text: &'t str,
    pub layout: &'t Layout,
    pub names: Vec<Name>,
    /// For each name its draft.
    pub bearers: Vec<usize>,
    pub quotations: &'t [Quotation],
    pub heads: Vec<Head>,
    pub expressions: Vec<Expression>,
    /// For each expression its draft.
    pub resolved: Vec<Option<usize>>,
    /// For each expression that had to be decided, why.
    pub reasons: HashMap<usize, Evidence>,
    pub cast: Cast,
    /// How many drafts, the first ones, are a cast that was given.
    pub given: usize,
    /// For each sentence how many before it were told, not quoted.
    pub told: Vec<usize>,
    /// What mentions are worth in such a text.
    pub weights: &'static Weights,
    /// The draft of a narrator who says “I”.
    pub narrator: Option<usize>,
    /// For direct quotations without a source what stands beside them.
    pub beside: HashMap<usize, Beside>,
}

/// Who said a quotation, and why.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub draft: Option<usize>,
    pub evidence: Evidence,
}

impl Decider<'_> {
    fn scene(&self) -> Scene<'_> {
        Scene {
            expressions: &self.expressions,
            resolved: &self.resolved,
            cast: &self.cast,
            quotations: self.quotations,
            told: &self.told,
            weights: self.weights,
            narrator: self.narrator,
        }
    }

    /// Resolves every expression, twice: the pronouns that the first reading gives to a name tell
    /// the gender that the name itself does not.
    pub fn expressions(&mut self) {
        let names_only = self.cast.clone();
        self.read();
        let genders = genders(&self.expressions, &self.resolved, names_only.drafts.len());
        self.cast = names_only;
        for (draft, gender) in self.cast.drafts.iter_mut().zip(genders) {
            if draft.gender.is_none() && draft.is_person() && gender.is_some() {
                draft.gender = gender;
            }
        }
        self.reasons.clear();
        self.read();
    }

    /// One reading of the text.
    fn read(&mut self) {
        self.resolved = vec![None; self.expressions.len()];
        for at in 0..self.expressions.len() {
            let draft = self.expression(at);
            if let Some(slot) = self.resolved.get_mut(at) {
                *slot = draft;
            }
        }
    }

    fn expression(&mut self, at: usize) -> Option<usize> {
        let expression = self.expressions.get(at)?;
        match expression.what.clone() {
            What::Name(name) => self.bearers.get(name).copied(),
            What::Names(first, last) => self.together(&[first, last]),
            What::Pronoun(Pronoun::I) if expression.quoted.is_none() => self.narrator,
            What::Pronoun(Pronoun::I | Pronoun::We | Pronoun::You) => None,
            What::Pronoun(Pronoun::Relative) => self.relative(at),
            What::Pronoun(pronoun) => {
                let ranked = self.scene().candidates(at, pronoun);
                let best = ranked.first().map(|&(draft, _)| draft);
                self.because(at, Rule::Pronoun, ranked);
                if let Some(draft) = best.and_then(|best| self.cast.get_mut(best)) {
                    draft.stand_for(pronoun);
                }
                best
            }
            What::Phrase(phrase) => self.phrase(at, &phrase),
        }
    }

    fn relative(&mut self, at: usize) -> Option<usize> {
        let found = antecedent(self.text, self.layout, &self.scene(), at)?;
        self.because(at, Rule::Relative, Vec::new());
        match found {
            Antecedent::Expression(index) => self.resolved.get(index).copied().flatten(),
            Antecedent::Phrase(phrase) => self.phrase(at, &phrase),
        }
    }

    fn phrase(&mut self, at: usize, phrase: &Phrase) -> Option<usize> {
        let source = self.expressions.get(at)?.source.is_some();
        let owner = self.owner(phrase);
        let owned = owner.and_then(|owner| self.owned(phrase, owner));
        let phrase = owned.as_ref().unwrap_or(phrase);
        // “His advice concluded” is his own.
        if let Some(owner) = owner.filter(|_| source && phrase.kind().is_none()) {
            return Some(owner);
        }
        let (mut ranked, known) = nominals::candidates(&self.scene(), at, phrase);
        ranked.retain(|&(draft, score)| score >= KNOWN && Some(draft) != owner);
        if !source && !phrase.is_definite() && phrase.determiner != Determiner::Possessive {
            ranked.clear();
        }
        if let Some(&(draft, _)) = ranked.first() {
            self.because(at, Rule::Described, ranked);
            if known && let Some(draft) = self.cast.get_mut(draft) {
                draft.describe(phrase.clone());
                // “The Inspector” is a name too; “the tall man” is what somebody looks like.
                let called = phrase.core.of(self.text).starts_with(char::is_uppercase)
                    && !draft.words.contains(&phrase.head);
                if !draft.named || !draft.is_person() || called {
                    draft.aliases.push(phrase.core);
                    draft.aliases.push(phrase.whole);
                }
            }
            return Some(draft);
        }
        if let Some(relative) =
            owner.and_then(|owner| kin::relative(self.text, &self.cast, phrase, owner))
        {
            self.because(at, Rule::Described, vec![(relative, 1.0)]);
            if let Some(draft) = self.cast.get_mut(relative) {
                draft.describe(phrase.clone());
            }
            return Some(relative);
        }
        self.because(at, Rule::NewDescription, Vec::new());
        Some(self.cast.add(described(phrase)))
    }

    /// The draft that “his” in “his aides” stands for.
    fn owner(&self, phrase: &Phrase) -> Option<usize> {
        let owner = phrase.owner?;
        let at = self
            .expressions
            .partition_point(|expression| expression.span.start() < owner.start());
        let expression = self.expressions.get(at)?;
        (expression.span == owner).then(|| self.resolved.get(at).copied().flatten())?
    }

    /// Whether somebody is known by a description, rather than taken for it since he was at hand.
    pub fn is_called(&self, draft: usize, phrase: &Phrase) -> bool {
        let known = self.cast.get(draft).map_or(&[][..], |d| &d.descriptions);
        known.iter().any(|known| known.head == phrase.head)
    }

    /// “His aides” with the name of whom he stands for, to be compared with “Lind aides”.
    fn owned(&self, phrase: &Phrase, owner: usize) -> Option<Phrase> {
        let name = self.cast.get(owner)?.names.first()?.of(self.text);
        let surname = crate::words::lower(name.split_whitespace().last()?);
        let mut phrase = phrase.clone();
        phrase.modifiers.insert(surname);
        Some(phrase)
    }

    fn because(&mut self, at: usize, rule: Rule, mut weighed: Vec<(usize, f32)>) {
        weighed.truncate(6);
        let mention = self.expressions.get(at).map(|expression| expression.span);
        let evidence = Evidence {
            rule,
            mention,
            weighed,
        };
        self.reasons.insert(at, evidence);
    }

    /// The expression beside a quotation, or the head of its own source, and how they go together.
    pub fn beside_or_source(&self, quotation: usize) -> Option<(Bond, usize)> {
        if let Some(beside) = self.beside.get(&quotation) {
            return Some((beside.bond, beside.expression));
        }
        let span = match self.heads.get(quotation)? {
            Head::Names(indices) => self.names.get(*indices.first()?)?.span,
            Head::Pronoun(span) => *span,
            Head::Phrase(phrase) => phrase.whole,
            Head::None => return None,
        };
        Some((Bond::Verb, self.find(span)?))
    }

    /// The speaker that a quotation’s own source tells, if it has one.
    pub fn by_source(&mut self, quotation: usize, depth: usize) -> Option<Decision> {
        match self.heads.get(quotation)? {
            Head::Names(indices) => {
                let mention = indices
                    .first()
                    .and_then(|&index| self.names.get(index))
                    .map(|name| name.span);
                let indices = indices.clone();
                Some(Decision {
                    draft: Some(self.together(&indices)?),
                    evidence: Evidence::of(Rule::Name, mention),
                })
            }
            Head::Pronoun(span) => self.by_expression(*span, quotation, depth),
            Head::Phrase(phrase) => self.by_expression(phrase.whole, quotation, depth),
            Head::None => None,
        }
    }

    fn by_expression(&mut self, span: Span, quotation: usize, depth: usize) -> Option<Decision> {
        let at = self.find(span)?;
        let expression = self.expressions.get(at)?;
        if let What::Pronoun(Pronoun::I | Pronoun::We) = expression.what {
            let span = expression.span;
            let around = expression
                .quoted
                .filter(|&around| around != quotation && depth < 4)?;
            let draft = self.by_source(around, depth + 1)?.draft;
            return Some(Decision {
                draft,
                evidence: Evidence::of(Rule::FirstPerson, Some(span)),
            });
        }
        let draft = self.resolved.get(at).copied().flatten();
        let evidence = self
            .reasons
            .get(&at)
            .cloned()
            .unwrap_or_else(|| Evidence::of(Rule::None, None));
        draft.map(|draft| Decision {
            draft: Some(draft),
            evidence,
        })
    }

    /// The expression that heads a source.
    fn find(&self, span: Span) -> Option<usize> {
        let from = self
            .expressions
            .partition_point(|expression| expression.span.start() < span.start());
        let here = self
            .expressions
            .iter()
            .enumerate()
            .skip(from)
            .take_while(|(_, expression)| expression.span.start() == span.start());
        let mut first = None;
        for (index, expression) in here {
            if expression.source.is_some() {
                return Some(index);
            }
            first = first.or(Some(index));
        }
        first
    }

    /// One draft for several names together.
    fn together(&mut self, indices: &[usize]) -> Option<usize> {
        let mut members: Vec<usize> = indices
            .iter()
            .filter_map(|&index| self.bearers.get(index).copied())
            .collect();
        members.sort_unstable();
        members.dedup();
        if let [] | [_] = members.as_slice() {
            return members.first().copied();
        }
        let first = self.names.get(*indices.first()?)?;
        let last = self.names.get(*indices.last()?)?;
        let name = first.span.cover(last.span);
        let known = self
            .cast
            .drafts
            .iter()
            .position(|draft| draft.members == members);
        if let Some(known) = known {
            self.cast.get_mut(known)?.names.push(name);
            return Some(known);
        }
        Some(self.cast.add(Draft {
            kind: Some(EntityType::Group),
            named: true,
            plural: true,
            names: vec![name],
            members,
            ..Draft::default()
        }))
    }
}

/// The gender of each draft by the pronouns that stand for it, where they tell.
fn genders(
    expressions: &[Expression],
    resolved: &[Option<usize>],
    drafts: usize,
) -> Vec<Option<Gender>> {
    let mut votes = vec![(0_usize, 0_usize); drafts];
    for (expression, draft) in expressions.iter().zip(resolved) {
        let Some((he, she)) = draft.and_then(|draft| votes.get_mut(draft)) else {
            continue;
        };
        match expression.what {
            What::Pronoun(Pronoun::He) => *he += 1,
            What::Pronoun(Pronoun::She) => *she += 1,
            _ => {}
        }
    }
    votes
        .into_iter()
        .map(|(he, she)| {
            if he >= 2 && he > 2 * she {
                Some(Gender::Male)
            } else if she >= 2 && she > 2 * he {
                Some(Gender::Female)
            } else {
                None
            }
        })
        .collect()
}

/// Someone new, by a description.
pub(crate) fn described(phrase: &Phrase) -> Draft {
    let kind = match (phrase.kind(), phrase.plural) {
        (Some(NounKind::Document), _) => Some(EntityType::Document),
        (Some(NounKind::Group), _) | (_, true) => Some(EntityType::Group),
        (Some(NounKind::Person), false) => Some(EntityType::Person),
        (Some(NounKind::Organization), false) => Some(EntityType::Organization),
        (None, false) => None,
    };
    Draft {
        kind,
        named: false,
        gender: phrase.gender().filter(|_| !phrase.plural),
        plural: phrase.plural || phrase.kind() == Some(NounKind::Group),
        descriptions: vec![phrase.clone()],
        names: vec![phrase.whole],
        aliases: vec![phrase.core],
        ..Draft::default()
    }
}
