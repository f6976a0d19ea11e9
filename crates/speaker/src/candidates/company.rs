//! Who else is there: whoever is told of around words and agrees with their source in gender.

use dixit_document::Gender;

use super::{Around, FAR, Reader, flag, rank};

/// Who is told of around the words and agrees with their source in gender, last first, each once.
#[derive(Default)]
pub(super) struct Company {
    /// In three paragraphs.
    near: Vec<usize>,
    /// In seven paragraphs.
    all: Vec<usize>,
    /// The subjects among them.
    subjects: Vec<usize>,
    /// The first subject of the next paragraph, of any gender.
    next: Option<usize>,
}

impl Reader<'_, '_> {
    /// Who is told of around words, as far as the source’s gender allows.
    pub(super) fn company(
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
    pub(super) fn company_features(&self, around: &Around, draft: usize) -> [f32; 4] {
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
}
