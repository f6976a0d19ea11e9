//! Who is named and called in the words themselves and in the turns around them.

use dixit_document::Span;

use super::{Around, Reader, Told, flag};
use crate::dialogue::is_set_off;

impl Reader<'_, '_> {
    /// Who is named and called in the speech itself and in the turns around it.
    pub(super) fn speech_features(&self, around: &Around, draft: usize, f: &mut Vec<f32>) {
        let contents = self.contents(around.quotation);
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
