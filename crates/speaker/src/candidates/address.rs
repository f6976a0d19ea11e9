//! How somebody is spoken to.

use dixit_document::Span;

/// How somebody is spoken to.
#[derive(Default)]
pub(super) struct Address {
    pub(super) used: [bool; Self::COUNT],
    /// Whether the words begin as an answer does.
    pub(super) answers: bool,
}

impl Address {
    pub(super) const COUNT: usize = 5;

    pub(super) fn read(text: &str, contents: &[Span]) -> Self {
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
