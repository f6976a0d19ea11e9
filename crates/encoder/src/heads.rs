//! The light heads: what is read off the encoder's vectors at the first piece of each word.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, concatenate, s};

use crate::weights::Weights;
use crate::windows::Frame;
use crate::{Dense, EncoderError};

/// How many labels the named-entity head tells apart: outside, and BIES of four types.
pub const NER_LABELS: usize = 17;
/// How many labels the attribution head tells apart: outside, and BIES of content, cue, source.
pub const ROLE_LABELS: usize = 13;
/// How many modes of attribution there are: speech, writing, thought, other.
pub const MODES: usize = 4;

const LINKS: usize = 3;
const LINK_SIZE: usize = 64;
const DISTANCES: usize = 33;

/// What a content can be linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Its source.
    Source,
    /// Its cue.
    Cue,
    /// The first content of the same, interrupted quotation.
    Continues,
}

/// What the heads say of the words of a document.
#[derive(Clone, Debug)]
pub struct WordScores {
    /// Named-entity labels, `[words, NER_LABELS]`.
    pub ner: Array2<f32>,
    /// Attribution labels, `[words, ROLE_LABELS]`.
    pub roles: Array2<f32>,
    /// How a content that begins with the word is meant, `[words, MODES]`.
    pub content_mode: Array2<f32>,
    /// What a cue that begins with the word adds to that, `[words, MODES]`.
    pub cue_mode: Array2<f32>,
    /// Whether the words are a speaker's own, one number a word to be averaged over a content.
    pub direct: Array1<f32>,
    /// For each frame, vectors of the words that may begin a part of an attribution. Vectors know
    /// where in its window a word stands, so only those of one window can be compared.
    links: Vec<Links>,
}

#[derive(Clone, Debug)]
struct Links {
    /// The contents that these links are for begin in these words.
    kept: Range<usize>,
    /// The words of the frame that may begin something, sorted.
    words: Vec<u32>,
    /// `LINKS * (2 * LINK_SIZE + 1)` numbers for each of `words`.
    vectors: Vec<f32>,
}

/// What the heads say of one frame: the labels of its kept words, and links.
#[derive(Clone, Debug)]
pub struct FrameScores {
    labels: Array2<f32>,
    links: Links,
}

const LABEL_WIDTH: usize = NER_LABELS + ROLE_LABELS + 2 * MODES + 1;
const LINK_WIDTH: usize = LINKS * (2 * LINK_SIZE + 1);

/// The heads' weights.
pub struct Heads {
    /// What is asked of every word: `[words, LABEL_WIDTH]`.
    labels: Dense,
    /// What is asked of words that may begin a part of an attribution: `[words, LINK_WIDTH]`.
    links: Dense,
    hidden: usize,
    distance: Array2<f32>,
}

impl Heads {
    /// Reads the tensors `heads.*`.
    ///
    /// # Errors
    /// Where a tensor is missing or has another shape.
    pub fn from_weights(weights: &Weights, hidden: usize) -> Result<Self, EncoderError> {
        let dense = |parts: &[(&str, usize)]| {
            let (mut rows, mut biases) = (Vec::new(), Vec::new());
            for &(name, width) in parts {
                rows.push(weights.matrix(&format!("heads.{name}.weight"), width, hidden)?);
                biases.push(weights.vector(&format!("heads.{name}.bias"), width)?);
            }
            let rows: Vec<_> = rows.iter().map(|part| part.view()).collect();
            let biases: Vec<_> = biases.iter().map(|part| part.view()).collect();
            let shape = |e: ndarray::ShapeError| EncoderError::Shape(e.to_string());
            let rows = concatenate(Axis(0), &rows).map_err(shape)?;
            let biases = concatenate(Axis(0), &biases).map_err(shape)?;
            Dense::new(rows.view(), biases.view())
        };
        Ok(Self {
            labels: dense(&[
                ("ner", NER_LABELS),
                ("roles", ROLE_LABELS),
                ("content_mode", MODES),
                ("cue_mode", MODES),
                ("direct", 1),
            ])?,
            links: dense(&[
                ("link_from", LINKS * LINK_SIZE),
                ("link_to", LINKS * LINK_SIZE),
                ("link_none", LINKS),
            ])?,
            hidden,
            distance: weights.matrix("heads.link_distance", LINKS, DISTANCES)?,
        })
    }

    /// The scores of one frame. `vectors` is `[words of the frame, hidden]`.
    ///
    /// # Errors
    /// Where there is not one vector for each word of the frame.
    pub fn score(
        &self,
        frame: &Frame,
        vectors: ArrayView2<'_, f32>,
    ) -> Result<FrameScores, EncoderError> {
        if vectors.dim() != (frame.words.len(), self.hidden) {
            return Err(EncoderError::Shape(format!(
                "vectors {:?} for {} words",
                vectors.dim(),
                frame.words.len()
            )));
        }
        let labels = self.labels.apply(vectors)?;
        let first = frame.words.start;
        let kept = frame.kept.start - first..frame.kept.end - first;
        Ok(FrameScores {
            links: self.links(frame, vectors, &labels)?,
            labels: labels.slice(s![kept, ..]).to_owned(),
        })
    }

    /// Puts the scores of a document's frames together, which come in text order.
    ///
    /// # Errors
    /// Never for frames that [`frames`](crate::frames) cut.
    pub fn gather(&self, frames: Vec<FrameScores>) -> Result<WordScores, EncoderError> {
        let words = frames.iter().map(|frame| frame.labels.nrows()).sum();
        let mut narrow = Array2::zeros((words, LABEL_WIDTH));
        let mut links = Vec::with_capacity(frames.len());
        for frame in frames {
            let kept = frame.links.kept.clone();
            if kept.end > words || kept.len() != frame.labels.nrows() {
                return Err(EncoderError::Shape(format!("words {kept:?} of {words}")));
            }
            narrow.slice_mut(s![kept, ..]).assign(&frame.labels);
            links.push(frame.links);
        }
        let mut from = 0;
        let mut columns = |width: usize| {
            from += width;
            narrow.slice(s![.., from - width..from]).to_owned()
        };
        Ok(WordScores {
            ner: columns(NER_LABELS),
            roles: columns(ROLE_LABELS),
            content_mode: columns(MODES),
            cue_mode: columns(MODES),
            direct: columns(1).remove_axis(Axis(1)),
            links,
        })
    }

    fn links(
        &self,
        frame: &Frame,
        vectors: ArrayView2<'_, f32>,
        labels: &Array2<f32>,
    ) -> Result<Links, EncoderError> {
        let roles = labels.slice(s![.., NER_LABELS..NER_LABELS + ROLE_LABELS]);
        let begin: Vec<usize> = (0..frame.words.len())
            .filter(|&word| may_begin(roles.row(word)))
            .collect();
        let vectors = self.links.apply(vectors.select(Axis(0), &begin).view())?;
        Ok(Links {
            kept: frame.kept.clone(),
            words: begin
                .iter()
                .map(|word| (frame.words.start + word) as u32)
                .collect(),
            vectors: vectors.iter().copied().collect(),
        })
    }

    /// What the content that begins with word `content` is linked to: how likely each word near
    /// it is to begin the other end. The likelihoods and that of “nothing” sum to 1.
    #[must_use]
    pub fn link(&self, scores: &WordScores, link: Link, content: usize) -> Linking {
        let kind = link as usize;
        let frame = scores
            .links
            .partition_point(|links| links.kept.end <= content);
        let found = scores.links.get(frame);
        let Some((links, own)) = found.and_then(|links| Some((links, links.vector(content)?)))
        else {
            return Linking {
                words: Vec::new(),
                nothing: 1.0,
            };
        };
        let query = &own[kind * LINK_SIZE..][..LINK_SIZE];
        let mut weights: Vec<f32> = Vec::with_capacity(links.words.len() + 1);
        for (&word, vector) in links
            .words
            .iter()
            .zip(links.vectors.chunks_exact(LINK_WIDTH))
        {
            let key = &vector[(LINKS + kind) * LINK_SIZE..][..LINK_SIZE];
            let product: f32 = query.iter().zip(key).map(|(a, b)| a * b).sum();
            let far = self.distance[[kind, distance_bucket(content, word as usize)]];
            weights.push(product / (LINK_SIZE as f32).sqrt() + far);
        }
        weights.push(own[2 * LINKS * LINK_SIZE + kind]);
        softmax(&mut weights);
        let nothing = weights.pop().unwrap_or(1.0);
        let words = links
            .words
            .iter()
            .map(|&word| word as usize)
            .zip(weights)
            .collect();
        Linking { words, nothing }
    }
}

/// What a content may be linked to; see [`Heads::link`].
#[derive(Clone, Debug, PartialEq)]
pub struct Linking {
    /// Words and how likely each is, in text order.
    pub words: Vec<(usize, f32)>,
    /// How likely it is linked to nothing.
    pub nothing: f32,
}

impl Linking {
    /// How likely a word is; 0 where it is out of reach.
    #[must_use]
    pub fn of(&self, word: usize) -> f32 {
        let found = self.words.binary_search_by_key(&word, |&(word, _)| word);
        found
            .ok()
            .and_then(|index| self.words.get(index))
            .map_or(0.0, |&(_, likely)| likely)
    }
}

impl Links {
    fn vector(&self, word: usize) -> Option<&[f32]> {
        let index = self.words.binary_search(&(word as u32)).ok()?;
        self.vectors
            .get(index * LINK_WIDTH..(index + 1) * LINK_WIDTH)
    }
}

/// Whether a label that begins a chunk is at all likely: a hundredth of the best one.
fn may_begin(roles: ArrayView1<'_, f32>) -> bool {
    let best = roles.fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    (1..roles.len())
        .filter(|label| matches!((label - 1) % 4, 0 | 3))
        .any(|label| roles[label] > best - 4.6)
}

/// 0..=32: 16 is the word itself; exact up to 4 words either side, then in half octaves.
fn distance_bucket(from: usize, to: usize) -> usize {
    let far = from.abs_diff(to);
    let steps = if far <= 4 {
        far
    } else {
        (4 + (2.0 * (far as f32 / 4.0).log2()).floor() as usize).min(16)
    };
    if to >= from { 16 + steps } else { 16 - steps }
}

fn softmax(scores: &mut [f32]) {
    let top = scores.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - top).exp();
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_grow_by_half_octaves() {
        let far = [0usize, 1, 4, 5, 6, 8, 12, 16, 400, 100_000];
        let buckets: Vec<_> = far.map(|f| distance_bucket(0, f)).to_vec();
        assert_eq!(buckets, [16, 17, 20, 20, 21, 22, 23, 24, 32, 32]);
        assert_eq!(distance_bucket(5, 3), 14);
    }
}
