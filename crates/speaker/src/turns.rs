//! Which turns of a dialogue a candidate may also be speaking in.

use crate::candidates::{Group, Question};

/// How many neighbouring turns are looked at: the four before, the four behind, and the quotations
/// before and behind in the same turn.
pub(crate) const SLOTS: usize = 10;
/// How many numbers tell how near those turns are.
pub(crate) const NEAR: usize = 8;

/// The candidates of all questions as nodes, one after the other, and where each of them is a
/// candidate again.
pub(crate) struct Turns {
    /// The first node of each question, and last how many nodes there are.
    pub first: Vec<usize>,
    /// For each node the nodes of the same speaker: before (nearest first), behind (nearest first),
    /// before and behind in the turn. Where there is none, the number of all nodes.
    pub slots: Vec<[usize; SLOTS]>,
    /// For each question how near the turns are: 1 in the next paragraph, less farther off, for
    /// one, two and three turns before and behind, in turns; then whether the turn goes on with the
    /// one before, and the next with this.
    pub near: Vec<[f32; NEAR]>,
}

impl Turns {
    pub fn read(questions: &[Question], groups: &[Group]) -> Self {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
        let mut first = Vec::with_capacity(questions.len() + 1);
        let mut nodes = 0;
        for (index, question) in questions.iter().enumerate() {
            if let Some(members) = members.get_mut(question.turn) {
                members.push(index);
            }
            first.push(nodes);
            nodes += question.candidates.len();
        }
        first.push(nodes);
        let mut turns = Self {
            first,
            slots: Vec::with_capacity(nodes),
            near: Vec::with_capacity(questions.len()),
        };
        for (index, question) in questions.iter().enumerate() {
            let others = neighbours(index, question.turn, &members);
            for candidate in &question.candidates {
                let node = |other: Option<usize>| {
                    let other = other?;
                    let candidates = &questions.get(other)?.candidates;
                    let place = candidates.iter().position(|c| c.draft == candidate.draft)?;
                    Some(turns.first.get(other)? + place)
                };
                let slots = others.map(|other| node(other).unwrap_or(nodes));
                turns.slots.push(slots);
            }
            turns.near.push(near(question.turn, groups));
        }
        turns
    }
}

fn neighbours(index: usize, turn: usize, members: &[Vec<usize>]) -> [Option<usize>; SLOTS] {
    let before = |n: usize| turn.checked_sub(n).and_then(|t| members.get(t)?.last());
    let behind = |n: usize| members.get(turn + n).and_then(|turn| turn.first());
    let own = members.get(turn).map_or(&[][..], Vec::as_slice);
    let place = own.iter().position(|&m| m == index).unwrap_or(0);
    [
        before(1),
        before(2),
        before(3),
        before(4),
        behind(1),
        behind(2),
        behind(3),
        behind(4),
        place.checked_sub(1).and_then(|place| own.get(place)),
        own.get(place + 1),
    ]
    .map(Option::<&usize>::copied)
}

fn near(here: usize, groups: &[Group]) -> [f32; NEAR] {
    let paragraph = |turn: Option<usize>| groups.get(turn?).map(|group| group.paragraph);
    let between = |a: Option<usize>, b: Option<usize>| match paragraph(a).zip(paragraph(b)) {
        Some((a, b)) => match a.abs_diff(b) {
            0 | 1 => 1.0,
            2 => 0.5,
            3 => 0.25,
            _ => 0.0,
        },
        None => 0.0,
    };
    let before = |n: usize| between(here.checked_sub(n - 1), here.checked_sub(n));
    let behind = |n: usize| between(Some(here + n - 1), Some(here + n));
    let goes_on = |turn: usize| {
        groups
            .get(turn)
            .map_or(0.0, |group| f32::from(u8::from(group.goes_on)))
    };
    let (b1, a1) = (before(1), behind(1));
    let (b2, a2) = (b1 * before(2), a1 * behind(2));
    [
        b1,
        a1,
        b2,
        a2,
        b2 * before(3),
        a2 * behind(3),
        goes_on(here),
        goes_on(here + 1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::Candidate;

    #[test]
    fn speakers_are_found_again_in_other_turns() {
        let question = |quotation, turn, drafts: &[usize]| Question {
            quotation,
            turn,
            candidates: drafts
                .iter()
                .map(|&draft| Candidate {
                    draft,
                    features: Vec::new(),
                })
                .collect(),
        };
        let questions = [
            question(0, 0, &[3, 4]),
            question(1, 1, &[4]),
            question(2, 1, &[3, 4]),
            question(3, 2, &[3]),
        ];
        let group = |paragraph, goes_on| Group {
            paragraph,
            goes_on,
            left_open: false,
        };
        let groups = [group(0, false), group(1, true), group(3, false)];
        let turns = Turns::read(&questions, &groups);
        assert_eq!(turns.first, [0, 2, 3, 5, 6]);
        let none = 6;
        let mut of_third = [none; SLOTS];
        of_third[0] = 0;
        of_third[4] = 5;
        assert_eq!(turns.slots[3], of_third);
        let mut of_second = [none; SLOTS];
        (of_second[0], of_second[9]) = (1, 4);
        assert_eq!(turns.slots[2], of_second);
        assert_eq!(turns.near[1], [1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(turns.near[3][..3], [0.5, 0.0, 0.5]);
    }
}
