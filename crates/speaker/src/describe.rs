//! Descriptions that stand beside a name: “campaign manager Una Lind”, “Una Lind, a pilot”.

use dixit_document::Span;
use dixit_tokenize::{Layout, TokenKind};

use crate::lexicon::{NounKind, lexicon};
use crate::names::Name;
use crate::phrase::{Determiner, Phrase, is_preposition, known_noun};
use crate::words::{Word, word};

/// The most tokens that a description may have.
const REACH: usize = 14;

/// What stands beside a name.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub descriptions: Vec<Phrase>,
    /// The name with the titles before it.
    pub titled: Option<Span>,
}

/// Reads what stands beside a name.
pub(crate) fn beside(text: &str, layout: &Layout, name: &Name) -> Beside {
    let mut found = Beside::default();
    if !name.is_person() {
        return found;
    }
    if let Some(title) = titles_before(text, layout, name) {
        // “Secretary of State Una Lind” is what she is called, “my friend Una Lind” is not.
        let called = title.whole.of(text).starts_with(char::is_uppercase);
        found.titled = called.then(|| title.whole.cover(name.span));
        found.descriptions.push(title);
    }
    let apposed = apposed_behind(text, layout, name);
    found.descriptions.extend(apposed);
    let apposed = apposed_before(text, layout, name);
    found.descriptions.extend(apposed);
    found
}

/// Tokens before a byte within its sentence, nearest first.
fn backwards<'t>(text: &'t str, layout: &Layout, byte: usize) -> Vec<Word<'t>> {
    let sentence = layout
        .sentence_at(byte)
        .and_then(|index| layout.sentences.get(index))
        .map_or(byte, |sentence| sentence.start());
    let end = layout
        .tokens
        .partition_point(|token| token.span.start() < byte);
    layout
        .tokens
        .get(end.saturating_sub(REACH)..end)
        .unwrap_or(&[])
        .iter()
        .rev()
        .take_while(|token| token.span.start() >= sentence)
        .map(|token| word(text, token.span, token.kind))
        .collect()
}

/// Tokens behind a byte within its sentence.
fn forwards<'t>(text: &'t str, layout: &Layout, byte: usize, reach: usize) -> Vec<Word<'t>> {
    let sentence = layout
        .sentence_at(byte.saturating_sub(1))
        .and_then(|index| layout.sentences.get(index))
        .map_or(byte, |sentence| sentence.end());
    let start = layout
        .tokens
        .partition_point(|token| token.span.start() < byte);
    layout
        .tokens
        .iter()
        .skip(start)
        .take(reach)
        .take_while(|token| token.span.end() <= sentence)
        .map(|token| word(text, token.span, token.kind))
        .collect()
}

/// “Harbor Trust president Una Lind”, “Secretary of State Una Lind”.
fn titles_before(text: &str, layout: &Layout, name: &Name) -> Option<Phrase> {
    let mut run: Vec<Word<'_>> = backwards(text, layout, name.span.start())
        .into_iter()
        // The full stop of a sentence ends it, that of a title does not.
        .take_while(|word| {
            word.kind == TokenKind::Word
                && (!word.text.ends_with('.') || lexicon().title(&word.lower).is_some())
                && (word.is_capital()
                    || known_noun(&word.lower).is_some()
                    || lexicon().title(&word.lower).is_some()
                    || is_epithet(&word.lower))
        })
        .collect();
    run.reverse();
    // “the head of Lind” is not Lind, and “Then Mrs. Lind” has no title but that one.
    if run.last().is_some_and(|word| {
        is_preposition(&word.lower)
            || matches!(
                word.lower.trim_end_matches('.'),
                "mr" | "mrs" | "miss" | "ms" | "dr" | "lady" | "lord" | "sir"
            )
    }) {
        return None;
    }
    // A preposition may not begin it, and “the” only leads.
    while run.first().is_some_and(|word| {
        is_preposition(&word.lower) || matches!(word.lower.as_str(), "and" | "but" | "when")
    }) {
        run.remove(0);
    }
    if let Some(article) = run.iter().rposition(|word| is_article(&word.lower)) {
        run.drain(..=article);
    }
    let phrase = Phrase::read(&run)?;
    is_role(&phrase).then_some(phrase)
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "a" | "an" | "his" | "her" | "their" | "its")
}

/// Words in small letters that stand inside titles.
fn is_epithet(word: &str) -> bool {
    matches!(
        word,
        "former"
            | "then"
            | "late"
            | "senior"
            | "junior"
            | "vice"
            | "of"
            | "deputy"
            | "acting"
            | "longtime"
            | "long-time"
            | "veteran"
            | "presidential"
            | "fellow"
            | "national"
            | "chief"
            | "executive"
            | "managing"
            | "assistant"
            | "associate"
            | "political"
            | "vice-presidential"
            | "onetime"
            | "prime"
            | "foreign"
            | "top"
            | "lead"
            | "billionaire"
    )
}

fn is_role(phrase: &Phrase) -> bool {
    !phrase.plural
        && (phrase.kind() == Some(NounKind::Person) || lexicon().title(&phrase.head).is_some())
}

/// “Una Lind, 42, a pilot from Nome,”.
fn apposed_behind(text: &str, layout: &Layout, name: &Name) -> Option<Phrase> {
    if name.possessive {
        return None;
    }
    let mut behind = forwards(text, layout, name.span.end(), REACH + 6);
    let mut bracketed = false;
    if behind.first().is_some_and(|word| word.text == "(") {
        // “Una Lind (D-Nome), chair of the board”.
        let close = behind.iter().position(|word| word.text == ")")?;
        behind.drain(..=close);
        bracketed = true;
    }
    if behind.first().is_none_or(|word| word.text != ",") {
        return (!bracketed).then(|| copula(&behind))?;
    }
    behind.remove(0);
    if behind
        .first()
        .is_some_and(|word| word.kind == TokenKind::Number)
        && behind.get(1).is_some_and(|word| word.text == ",")
    {
        behind.drain(..2);
    }
    let end = behind
        .iter()
        .position(|word| matches!(word.text, "," | ";" | "—" | "–" | "--" | "(" | "."))
        .unwrap_or(behind.len());
    let apposed = behind.get(..end)?;
    let first = apposed.first()?;
    let phrase = Phrase::read(apposed)?;
    let begins = phrase.determiner != Determiner::None
        || known_noun(&first.lower).is_some()
        || lexicon().title(&first.lower).is_some()
        || is_epithet(&first.lower)
        || first.is_capital();
    // “Una Lind, Jo Reyes and others”: another name is no description.
    let core_known = phrase.kind() == Some(NounKind::Person);
    (begins && core_known && is_role(&phrase)).then_some(phrase)
}

/// “Una Lind is the mayor of Nome”.
fn copula(behind: &[Word<'_>]) -> Option<Phrase> {
    let is = behind.first()?;
    if !matches!(is.lower.as_str(), "is" | "was" | "became" | "remains") {
        return None;
    }
    let rest = behind.get(1..)?;
    let article = rest.first()?;
    if !matches!(article.lower.as_str(), "the" | "a" | "an") {
        return None;
    }
    let end = rest
        .iter()
        .position(|word| !word.is_word())
        .unwrap_or(rest.len());
    let phrase = Phrase::read(rest.get(..end)?)?;
    is_role(&phrase).then_some(phrase)
}

/// “her campaign manager, Una Lind,”.
fn apposed_before(text: &str, layout: &Layout, name: &Name) -> Option<Phrase> {
    let mut before = backwards(text, layout, name.titled.start());
    if before.first().is_none_or(|word| word.text != ",") {
        return None;
    }
    before.remove(0);
    let article = before
        .iter()
        .take_while(|word| word.is_word())
        .position(|word| {
            matches!(
                word.lower.as_str(),
                "the" | "his" | "her" | "their" | "its" | "a" | "an"
            ) || word.possessive
        })?;
    let mut run: Vec<Word<'_>> = before.into_iter().take(article + 1).collect();
    run.reverse();
    let phrase = Phrase::read(&run)?;
    is_role(&phrase).then_some(phrase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dixit_document::{Label, NamedEntity};

    fn heads(text: &str) -> Vec<String> {
        let layout = Layout::read(text);
        let start = text.find("Una Lind").expect("she is in it");
        let named = NamedEntity {
            span: Span::new(start, start + "Una Lind".len()),
            label: Label::Per,
            confidence: 1.0,
        };
        let name = Name::read(text, &layout, &named).expect("a name");
        beside(text, &layout, &name)
            .descriptions
            .into_iter()
            .map(|phrase| phrase.head)
            .collect()
    }

    #[test]
    fn beside_a_name() {
        for (text, expected) in [
            ("Harbor Trust president Una Lind said no.", "president"),
            ("He met Secretary of State Una Lind.", "secretary"),
            ("Una Lind, 42, a pilot from Nome, said no.", "pilot"),
            ("Una Lind (D-Nome), chair of the board, said no.", "chair"),
            ("Her campaign manager, Una Lind, said no.", "manager"),
            ("Una Lind was the mayor of Nome.", "mayor"),
        ] {
            assert_eq!(heads(text), [expected], "{text}");
        }
        assert!(heads("Una Lind, Jo Reyes and others left.").is_empty());
    }
}
