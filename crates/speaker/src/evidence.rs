//! Why a quotation got its speaker.

use dixit_document::Span;

/// The rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The source is or holds a name.
    Name,
    /// The source describes an entity that was named or described elsewhere.
    Described,
    /// The source describes someone new.
    NewDescription,
    /// A pronoun, by agreement and salience.
    Pronoun,
    /// A relative pronoun, by the words before it.
    Relative,
    /// First person inside another quotation.
    FirstPerson,
    /// Continues the quotation before it.
    Continued,
    /// A turn in a dialogue, weighed against all others.
    Weighed,
    /// The narrator or a speaker beside the quotation.
    Beside,
    /// Nothing told.
    None,
}

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
}
