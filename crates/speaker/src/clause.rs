//! A subject and a verb of speaking that may go together: “cried the old man”, “Una went on”, “it led
//! him to murmur”.

use dixit_document::Span;

use crate::lexicon::lexicon;
use crate::mentions::{Expression, Place, What};
use crate::phrase::is_preposition;
use crate::words::Word;

/// The words between quotations, and which of them are the subject and its verb, by their places.
pub(crate) struct Clause<'c, 't> {
    told: &'c [Word<'t>],
    between: &'c [Word<'t>],
    first: usize,
    last: usize,
    verb: usize,
    expression: &'c Expression,
}

impl<'c, 't> Clause<'c, 't> {
    /// `first` and `last` are the words of the expression. None where the verb is one of them.
    pub fn new(
        told: &'c [Word<'t>],
        expression: &'c Expression,
        (first, last): (usize, usize),
        verb: usize,
    ) -> Option<Self> {
        let between = match verb < first {
            true => told.get(verb + 1..first)?,
            false => told.get(last + 1..verb)?,
        };
        Some(Self {
            told,
            between,
            first,
            last,
            verb,
            expression,
        })
    }

    /// Whether the verb stands first: “said Una”.
    pub fn is_inverted(&self) -> bool {
        self.verb < self.first
    }

    /// What it costs to believe in it; `follows` tells that the words stand behind speech.
    pub fn cost(&self, follows: bool) -> Option<u32> {
        let inverted = self.is_inverted();
        if !inverted && self.is_heard() {
            return Some(0);
        }
        if !inverted && self.is_led() {
            return Some(1);
        }
        let possible = match inverted {
            true => self.is_tag(),
            false => self.is_subject(),
        };
        let distance = self.between.iter().filter(|word| word.is_word()).count();
        // A sentence that ends in the verb leads up to the speech, however long it is.
        let behind = self.told.len() - self.verb;
        let leads = !follows && !inverted && behind <= 12;
        let far = match (inverted, leads) {
            (true, _) => 4,
            (false, true) => 30,
            (false, false) => 7,
        };
        if !possible || distance > far {
            return None;
        }
        let away = match (leads, follows) {
            (true, _) => behind,
            (false, true) => self.verb.min(self.first),
            (false, false) => self.told.len() - self.verb.max(self.last),
        };
        let few = |count: usize| u32::try_from(count).ok();
        let broken = self.between.iter().any(|word| !word.is_word());
        let object = !inverted && self.expression.place == Place::Object && !self.is_who();
        Some(
            few(distance)? * if leads { 1 } else { 3 }
                + few(away)? * 2
                + 8 * u32::from(broken)
                + 8 * u32::from(is_thing(self.expression))
                + 10 * u32::from(object)
                + 3 * u32::from(inverted && !follows)
                + 2 * u32::from(!follows),
        )
    }

    /// The first word of the expression, small.
    fn word(&self) -> &str {
        self.told.get(self.first).map_or("", |word| &word.lower)
    }

    fn is_one_object(&self) -> bool {
        self.first == self.last && is_object(self.word())
    }

    /// Whether the expression can stand behind its verb: “said at last Una”, “broke in Una”, but
    /// “asked her” has an object, and so has “she smiled at Una”.
    fn is_tag(&self) -> bool {
        let object = self.expression.place == Place::Object && is_object(self.word());
        if object || self.expression.place == Place::Owner || self.word() == "it" {
            return false;
        }
        let next = |at: usize| self.between.get(at).map(|word| word.lower.as_str());
        let verb = self
            .told
            .get(self.verb)
            .map_or("", |word| word.lower.as_str());
        !self.between.iter().enumerate().any(|(at, word)| {
            let at_last =
                word.lower == "at" && matches!(next(at + 1), Some("last" | "length" | "once"));
            let particle = at == 0 && is_phrasal(verb, next(0));
            is_preposition(&word.lower) && !at_last && !particle
        })
    }

    /// Whether the expression can stand before its verb as its subject.
    fn is_subject(&self) -> bool {
        let between = self.between;
        // “Una heard it murmur:”
        let heard = between.windows(2).any(|pair| {
            let [hears, next] = pair else { return false };
            is_hearing(hears) && next.is_word() && next.lower != "and"
        });
        // “It said softly”
        let word = self.word();
        let it = word == "it" && !between.iter().all(|word| word.lower.ends_with("ly"));
        // “She looked at Tom, who said:”
        let others = between.iter().filter(|word| word.lower == "who").count();
        let others = others > usize::from(self.is_who());
        let outside = matches!(self.expression.place, Place::Oblique | Place::Owner);
        let owned = matches!(word, "his" | "hers" | "theirs" | "mine" | "ours");
        let object = self.first == self.last && (is_object(word) || owned);
        !(heard || it || others || outside && !self.is_who() || object)
    }

    /// Whether “who” stands for the expression: “Tom, who said”.
    fn is_who(&self) -> bool {
        let first = self.between.iter().find(|word| word.is_word());
        !self.is_inverted() && first.is_some_and(|word| word.lower == "who")
    }

    /// “He heard her murmur:”
    fn is_heard(&self) -> bool {
        let before = self.first.checked_sub(1).and_then(|at| self.told.get(at));
        before.is_some_and(is_hearing) && self.between.is_empty()
    }

    /// “It led him to murmur:”, “it made her say:”
    fn is_led(&self) -> bool {
        let bare = self
            .told
            .get(self.verb)
            .is_some_and(|verb| lexicon().is_bare_speech_verb(&verb.lower));
        let to = match self.between {
            [] => true,
            [to] => to.lower == "to",
            _ => false,
        };
        let colon = self.told.iter().any(|word| word.text == ":");
        bare && to && colon && self.is_one_object()
    }
}

/// The first and the last word of a span.
pub(crate) fn place(told: &[Word<'_>], span: Span) -> Option<(usize, usize)> {
    let first = told.iter().position(|word| word.span.overlaps(span))?;
    let last = told.iter().rposition(|word| word.span.overlaps(span))?;
    Some((first, last))
}

/// Whether the words behind an expression are what somebody hears: “she heard one of them say:”.
pub(crate) fn is_hearsay(behind: &[Word<'_>]) -> bool {
    let mut heard = behind.iter().skip_while(|word| !is_hearing(word));
    heard.any(|word| lexicon().is_bare_speech_verb(&word.lower))
}

/// Whether a word, with the one behind it, is a verb of speaking.
pub(crate) fn is_speaking(word: &str, next: Option<&str>) -> bool {
    // “She put on her hat”, but “she put in”.
    let laid = matches!(word, "put" | "puts" | "putting") && next != Some("in");
    lexicon().is_speech_verb(word) && !laid || goes_on(word, next)
}

/// “She went on”, “he burst out”.
fn goes_on(verb: &str, next: Option<&str>) -> bool {
    match verb {
        "went" | "goes" | "go" | "going" | "ran" => next == Some("on"),
        "burst" | "broke" | "rapped" | "called" | "cut" => {
            matches!(next, Some("out" | "in" | "forth"))
        }
        _ => false,
    }
}

/// Whether a word belongs to the verb before it: “broke in”, “cried out”, “went on”.
fn is_phrasal(verb: &str, next: Option<&str>) -> bool {
    goes_on(verb, next)
        || matches!(
            verb,
            "cried" | "called" | "shouted" | "put" | "chimed" | "screamed" | "yelled"
        ) && matches!(next, Some("out" | "in" | "back" | "up"))
}

/// A description of nobody that the list of nouns knows: “the names of her friends”.
fn is_thing(expression: &Expression) -> bool {
    matches!(&expression.what, What::Phrase(phrase) if phrase.kind().is_none())
}

fn is_hearing(word: &Word<'_>) -> bool {
    matches!(word.lower.as_str(), "heard" | "hear" | "hearing")
}

fn is_object(word: &str) -> bool {
    matches!(
        word,
        "him" | "her" | "them" | "me" | "us" | "himself" | "herself"
    )
}
