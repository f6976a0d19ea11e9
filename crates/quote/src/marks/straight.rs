//! Which straight double marks open and which close.
//!
//! Both look alike, so blanks and punctuation beside them only hint. The reading that fits all
//! of a document's marks and paragraph ends at the least cost is taken, by dynamic programming:
//! costs count marks read against their hint, marks left over, and quotations left open.

use dixit_tokenize::{Custom, Layout, Mark, MarkKind};

/// How many quotations may be open at once.
const DEPTHS: usize = 3;

/// A mark is read against what its neighbours say.
const AGAINST: u32 = 10;
/// A mark is left out.
const STRAY: u32 = 14;
/// A quotation of the same marks inside another.
const INSIDE: u32 = 5;
/// A quotation ends with its paragraph though nothing closes it.
const UNCLOSED: u32 = 12;
/// The same, but the next paragraph opens again: a custom, not a mistake.
const OPENS_AGAIN: u32 = 1;
/// A quotation goes on over a paragraph's end though the next does not open again.
const CARRIED: u32 = 9;
/// The same in texts of one sentence a line.
const CARRIED_LINE: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Open,
    Close,
    Stray,
    /// At a paragraph's end: what is open is dropped.
    Drop,
    /// At a paragraph's end: what is open stays so.
    Carry,
}

#[derive(Clone, Copy)]
enum Event {
    Mark(usize),
    ParagraphEnd { opens_again: bool },
}

/// Sets the directions of the straight double marks among `marks` (those of `layout`); strays
/// lose both.
pub(super) fn direct(layout: &Layout, marks: &mut [Mark]) {
    let events = events(layout, marks);
    let carried = if sentence_a_line(layout) {
        CARRIED_LINE
    } else {
        CARRIED
    };
    let mut costs = [0, u32::MAX / 2, u32::MAX / 2];
    let mut trail: Vec<[(Reading, u8); DEPTHS]> = Vec::with_capacity(events.len());
    for &event in &events {
        let mut next = [u32::MAX / 2; DEPTHS];
        let mut steps = [(Reading::Stray, 0); DEPTHS];
        let mut take = |from: usize, to: usize, cost: u32, reading: Reading| {
            let total = costs
                .get(from)
                .copied()
                .unwrap_or(u32::MAX / 2)
                .saturating_add(cost);
            if let (Some(best), Some(step)) = (next.get_mut(to), steps.get_mut(to))
                && total < *best
            {
                *best = total;
                *step = (reading, u8::try_from(from).unwrap_or(0));
            }
        };
        for depth in 0..DEPTHS {
            match event {
                Event::Mark(index) => {
                    let hint = marks
                        .get(index)
                        .map_or((true, true), |m| (m.can_open, m.can_close));
                    let inside = if depth > 0 { INSIDE } else { 0 };
                    let open = inside + if hint.0 { 0 } else { AGAINST };
                    take(
                        depth,
                        depth + 1,
                        open + u32::from(hint.0 && hint.1),
                        Reading::Open,
                    );
                    if let Some(below) = depth.checked_sub(1) {
                        take(
                            depth,
                            below,
                            if hint.1 { 0 } else { AGAINST },
                            Reading::Close,
                        );
                    }
                    take(depth, depth, STRAY, Reading::Stray);
                }
                Event::ParagraphEnd { opens_again } => {
                    let each = if opens_again { OPENS_AGAIN } else { UNCLOSED };
                    let dropped = each + UNCLOSED * u32::from(depth > 1);
                    take(
                        depth,
                        0,
                        if depth == 0 { 0 } else { dropped },
                        Reading::Drop,
                    );
                    if depth > 0 {
                        take(
                            depth,
                            depth,
                            carried + 4 * u32::from(opens_again),
                            Reading::Carry,
                        );
                    }
                }
            }
        }
        // Costs are kept small, so that no length of text overflows them.
        let least = next.iter().copied().min().unwrap_or(0);
        costs = next.map(|cost| cost.saturating_sub(least).min(u32::MAX / 2));
        trail.push(steps);
    }
    let mut depth = 0;
    for (event, steps) in events.iter().zip(&trail).rev() {
        let Some(&(reading, from)) = steps.get(depth) else {
            return;
        };
        if let Event::Mark(index) = *event
            && let Some(mark) = marks.get_mut(index)
        {
            mark.can_open = reading == Reading::Open;
            mark.can_close = reading == Reading::Close;
        }
        depth = usize::from(from);
    }
}

fn events(layout: &Layout, marks: &[Mark]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut at = 0;
    for (index, &paragraph) in layout.paragraphs.iter().enumerate() {
        let from = events.len();
        while let Some(mark) = marks
            .get(at)
            .filter(|mark| mark.span.end() <= paragraph.end())
        {
            if mark.kind == MarkKind::DoubleStraight {
                events.push(Event::Mark(at));
            }
            at += 1;
        }
        let next = layout.paragraphs.get(index + 1);
        let opens_again = next.is_some_and(|next| {
            marks.get(at).is_some_and(|mark| {
                mark.kind == MarkKind::DoubleStraight && mark.span.start() == next.start()
            })
        });
        // An end that follows an end changes nothing but for what is carried.
        let _ = from;
        events.push(Event::ParagraphEnd { opens_again });
    }
    // The last paragraph's end closes the text: nothing is carried past it.
    events
}

/// Tokenised corpora set one sentence a line, so that quotations run over many lines.
pub(super) fn sentence_a_line(layout: &Layout) -> bool {
    layout.custom == Custom::Lines
        && layout.paragraphs.len() > 8
        && layout.sentences.len() * 10 < layout.paragraphs.len() * 13
}
