//! Direct, indirect or mixed, from the quotation marks.

/// Opening and closing marks; straight ones close what a straight one opened.
const PAIRS: [(char, char); 4] = [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“')];

/// What the marks in and around a content say of it: all words inside marks are direct, none
/// indirect, some mixed.
pub(crate) fn kind_of<'t>(pieces: impl Iterator<Item = &'t str>, enclosed: bool) -> &'static str {
    let (mut inside, mut outside) = (0_usize, 0_usize);
    for piece in pieces {
        let mut closing: Vec<char> = Vec::new();
        for (at, character) in piece.char_indices() {
            let rest = piece.get(at + character.len_utf8()..).unwrap_or("");
            if closing.last() == Some(&character) {
                closing.pop();
            } else if let Some((_, close)) = PAIRS
                .iter()
                .find(|(open, close)| *open == character && rest.contains(*close))
            {
                // An opening mark that nothing closes is part of a longer quotation.
                closing.push(*close);
            } else if character.is_alphanumeric() {
                match closing.is_empty() {
                    true => outside += 1,
                    false => inside += 1,
                }
            }
        }
    }
    match (inside, outside) {
        _ if enclosed => "direct",
        (0, _) => "indirect",
        (_, 0) => "direct",
        _ => "mixed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_tell_the_kind() {
        for (pieces, kind) in [
            (&["“Né à Łódź,”", "“oui”"][..], "direct"),
            (&["\"all of it.\""], "direct"),
            (&["“a “mark” inside” a mark"], "mixed"),
            (&["“a “mark” inside”"], "direct"),
            (&["that it was “no café” at all"], "mixed"),
            (&["that it rained"], "indirect"),
            (&["”the wrong mark”"], "indirect"),
            (&["the 'single' ones"], "indirect"),
        ] {
            assert_eq!(kind_of(pieces.iter().copied(), false), kind, "{pieces:?}");
        }
        assert_eq!(kind_of(["bare words"].into_iter(), true), "direct");
    }
}
