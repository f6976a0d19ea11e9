//! Who a source is not: whoever is named in its sentence, but not as its subject.

use super::{Around, FAR, LEAD, Reader, flag};
use crate::mentions::{Place, What};
use crate::pronouns::Pronoun;

/// Who the source beside the words is not: whoever is named in a sentence, but not as its subject.
#[derive(Default)]
pub(super) struct Apart {
    /// Whether the source is “the other”.
    other: bool,
    /// In the sentence of the source: “she said, looking at Una”.
    own: Vec<usize>,
    /// In a sentence whose subject is the same pronoun, in the paragraph and what leads up to it.
    before: Vec<usize>,
    /// The same in the paragraph behind.
    behind: Vec<usize>,
}

impl Reader<'_, '_> {
    /// Who is named beside the source of words, or beside its pronoun.
    pub(super) fn apart(
        &self,
        quotation: usize,
        paragraph: usize,
        start: usize,
        end: usize,
    ) -> Apart {
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
    pub(super) fn apart_features(&self, around: &Around, draft: usize) -> [f32; 4] {
        let apart = &around.apart;
        [
            flag(apart.other),
            flag(apart.own.contains(&draft)),
            flag(apart.before.contains(&draft)),
            flag(apart.behind.contains(&draft)),
        ]
    }
}
