use dixit_document::{Kind, Quotation, Span};

/// Words after which “that” is itself the subject: “he said that was wrong”.
const VERBS: &[&str] = &[
    "is", "was", "isn't", "isn’t", "wasn't", "wasn’t", "would", "could", "might", "may", "must",
    "should", "will", "has", "had", "does", "did", "can", "makes", "made", "means", "meant",
];

/// The content without an introducing “that”, which belongs to the reporting clause: “she said
/// [that] the bridge was safe”. Only records leave it out; documents keep the content whole.
pub(crate) fn without_introduction(quotation: &Quotation, text: &str) -> Vec<Span> {
    let mut content = quotation.content.clone();
    if let Some(first) = content.first_mut()
        && matches!(quotation.kind, Some(Kind::Indirect | Kind::Mixed))
        && !quotation.cue.iter().any(|cue| cue.start() > first.start())
        && let Some(rest) = after_that(first.of(text))
    {
        *first = Span::new(first.end() - rest.len(), first.end());
    }
    content
}

/// What follows a leading conjunction “that”. With a capital it opens a sentence, and points.
fn after_that(content: &str) -> Option<&str> {
    let rest = content.strip_prefix("that")?;
    let clause = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    let next = clause.split_whitespace().next()?;
    (clause.len() < rest.len() && !VERBS.contains(&next)).then_some(clause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_the_conjunction_only() {
        for (content, expected) in [
            (
                "that the café’s doors stay shut",
                "the café’s doors stay shut",
            ),
            (
                "that,\r\nif needed, she would go",
                "if needed, she would go",
            ),
            ("that was wrong", "that was wrong"),
            ("That man lies", "That man lies"),
            ("thatched roofs burn", "thatched roofs burn"),
            ("that’s all", "that’s all"),
            ("that", "that"),
            ("that  ", "that  "),
        ] {
            assert_eq!(after_that(content).unwrap_or(content), expected);
        }
    }
}
