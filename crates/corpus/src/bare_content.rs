use dixit_document::{Kind, Quotation, Span};

/// Words after which “that” is itself the subject: “he said that was wrong”.
const VERBS: &[&str] = &[
    "is", "was", "isn't", "isn’t", "wasn't", "wasn’t", "would", "could", "might", "may", "must",
    "should", "will", "has", "had", "does", "did", "can", "makes", "made", "means", "meant",
];

/// The content as records have it. Two things belong to the reporting clause and are left out: an
/// introducing “that” (“she said [that] the bridge was safe”) and the comma before the cue (“It is
/// safe[,]” she said). Documents keep the content whole.
pub(crate) fn bare_content(quotation: &Quotation, text: &str) -> Vec<Span> {
    let introduced = matches!(quotation.kind, Some(Kind::Indirect | Kind::Mixed));
    let mut end_before = 0;
    let mut content = Vec::with_capacity(quotation.content.len());
    for (index, &span) in quotation.content.iter().enumerate() {
        let words = span.of(text);
        // A “that” introduces what follows the cue; elsewhere it points at something.
        let after_cue = index == 0 && quotation.cue.is_empty()
            || quotation
                .cue
                .iter()
                .any(|cue| end_before <= cue.start() && cue.end() <= span.start());
        end_before = span.end();
        let rest = if introduced && after_cue {
            after_that(words)
        } else {
            None
        };
        let start = span.end() - rest.unwrap_or(words).len();
        let bare = rest.unwrap_or(words);
        let kept = bare.strip_suffix(',').map_or(bare, str::trim_end);
        let kept = if kept.is_empty() { bare } else { kept };
        content.push(Span::new(start, start + kept.len()));
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

    /// The bare parts of contents between braces, with the cue between brackets.
    fn bare(kind: Kind, marked_up: &str) -> Vec<String> {
        let mut text = String::new();
        let (mut content, mut cue, mut start) = (Vec::new(), Vec::new(), 0);
        for c in marked_up.chars() {
            match c {
                '{' | '[' => start = text.len(),
                '}' => content.push(Span::new(start, text.len())),
                ']' => cue.push(Span::new(start, text.len())),
                _ => text.push(c),
            }
        }
        let quotation = Quotation {
            id: "q1".to_owned(),
            content,
            cue,
            source: Vec::new(),
            kind: Some(kind),
            marked: None,
            mode: None,
            source_form: None,
            speaker: None,
            addressees: Vec::new(),
            reference: None,
            confidence: 1.0,
            ok: true,
            optional: false,
            evidence: None,
        };
        bare_content(&quotation, &text)
            .iter()
            .map(|span| span.of(&text).to_owned())
            .collect()
    }

    #[test]
    fn leaves_out_an_introducing_that() {
        for (text, parts) in [
            (
                "Zoë [said] {that the café stays shut}.",
                &["the café stays shut"][..],
            ),
            (
                "She [warned] {that it rains}, [adding] {that it pours}.",
                &["it rains", "it pours"],
            ),
            (
                "He [said] {it rains} and {that it pours}.",
                &["it rains", "that it pours"],
            ),
            ("{that man lies}, he [said].", &["that man lies"]),
            ("{that it rains}", &["it rains"]),
        ] {
            assert_eq!(bare(Kind::Indirect, text), parts, "{text}");
        }
        assert_eq!(
            bare(Kind::Direct, "She [said]: “{that old song}”"),
            ["that old song"]
        );
    }

    #[test]
    fn leaves_out_the_comma_before_the_cue() {
        let parts = bare(
            Kind::Direct,
            "“{Né à Łódź,}” she [said], “{not here , }” “{,}”",
        );
        assert_eq!(parts, ["Né à Łódź", "not here , ", ","]);
    }

    #[test]
    fn that_is_not_always_a_conjunction() {
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
