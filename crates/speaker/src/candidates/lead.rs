//! What leads up to words: who is told of between the words before and these.

use super::{Around, LEAD, Reader, flag};
use crate::beside::Bond;
use crate::mentions::What;
use crate::pronouns::Pronoun;

/// Who is told of between the words before and these, in what leads up to them.
pub(super) struct Lead {
    /// The first and the last subject, and the only one that is told of.
    first: Option<usize>,
    last: Option<usize>,
    sole: Option<usize>,
    /// The first subject of a sentence that the words end: “And Una, laughing, said:”.
    leads: Option<usize>,
    /// Whether there is such a sentence.
    open: bool,
}

impl Reader<'_, '_> {
    /// What is told between the words before and these.
    pub(super) fn lead(&self, quotation: usize, turn: usize, start: usize) -> Lead {
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
    pub(super) fn lead_features(&self, around: &Around, draft: usize) -> [f32; 13] {
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
}
