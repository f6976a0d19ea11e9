//! Takes the source of a quotation apart: whose words the text says these are.

use dixit_document::{Label, NamedEntity, Span};
use dixit_tokenize::Layout;

use crate::lexicon::{NounKind, lexicon};
use crate::names::Name;
use crate::phrase::{Phrase, is_preposition, known_noun};
use crate::words::{Word, words};

/// The head of a source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Head {
    /// Names, by their indices: more than one where several speak together.
    Names(Vec<usize>),
    /// A pronoun.
    Pronoun(Span),
    /// A description.
    Phrase(Box<Phrase>),
    /// Nothing that could speak.
    None,
}

/// The words of all spans of a source.
pub(crate) fn source_words<'t>(text: &'t str, layout: &Layout, source: &[Span]) -> Vec<Word<'t>> {
    source
        .iter()
        .flat_map(|&span| words(text, layout, span))
        .collect()
}

/// The head of a source, given the names of the document in text order.
pub(crate) fn head(words: &[Word<'_>], names: &[Name]) -> Head {
    let first = first_segment(words);
    if let Some(pronoun) = pronoun(first) {
        return Head::Pronoun(pronoun);
    }
    let (Some(start), Some(end)) = (words.first(), words.last()) else {
        return Head::None;
    };
    let whole = Span::new(start.span.start(), end.span.end());
    let inside: Vec<(usize, &Name)> = names_in(names, whole)
        .filter(|(_, name)| words.iter().any(|word| word.span.overlaps(name.span)))
        .collect();
    let mut heads: Vec<usize> = inside
        .iter()
        .filter(|(_, name)| is_head(first, name))
        .map(|&(index, _)| index)
        .collect();
    if let Some(listed) = listed(words, &inside) {
        return Head::Names(listed);
    }
    if heads.len() > 1 && !first.iter().any(|word| is_and(&word.lower)) {
        // “Harbor Trust president Una Lind”: the last one is the head.
        heads = heads.split_off(heads.len() - 1);
    }
    if !heads.is_empty() {
        return Head::Names(heads);
    }
    if let Some(name) = apposed(words, first, &inside) {
        return Head::Names(vec![name]);
    }
    if let Some(names) = listed_behind(words, first, &inside) {
        return Head::Names(names);
    }
    Phrase::read(words).map_or(Head::None, |phrase| Head::Phrase(Box::new(phrase)))
}

/// The names that lie in a span.
pub(crate) fn names_in(names: &[Name], span: Span) -> impl Iterator<Item = (usize, &Name)> {
    let from = names.partition_point(|name| name.span.end() <= span.start());
    names
        .iter()
        .enumerate()
        .skip(from)
        .take_while(move |(_, name)| name.span.start() < span.end())
        .filter(move |(_, name)| span.overlaps(name.span))
}

/// Up to the first comma, bracket, dash or relative clause.
fn first_segment<'w, 't>(words: &'w [Word<'t>]) -> &'w [Word<'t>] {
    let end = words
        .iter()
        .enumerate()
        .position(|(index, word)| index > 0 && (is_break(&word.lower) || is_relative(&word.lower)))
        .unwrap_or(words.len());
    words.get(..end).unwrap_or(words)
}

fn is_break(word: &str) -> bool {
    matches!(word, "," | ";" | "(" | ")" | "—" | "–" | "--" | "-" | "[")
}

fn is_relative(word: &str) -> bool {
    matches!(word, "who" | "which" | "that" | "whose" | "whom")
}

fn is_and(word: &str) -> bool {
    matches!(word, "and" | "&" | "or")
}

/// A source that is nothing but a pronoun.
fn pronoun(words: &[Word<'_>]) -> Option<Span> {
    let mut said = words
        .iter()
        .filter(|word| word.is_word())
        .skip_while(|word| {
            matches!(
                word.lower.as_str(),
                "as" | "but" | "and" | "even" | "while" | "because"
            )
        });
    let first = said.next()?;
    let bare = crate::pronouns::Pronoun::read(&first.lower)?;
    let mut rest = said.peekable();
    let alone = rest.peek().is_none();
    let emphatic = rest.all(|word| {
        matches!(
            word.lower.as_str(),
            "himself" | "herself" | "themselves" | "itself" | "also" | "all" | "both" | "too"
        )
    });
    (alone || emphatic && !bare.possessive_only(&first.lower)).then_some(first.span)
}

/// Whether a name heads the segment it stands in.
fn is_head(segment: &[Word<'_>], name: &Name) -> bool {
    let Some(from) = segment
        .iter()
        .position(|word| word.span.overlaps(name.span))
    else {
        return false;
    };
    let to = segment
        .iter()
        .rposition(|word| word.span.overlaps(name.span))
        .map_or(from, |last| last + 1);
    if name.label == Label::Misc
        && name
            .words
            .last()
            .is_some_and(|word| known_noun(word).is_some())
    {
        return false;
    }
    // “a Gazette/Harbor Trust poll”
    if segment.get(to).is_some_and(|next| next.text == "/")
        && segment
            .iter()
            .skip(to)
            .any(|word| known_noun(&word.lower).is_some())
    {
        return false;
    }
    let followed = segment.get(to).is_some_and(|next| {
        next.is_word()
            && !is_preposition(&next.lower)
            && !is_and(&next.lower)
            && !matches!(
                next.lower.as_str(),
                "himself"
                    | "herself"
                    | "itself"
                    | "also"
                    | "has"
                    | "had"
                    | "was"
                    | "is"
                    | "when"
                    | "as"
                    | "then"
                    | "says"
                    | "said"
            )
    });
    if followed {
        return false;
    }
    let before = segment.get(..from).unwrap_or(&[]);
    let Some(preposition) = before
        .iter()
        .enumerate()
        .rposition(|(index, word)| index > 0 && is_preposition(&word.lower))
    else {
        return true;
    };
    // “Secretary of State Una Lind”, but neither “an aide to Una Lind” nor “an aide to President
    // Lind”.
    let between = before.get(preposition + 1..).unwrap_or(&[]);
    let begun = before.get(preposition - 1).is_some_and(Word::is_capital);
    begun
        && name.is_person()
        && between.iter().any(Word::is_capital)
        && between.iter().all(|word| {
            word.lower == "the"
                || word.is_capital()
                    && lexicon().title(&word.lower).is_none()
                    && known_noun(&word.lower).is_none_or(|(_, noun, _)| {
                        noun.is_some_and(|noun| noun.kind != NounKind::Person)
                    })
        })
}

/// “Una Lind, Kwame Boadi and Jo Reyes”.
fn listed(words: &[Word<'_>], inside: &[(usize, &Name)]) -> Option<Vec<usize>> {
    if inside.len() < 3 {
        return None;
    }
    let outside: Vec<&Word<'_>> = words
        .iter()
        .filter(|word| {
            !inside
                .iter()
                .any(|(_, name)| name.titled.overlaps(word.span))
        })
        .collect();
    let only_joints = outside
        .iter()
        .all(|word| is_and(&word.lower) || word.lower == ",");
    let joined = outside.iter().any(|word| is_and(&word.lower));
    (only_joints && joined).then(|| inside.iter().map(|&(index, _)| index).collect())
}

/// “her campaign manager, Una Lind”.
fn apposed(words: &[Word<'_>], first: &[Word<'_>], inside: &[(usize, &Name)]) -> Option<usize> {
    let phrase = Phrase::read(first)?;
    if phrase.plural {
        return None;
    }
    let behind = words.get(first.len() + 1..)?;
    let start = behind.iter().find(|word| word.is_word())?;
    let &(index, name) = inside
        .iter()
        .find(|(_, name)| name.titled.overlaps(start.span))?;
    let last = behind
        .iter()
        .rposition(|word| word.span.overlaps(name.span))?;
    let alone = behind
        .get(last + 1)
        .is_none_or(|next| !next.is_word() || is_preposition(&next.lower));
    (alone && !name.possessive).then_some(index)
}

/// “her opponents, Una Lind and former mayor Kwame Boadi”.
fn listed_behind(
    words: &[Word<'_>],
    first: &[Word<'_>],
    inside: &[(usize, &Name)],
) -> Option<Vec<usize>> {
    let phrase = Phrase::read(first).filter(|phrase| phrase.plural)?;
    let behind = words.get(first.len() + 1..)?;
    let named = behind.iter().find(|word| word.is_word())?.is_capital();
    let names: Vec<usize> = inside
        .iter()
        .filter(|(_, name)| name.is_person() && name.span.start() >= phrase.whole.end())
        .filter(|(_, name)| !name.possessive)
        .map(|&(index, _)| index)
        .collect();
    let joined = behind.iter().any(|word| is_and(&word.lower));
    (named && joined && names.len() > 1).then_some(names)
}

/// A name that stands at the head of a source though the named-entity model missed it.
pub(crate) fn missed_name(
    text: &str,
    layout: &Layout,
    source: &[Span],
    known: &[NamedEntity],
) -> Option<NamedEntity> {
    let words = source_words(text, layout, source);
    let segment = first_segment(&words);
    let core_end = segment
        .iter()
        .enumerate()
        .position(|(index, word)| index > 0 && is_preposition(&word.lower))
        .unwrap_or(segment.len());
    let core = segment.get(..core_end)?;
    let run_start = core
        .iter()
        .rposition(|word| !(word.is_word() && word.is_capital()))
        .map_or(0, |before| before + 1);
    let mut run = core.get(run_start..)?;
    let mut article = run_start > 0 && core.first().is_some_and(|word| word.lower == "the");
    while run.len() > 1
        && run.first().is_some_and(|word| {
            matches!(
                word.lower.as_str(),
                "the" | "a" | "an" | "but" | "and" | "while"
            )
        })
    {
        article |= run.first().is_some_and(|word| word.lower == "the");
        run = run.get(1..)?;
    }
    let (first, last) = (run.first()?, run.last()?);
    let span = Span::new(first.span.start(), last.span.end());
    if known.iter().any(|named| named.span.overlaps(span)) || is_time(&last.lower) {
        return None;
    }
    let titled = run.len() > 1 && lexicon().title(&first.lower).is_some();
    let given = lexicon()
        .given_name(if titled {
            &run.get(1)?.lower
        } else {
            &first.lower
        })
        .is_some();
    let noun = known_noun(&last.lower);
    let label = match noun {
        Some((_, Some(noun), false))
            if run.len() > 1 && matches!(noun.kind, NounKind::Organization) =>
        {
            Label::Org
        }
        Some(_) if !(given && run.len() > 1) => return None,
        _ if run.len() > 4 || crate::pronouns::Pronoun::read(&first.lower).is_some() => {
            return None;
        }
        _ if titled || given || run.len() > 1 && !article => Label::Per,
        _ if article || is_shouted(first.text) => Label::Org,
        _ if run.len() == 1 && begins_sentence(layout, span) && !recurs(text, first.text, span) => {
            return None;
        }
        _ => Label::Per,
    };
    Some(NamedEntity {
        span,
        label,
        confidence: 0.5,
    })
}

/// Days and months.
fn is_time(word: &str) -> bool {
    matches!(
        word,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "april"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
    )
}

fn is_shouted(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() > 1
        && word.chars().all(|c| !c.is_alphabetic() || c.is_uppercase())
}

fn begins_sentence(layout: &Layout, span: Span) -> bool {
    layout
        .sentence_at(span.start())
        .and_then(|index| layout.sentences.get(index))
        .is_some_and(|sentence| sentence.start() == span.start())
}

/// Whether the word stands elsewhere in the text too, with its capital.
fn recurs(text: &str, word: &str, span: Span) -> bool {
    text.match_indices(word).any(|(at, _)| at != span.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a source whose names are marked with brackets, and shows its head.
    fn shown(marked: &str) -> String {
        let mut text = String::new();
        let mut spans = Vec::new();
        let mut open = 0;
        for c in marked.chars() {
            match c {
                '[' => open = text.len(),
                ']' => spans.push(Span::new(open, text.len())),
                c => text.push(c),
            }
        }
        let layout = Layout::read(&text);
        let names: Vec<Name> = spans
            .into_iter()
            .map(|span| NamedEntity {
                span,
                label: Label::Per,
                confidence: 1.0,
            })
            .filter_map(|named| Name::read(&text, &layout, &named))
            .collect();
        let words = words(&text, &layout, Span::new(0, text.len()));
        match head(&words, &names) {
            Head::Names(found) => found
                .iter()
                .filter_map(|&index| names.get(index))
                .map(|name| name.span.of(&text))
                .collect::<Vec<_>>()
                .join(" + "),
            Head::Pronoun(span) => format!("pronoun {}", span.of(&text)),
            Head::Phrase(phrase) => format!("phrase {}", phrase.head),
            Head::None => String::new(),
        }
    }

    #[test]
    fn heads() {
        for (source, expected) in [
            ("Secretary of State [Una Lind]", "Una Lind"),
            ("[Jo Reyes], a spokeswoman for [Kwame Boadi],", "Jo Reyes"),
            ("[Boadi] campaign spokeswoman [Jo Reyes]", "Jo Reyes"),
            ("Mr. [Boadi]’s campaign manager", "phrase manager"),
            ("a [Boadi] adviser", "phrase adviser"),
            ("an aide to President [Una Lind]", "phrase aide"),
            ("Supporters of [Una Lind]", "phrase supporter"),
            ("his campaign manager, [Jo Reyes],", "Jo Reyes"),
            ("Senator [Una Lind] of Wherever", "Una Lind"),
            ("[Una Lind] and [Kwame Boadi]", "Una Lind + Kwame Boadi"),
            ("she", "pronoun she"),
            ("who", "pronoun who"),
            ("[Boadi]’s", "Boadi"),
        ] {
            assert_eq!(shown(source), expected, "{source}");
        }
    }
}
