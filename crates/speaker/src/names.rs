//! Names as they stand: the titles before them, their words, the gender that they tell.

use dixit_document::{Gender, Label, NamedEntity, Span};
use dixit_tokenize::Layout;

use crate::lexicon::lexicon;
use crate::pronouns::Pronoun;
use crate::words::{Word, words};

/// What stands before a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Honorific {
    None,
    Mr,
    Mrs,
    Miss,
    /// Lady, before a surname or a place: somebody’s wife.
    Lady,
    /// A title that goes with a given name: Sir, Queen, Aunt.
    Given(Option<bool>),
    /// Any other: Dr., Senator, Captain.
    Other,
}

/// One name in the text.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// Without titles, article and possessive ending.
    pub span: Span,
    /// With its titles.
    pub titled: Span,
    pub label: Label,
    /// Lower-case words.
    pub words: Vec<String>,
    pub honorific: Honorific,
    /// By the title.
    pub gender: Option<Gender>,
    pub possessive: bool,
}

impl Name {
    /// Reads a name; none if nothing is left of it.
    pub fn read(text: &str, layout: &Layout, named: &NamedEntity) -> Option<Self> {
        let mut all = words(text, layout, named.span);
        while all.last().is_some_and(|word| !word.is_word()) {
            all.pop();
        }
        if named.label == Label::Per {
            cut(&mut all);
        }
        // A model may take “said she” for one.
        let pronoun = |word: &Word<'_>| {
            !word.is_word() || !word.is_capital() && Pronoun::read(&word.lower).is_some()
        };
        if all.iter().all(pronoun) {
            return None;
        }
        let possessive = all.last().is_some_and(|word| word.possessive);
        let mut start = all.iter().position(Word::is_word)?;
        if all.get(start)?.lower == "the" && start + 1 < all.len() {
            start += 1;
        }
        let mut titles: Vec<String> = Vec::new();
        let mut titled_start = all.get(start)?.span.start();
        if named.label == Label::Per {
            for word in before(text, layout, titled_start) {
                // “They will miss Una” has no Miss in it.
                let small = !word.is_capital() && matches!(word.lower.as_str(), "miss" | "master");
                if small || lexicon().title(&word.lower).is_none() {
                    break;
                }
                titles.insert(0, word.lower.clone());
                titled_start = word.span.start();
            }
            while let Some(word) = all.get(start) {
                let left = all
                    .get(start + 1..)
                    .map_or(0, |rest| rest.iter().filter(|word| word.is_word()).count());
                if left == 0 || lexicon().title(&word.lower).is_none() {
                    break;
                }
                // “Dean Wareham” and “King Lear”: a given name with one surname is no title.
                if left == 1 && lexicon().given_name(&word.lower).is_some() {
                    break;
                }
                titles.push(word.lower.clone());
                start += 1;
            }
        }
        let kept = all.get(start..)?;
        let span = Span::new(kept.first()?.span.start(), kept.last()?.span.end());
        let (mut honorific, gender) = honorific(&titles);
        // “Lady Lind” is somebody’s wife, “Lady Una” herself.
        if let ([title], [word]) = (titles.as_slice(), kept)
            && title == "lady"
            && lexicon().given_name(&word.lower).is_none()
        {
            honorific = Honorific::Lady;
        }
        Some(Self {
            span,
            titled: Span::new(titled_start.min(span.start()), span.end()),
            label: named.label,
            words: name_words(kept),
            honorific,
            gender,
            possessive,
        })
        .filter(|name| !name.words.is_empty())
    }

    pub fn is_person(&self) -> bool {
        self.label == Label::Per
    }

    pub fn key(&self) -> String {
        self.words.join(" ")
    }
}

/// Cuts what a model ran on to from the words of a person’s name: “Not Una”, “Una was a rider”,
/// “Thank Heaven Mrs. Lind”.
fn cut(all: &mut Vec<Word<'_>>) {
    let honorific = |word: &Word<'_>| {
        matches!(
            word.lower.trim_end_matches('.'),
            "mr" | "mrs" | "miss" | "ms" | "mme" | "madame" | "monsieur" | "dr"
        )
    };
    if let Some(at) = all.iter().rposition(honorific)
        && at > 0
        && at + 1 < all.len()
        // “Lady Una and Mr.” keeps what stands before a joint.
        && all.get(at + 1..).is_some_and(|rest| rest.iter().any(Word::is_word))
    {
        all.drain(..at);
    }
    let capitals = all.iter().any(Word::is_capital);
    let leads = |word: &Word<'_>| {
        // “poet Lind” and “old Una”: what is said of somebody, not a name.
        let small = capitals
            && word.text.chars().all(char::is_lowercase)
            && !is_particle(&word.lower)
            && lexicon().title(&word.lower).is_none();
        !word.is_word() || is_no_name(&word.lower) || small
    };
    let first = all.iter().position(|word| !leads(word)).unwrap_or(0);
    all.drain(..first);
    let begins = all.iter().position(Word::is_capital);
    if let Some(begins) = begins
        && let Some(small) = all.iter().skip(begins + 1).position(|word| {
            word.is_word()
                && word.text.chars().next().is_some_and(char::is_lowercase)
                && !is_particle(&word.lower)
                && lexicon().title(&word.lower).is_none()
        })
    {
        all.truncate(begins + 1 + small);
    }
    while all.len() > 1
        && all
            .last()
            .is_some_and(|word| !word.is_word() || is_particle(&word.lower))
    {
        all.pop();
    }
}

/// A word that begins sentences and no names.
fn is_no_name(word: &str) -> bool {
    matches!(
        word,
        "not"
            | "then"
            | "and"
            | "but"
            | "or"
            | "if"
            | "is"
            | "was"
            | "are"
            | "here"
            | "there"
            | "surely"
            | "ask"
            | "when"
            | "where"
            | "why"
            | "how"
            | "what"
            | "who"
            | "so"
            | "yes"
            | "no"
            | "oh"
            | "o"
            | "ah"
            | "well"
            | "now"
            | "only"
            | "even"
            | "thank"
            | "tell"
            | "poor"
            | "dear"
            | "dearest"
            | "perhaps"
            | "did"
            | "does"
            | "has"
            | "had"
            | "for"
            | "as"
            | "at"
            | "in"
            | "on"
            | "with"
            | "to"
            | "from"
            | "that"
            | "this"
            | "like"
            | "because"
            | "while"
            | "though"
            | "once"
            | "suddenly"
            | "still"
    )
}

/// A small word inside names: “Ludwig van Beek”.
fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "del"
            | "della"
            | "der"
            | "den"
            | "des"
            | "di"
            | "da"
            | "dos"
            | "du"
            | "la"
            | "le"
            | "van"
            | "von"
            | "zu"
            | "ter"
            | "ten"
            | "of"
            | "the"
            | "al"
            | "el"
            | "bin"
            | "bint"
            | "ibn"
            | "ben"
            | "y"
            | "af"
            | "av"
    )
}

/// The words before a byte, nearest first, up to punctuation.
fn before<'t>(text: &'t str, layout: &Layout, byte: usize) -> Vec<Word<'t>> {
    let end = layout
        .tokens
        .partition_point(|token| token.span.start() < byte);
    let mut near = layout
        .tokens
        .get(end.saturating_sub(3)..end)
        .unwrap_or(&[])
        .iter()
        .rev()
        .map(|token| crate::words::word(text, token.span, token.kind))
        .peekable();
    let mut found = Vec::new();
    while let Some(word) = near.next() {
        // The full stop of “Dr.” may stand apart; that of a sentence ends it.
        let abbreviates = word.text == "."
            && near
                .peek()
                .is_some_and(|title| lexicon().title(&format!("{}.", title.lower)).is_some());
        match word.is_word() {
            true => found.push(word),
            false if abbreviates => {}
            false => break,
        }
    }
    found
}

/// Lower-case words of a name without suffixes, quoted nicknames and punctuation.
fn name_words(kept: &[Word<'_>]) -> Vec<String> {
    let mut found: Vec<String> = kept
        .iter()
        .filter(|word| word.is_word())
        .map(|word| word.lower.clone())
        .collect();
    while found.len() > 1
        && found.last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "jr" | "jr."
                    | "sr"
                    | "sr."
                    | "ii"
                    | "iii"
                    | "iv"
                    | "m.d."
                    | "ph.d."
                    | "esq"
                    | "esq."
            )
        })
    {
        found.pop();
    }
    found
}

fn honorific(titles: &[String]) -> (Honorific, Option<Gender>) {
    let mut gender = None;
    let mut honorific = Honorific::None;
    for word in titles {
        let Some(title) = lexicon().title(word) else {
            continue;
        };
        gender = gender.or(title.gender);
        honorific = match word.as_str() {
            "mr" | "mr." | "mister" | "monsieur" | "m." | "herr" | "signor" | "señor" | "senor" => {
                Honorific::Mr
            }
            "mrs" | "mrs." | "mme" | "mme." | "madame" | "frau" | "signora" | "señora"
            | "senora" => Honorific::Mrs,
            "miss" | "ms" | "ms." | "mlle" | "mlle." | "mademoiselle" => Honorific::Miss,
            _ if title.given => {
                Honorific::Given(title.gender.map(|gender| gender == Gender::Female))
            }
            _ => Honorific::Other,
        };
    }
    (honorific, gender)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, name: &str, label: Label) -> Name {
        let start = text.find(name).expect("the name stands in the text");
        let named = NamedEntity {
            span: Span::new(start, start + name.len()),
            label,
            confidence: 1.0,
        };
        Name::read(text, &Layout::read(text), &named).expect("a name")
    }

    #[test]
    fn titles_inside_and_before() {
        let text = "🎉 Then Dr. Zoë Orsini’s brother spoke to Senator Kwame Boadi.";
        let name = read(text, "Zoë Orsini’s", Label::Per);
        assert_eq!(name.span.of(text), "Zoë Orsini");
        assert!(name.titled.of(text).starts_with("Dr"));
        assert!(name.possessive);
        let name = read(text, "Senator Kwame Boadi", Label::Per);
        assert_eq!(name.span.of(text), "Kwame Boadi");
        assert_eq!(name.titled.of(text), "Senator Kwame Boadi");
        assert_eq!(name.honorific, Honorific::Other);
    }

    #[test]
    fn a_small_pronoun_is_no_name() {
        let text = "“Émile!” said she.";
        let named = |name: &str| NamedEntity {
            span: Span::new(
                text.find(name).unwrap(),
                text.find(name).unwrap() + name.len(),
            ),
            label: Label::Per,
            confidence: 0.3,
        };
        let layout = Layout::read(text);
        assert!(Name::read(text, &layout, &named("she")).is_none());
        assert!(Name::read(text, &layout, &named("Émile")).is_some());
    }

    #[test]
    fn gender_of_the_title() {
        let name = read("Mrs. Tallis left.", "Tallis", Label::Per);
        assert_eq!(name.gender, Some(Gender::Female));
        assert_eq!(name.honorific, Honorific::Mrs);
    }

    #[test]
    fn articles_and_suffixes_go() {
        let text = "The Harbor Trust met Ed Lunt Jr. today.";
        assert_eq!(
            read(text, "The Harbor Trust", Label::Org).words,
            ["harbor", "trust"]
        );
        assert_eq!(read(text, "Ed Lunt Jr.", Label::Per).words, ["ed", "lunt"]);
    }
}
