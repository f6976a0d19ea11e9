//! What tells speech from titles, nicknames and scare quotes.

use dixit_document::Span;
use dixit_tokenize::{Layout, TokenKind};

use super::{MarkStyle, MarkedSpan, cues, dash, is_verse};

/// How far from a quotation its cue may stand, in tokens.
const NEAR: usize = 8;

/// What a marked span and its neighbours show of its use.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Words and numbers inside.
    pub words: usize,
    /// Sentences that end inside.
    pub sentences: usize,
    /// The first letter inside is a capital.
    pub capital: bool,
    /// Every longer word inside is capitalised, and there are at least two words: a title.
    pub titled: bool,
    /// The last character inside, where it is punctuation.
    pub final_punctuation: Option<char>,
    /// The first character after the closing mark, where it is punctuation.
    pub punctuation_after: Option<char>,
    /// The last character before the opening mark, where it is a comma, a colon or a dash.
    pub introduced_by: Option<char>,
    /// Stands between two capitalised words, as a nickname does.
    pub between_names: bool,
    /// Set in lines of verse: recited or sung, if said at all.
    pub verse: bool,
    /// A sentence or another quotation ends right before it.
    pub begins_sentence: bool,
    /// Nothing precedes it in its paragraph.
    pub begins_paragraph: bool,
    /// Nothing follows it in its paragraph.
    pub ends_paragraph: bool,
    /// A verb of saying shortly before, in the same sentence.
    pub cue_before: Option<Span>,
    /// A verb of saying shortly after, in the same sentence.
    pub cue_after: Option<Span>,
    /// A whole clause right after it that says who spoke (“said Una”).
    pub clause_after: Option<Span>,
    /// A pronoun of the first or second person inside.
    pub personal: bool,
    /// An auxiliary or contracted verb inside.
    pub verb: bool,
    /// An article, a possessive or a naming word (“called”, “so-called”, “titled”) right before.
    pub named_before: bool,
    /// Stands in the middle of a clause: a small letter's word on both sides, nothing between.
    pub in_clause: bool,
    /// Another span of the same paragraph, or the paragraph before, is linked to it.
    pub linked: bool,
    /// A mark of its own kind does not close it.
    pub unclosed: bool,
    /// The typography itself says that it is speech (a transcript, a dash, a signature).
    pub labelled: bool,
}

/// The evidence on one span of [`marked_speech`](super::marked_speech).
#[must_use]
pub fn evidence(text: &str, layout: &Layout, span: &MarkedSpan) -> Evidence {
    let paragraph = layout.paragraph_at(span.outer.start());
    let paragraph = paragraph
        .and_then(|index| layout.paragraphs.get(index))
        .copied();
    let paragraph = paragraph.map_or(span.outer, |paragraph| paragraph.cover(span.outer));
    let mut evidence = inside(text, layout, span.inner);
    let before = text
        .get(paragraph.start()..span.outer.start())
        .unwrap_or("")
        .trim_end();
    let after = text
        .get(span.outer.end()..paragraph.end())
        .unwrap_or("")
        .trim_start();
    let last = before.chars().next_back();
    let next = after.chars().next();
    evidence.introduced_by = last.filter(|c| matches!(c, ',' | ':' | '—' | '–' | '-'));
    evidence.punctuation_after =
        next.filter(|c| matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '—' | '–' | '-' | ')'));
    evidence.begins_paragraph = before.is_empty();
    evidence.ends_paragraph = after.is_empty();
    evidence.in_clause = last.is_some_and(char::is_alphanumeric)
        && (next.is_some_and(char::is_lowercase) || matches!(next, Some(',' | '.' | ')')))
        && evidence
            .final_punctuation
            .is_none_or(|c| !matches!(c, '.' | '!' | '?'));
    evidence.begins_sentence = last.is_none_or(|c| ".!?…”\"’»)".contains(c));
    evidence.verse = is_verse(span.inner.of(text), &[]);
    let word = before
        .rsplit(|c: char| c.is_whitespace())
        .next()
        .unwrap_or("");
    evidence.between_names =
        word.starts_with(char::is_uppercase) && next.is_some_and(char::is_uppercase);
    evidence.named_before = is_naming(&word.to_lowercase());
    evidence.unclosed = !span.closed;
    evidence.linked = span.continues.is_some();
    evidence.labelled = span.label.is_some()
        || matches!(
            span.style,
            MarkStyle::Dash | MarkStyle::Transcript | MarkStyle::Block
        );
    around(text, layout, span.outer, paragraph, &mut evidence);
    evidence
}

fn inside(text: &str, layout: &Layout, inner: Span) -> Evidence {
    let mut evidence = Evidence::default();
    let mut small = 0;
    for token in layout.tokens_in(inner) {
        let word = token.span.of(text);
        match token.kind {
            TokenKind::Word | TokenKind::Number => {
                evidence.words += 1;
                evidence.personal |= dash::is_personal(word);
                evidence.verb |= is_verb(word);
                let long = word.len() > 3 || evidence.words == 1;
                small += usize::from(long && word.starts_with(char::is_lowercase));
            }
            TokenKind::Punctuation => {
                evidence.sentences += usize::from(word.ends_with(['.', '!', '?', '…']));
            }
            _ => {}
        }
    }
    let words = inner.of(text);
    let first = words.chars().find(|c| c.is_alphanumeric());
    evidence.capital = first.is_some_and(|c| !c.is_lowercase());
    evidence.titled = evidence.words >= 2 && small == 0 && evidence.capital;
    let last = words.chars().next_back();
    evidence.final_punctuation = last.filter(|&c| {
        matches!(
            c,
            ',' | '.' | '!' | '?' | '…' | '—' | '–' | '-' | ';' | ':' | '。' | '！' | '？'
        )
    });
    evidence
}

fn around(text: &str, layout: &Layout, outer: Span, paragraph: Span, evidence: &mut Evidence) {
    let before = layout.tokens_in(Span::new(paragraph.start(), outer.start()));
    let ends = |word: &str| word.ends_with(['.', '!', '?']) && word.len() < 4;
    evidence.cue_before = before
        .iter()
        .rev()
        .take(NEAR)
        .take_while(|token| token.kind != TokenKind::Mark && !ends(token.span.of(text)))
        .find(|token| cues::is_cue(token.span.of(text)))
        .map(|token| token.span);
    let after = layout.tokens_in(Span::new(outer.end(), paragraph.end()));
    // `“…”, he said`: the comma may stand outside.
    let skip = usize::from(
        after
            .first()
            .is_some_and(|token| token.span.of(text) == ","),
    );
    let after = after.get(skip..).unwrap_or(&[]);
    evidence.clause_after = cues::clause_at(text, after);
    evidence.cue_after = after
        .iter()
        .take(NEAR)
        .take_while(|token| token.kind != TokenKind::Mark && !ends(token.span.of(text)))
        .find(|token| cues::is_cue(token.span.of(text)))
        .map(|token| token.span);
}

fn is_naming(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "his"
            | "her"
            | "its"
            | "their"
            | "my"
            | "your"
            | "our"
            | "this"
            | "that"
            | "these"
            | "those"
            | "called"
            | "so-called"
            | "titled"
            | "entitled"
            | "named"
            | "dubbed"
            | "of"
            | "as"
            | "in"
            | "word"
            | "words"
            | "term"
            | "phrase"
            | "song"
            | "film"
            | "movie"
            | "book"
            | "novel"
            | "no"
            | "any"
            | "some"
            | "very"
            | "and"
            | "or"
            | "from"
            | "on"
            | "with"
            | "for"
            | "by"
    )
}

fn is_verb(word: &str) -> bool {
    let contracted = [
        "'s", "’s", "'re", "’re", "'ve", "’ve", "'ll", "’ll", "n't", "n’t", "'m", "’m", "'d", "’d",
    ];
    if contracted.iter().any(|ending| word.ends_with(ending)) {
        return true;
    }
    matches!(
        word.to_lowercase().as_str(),
        "is" | "are"
            | "was"
            | "were"
            | "am"
            | "be"
            | "been"
            | "has"
            | "have"
            | "had"
            | "do"
            | "does"
            | "did"
            | "will"
            | "would"
            | "can"
            | "could"
            | "should"
            | "shall"
            | "may"
            | "might"
            | "must"
            | "know"
            | "think"
            | "want"
            | "get"
            | "got"
            | "go"
            | "see"
            | "come"
            | "make"
            | "take"
            | "let"
            | "need"
            | "said"
            | "tell"
    )
}

impl Evidence {
    /// From 0 to 1: how likely it is that somebody says these words. A logistic model, fitted to
    /// the marked spans of annotated novels and news; a title, a nickname or a scare quote comes
    /// out low.
    #[must_use]
    pub fn speech(&self) -> f32 {
        if self.labelled {
            return 0.9;
        }
        let yes = |holds: bool, weight: f32| if holds { weight } else { 0.0 };
        let last = |any: &[char]| self.final_punctuation.is_some_and(|c| any.contains(&c));
        let small = self.words <= 3 && self.final_punctuation.is_none();
        let sum = -0.7
            + yes(last(&[',', '，']), 0.3)
            + yes(last(&['.', '。']), 0.4)
            + yes(last(&['!', '?', '！', '？']), 0.9)
            + yes(last(&['—', '–', '-', '…']), 0.2)
            + yes(self.clause_after.is_some(), 1.8)
            + yes(self.cue_before.is_some(), 1.1)
            + yes(self.begins_paragraph, 1.0)
            + yes(self.ends_paragraph, 1.3)
            + yes(self.begins_sentence, 1.3)
            + yes(self.personal, 0.9)
            + yes(self.verb, 0.5)
            + yes(!self.capital, 0.2)
            + yes(!self.capital && self.final_punctuation.is_none(), 0.3)
            - yes(self.begins_paragraph && self.ends_paragraph, 0.7)
            - yes(self.introduced_by == Some(':'), 0.2)
            - yes(self.titled, 0.6)
            - yes(self.named_before, 0.4)
            - yes(self.between_names && small, 1.0)
            - yes(self.verse, 0.6)
            - yes(self.in_clause, 0.1)
            - yes(self.words <= 1, 0.5)
            - yes(self.unclosed, 1.0);
        1.0 / (1.0 + (-sum).exp())
    }
}
