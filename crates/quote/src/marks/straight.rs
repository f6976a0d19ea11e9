//! Which straight double marks open and which close.
//!
//! Both look alike, so blanks and punctuation beside them only hint. The reading that fits all
//! of a document's marks and paragraph ends at the least cost is taken, by dynamic programming:
//! costs count marks read against their hint, marks left over, and quotations left open.

use dixit_tokenize::{Layout, Mark, MarkKind};

use super::MarkStyle;

/// How many quotations may be open at once.
const DEPTHS: usize = 3;

/// A mark is read against what its neighbours say.
const AGAINST: u32 = 10;
/// The same for a mark whose glyph tells its direction.
const AGAINST_GLYPH: u32 = 40;
/// A mark is left out.
const STRAY: u32 = 18;
/// A mark after a digit is left out: it measures inches.
const INCH: u32 = 6;
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
pub(super) fn direct(text: &str, layout: &Layout, marks: &mut [Mark]) {
    if !marks
        .iter()
        .any(|mark| mark.kind == MarkKind::DoubleStraight)
    {
        return;
    }
    let events = events(layout, marks);
    let carried = if layout.is_sentence_a_line(text) {
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
                    let Some(mark) = marks.get(index) else {
                        continue;
                    };
                    let straight = mark.kind == MarkKind::DoubleStraight;
                    let against = if straight { AGAINST } else { AGAINST_GLYPH };
                    let loose = u32::from(mark.can_open && mark.can_close);
                    let inside = if depth > 0 { INSIDE } else { 0 };
                    let open = inside + loose + if mark.can_open { 0 } else { against };
                    take(depth, depth + 1, open, Reading::Open);
                    if let Some(below) = depth.checked_sub(1) {
                        take(
                            depth,
                            below,
                            if mark.can_close { 0 } else { against },
                            Reading::Close,
                        );
                    }
                    let inch = straight && measures(text, mark);
                    take(
                        depth,
                        depth,
                        if inch { INCH } else { STRAY },
                        Reading::Stray,
                    );
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
            && mark.kind == MarkKind::DoubleStraight
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
        while let Some(mark) = marks
            .get(at)
            .filter(|mark| mark.span.end() <= paragraph.end())
        {
            if MarkStyle::of(mark.kind) == MarkStyle::Double {
                events.push(Event::Mark(at));
            }
            at += 1;
        }
        let next = layout.paragraphs.get(index + 1);
        let opens_again = next.is_some_and(|next| {
            marks.get(at).is_some_and(|mark| {
                MarkStyle::of(mark.kind) == MarkStyle::Double && mark.span.start() == next.start()
            })
        });
        events.push(Event::ParagraphEnd { opens_again });
    }
    events
}

/// `14"`: a digit right before the mark.
fn measures(text: &str, mark: &Mark) -> bool {
    text.get(..mark.span.start())
        .is_some_and(|text| text.ends_with(|c: char| c.is_ascii_digit()))
}
