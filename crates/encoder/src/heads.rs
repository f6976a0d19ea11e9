//! The light heads: what is read off the encoder's vectors at the first piece of each word.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, concatenate, s};

use crate::EncoderError;
use crate::weights::Weights;

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
    /// Vectors of the words that may begin a part of an attribution.
    links: Links,
}

#[derive(Clone, Debug, Default)]
struct Links {
    /// Sorted.
    words: Vec<u32>,
    /// `LINKS * (2 * LINK_SIZE + 1)` numbers for each of `words`.
    vectors: Vec<f32>,
}

const LINK_WIDTH: usize = LINKS * (2 * LINK_SIZE + 1);

/// The heads' weights.
pub struct Heads {
    /// All heads as one product, `[hidden, width]`.
    weight: Array2<f32>,
    bias: Array1<f32>,
    distance: Array2<f32>,
    labels: usize,
}

impl Heads {
    /// Reads the tensors `heads.*`.
    ///
    /// # Errors
    /// Where a tensor is missing or has another shape.
    pub fn from_weights(weights: &Weights, hidden: usize) -> Result<Self, EncoderError> {
        let parts = [
            ("ner", NER_LABELS),
            ("roles", ROLE_LABELS),
            ("content_mode", MODES),
            ("cue_mode", MODES),
            ("direct", 1),
            ("link_from", LINKS * LINK_SIZE),
            ("link_to", LINKS * LINK_SIZE),
            ("link_none", LINKS),
        ];
        let mut rows = Vec::new();
        let mut biases = Vec::new();
        for (name, width) in parts {
            rows.push(weights.matrix(&format!("heads.{name}.weight"), width, hidden)?);
            biases.push(weights.vector(&format!("heads.{name}.bias"), width)?);
        }
        let rows: Vec<_> = rows.iter().map(Array2::view).collect();
        let biases: Vec<_> = biases.iter().map(Array1::view).collect();
        let shape = |e: ndarray::ShapeError| EncoderError::Shape(e.to_string());
        let weight = concatenate(Axis(0), &rows).map_err(shape)?;
        Ok(Self {
            weight: weight.reversed_axes().as_standard_layout().into_owned(),
            bias: concatenate(Axis(0), &biases).map_err(shape)?,
            distance: weights.matrix("heads.link_distance", LINKS, DISTANCES)?,
            labels: NER_LABELS + ROLE_LABELS + 2 * MODES + 1,
        })
    }

    /// All scores of some words in one block, `[words, width]`. `vectors` is `[words, hidden]`.
    #[must_use]
    pub fn score(&self, vectors: ArrayView2<'_, f32>) -> Array2<f32> {
        vectors.dot(&self.weight) + &self.bias
    }

    /// Puts blocks that follow one another together.
    ///
    /// # Errors
    /// Never for blocks that [`Heads::score`] gave.
    pub fn gather(&self, blocks: &[Array2<f32>]) -> Result<WordScores, EncoderError> {
        let mut links = Links::default();
        let mut narrow = Array2::zeros((blocks.iter().map(Array2::nrows).sum(), self.labels));
        let mut at = 0;
        for block in blocks {
            if block.ncols() != self.labels + LINK_WIDTH {
                return Err(EncoderError::Shape(format!("a block of {} scores", block.ncols())));
            }
            narrow
                .slice_mut(s![at..at + block.nrows(), ..])
                .assign(&block.slice(s![.., ..self.labels]));
            for row in block.rows() {
                if may_begin(row.slice(s![NER_LABELS..NER_LABELS + ROLE_LABELS])) {
                    links.words.push(at as u32);
                    links.vectors.extend(row.iter().skip(self.labels));
                }
                at += 1;
            }
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

    /// How well the content that begins with word `content` goes with each of `candidates`,
    /// and, last, with nothing: probabilities that sum to 1.
    #[must_use]
    pub fn link(
        &self,
        scores: &WordScores,
        link: Link,
        content: usize,
        candidates: &[usize],
    ) -> Vec<f32> {
        let kind = link as usize;
        let Some(own) = scores.links.vector(content) else {
            let mut nothing = vec![0.0; candidates.len()];
            nothing.push(1.0);
            return nothing;
        };
        let query = &own[kind * LINK_SIZE..][..LINK_SIZE];
        let none = own[2 * LINKS * LINK_SIZE + kind];
        let mut out: Vec<f32> = candidates
            .iter()
            .map(|&candidate| match scores.links.vector(candidate) {
                Some(vector) => {
                    let key = &vector[(LINKS + kind) * LINK_SIZE..][..LINK_SIZE];
                    let product: f32 = query.iter().zip(key).map(|(a, b)| a * b).sum();
                    product / (LINK_SIZE as f32).sqrt()
                        + self.distance[[kind, distance_bucket(content, candidate)]]
                }
                None => f32::NEG_INFINITY,
            })
            .collect();
        out.push(none);
        softmax(&mut out);
        out
    }
}

impl Links {
    fn vector(&self, word: usize) -> Option<&[f32]> {
        let index = self.words.binary_search(&(word as u32)).ok()?;
        self.vectors.get(index * LINK_WIDTH..(index + 1) * LINK_WIDTH)
    }
}

/// Whether a label that begins a chunk is at all likely: a thousandth of the best one.
fn may_begin(roles: ArrayView1<'_, f32>) -> bool {
    let best = roles.fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    (1..roles.len())
        .filter(|label| matches!((label - 1) % 4, 0 | 3))
        .any(|label| roles[label] > best - 7.0)
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
