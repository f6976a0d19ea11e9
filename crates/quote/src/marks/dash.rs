//! Speech that a dash introduces, as in French, Spanish, Russian and some English prose.
//!
//! A dash may as well begin a list item or sign a text, so the document must show the custom.
//! Nothing closes such speech; it breaks off where a clause says who spoke.

use dixit_document::Span;
use dixit_tokenize::{Layout, MarkKind, Token, TokenKind};

use super::{Found, MarkStyle, MarkedSpan, cues};

pub(super) fn read(text: &str, layout: &Layout, found: &mut Found) {
    let quoted = found
        .spans
        .iter()
        .filter(|span| span.style == MarkStyle::Double)
        .count();
    let mut turns = Vec::new();
    let mut others = 0;
    let mut cued = false;
    for mark in layout
        .marks
        .iter()
        .filter(|mark| mark.kind == MarkKind::Dash)
    {
        let paragraph = layout.paragraph_at(mark.span.start());
        let Some(&paragraph) = paragraph.and_then(|index| layout.paragraphs.get(index)) else {
            continue;
        };
        let speech = Span::new(mark.span.end(), paragraph.end());
        if is_turn(text, speech) {
            let hyphen = mark.span.of(text).starts_with('-');
            cued |= !hyphen && cues::clause_in(text, layout, speech).is_some();
            turns.push((mark.span, speech));
        } else {
            others += 1;
        }
    }
    let custom = turns.len() >= 2 || turns.len() == 1 && cued && quoted == 0;
    if !custom || turns.len() <= others || turns.len() * 2 < quoted {
        return;
    }
    for (dash, speech) in turns {
        turn(text, layout, dash, speech, found);
    }
}

/// A capital at the start and a sentence's end: no list item, no signature, no afterthought.
fn is_turn(text: &str, speech: Span) -> bool {
    let words = speech.of(text).trim();
    let first = words.chars().find(|c| c.is_alphanumeric());
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '…' | '—' | '–' | ':' | '"' | '”' | '»');
    first.is_some_and(|c| !c.is_lowercase()) && words.ends_with(ends)
}

/// Splits one paragraph into what is said and what the narrator puts in.
fn turn(text: &str, layout: &Layout, dash: Span, speech: Span, found: &mut Found) {
    let tokens = layout.tokens_in(speech);
    let mut start = speech.start();
    let mut previous = None;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at + 1..).unwrap_or(&[]);
        let Some(clause) = interruption(text, *token, rest) else {
            at += 1;
            continue;
        };
        let is_dash = is_dash(text, token);
        let end = if is_dash {
            token.span.start()
        } else {
            token.span.end()
        };
        previous = add(text, dash, Span::new(start, end), previous, found).or(previous);
        match resumes(text, rest, clause, is_dash) {
            Some(ahead) => {
                start = rest
                    .get(ahead)
                    .map_or(speech.end(), |token| token.span.start());
                at += 1 + ahead;
            }
            None => return,
        }
    }
    add(text, dash, Span::new(start, speech.end()), previous, found);
}

fn add(
    text: &str,
    dash: Span,
    inner: Span,
    continues: Option<usize>,
    found: &mut Found,
) -> Option<usize> {
    let outer = if continues.is_none() {
        dash.cover(inner)
    } else {
        inner
    };
    let style = MarkStyle::Dash;
    let span = MarkedSpan {
        inner,
        outer,
        style,
        closed: false,
        nested: false,
        continues,
        label: None,
    };
    found.add(text, span)
}

fn is_dash(text: &str, token: &Token) -> bool {
    let word = token.span.of(text);
    token.kind == TokenKind::Punctuation && word.starts_with(['—', '–', '―', '-']) && word != "-"
}

/// The clause of the narrator that follows a token, if one does.
fn interruption(text: &str, token: Token, rest: &[Token]) -> Option<Span> {
    if token.kind != TokenKind::Punctuation {
        return None;
    }
    let clause = cues::clause_at(text, rest)?;
    let small = clause.of(text).starts_with(char::is_lowercase);
    let fits = match token.span.of(text) {
        "," => true,
        word if word.ends_with(['!', '?', '…']) || word == "..." => small,
        _ => is_dash(text, &token),
    };
    fits.then_some(clause)
}

/// At which of the tokens after the break the speech goes on, if it does.
fn resumes(text: &str, rest: &[Token], clause: Span, dashes: bool) -> Option<usize> {
    let after = rest
        .iter()
        .position(|token| token.span.start() >= clause.end())?;
    if dashes {
        // Up to the next dash, and past the stop that may follow it (“—dijo Ana—. Ven.”).
        let next = rest
            .iter()
            .skip(after)
            .position(|token| is_dash(text, token))?;
        let next = after + next + 1;
        let stop = rest
            .get(next)
            .is_some_and(|token| matches!(token.span.of(text), "." | ","));
        return Some(next + usize::from(stop));
    }
    let stop = rest.get(after)?.span.of(text);
    let next = rest.get(after + 1)?.span.of(text);
    let goes_on = match stop {
        "," => {
            !next.ends_with("ing")
                && !matches!(
                    next,
                    "and" | "with" | "as" | "who" | "but" | "his" | "her" | "while"
                )
        }
        "." => rest.get(after + 1..)?.iter().any(|token| {
            let word = token.span.of(text);
            matches!(word, "?" | "!") || is_personal(word)
        }),
        _ => false,
    };
    goes_on.then_some(after + 1)
}

/// First and second person: the speaker's own voice.
pub(super) fn is_personal(word: &str) -> bool {
    let stem = word.split(['\'', '’']).next().unwrap_or(word);
    matches!(
        stem,
        "I" | "me"
            | "my"
            | "My"
            | "we"
            | "We"
            | "us"
            | "our"
            | "Our"
            | "you"
            | "You"
            | "your"
            | "Your"
            | "mine"
            | "yours"
            | "ours"
            | "Let"
            | "je"
            | "Je"
            | "tu"
            | "Tu"
            | "vous"
            | "Vous"
            | "nous"
            | "ich"
            | "Ich"
            | "wir"
            | "Wir"
            | "yo"
            | "Yo"
    )
}
