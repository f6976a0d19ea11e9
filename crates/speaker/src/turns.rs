//! Whose turn it is in a dialogue, decided over all its turns at once.
//!
//! A turn is a paragraph with direct speech. Every candidate speaker of a turn has a score by
//! what stands beside the speech and in it; neighbouring turns ask for a change of speaker and
//! for a return to the one before. The best path through all turns decides.

/// A paragraph with direct speech.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turn {
    pub paragraph: usize,
    /// Whether it goes on where the one before was left open.
    pub goes_on: bool,
    /// Drafts that may be speaking, with what tells for them.
    pub candidates: Vec<(usize, f32)>,
}

/// For a change of speaker between adjoining turns, against the same one going on.
const CHANGE: f32 = 1.1;
/// For a return to the speaker of the turn before last.
const RETURN: f32 = 1.4;
/// For the same speaker where a turn goes on.
const GOES_ON: f32 = 6.0;

/// The draft that speaks in each turn.
pub(crate) fn decide(turns: &[Turn]) -> Vec<Option<(usize, f32)>> {
    let mut decided = Vec::with_capacity(turns.len());
    let mut start = 0;
    while start < turns.len() {
        // A scene ends where nobody speaks for long.
        let end = turns
            .windows(2)
            .enumerate()
            .skip(start)
            .find(|(_, pair)| matches!(pair, [a, b] if b.paragraph > a.paragraph + 12))
            .map_or(turns.len(), |(index, _)| index + 1);
        decided.extend(scene(turns.get(start..end).unwrap_or(&[])));
        start = end.max(start + 1);
    }
    decided
}

/// A way to read the turns so far: who speaks now, who spoke before.
#[derive(Clone, Copy)]
struct Path {
    now: usize,
    before: Option<usize>,
    score: f32,
    /// The path of the turn before that it continues.
    from: Option<usize>,
}

/// The best path through the turns of one scene.
fn scene(turns: &[Turn]) -> Vec<Option<(usize, f32)>> {
    let mut steps: Vec<Vec<Path>> = Vec::with_capacity(turns.len());
    for (index, turn) in turns.iter().enumerate() {
        let last = steps.last().filter(|paths| !paths.is_empty());
        let gap = index
            .checked_sub(1)
            .and_then(|before| turns.get(before))
            .map_or(0, |before| turn.paragraph.saturating_sub(before.paragraph));
        let mut paths: Vec<Path> = Vec::new();
        for &(draft, evidence) in &turn.candidates {
            let Some(last) = last else {
                paths.push(Path {
                    now: draft,
                    before: None,
                    score: evidence,
                    from: None,
                });
                continue;
            };
            for (from, path) in last.iter().enumerate() {
                let before = if path.now == draft {
                    path.before
                } else {
                    Some(path.now)
                };
                let score = path.score + evidence + change(turn, gap, path, draft);
                match paths
                    .iter_mut()
                    .find(|known| known.now == draft && known.before == before)
                {
                    Some(known) if known.score >= score => {}
                    Some(known) => {
                        known.score = score;
                        known.from = Some(from);
                    }
                    None => paths.push(Path {
                        now: draft,
                        before,
                        score,
                        from: Some(from),
                    }),
                }
            }
        }
        steps.push(paths);
    }
    trace(&steps)
}

/// What tells for `draft` after the path.
fn change(turn: &Turn, gap: usize, path: &Path, draft: usize) -> f32 {
    let near = match gap {
        0 | 1 => 1.0,
        2 => 0.6,
        3 => 0.35,
        _ => 0.1,
    };
    if path.now == draft {
        return if turn.goes_on { GOES_ON } else { 0.0 };
    }
    let back = if path.before == Some(draft) {
        RETURN
    } else {
        0.0
    };
    near * (CHANGE + back)
}

/// The best path, read from its end, with how far it leads at each turn.
fn trace(steps: &[Vec<Path>]) -> Vec<Option<(usize, f32)>> {
    let best = |paths: &[Path]| {
        paths
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.score.total_cmp(&b.1.score))
            .map(|(index, _)| index)
    };
    let mut decided = vec![None; steps.len()];
    let mut at: Option<usize> = None;
    for (index, paths) in steps.iter().enumerate().rev() {
        let place = at
            .filter(|&place| place < paths.len())
            .or_else(|| best(paths));
        let path = place.and_then(|place| paths.get(place));
        if let (Some(slot), Some(path)) = (decided.get_mut(index), path) {
            let rival = paths
                .iter()
                .filter(|other| other.now != path.now)
                .map(|other| other.score)
                .fold(f32::NEG_INFINITY, f32::max);
            *slot = Some((path.now, (path.score - rival).min(10.0)));
        }
        at = path.and_then(|path| path.from);
    }
    decided
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(paragraph: usize, candidates: &[(usize, f32)]) -> Turn {
        Turn {
            paragraph,
            goes_on: false,
            candidates: candidates.to_vec(),
        }
    }

    fn speakers(turns: &[Turn]) -> Vec<usize> {
        decide(turns)
            .into_iter()
            .map(|decided| decided.map_or(usize::MAX, |(draft, _)| draft))
            .collect()
    }

    #[test]
    fn two_alternate() {
        let open = [(0, 0.0), (1, 0.0), (2, 0.0)];
        let turns = [
            turn(0, &[(0, 8.0), (1, 0.0)]),
            turn(1, &[(0, 0.0), (1, 8.0)]),
            turn(2, &open),
            turn(3, &open),
            turn(4, &[(0, 8.0), (1, 0.0)]),
        ];
        assert_eq!(speakers(&turns), [0, 1, 0, 1, 0]);
    }

    #[test]
    fn what_follows_tells_what_was_before() {
        let open = [(0, 0.0), (1, 0.0)];
        let turns = [
            turn(0, &open),
            turn(1, &open),
            turn(2, &[(0, 0.0), (1, 8.0)]),
        ];
        assert_eq!(speakers(&turns), [1, 0, 1]);
    }

    #[test]
    fn speech_left_open_goes_on() {
        let mut turns = [
            turn(0, &[(0, 8.0), (1, 0.0)]),
            turn(1, &[(0, 0.0), (1, 0.0)]),
        ];
        turns[1].goes_on = true;
        assert_eq!(speakers(&turns), [0, 0]);
    }

    #[test]
    fn nothing_to_choose_from() {
        assert_eq!(decide(&[turn(0, &[])]), [None]);
        assert!(decide(&[]).is_empty());
    }
}
