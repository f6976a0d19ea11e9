//! Pairs opening and closing marks, paragraph by paragraph.

use dixit_document::Span;
use dixit_tokenize::{Layout, Mark, MarkKind};

use super::{Found, MarkStyle, MarkedSpan, cues, straight};

/// Nobody nests deeper.
const DEEPEST: usize = 8;
/// How many marks ahead a question may look.
const AHEAD: usize = 64;

/// An opening mark that waits for its closing one.
#[derive(Clone, Copy)]
struct Open {
    mark: Mark,
    continues: Option<usize>,
}

pub(super) fn read(text: &str, layout: &Layout, found: &mut Found) {
    let mut marks = layout.marks.clone();
    direct_guillemets(text, &mut marks);
    straight::direct(text, layout, &mut marks);
    let farthest = if layout.is_sentence_a_line(text) {
        60
    } else {
        8
    };
    let mut pairs = Pairs {
        text,
        layout,
        marks: &marks,
        found,
        open: Vec::new(),
        farthest,
    };
    let mut at = 0;
    let mut again: Vec<(MarkStyle, usize)> = Vec::new();
    for (index, &paragraph) in layout.paragraphs.iter().enumerate() {
        let from = at;
        while let Some(&mark) = marks
            .get(at)
            .filter(|mark| mark.span.end() <= paragraph.end())
        {
            pairs.mark(at, mark, paragraph, &mut again);
            at += 1;
            // Only marks that begin the paragraph take up what the last one left open.
            let begins = marks
                .get(at)
                .zip(marks.get(from))
                .is_some_and(|(next, first)| {
                    first.span.start() == paragraph.start() && next.span.start() == mark.span.end()
                });
            if !begins {
                again.clear();
            }
        }
        again.clear();
        pairs.paragraph_end(index, at, &mut again);
    }
}

struct Pairs<'a> {
    text: &'a str,
    layout: &'a Layout,
    marks: &'a [Mark],
    found: &'a mut Found,
    open: Vec<Open>,
    /// How many paragraphs ahead a quotation may be closed.
    farthest: usize,
}

impl Pairs<'_> {
    fn mark(
        &mut self,
        index: usize,
        mark: Mark,
        paragraph: Span,
        again: &mut Vec<(MarkStyle, usize)>,
    ) {
        if mark.kind == MarkKind::Dash {
            return;
        }
        if mark.can_close
            && let Some(place) = self.partner(index, mark)
        {
            self.close(place, mark);
        } else if mark.can_open && self.open.len() < DEEPEST {
            let continues = again
                .iter()
                .position(|&(style, _)| style == MarkStyle::of(mark.kind))
                .map(|at| again.remove(at).1);
            self.open.push(Open { mark, continues });
        } else if mark.can_close {
            self.stray_close(index, mark, paragraph);
        }
    }

    /// Where in the stack the mark stands that `close` closes.
    fn partner(&self, index: usize, close: Mark) -> Option<usize> {
        let place = self
            .open
            .iter()
            .rposition(|open| pairs(open.mark.kind, close.kind))?;
        // A single mark does not break off a double quotation that is closed later: it is an
        // apostrophe after all.
        let above = self.open.get(place + 1..).unwrap_or(&[]);
        let broken = above
            .iter()
            .find(|open| MarkStyle::of(open.mark.kind) != MarkStyle::Single);
        if let Some(broken) = broken
            && MarkStyle::of(close.kind) == MarkStyle::Single
        {
            let later = self.marks.iter().skip(index + 1).take(AHEAD);
            let closed = later.take_while(|mark| self.same_paragraph(mark.span, close.span));
            if closed
                .into_iter()
                .any(|mark| mark.can_close && pairs(broken.mark.kind, mark.kind))
            {
                return None;
            }
        }
        Some(place)
    }

    fn same_paragraph(&self, one: Span, other: Span) -> bool {
        self.layout.paragraph_at(one.start()) == self.layout.paragraph_at(other.start())
    }

    fn close(&mut self, place: usize, close: Mark) {
        let above = self.open.split_off(place);
        let Some((&open, unclosed)) = above.split_first() else {
            return;
        };
        for open in unclosed {
            if MarkStyle::of(open.mark.kind) != MarkStyle::Single {
                self.repair(*open, close.span.start());
            }
        }
        let inner = Span::new(open.mark.span.end(), close.span.start());
        self.add(open, inner, close.span.end(), true);
    }

    fn add(&mut self, open: Open, inner: Span, end: usize, closed: bool) -> Option<usize> {
        let span = MarkedSpan {
            inner,
            outer: Span::new(open.mark.span.start(), end),
            style: MarkStyle::of(open.mark.kind),
            closed,
            nested: false,
            continues: open.continues,
            label: None,
        };
        self.found.add(self.text, span)
    }

    /// What is still open where a paragraph ends.
    fn paragraph_end(&mut self, index: usize, next: usize, again: &mut Vec<(MarkStyle, usize)>) {
        let Some(&paragraph) = self.layout.paragraphs.get(index) else {
            return;
        };
        if self.open.is_empty() || self.carries(index, next) {
            return;
        }
        let begins = self
            .layout
            .paragraphs
            .get(index + 1)
            .map(|paragraph| paragraph.start());
        let mut at = begins;
        let mut ahead = next;
        for open in std::mem::take(&mut self.open) {
            let mark = self.marks.get(ahead).filter(|mark| {
                Some(mark.span.start()) == at && mark.can_open && mark.kind == open.mark.kind
            });
            if let Some(mark) = mark {
                let inner = Span::new(open.mark.span.end(), paragraph.end());
                if let Some(id) = self.add(open, inner, paragraph.end(), false) {
                    again.push((MarkStyle::of(open.mark.kind), id));
                }
                at = Some(mark.span.end());
                ahead += 1;
            } else {
                self.repair(open, paragraph.end());
            }
        }
    }

    /// Whether what is open is closed in a later paragraph before anything opens there.
    fn carries(&self, index: usize, next: usize) -> bool {
        let Some(open) = self.open.first() else {
            return false;
        };
        let last = self
            .layout
            .paragraphs
            .get(index + self.farthest)
            .or(self.layout.paragraphs.last());
        let last = last.map_or(0, |paragraph| paragraph.end());
        let style = MarkStyle::of(open.mark.kind);
        let mut depth = 0_usize;
        for mark in self.marks.iter().skip(next).take(AHEAD) {
            if mark.span.start() >= last {
                return false;
            }
            if MarkStyle::of(mark.kind) != style {
                continue;
            }
            if mark.can_open {
                let begins = self
                    .layout
                    .paragraph_at(mark.span.start())
                    .and_then(|paragraph| self.layout.paragraphs.get(paragraph))
                    .is_some_and(|paragraph| paragraph.start() == mark.span.start());
                // Opening at a paragraph's start begins a speech, or takes this one up.
                if begins || depth > 1 {
                    return false;
                }
                depth += 1;
            } else if mark.can_close {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return true,
                }
            }
        }
        false
    }

    /// An opening mark without its closing one: the quotation ends where its speaker is named,
    /// where the next one begins, or with the paragraph.
    fn repair(&mut self, open: Open, end: usize) {
        let start = open.mark.span.end();
        let style = MarkStyle::of(open.mark.kind);
        if style == MarkStyle::Single {
            return;
        }
        let region = Span::new(start, end.max(start));
        let next = self
            .found
            .spans
            .iter()
            .rev()
            .take_while(|span| span.outer.start() >= start)
            .filter(|span| span.outer.end() <= end)
            // Another glyph opens something inside.
            .filter(|span| self.glyph(span.outer.start()) == self.glyph(open.mark.span.start()))
            .map(|span| span.outer.start())
            .min();
        let region = Span::new(start, next.unwrap_or(region.end()));
        let end = match cues::clause_in(self.text, self.layout, region) {
            Some(clause) => clause.start(),
            None if next.is_some() => self.sentence_end(region),
            None => region.end(),
        };
        let inner = super::trim(self.text, Span::new(start, end));
        self.add(open, inner, inner.end(), false);
    }

    fn glyph(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The end of the last whole sentence of a region, or of the region.
    fn sentence_end(&self, region: Span) -> usize {
        let sentences = self.layout.sentences_in(region);
        let whole = sentences
            .iter()
            .rev()
            .find(|sentence| sentence.end() <= region.end());
        whole.map_or(region.end(), |sentence| sentence.end())
    }

    /// A closing mark that nothing opened: the quotation began with its sentence, after the last
    /// one, or with the paragraph.
    fn stray_close(&mut self, index: usize, close: Mark, paragraph: Span) {
        if MarkStyle::of(close.kind) == MarkStyle::Single {
            return;
        }
        // Only where punctuation says that speech ends here.
        let before = self
            .text
            .get(..close.span.start())
            .and_then(|text| text.chars().next_back());
        if !before.is_some_and(|c| matches!(c, ',' | '.' | '!' | '?' | '…' | '—' | '-')) {
            return;
        }
        let last = index.checked_sub(1).and_then(|index| self.marks.get(index));
        let last = last
            .map_or(0, |mark| mark.span.end())
            .max(paragraph.start());
        let start = if last == paragraph.start() {
            last
        } else {
            let region = Span::new(last, close.span.start());
            let sentences = self.layout.sentences_in(region);
            sentences
                .iter()
                .map(|s| s.start())
                .find(|&s| s >= last)
                .unwrap_or(close.span.start())
        };
        let span = MarkedSpan {
            inner: Span::new(start, close.span.start()),
            outer: Span::new(start, close.span.end()),
            style: MarkStyle::of(close.kind),
            closed: true,
            nested: false,
            continues: None,
            label: None,
        };
        self.found.add(self.text, span);
    }
}

/// Whether one kind of mark closes what the other opens.
fn pairs(open: MarkKind, close: MarkKind) -> bool {
    use MarkKind as K;
    match open {
        K::DoubleLeft | K::DoubleLow => {
            matches!(close, K::DoubleRight | K::DoubleLeft | K::DoubleStraight)
        }
        K::DoubleRight | K::DoubleStraight => matches!(close, K::DoubleRight | K::DoubleStraight),
        K::SingleLeft | K::SingleLow | K::SingleRight => {
            matches!(close, K::SingleRight | K::SingleLeft | K::SingleStraight)
        }
        K::SingleStraight => matches!(close, K::SingleStraight | K::SingleRight),
        K::GuillemetLeft | K::GuillemetRight => {
            matches!(close, K::GuillemetLeft | K::GuillemetRight)
        }
        K::AngleLeft | K::AngleRight => matches!(close, K::AngleLeft | K::AngleRight),
        K::CornerOpen => close == K::CornerClose,
        K::WhiteCornerOpen => close == K::WhiteCornerClose,
        K::CornerClose | K::WhiteCornerClose | K::Dash => false,
    }
}

/// French opens with «, German and Danish with », Finnish and Swedish close with it too. The
/// side on which a glyph touches a word tells; where it touches both or none, the document's
/// habit does.
fn direct_guillemets(text: &str, marks: &mut [Mark]) {
    use MarkKind as K;
    let lean = |mark: &Mark| {
        let left = text
            .get(..mark.span.start())
            .and_then(|t| t.chars().next_back());
        let right = text.get(mark.span.end()..).and_then(|t| t.chars().next());
        // What is quoted may end with any punctuation, but begins with a word or a mark.
        let left = left.is_some_and(|c| !c.is_whitespace() && !"([{—–-".contains(c));
        let right = right.is_some_and(|c| !c.is_whitespace() && !",.;:!?…)]}—–-".contains(c));
        i64::from(right) - i64::from(left)
    };
    let habit = |kinds: [MarkKind; 2], marks: &[Mark]| -> i64 {
        marks
            .iter()
            .filter(|mark| kinds.contains(&mark.kind))
            .map(lean)
            .sum()
    };
    let left = [K::GuillemetLeft, K::AngleLeft];
    let right = [K::GuillemetRight, K::AngleRight];
    let left_opens = habit(left, marks) >= 0;
    let right_opens = !left_opens && habit(right, marks) > 0
        || !marks.iter().any(|mark| left.contains(&mark.kind)) && habit(right, marks) >= 0;
    for mark in marks {
        let habit = if left.contains(&mark.kind) {
            left_opens
        } else if right.contains(&mark.kind) {
            right_opens
        } else {
            continue;
        };
        let opens = match lean(mark) {
            0 => habit,
            lean => lean > 0,
        };
        (mark.can_open, mark.can_close) = (opens, !opens);
    }
}
