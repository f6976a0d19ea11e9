//! Relatives by the name of their family: “his wife” is Mrs. Bennet where he is Mr. Bennet.

use dixit_document::Gender;

use crate::cast::{Cast, Draft};
use crate::lexicon::{Title, lexicon};
use crate::phrase::Phrase;
use crate::words::lower;

/// What a noun says of somebody’s relative.
#[derive(Clone, Copy)]
struct Kin {
    gender: Gender,
    /// Whether Mr. and Mrs. with the name are meant first: spouses and parents.
    married: bool,
}

/// The one member of an owner’s family that a description like “his wife” can mean.
pub(crate) fn relative(text: &str, cast: &Cast, phrase: &Phrase, owner: usize) -> Option<usize> {
    let kin = kin(&phrase.head).filter(|_| !phrase.plural && phrase.modifiers.len() <= 1)?;
    let family = surname(text, cast.get(owner)?)?;
    let members: Vec<(usize, &Draft)> = cast
        .drafts
        .iter()
        .enumerate()
        .filter(|&(index, draft)| {
            index != owner
                && draft.named
                && draft.is_person()
                && draft.gender == Some(kin.gender)
                && surname(text, draft).as_ref() == Some(&family)
        })
        .collect();
    let married: Vec<&(usize, &Draft)> = members
        .iter()
        .filter(|(_, draft)| is_married(text, draft))
        .collect();
    match (members.as_slice(), married.as_slice()) {
        (_, [(one, _)]) if kin.married => Some(*one),
        ([(one, _)], []) => Some(*one),
        _ => None,
    }
}

fn kin(noun: &str) -> Option<Kin> {
    let (gender, married) = match noun {
        "wife" | "mother" | "mamma" | "mama" | "mum" | "mom" | "lady" => (Gender::Female, true),
        "husband" | "father" | "papa" | "dad" => (Gender::Male, true),
        "sister" | "daughter" => (Gender::Female, false),
        "brother" | "son" => (Gender::Male, false),
        _ => return None,
    };
    Some(Kin { gender, married })
}

/// The name of somebody’s family, in lower case: behind a given name or a title.
fn surname(text: &str, draft: &Draft) -> Option<String> {
    let last = |name: &str| name.split_whitespace().next_back().map(lower);
    let full = draft
        .names
        .iter()
        .map(|name| name.of(text))
        .find(|name| name.split_whitespace().nth(1).is_some());
    let titled = || {
        let mut aliases = draft.aliases.iter().map(|alias| alias.of(text));
        aliases.find(|alias| {
            alias.split_whitespace().nth(1).is_some()
                && title(alias).is_some_and(|title| !title.given)
        })
    };
    last(full.or_else(titled)?)
}

fn title(name: &str) -> Option<Title> {
    let first = name.split_whitespace().next()?;
    lexicon().title(&lower(first))
}

/// Whether somebody is called Mr. or Mrs.
fn is_married(text: &str, draft: &Draft) -> bool {
    draft.aliases.iter().any(|alias| {
        let first = alias.of(text).split_whitespace().next().unwrap_or("");
        matches!(first.trim_end_matches('.'), "Mr" | "Mrs" | "MR" | "MRS")
    })
}
