//! The word lists, read once.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use dixit_document::Gender;

static GIVEN_NAMES: &str = include_str!("../words/given-names.txt");
static NICKNAMES: &str = include_str!("../words/nicknames.txt");
static TITLES: &str = include_str!("../words/titles.txt");
static NOUNS: &str = include_str!("../words/nouns.txt");
static SPEECH_VERBS: &str = include_str!("../words/speech-verbs.txt");
static EQUIVALENTS: &str = include_str!("../words/equivalents.txt");

/// What kind of thing a noun stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NounKind {
    Person,
    Group,
    Organization,
    Document,
}

/// A noun of the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noun {
    pub kind: NounKind,
    pub gender: Option<Gender>,
}

/// A title that stands before a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Title {
    pub gender: Option<Gender>,
    /// Whether a lone name behind it is a given name (“Sir John”, “Queen Anne”).
    pub given: bool,
}

/// All lists, keyed by lower-case words.
pub(crate) struct Lexicon {
    given: HashMap<String, Gender>,
    surnames: HashSet<String>,
    nicknames: HashMap<String, Vec<usize>>,
    titles: HashMap<&'static str, Title>,
    nouns: HashMap<&'static str, Noun>,
    /// Each form, and whether it is the bare one.
    verbs: HashMap<&'static str, bool>,
    equivalents: HashMap<String, usize>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// The lists.
pub(crate) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn read() -> Self {
        let (given, surnames) = given_names();
        Self {
            given,
            surnames,
            nicknames: nicknames(),
            titles: titles(),
            nouns: nouns(),
            verbs: lines(SPEECH_VERBS)
                .flat_map(|line| line.split_whitespace().enumerate())
                .map(|(form, verb)| (verb, form == 0))
                .collect(),
            equivalents: equivalents(),
        }
    }

    /// The gender a given name usually tells; `Some(Other)` for names of both.
    pub fn given_name(&self, word: &str) -> Option<Gender> {
        self.given.get(word).copied()
    }

    /// Whether a given name is a surname as often, and tells nothing when it stands alone.
    pub fn is_surname_too(&self, word: &str) -> bool {
        self.surnames.contains(word)
    }

    /// Whether two given names can be one person’s (“Bill” and “William”).
    pub fn same_given_name(&self, a: &str, b: &str) -> bool {
        match (self.nicknames.get(a), self.nicknames.get(b)) {
            (Some(a), Some(b)) => a.iter().any(|line| b.contains(line)),
            _ => false,
        }
    }

    /// Whether an initial can stand for a given name or for what it is short for.
    pub fn initial_fits(&self, initial: char, name: &str) -> bool {
        let begins = |name: &str| name.starts_with(initial);
        begins(name)
            || self.nicknames.get(name).is_some_and(|lines| {
                self.nicknames.iter().any(|(other, theirs)| {
                    begins(other) && lines.iter().any(|l| theirs.contains(l))
                })
            })
    }

    pub fn title(&self, word: &str) -> Option<Title> {
        self.titles.get(word).copied()
    }

    /// A noun in the singular.
    pub fn noun(&self, word: &str) -> Option<Noun> {
        if let Some(noun) = self.nouns.get(word) {
            return Some(*noun);
        }
        // “co-chairman”, “vice-mayor”, “anti-tax activist”: the last part tells.
        let (_, last) = word.rsplit_once('-')?;
        self.nouns.get(last).copied()
    }

    /// The singular of a plural noun of the list.
    pub fn singular(&self, word: &str) -> Option<String> {
        let known = |stem: String| self.noun(&stem).map(|_| stem);
        if let Some(stem) = word.strip_suffix("ies")
            && let Some(found) = known(format!("{stem}y"))
        {
            return Some(found);
        }
        if let Some(stem) = word.strip_suffix("men")
            && let Some(found) = known(format!("{stem}man"))
        {
            return Some(found);
        }
        if let Some(stem) = word.strip_suffix("ves")
            && let Some(found) = known(format!("{stem}fe"))
        {
            return Some(found);
        }
        match word {
            "people" | "folks" => return Some("people".to_owned()),
            "children" | "grandchildren" => return Some("child".to_owned()),
            "criteria" | "data" | "media" | "women" => return None,
            _ => {}
        }
        let stem = word.strip_suffix('s')?;
        if stem.ends_with('s') || stem.len() < 2 {
            return None;
        }
        known(stem.to_owned()).or_else(|| {
            let stem = stem.strip_suffix('e')?;
            known(stem.to_owned())
        })
    }

    pub fn is_speech_verb(&self, word: &str) -> bool {
        self.verbs.contains_key(word)
    }

    /// “say”, not “says” or “said”.
    pub fn is_bare_speech_verb(&self, word: &str) -> bool {
        self.verbs.get(word).copied().unwrap_or(false)
    }

    /// The line of the list of equivalents that a name stands on.
    pub fn equivalent(&self, name: &str) -> Option<usize> {
        self.equivalents.get(name).copied()
    }
}

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn gender(code: &str) -> Option<Gender> {
    match code {
        "M" => Some(Gender::Male),
        "F" => Some(Gender::Female),
        "X" => Some(Gender::Other),
        _ => None,
    }
}

fn given_names() -> (HashMap<String, Gender>, HashSet<String>) {
    let mut names = HashMap::new();
    let mut surnames = HashSet::new();
    let mut current = Some(Gender::Other);
    for line in lines(GIVEN_NAMES) {
        if matches!(line, "M" | "F" | "X" | "S") {
            current = gender(line);
            continue;
        }
        let Some(current) = current else {
            surnames.extend(line.split_whitespace().map(str::to_lowercase));
            continue;
        };
        for name in line.split_whitespace() {
            names
                .entry(name.to_lowercase())
                .and_modify(|known| {
                    if *known != current {
                        *known = Gender::Other;
                    }
                })
                .or_insert(current);
        }
    }
    (names, surnames)
}

fn nicknames() -> HashMap<String, Vec<usize>> {
    let mut names: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, line) in lines(NICKNAMES).enumerate() {
        for name in line.split_whitespace() {
            names.entry(name.to_lowercase()).or_default().push(index);
        }
    }
    names
}

fn titles() -> HashMap<&'static str, Title> {
    lines(TITLES)
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let gender = gender(fields.next()?);
            let given = fields.next()? == "g";
            Some((fields.next()?, Title { gender, given }))
        })
        .collect()
}

fn nouns() -> HashMap<&'static str, Noun> {
    let mut nouns = HashMap::new();
    let mut current = Noun {
        kind: NounKind::Person,
        gender: None,
    };
    for line in lines(NOUNS) {
        let mut words = line.split_whitespace();
        let kind = match words.next() {
            Some("person") => Some(NounKind::Person),
            Some("group") => Some(NounKind::Group),
            Some("organization") => Some(NounKind::Organization),
            Some("document") => Some(NounKind::Document),
            _ => None,
        };
        if let (Some(kind), Some(code), None) = (kind, words.next(), words.next()) {
            current = Noun {
                kind,
                gender: gender(code),
            };
            continue;
        }
        for noun in line.split_whitespace() {
            nouns.entry(noun).or_insert(current);
        }
    }
    nouns
}

fn equivalents() -> HashMap<String, usize> {
    let mut names = HashMap::new();
    for (index, line) in lines(EQUIVALENTS).enumerate() {
        for name in line.split(';') {
            let name = name.trim().to_lowercase();
            let name = name.strip_prefix("the ").unwrap_or(&name).to_owned();
            names.insert(name, index);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_answer() {
        let lexicon = lexicon();
        assert_eq!(lexicon.given_name("zoë"), Some(Gender::Female));
        assert_eq!(lexicon.given_name("kim"), Some(Gender::Other));
        assert!(lexicon.same_given_name("liz", "elizabeth"));
        assert!(!lexicon.same_given_name("liz", "robert"));
        assert!(
            lexicon
                .title("mrs.")
                .is_some_and(|t| t.gender == Some(Gender::Female))
        );
        assert!(
            lexicon
                .noun("spokeswoman")
                .is_some_and(|n| n.gender == Some(Gender::Female))
        );
        assert_eq!(lexicon.singular("attorneys").as_deref(), Some("attorney"));
        assert_eq!(lexicon.singular("agencies").as_deref(), Some("agency"));
        assert_eq!(
            lexicon.singular("congressmen").as_deref(),
            Some("congressman")
        );
        assert!(lexicon.is_speech_verb("said"));
        assert_eq!(
            lexicon.equivalent("u.s."),
            lexicon.equivalent("united states")
        );
    }

    #[test]
    fn every_line_is_understood() {
        assert_eq!(lines(TITLES).count(), titles().len());
        assert!(nouns().len() > 500);
        assert!(given_names().0.len() > 1000);
    }
}
