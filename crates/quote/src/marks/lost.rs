//! Single marks that a text has lost to blanks, and with them its apostrophes (“she s here”), as old
//! transcriptions have: `"I called,  Row!  and nobody rowed."`

use dixit_document::Span;
use dixit_tokenize::{Layout, TokenKind};

use super::{Found, MarkStyle, MarkedSpan};

/// So many lost apostrophes make a text one that has lost its marks.
const LOST: usize = 20;

pub(super) fn read(text: &str, layout: &Layout, found: &mut Found) {
    if !has_lost(text, layout) {
        return;
    }
    let doubles: Vec<MarkedSpan> = found
        .spans
        .iter()
        .filter(|span| span.style == MarkStyle::Double)
        .copied()
        .collect();
    for double in doubles {
        for words in within(text, region(text, &double), double.closed) {
            let words = super::trim(text, words);
            let span = MarkedSpan {
                inner: words,
                outer: words,
                style: MarkStyle::Single,
                closed: true,
                nested: false,
                continues: None,
                label: None,
            };
            found.add(text, span);
        }
    }
}

/// Whether blanks stand where a text had apostrophes, and nowhere else: not after every sentence.
fn has_lost(text: &str, layout: &Layout) -> bool {
    let ends = |word: &str| matches!(word, "d" | "ll" | "m" | "re" | "s" | "t" | "ve");
    let (mut lost, mut kept, mut wide, mut stops) = (0, 0, 0, 0);
    for pair in layout.tokens.windows(2) {
        let [before, token] = pair else { continue };
        let word = token.span.of(text);
        let gap = text
            .get(before.span.end()..token.span.start())
            .unwrap_or("");
        match (before.kind, token.kind) {
            (TokenKind::Word, TokenKind::Word) if ends(word) && gap == " " => lost += 1,
            (_, TokenKind::Word) if word.contains(['\'', '’']) => kept += 1,
            _ => {}
        }
        if before.span.of(text) == "." && word.starts_with(char::is_uppercase) {
            stops += 1;
            wide += usize::from(gap == "  ");
        }
    }
    lost >= LOST && kept * 4 < lost && wide * 4 < stops
}

/// What stands between double marks, with the blanks there.
fn region(text: &str, double: &MarkedSpan) -> Span {
    let marked = |c: &char| !c.is_alphanumeric() && !c.is_whitespace();
    let outer = double.outer.of(text);
    let open = outer
        .chars()
        .next()
        .filter(marked)
        .map_or(0, char::len_utf8);
    let close = outer.chars().next_back().filter(marked);
    let close = close.filter(|_| double.closed).map_or(0, char::len_utf8);
    let (start, end) = (double.outer.start() + open, double.outer.end() - close);
    Span::new(start.min(end), end)
}

/// The spans that blanks mark in a region. One opens where a blank too many follows punctuation, or the region
/// begins with a blank, and closes where one follows punctuation again; the last one may go on where the
/// region itself is left open.
fn within(text: &str, region: Span, closed: bool) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let words = region.of(text);
    let mut at = 0;
    while let Some(from) = words
        .get(at..)
        .and_then(|rest| rest.find(char::is_whitespace))
    {
        let start = at + from;
        let rest = words.get(start..).unwrap_or("");
        let length = rest
            .find(|c: char| !c.is_whitespace())
            .unwrap_or(rest.len());
        let blank = rest.get(..length).unwrap_or("").replace('\r', "");
        at = start + length;
        if blank.contains("\n\n") {
            return Vec::new();
        }
        let count = blank.chars().count();
        let before = words
            .get(..start)
            .and_then(|words| words.chars().next_back());
        let stops =
            before.is_some_and(|c| matches!(c, ',' | '.' | ':' | ';' | '?' | '!' | '-' | '—'));
        let begins = words
            .get(at..)
            .is_some_and(|words| words.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        let last = at == words.len();
        match open {
            None if begins && (start == 0 || count > 1 && stops) => open = Some(at),
            Some(from) if stops && (count > 1 || last) => {
                found.push(Span::new(region.start() + from, region.start() + start));
                // One closes and another opens.
                open = (count > 2 && begins).then_some(at);
            }
            _ => {}
        }
    }
    if let Some(from) = open.filter(|_| !closed) {
        found.push(Span::new(region.start() + from, region.end()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::marked_speech;
    use super::*;

    /// What is found inside double marks in a text that has lost its apostrophes.
    fn nested(text: &str) -> Vec<String> {
        let text = format!("{}\n\n{text}", "She doesn t row. ".repeat(LOST));
        let layout = Layout::read(&text);
        let nested = marked_speech(&text, &layout)
            .into_iter()
            .filter(|span| span.nested);
        nested.map(|span| span.inner.of(&text).to_owned()).collect()
    }

    #[test]
    fn blanks_too_many_stand_for_marks() {
        assert_eq!(
            nested("\"I called to her,  Row!  and she asked,\n Émile, is it far?  Nobody rowed.\""),
            ["Row!", "Émile, is it far?"]
        );
        assert_eq!(
            nested("\" Who rows?  said I.  We do? \""),
            ["Who rows?", "We do?"]
        );
        assert_eq!(
            nested("“She said:  Row!   Now?   Yes.  That was all.”"),
            ["Row!", "Now?", "Yes."]
        );
    }

    #[test]
    fn what_a_paragraph_leaves_open_goes_on_to_its_end() {
        assert_eq!(
            nested("\" I will row,  said he,  as far as the weir.\n\n\" And then? \""),
            ["I will row,", "as far as the weir.", "And then?"]
        );
    }

    #[test]
    fn other_blanks_are_none() {
        assert_eq!(
            nested("\"We sat in the caf  of the quay. Nobody rowed.\""),
            [""; 0]
        );
        assert_eq!(
            nested("\"I called to her, Row! and she\nasked, Is it far? Nobody rowed.\""),
            [""; 0]
        );
        assert_eq!(nested("\"\"  \" \""), [""; 0]);
        let kept = "She doesn't row. ".repeat(LOST) + "\n\n\"I called,  Row!  and nobody rowed.\"";
        let layout = Layout::read(&kept);
        assert!(
            marked_speech(&kept, &layout)
                .iter()
                .all(|span| !span.nested)
        );
    }
}
