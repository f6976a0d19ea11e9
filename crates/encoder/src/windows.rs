//! How a document of any length is cut into windows that the encoder can read.

use std::ops::Range;

use dixit_tokenize::Pieces;

/// A run of words that is read at once, and the part of it that is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The words that are read.
    pub words: Range<usize>,
    /// The words that this frame reads best: the frames' `kept` ranges divide the document.
    pub kept: Range<usize>,
}

/// Cuts a document into overlapping frames of at most `longest` word pieces, special pieces
/// counted in, so that a kept word has about `margin` pieces on either side. Frames of one
/// document have about the same length, so none is short of context.
#[must_use]
pub fn frames(pieces: &Pieces, longest: usize, margin: usize) -> Vec<Frame> {
    let words = pieces.words.len();
    let total = pieces.ids.len();
    let room = longest.saturating_sub(2).max(1);
    let margin = margin.min(room / 4);
    if words == 0 {
        return Vec::new();
    }
    if total <= room {
        return vec![Frame {
            words: 0..words,
            kept: 0..words,
        }];
    }
    let step = room - 2 * margin;
    let count = (total - 2 * margin).div_ceil(step);
    let step = (total - 2 * margin).div_ceil(count);
    let word_at = |piece: usize| {
        pieces
            .words
            .partition_point(|w| (w.first_piece as usize) < piece)
    };
    let mut frames: Vec<Frame> = Vec::with_capacity(count);
    let mut kept_from = 0;
    for index in 0..count {
        let last = index + 1 == count;
        let kept_to = if last {
            words
        } else {
            word_at(margin + step * (index + 1)).min(words)
        };
        if kept_to <= kept_from {
            continue;
        }
        let first_piece = pieces.words[kept_from].first_piece as usize;
        let from = word_at(first_piece.saturating_sub(margin));
        let first_piece = pieces.words[from].first_piece as usize;
        // Words are never cut, so the frame ends with the last word that has room.
        let to = pieces
            .words
            .partition_point(|w| (w.first_piece as usize) < first_piece + room);
        let to = if pieces.word_end(to - 1) > first_piece + room {
            to - 1
        } else {
            to
        };
        let wanted = word_at(pieces.word_end(kept_to - 1) + margin).min(words);
        let to = to.min(wanted).max(from + 1);
        if to < kept_to {
            // A word that has no room in this frame opens the next one.
            frames.push(Frame {
                words: from..to,
                kept: kept_from..to.max(kept_from + 1),
            });
            kept_from = to.max(kept_from + 1);
            if last {
                frames.extend(rest(pieces, kept_from, room));
            }
            continue;
        }
        frames.push(Frame {
            words: from..to,
            kept: kept_from..kept_to,
        });
        kept_from = kept_to;
    }
    frames
}

/// Frames without overlap for the words from `first` on: only oddly long words come here.
fn rest(pieces: &Pieces, first: usize, room: usize) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut from = first;
    while from < pieces.words.len() {
        let first_piece = pieces.words[from].first_piece as usize;
        let mut to = from + 1;
        while to < pieces.words.len() && pieces.word_end(to) <= first_piece + room {
            to += 1;
        }
        frames.push(Frame {
            words: from..to,
            kept: from..to,
        });
        from = to;
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::*;
    use dixit_document::Span;
    use dixit_tokenize::PieceWord;
    use proptest::prelude::*;

    fn pieces(lengths: &[usize]) -> Pieces {
        let mut pieces = Pieces::default();
        for (at, &length) in lengths.iter().enumerate() {
            let first_piece = pieces.ids.len() as u32;
            pieces.words.push(PieceWord {
                span: Span::new(at, at + 1),
                first_piece,
            });
            pieces.ids.extend(std::iter::repeat_n(7, length));
        }
        pieces
    }

    proptest! {
        #[test]
        fn kept_words_divide_the_document(
            lengths in proptest::collection::vec(1usize..9, 0..600),
            longest in 20usize..200,
            margin in 0usize..40,
        ) {
            let pieces = pieces(&lengths);
            let mut next = 0;
            for frame in frames(&pieces, longest, margin) {
                prop_assert_eq!(frame.kept.start, next);
                prop_assert!(frame.kept.start < frame.kept.end);
                prop_assert!(frame.words.start <= frame.kept.start);
                prop_assert!(frame.kept.end <= frame.words.end);
                let first = pieces.words[frame.words.start].first_piece as usize;
                prop_assert!(pieces.word_end(frame.words.end - 1) - first <= longest - 2);
                next = frame.kept.end;
            }
            prop_assert_eq!(next, lengths.len());
        }
    }

    #[test]
    fn kept_words_have_context_on_both_sides() {
        let pieces = pieces(&[1; 1000]);
        let frames = frames(&pieces, 256, 32);
        for frame in &frames {
            assert!(frame.kept.start == 0 || frame.kept.start - frame.words.start >= 32);
            assert!(
                frame.kept.end == 1000 || frame.words.end - frame.kept.end >= 30,
                "{frame:?}"
            );
        }
        assert_eq!(frames.len(), 5);
    }
}
