//! Quotations whose cue is a noun behind them: “…” was his answer, came Una’s reply.

use dixit_document::{Kind, Quotation, Span};
use dixit_tokenize::{Layout, Token, TokenKind};

/// How many words may describe the noun: “her short and scornful”.
const DESCRIBED: usize = 5;
/// How many words somebody’s name and title may have.
const NAMED: usize = 5;

/// Gives cue and source to direct quotations that such a clause follows; a cue behind the clause is
/// another quotation’s.
pub(crate) fn cues(text: &str, layout: &Layout, found: &mut [Quotation]) {
    let marked = found
        .iter_mut()
        .filter(|quotation| quotation.kind == Some(Kind::Direct) && quotation.marked == Some(true));
    for quotation in marked {
        let mut contents = quotation.content.iter();
        let Some((noun, owner)) = contents.find_map(|&content| clause(text, layout, content))
        else {
            continue;
        };
        let behind = |cue: &Span| cue.start() >= noun.end();
        if !quotation.cue.iter().all(behind) {
            continue;
        }
        if !quotation.cue.is_empty() {
            quotation.source.clear();
        }
        quotation.cue = vec![noun];
        if quotation.source.is_empty() {
            quotation.source.extend(owner);
        }
    }
}

/// The noun of such a clause behind a content, and whose it is.
fn clause(text: &str, layout: &Layout, content: Span) -> Option<(Span, Option<Span>)> {
    let paragraph = layout.paragraph_at(content.start())?;
    let end = layout.paragraphs.get(paragraph)?.end().max(content.end());
    let tokens = layout.tokens_in(Span::new(content.end(), end));
    let word = |token: &Token| token.span.of(text);
    let first = tokens
        .iter()
        .position(|token| token.kind == TokenKind::Word)?;
    let tokens = tokens.get(first..)?;
    let (verb, rest) = tokens.split_first()?;
    if !matches!(word(verb), "was" | "is" | "were" | "came") {
        return None;
    }
    let (owner, rest) = owner(text, rest)?;
    let noun = rest
        .iter()
        .take(DESCRIBED)
        .take_while(|token| token.kind == TokenKind::Word || word(token) == ",")
        .find(|token| is_speech(word(token)))?;
    Some((noun.span, owner))
}

/// Whose the noun is (none for “the”), and what stands behind.
fn owner<'t>(text: &str, tokens: &'t [Token]) -> Option<(Option<Span>, &'t [Token])> {
    let first = tokens.first()?;
    let rest = tokens.get(1..)?;
    match first.span.of(text) {
        "his" | "her" | "my" | "their" | "our" => return Some((Some(first.span), rest)),
        "the" | "all" => return Some((None, rest)),
        _ => {}
    }
    let last = tokens
        .iter()
        .take(NAMED)
        .position(|token| unowned(token.span.of(text)).is_some())?;
    let name = tokens.get(..=last)?;
    let capitals = |token: &Token| token.span.of(text).starts_with(char::is_uppercase);
    let plain = |token: &Token| token.kind != TokenKind::Word || capitals(token);
    if !capitals(first) || !name.iter().all(plain) {
        return None;
    }
    let owned = name.last()?.span;
    let bare = unowned(owned.of(text))?;
    let end = match bare.len() {
        0 => name.get(last.checked_sub(1)?)?.span.end(),
        length => owned.start() + length,
    };
    Some((
        Some(Span::new(first.span.start(), end)),
        tokens.get(last + 1..)?,
    ))
}

/// A word without the ending that makes it an owner's: “Lind’s”, “Jones’s”, “James’”.
fn unowned(word: &str) -> Option<&str> {
    ["'s", "’s", "’"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
}

/// Whether a noun stands for words that somebody says.
fn is_speech(noun: &str) -> bool {
    matches!(
        noun,
        "answer"
            | "reply"
            | "response"
            | "remark"
            | "exclamation"
            | "reflection"
            | "observation"
            | "comment"
            | "question"
            | "retort"
            | "rejoinder"
            | "cry"
            | "verdict"
            | "greeting"
            | "objection"
            | "ejaculation"
            | "salutation"
            | "inquiry"
            | "enquiry"
            | "explanation"
            | "conclusion"
            | "command"
            | "advice"
            | "words"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::blank;
    use crate::place;

    fn read(text: &str, content: &str) -> Option<(String, Option<String>)> {
        let mut found = [blank(vec![place(text, content)], Kind::Direct, true, 0.9)];
        cues(text, &Layout::read(text), &mut found);
        let [quotation] = found;
        let text_of = |spans: &[Span]| spans.first().map(|span| span.of(text).to_owned());
        Some((text_of(&quotation.cue)?, text_of(&quotation.source)))
    }

    #[test]
    fn nouns_behind_words_are_cues() {
        let own = |cue: &str, source: &str| Some((cue.to_owned(), Some(source.to_owned())));
        assert_eq!(
            read("“Never!” was her short and scornful answer.", "Never!"),
            own("answer", "her")
        );
        assert_eq!(
            read(
                "“Perhaps, Zoë,” was Mr. Émile Lind’s first reply.",
                "Perhaps, Zoë"
            ),
            own("reply", "Mr. Émile Lind")
        );
        assert_eq!(
            read("“No,” was Mrs. Jones’s only remark.", "No"),
            own("remark", "Mrs. Jones")
        );
        assert_eq!(
            read("“Aye,” came the answer.", "Aye"),
            Some(("answer".to_owned(), None))
        );
        assert_eq!(read("“Aye,” was on the board.", "Aye"), None);
        assert_eq!(read("“Aye.”", "Aye"), None);
    }

    #[test]
    fn a_cue_behind_such_a_clause_is_another_quotations() {
        let text = "“Aye,” was the gruff reply. “And you?” asked Una.";
        let mut found = [blank(vec![place(text, "Aye")], Kind::Direct, true, 0.9)];
        found[0].cue.push(place(text, "asked"));
        found[0].source.push(place(text, "Una"));
        cues(text, &Layout::read(text), &mut found);
        assert_eq!(found[0].cue, [place(text, "reply")]);
        assert!(found[0].source.is_empty());
    }
}
