//! The clauses that say who spoke, as far as a list of verbs finds them.

use dixit_document::Span;
use dixit_tokenize::{Layout, Token, TokenKind};

/// Verbs that introduce speech, in the forms that stand beside it.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "acknowledged", "added", "adding", "adds", "admitted", "advised", "agreed", "announced",
    "announces", "answered", "answers", "antwoordde", "antwortete", "argued", "argues", "asked",
    "asking", "asks", "asserted", "assured", "barked", "began", "begged", "bellowed", "boasted",
    "breathed", "burst", "called", "cautioned", "chiese", "chimed", "claimed", "claims",
    "commented", "complained", "conceded", "concluded", "confessed", "confirmed", "contestó",
    "continued", "continues", "countered", "cried", "cries", "croaked", "crying", "declared",
    "declares", "demanda", "demanda-t-elle", "demanda-t-il", "demanded", "denied", "dijo",
    "disse", "dit", "dit-elle", "dit-il", "echoed", "ejaculated", "emphasized", "enquired",
    "esclamò", "exclaimed", "exclaiming", "exclaims", "exclamó", "explained", "explains",
    "faltered", "fit", "flüsterte", "fragte", "gasped", "gritó", "groaned", "growled",
    "grumbled", "grunted", "hissed", "inquired", "insisted", "insists", "interposed",
    "interrupted", "intoned", "joked", "lamented", "laughed", "meinte", "moaned", "mumbled",
    "murmura", "murmured", "murmuring", "mused", "muttered", "muttering", "nodded", "noted",
    "notes", "objected", "observed", "observes", "ordered", "panted", "perguntou", "pleaded",
    "pointed", "pondered", "predicted", "preguntó", "proclaimed", "promised", "protested",
    "pursued", "quipped", "quoted", "read", "reads", "recalled", "reflected", "rejoined",
    "remarked", "remarks", "reminded", "repeated", "replied", "replies", "replying", "reported",
    "reprit", "respondeu", "respondió", "resumed", "retorted", "returned", "rief", "rispose",
    "roared", "répondit", "répondit-elle", "répondit-il", "sa", "sade", "sagde", "sagte",
    "said", "saith", "say", "saying", "says", "screamed", "shout", "shouted", "shouting",
    "shouts", "shrieked", "sighed", "smiled", "snapped", "sneered", "sobbed", "spoke",
    "stammered", "stated", "states", "stressed", "suggested", "suggests", "svarade", "s’écria",
    "tells", "testified", "thought", "thundered", "told", "tweeted", "tweets", "urged",
    "uttered", "ventured", "vowed", "vroeg", "wailed", "warned", "warns", "went", "whispered",
    "whispering", "whispers", "wondered", "writes", "wrote", "yelled", "zei",
];

/// Whether a word introduces speech.
pub(super) fn is_cue(word: &str) -> bool {
    if word.len() > 24 || !word.chars().next().is_some_and(char::is_alphabetic) {
        return false;
    }
    let lower = word.to_lowercase();
    VERBS.contains(&lower.as_str())
}

#[rustfmt::skip]
const PRONOUNS: &[&str] = &[
    "he", "she", "they", "i", "we", "it", "you", "who", "er", "sie", "il", "elle", "él", "ella",
];

/// Words that speakers' descriptions begin with.
#[rustfmt::skip]
const DETERMINERS: &[&str] = &[
    "the", "a", "an", "his", "her", "my", "their", "our", "one", "another", "der", "die", "le",
    "la", "el",
];

/// A word that may begin a mention of a speaker.
fn begins_mention(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        || PRONOUNS.contains(&word.to_lowercase().as_str())
        || DETERMINERS.contains(&word.to_lowercase().as_str())
}

/// The clause (“said Una”, “he said softly”) that begins at the first of `tokens`, up to the
/// punctuation that ends it.
pub(super) fn clause_at(text: &str, tokens: &[Token]) -> Option<Span> {
    let word = |at: usize| {
        let token = tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Word)?;
        Some(token.span.of(text))
    };
    let first = word(0)?;
    let said = if is_cue(first) && first.chars().next().is_some_and(char::is_lowercase) {
        // “said Una”, “dit-il”; not “said that”.
        first.contains('-') || word(1).is_some_and(begins_mention)
    } else if begins_mention(first) {
        // “he said”, “the old man at last replied”: the verb within a few words.
        let pronoun = PRONOUNS.contains(&first.to_lowercase().as_str());
        let reach = if pronoun { 3 } else { 6 };
        (1..reach)
            .map_while(word)
            .any(|word| is_cue(word) && word.chars().next().is_some_and(char::is_lowercase))
    } else {
        false
    };
    if !said {
        return None;
    }
    let first = tokens.first()?;
    let last = tokens
        .iter()
        .take_while(|token| {
            token.kind == TokenKind::Word && !token.span.of(text).ends_with(['—', '–'])
                || token.kind == TokenKind::Number
        })
        .last()?;
    Some(first.span.cover(last.span))
}

/// The first clause in a region that says who spoke, after punctuation that may end speech.
pub(super) fn clause_in(text: &str, layout: &Layout, region: Span) -> Option<Span> {
    let tokens = layout.tokens_in(region);
    tokens.windows(2).enumerate().find_map(|(at, pair)| {
        let [before, _] = pair else { return None };
        let ends = before.kind == TokenKind::Punctuation
            && before
                .span
                .of(text)
                .ends_with([',', '!', '?', '—', '-', '…']);
        if !ends {
            return None;
        }
        clause_at(text, tokens.get(at + 1..)?)
    })
}
