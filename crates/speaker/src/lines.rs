//! The paragraphs of a tokenised text, where each sentence is a line and what was a paragraph is
//! lost: guessed from the quotations, so that turns can be told apart.
//!
//! What is likely was counted on the novels of the Project Dialogism Novel Corpus (its training
//! portion), whose paragraphs are known.

use dixit_document::{Quotation, Span};
use dixit_tokenize::Layout;

/// The longest sentence, in bytes, that is still a remark between words of one speaker, and the
/// longest of those words before it.
const REMARK: usize = 60;
const WORDS: usize = 42;

/// The layout with its paragraphs guessed, if its lines are sentences.
pub(crate) fn grouped(text: &str, layout: &Layout, quotations: &[Quotation]) -> Option<Layout> {
    if !layout.is_sentence_a_line(text) {
        return None;
    }
    let contents = contents(quotations);
    let lines = Lines {
        text,
        lines: &layout.paragraphs,
        contents: &contents,
    };
    let mut paragraphs: Vec<Span> = Vec::new();
    for (index, &line) in layout.paragraphs.iter().enumerate() {
        match paragraphs.last_mut() {
            Some(last) if lines.goes_on(index) => *last = last.cover(line),
            _ => paragraphs.push(line),
        }
    }
    Some(Layout {
        paragraphs,
        ..layout.clone()
    })
}

/// The contents of all quotations, those that overlap as one.
fn contents(quotations: &[Quotation]) -> Vec<Span> {
    let mut all: Vec<Span> = quotations
        .iter()
        .filter(|quotation| quotation.marked == Some(true))
        .flat_map(|quotation| quotation.content.iter().copied())
        .collect();
    all.sort_unstable();
    let mut contents: Vec<Span> = Vec::new();
    for content in all {
        match contents.last_mut() {
            Some(last) if last.end() > content.start() => *last = last.cover(content),
            _ => contents.push(content),
        }
    }
    contents
}

/// How what is told between two contents begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// “said Una”
    Small,
    /// “She smiled.”
    Pronoun,
    /// “Una smiled.”
    Capital,
}

/// What is told between two contents, or before the first or behind the last.
struct Told {
    start: Start,
    lines: usize,
    length: usize,
    /// Whether it leads up to the next content: “And she said:”
    leads: bool,
}

struct Lines<'t> {
    text: &'t str,
    lines: &'t [Span],
    contents: &'t [Span],
}

impl Lines<'_> {
    /// Whether a line belongs to the paragraph of the line before.
    fn goes_on(&self, index: usize) -> bool {
        let Some(&line) = self.lines.get(index) else {
            return false;
        };
        // The first content that does not end before the line.
        let next = self
            .contents
            .partition_point(|content| content.end() <= line.start());
        let inside = self
            .contents
            .get(next)
            .is_some_and(|content| content.start() < line.start());
        if inside {
            return true;
        }
        if self.is_told(line.start(), self.start_of(next).min(line.end())) {
            self.tells_on(line, next)
        } else {
            self.speaks_on(next)
        }
    }

    /// Whether a line that tells belongs to what stands before it.
    fn tells_on(&self, line: Span, next: usize) -> bool {
        let Some(last) = next.checked_sub(1) else {
            return true;
        };
        let end = self.end_of(last);
        if self.is_told(end, line.start()) {
            return true;
        }
        let Some(told) = self.told(end, self.start_of(next)) else {
            return true;
        };
        // “Go ,” Una said. “Go ,” she said , “or stay .”
        told.start == Start::Small
            || self.is_unfinished(last)
            || self.is_small(next)
            || told.lines == 1
                && !told.leads
                && told.length <= REMARK
                && self.length(last) <= WORDS
                && !self.is_tagged(next)
    }

    /// Whether a content at the start of a line is said by whoever spoke before.
    fn speaks_on(&self, content: usize) -> bool {
        let before = content.checked_sub(1).map_or(0, |last| self.end_of(last));
        let Some(told) = self.told(before, self.start_of(content)) else {
            return false;
        };
        if told.leads || self.is_small(content) {
            return true;
        }
        let tagged = self.is_tagged(content);
        match told.start {
            Start::Small => told.lines <= 2 && !tagged,
            Start::Pronoun => told.lines == 1 && !tagged && told.length <= REMARK,
            Start::Capital => false,
        }
    }

    /// Whether words behind a content say whose it is: “…” said Una.
    fn is_tagged(&self, content: usize) -> bool {
        let told = self.told(self.end_of(content), self.start_of(content + 1));
        told.is_some_and(|told| told.start == Start::Small)
    }

    /// Whether a content ends in a comma.
    fn is_unfinished(&self, content: usize) -> bool {
        let marks = |c: char| !c.is_alphanumeric() && !matches!(c, ',' | '.' | '!' | '?' | '—');
        let to = self.end_of(content);
        let inside = self.text.get(self.start_of(content)..to).unwrap_or("");
        inside.trim_end_matches(marks).ends_with(',')
            || self
                .text
                .get(to..)
                .unwrap_or("")
                .trim_start()
                .starts_with(',')
    }

    /// Whether a content begins small, as what goes on does.
    fn is_small(&self, content: usize) -> bool {
        let content = self.text.get(self.start_of(content)..self.end_of(content));
        let first = content.unwrap_or("").chars().find(|c| c.is_alphanumeric());
        first.is_some_and(char::is_lowercase)
    }

    fn length(&self, content: usize) -> usize {
        self.end_of(content) - self.start_of(content)
    }

    fn start_of(&self, content: usize) -> usize {
        self.contents
            .get(content)
            .map_or(self.text.len(), |content| content.start())
    }

    fn end_of(&self, content: usize) -> usize {
        self.contents
            .get(content)
            .map_or(self.text.len(), |content| content.end())
    }

    fn is_told(&self, from: usize, to: usize) -> bool {
        let told = self.text.get(from..to).unwrap_or("");
        told.contains(char::is_alphanumeric)
    }

    fn told(&self, from: usize, to: usize) -> Option<Told> {
        let whole = self.text.get(from..to).unwrap_or("");
        let told = whole.trim_matches(|c: char| !c.is_alphanumeric());
        let first = told.chars().next()?;
        let word = told.split(|c: char| !c.is_alphanumeric()).next()?;
        let start = match word {
            _ if first.is_lowercase() => Start::Small,
            "He" | "She" | "They" | "I" => Start::Pronoun,
            _ => Start::Capital,
        };
        let marks = |c: char| c.is_whitespace() || matches!(c, '“' | '‘' | '"' | '\'' | '`' | '«');
        Some(Told {
            start,
            lines: told.lines().count(),
            length: told.len(),
            leads: whole
                .trim_end_matches(marks)
                .ends_with([',', ':', '-', '—']),
        })
    }
}
