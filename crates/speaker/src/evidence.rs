//! Why a quotation got its speaker.

use std::collections::HashMap;

use dixit_document::{EntityId, Rule, Span};

/// What a decision rests on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Evidence {
    pub rule: Rule,
    /// The mention that it rests on.
    pub mention: Option<Span>,
    /// Drafts of entities that were weighed, with their scores, best first.
    pub weighed: Vec<(usize, f32)>,
}

impl Evidence {
    pub fn of(rule: Rule, mention: Option<Span>) -> Self {
        Self {
            rule,
            mention,
            weighed: Vec::new(),
        }
    }

    /// How sure the decision is, from 0 to 1.
    pub fn confidence(&self) -> f32 {
        let base = match self.rule {
            Rule::Name => 0.97,
            Rule::Described => 0.8,
            Rule::NewDescription => 0.8,
            Rule::Pronoun => 0.85,
            Rule::Relative => 0.8,
            Rule::FirstPerson => 0.9,
            Rule::Continued => 0.8,
            Rule::Beside => 0.8,
            Rule::Weighed => return self.weighed.first().map_or(0.0, |&(_, share)| share),
            Rule::None => 0.0,
        };
        match self.weighed.as_slice() {
            [(_, best), (_, second), ..] if *best > 0.0 => {
                base * (0.6 + 0.4 * (1.0 - (second / best).clamp(0.0, 1.0)))
            }
            _ => base,
        }
    }

    /// As it leaves, beside the entity that was decided on.
    pub fn told(
        &self,
        speaker: Option<EntityId>,
        places: &HashMap<usize, EntityId>,
    ) -> dixit_document::Evidence {
        let mut weighed = self
            .weighed
            .iter()
            .filter_map(|&(draft, score)| Some((*places.get(&draft)?, score)));
        let score = weighed.clone().find(|&(entity, _)| Some(entity) == speaker);
        dixit_document::Evidence {
            rule: self.rule,
            mention: self.mention,
            score: score.map(|(_, score)| score),
            runner_up: weighed.find(|&(entity, _)| Some(entity) != speaker),
        }
    }
}
