//! What a narrator or a reporter puts into speech in parentheses: “I think (laughing) it rows itself.”

use dixit_document::Span;

/// The most words of such an aside.
const LONGEST: usize = 12;

/// Words that end like what somebody does meanwhile.
#[rustfmt::skip]
const NOT_DONE: &[&str] = &[
    "according", "anything", "being", "concerning", "considering", "during", "everything",
    "excepting", "excluding", "finding", "including", "nothing", "notwithstanding", "regarding",
    "something",
];

/// What is heard from those who listen.
#[rustfmt::skip]
const HEARD: &[&str] = &[
    "and", "applause", "cheering", "cheers", "general", "great", "hear", "interruption", "laughter",
    "loud", "prolonged", "renewed", "sensation", "uproar",
];

/// The parts of words in marks that their speaker says: all but such asides (of those in PDNC's training novels 53
/// stand in no quotation, 4 in one) and `others`, the words of others that are repeated there, in text order.
pub(crate) fn without(text: &str, words: Span, others: &[Span]) -> Vec<Span> {
    let from = others.partition_point(|other| other.end() <= words.start());
    let inside = others.get(from..).unwrap_or(&[]).iter();
    let mut left_out: Vec<Span> = inside
        .take_while(|other| other.start() < words.end())
        .copied()
        .collect();
    let mut at = words.start();
    while let Some((open, close)) = parenthesis(text, Span::new(at, words.end())) {
        if is_aside(text.get(open + 1..close).unwrap_or("")) {
            left_out.push(Span::new(open, close + 1));
        }
        at = close + 1;
    }
    if left_out.is_empty() {
        return vec![words];
    }
    left_out.sort_unstable();
    let mut parts = Vec::with_capacity(left_out.len() + 1);
    let mut start = words.start();
    for out in left_out {
        parts.extend(part(text, Span::new(start, out.start().max(start))));
        start = start.max(out.end());
    }
    parts.extend(part(text, Span::new(start, words.end().max(start))));
    parts
}

/// The places of the next parentheses in a span.
fn parenthesis(text: &str, span: Span) -> Option<(usize, usize)> {
    let close = span.start() + span.of(text).find(')')?;
    let open = text.get(span.start()..close)?.rfind('(');
    // One that nothing opened is passed over.
    Some(open.map_or((close, close), |open| (span.start() + open, close)))
}

/// A part without the blanks and the punctuation that an aside leaves at its ends, if it has any words.
fn part(text: &str, span: Span) -> Option<Span> {
    let words = span.of(text);
    let left = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':');
    let begin = words.len() - words.trim_start_matches(left).len();
    let end = words.trim_end().len();
    let said = words.get(begin..end)?.contains(char::is_alphanumeric);
    said.then(|| Span::new(span.start() + begin, span.start() + end))
}

fn is_aside(words: &str) -> bool {
    let words: Vec<String> = words
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let Some(first) = words.first().filter(|_| words.len() <= LONGEST) else {
        return false;
    };
    let second = words.get(1).map_or("", String::as_str);
    let of = |among: &[&str], word: &str| among.contains(&word);
    let does = first.len() > 4 && first.ends_with("ing") && !of(NOT_DONE, first);
    let with = first == "with" && of(&["a", "an", "great", "her", "his", "much", "their"], second);
    let how = ["accent", "tone", "voice", "whisper"];
    let voiced = first == "in" && words.iter().any(|word| of(&how, word));
    let crowd = words.iter().all(|word| of(HEARD, word));
    does || with || voiced || crowd
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<&str> {
        let parts = without(text, Span::new(0, text.len()), &[]);
        parts.iter().map(|part| part.of(text)).collect()
    }

    #[test]
    fn what_a_narrator_puts_in_is_left_out() {
        assert_eq!(
            said("I think (laughing, and taking off her hat) it rows itself."),
            ["I think", "it rows itself."]
        );
        assert_eq!(
            said("We stay (hear, hear). We row (loud and prolonged cheers)!"),
            ["We stay", "We row"]
        );
        assert_eq!(said("(With a smile.) Zoë?"), ["Zoë?"]);
        assert_eq!(said("Émile (in a low voice) is here"), ["Émile", "is here"]);
    }

    #[test]
    fn what_the_speaker_puts_in_is_said() {
        for text in [
            "The ferry (the old one) rows itself.",
            "Nobody (nothing is sure) knows.",
            "All (including Una, I hope) may come.",
            "With (a",
            "a) b ( c",
            "()",
            "",
        ] {
            assert_eq!(said(text), [text]);
        }
    }
}
