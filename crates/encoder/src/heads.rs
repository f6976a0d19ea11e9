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

/// What is asked of every word.
const LABELS: usize = NER_LABELS + ROLE_LABELS + 2 * MODES + 1;
/// More words than these around a word make no window count for more.
const CONTEXT: usize = 64;
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
    /// Those of each frame, in text order: vectors know where in its window a word stands, so only words of
    /// one window can be compared.
    links: Vec<Links>,
}

#[derive(Clone, Debug)]
struct Links {
    /// The words of the frame.
    read: Range<usize>,
    /// Those that may begin a part of an attribution, sorted.
    words: Vec<u32>,
    /// Those that may begin a content, sorted.
    contents: Vec<u32>,
    /// `[contents, LINKS, words + 1]`: the score of each word, and last that of “nothing”.
    scores: Vec<f32>,
}

/// What the heads say of one frame: the labels of its words, and links.
#[derive(Clone, Debug)]
pub struct FrameScores {
    words: Range<usize>,
    labels: Array2<f32>,
    links: Links,
}

/// The labels that begin a chunk (of content, cue or source), and those that begin a content.
const BEGINS: [usize; 6] = [1, 4, 5, 8, 9, 12];
const BEGINS_CONTENT: [usize; 2] = [1, 4];
/// How far below the best label one of these may be: a hundredth as likely.
const MAY_BEGIN: f32 = 4.6;

/// The heads' weights.
pub struct Heads {
    /// What is asked of every word: `[words, NER_LABELS + ROLE_LABELS + 2 * MODES + 1]`.
    labels: Dense,
    /// What is asked of words that may begin a part of an attribution: `[words, LINKS * (2 * LINK_SIZE + 1)]`.
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
        Ok(FrameScores {
            words: frame.words.clone(),
            links: self.links(frame, vectors, &labels)?,
            labels,
        })
    }

    /// Puts the scores of a document's frames together, which come in text order. The labels of a word that
    /// several frames read are their mean, weighed by how many words stand around it in each.
    ///
    /// # Errors
    /// Never for frames that [`frames`](crate::frames) cut.
    pub fn gather(&self, frames: Vec<FrameScores>) -> Result<WordScores, EncoderError> {
        let labels = mean_labels(&frames)?;
        let mut from = 0;
        let mut part = |width: usize| {
            from += width;
            labels.slice(s![.., from - width..from]).to_owned()
        };
        Ok(WordScores {
            ner: part(NER_LABELS),
            roles: part(ROLE_LABELS),
            content_mode: part(MODES),
            cue_mode: part(MODES),
            direct: part(1).index_axis_move(Axis(1), 0),
            links: frames.into_iter().map(|frame| frame.links).collect(),
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
            .filter(|&word| likely(roles.row(word), &BEGINS, MAY_BEGIN))
            .collect();
        let vectors = self.links.apply(vectors.select(Axis(0), &begin).view())?;
        let words: Vec<u32> = begin
            .iter()
            .map(|word| (frame.words.start + word) as u32)
            .collect();
        let mut contents = Vec::new();
        let mut scores = Vec::new();
        for ((&row, &content), own) in begin.iter().zip(&words).zip(vectors.outer_iter()) {
            if likely(roles.row(row), &BEGINS_CONTENT, MAY_BEGIN) {
                contents.push(content);
                self.weigh(own, content, &words, &vectors, &mut scores);
            }
        }
        Ok(Links {
            read: frame.words.clone(),
            words,
            contents,
            scores,
        })
    }

    /// Adds the scores of what one content is linked to.
    fn weigh(
        &self,
        own: ArrayView1<'_, f32>,
        content: u32,
        words: &[u32],
        vectors: &Array2<f32>,
        scores: &mut Vec<f32>,
    ) {
        for kind in 0..LINKS {
            let query = own.slice(s![kind * LINK_SIZE..(kind + 1) * LINK_SIZE]);
            for (&word, vector) in words.iter().zip(vectors.outer_iter()) {
                let key = vector.slice(s![
                    (LINKS + kind) * LINK_SIZE..(LINKS + kind + 1) * LINK_SIZE
                ]);
                let product: f32 = query.iter().zip(key).map(|(a, b)| a * b).sum();
                let far = distance_bucket(content as usize, word as usize);
                scores.push(product / (LINK_SIZE as f32).sqrt() + self.distance[[kind, far]]);
            }
            scores.push(own[2 * LINKS * LINK_SIZE + kind]);
        }
    }
}

impl WordScores {
    /// What the content that begins with word `content` is linked to: how likely each word near
    /// it is to begin the other end. The likelihoods and that of “nothing” sum to 1. Where several
    /// frames read the content, they are the mean, weighed as that of the labels is.
    #[must_use]
    pub fn link(&self, link: Link, content: usize) -> Linking {
        let mut words: Vec<(usize, f32)> = Vec::new();
        let (mut nothing, mut total) = (0.0, 0.0);
        let first = self
            .links
            .partition_point(|links| links.read.end <= content);
        let reading = self.links.iter().skip(first);
        for links in reading.take_while(|links| links.read.start <= content) {
            let Some(scores) = links.scores(link, content) else {
                continue;
            };
            let weight = context(&links.read, content, self.direct.len());
            let mut likelihoods = scores.to_vec();
            softmax(&mut likelihoods);
            nothing += weight * likelihoods.pop().unwrap_or(1.0);
            total += weight;
            let each = links.words.iter().map(|&word| word as usize);
            words.extend(each.zip(likelihoods.iter().map(|likely| weight * likely)));
        }
        if total == 0.0 {
            return Linking {
                words,
                nothing: 1.0,
            };
        }
        words.sort_by_key(|&(word, _)| word);
        words.dedup_by(|again, first| {
            let same = again.0 == first.0;
            first.1 += if same { again.1 } else { 0.0 };
            same
        });
        words.iter_mut().for_each(|(_, likely)| *likely /= total);
        Linking {
            words,
            nothing: nothing / total,
        }
    }
}

/// What a content may be linked to; see [`WordScores::link`].
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
    fn scores(&self, link: Link, content: usize) -> Option<&[f32]> {
        let index = self.contents.binary_search(&(content as u32)).ok()?;
        let width = self.words.len() + 1;
        self.scores
            .get((index * LINKS + link as usize) * width..)?
            .get(..width)
    }
}

/// The labels of every word, `[words, LABELS]`, of frames that leave out none.
fn mean_labels(frames: &[FrameScores]) -> Result<Array2<f32>, EncoderError> {
    let words = frames.iter().map(|frame| frame.words.end).max();
    let words = words.unwrap_or(0);
    let mut sums = Array2::<f32>::zeros((words, LABELS));
    let mut weights = Array1::<f32>::zeros(words);
    for frame in frames {
        let read = &frame.words;
        if frame.labels.dim() != (read.len(), LABELS) {
            let found = frame.labels.dim();
            return Err(EncoderError::Shape(format!(
                "labels {found:?} of words {read:?}"
            )));
        }
        for (word, row) in read.clone().zip(frame.labels.outer_iter()) {
            let weight = context(read, word, words);
            sums.row_mut(word).scaled_add(weight, &row);
            weights[word] += weight;
        }
    }
    for (mut row, &weight) in sums.outer_iter_mut().zip(&weights) {
        row /= weight.max(1.0);
    }
    Ok(sums)
}

/// What a frame that reads the words `read` of all the words of a text counts for at one of them: how many words
/// stand around it there. Where the text begins or ends, no context is cut off.
fn context(read: &Range<usize>, word: usize, words: usize) -> f32 {
    let before = match read.start {
        0 => CONTEXT,
        start => word + 1 - start,
    };
    let behind = match read.end {
        end if end == words => CONTEXT,
        end => end - word,
    };
    before.min(behind).min(CONTEXT) as f32
}

/// Whether one of these labels is at all likely: within `reach` of the best one.
fn likely(roles: ArrayView1<'_, f32>, labels: &[usize], reach: f32) -> bool {
    let best = roles.fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    labels.iter().any(|&label| roles[label] > best - reach)
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
    fn words_of_two_frames_have_the_mean_of_both() {
        let frame = |words: Range<usize>, value: f32| FrameScores {
            labels: Array2::from_elem((words.len(), LABELS), value),
            links: Links {
                read: words.clone(),
                words: Vec::new(),
                contents: Vec::new(),
                scores: Vec::new(),
            },
            words,
        };
        let found = mean_labels(&[frame(0..4, 0.0), frame(2..6, 3.0)]).unwrap();
        // Two words stand at the edge of the first one and one at that of the second, and the other way round.
        assert_eq!(found.column(0).to_vec(), [0.0, 0.0, 1.0, 2.0, 3.0, 3.0]);
        assert_eq!(found.dim(), (6, LABELS));
        assert_eq!(mean_labels(&[]).unwrap().nrows(), 0);
        let short = FrameScores {
            words: 0..2,
            ..frame(0..1, 1.0)
        };
        assert!(mean_labels(&[short]).is_err());
    }

    #[test]
    fn links_of_a_content_in_two_frames_are_the_mean_of_both() {
        let frame = |read: Range<usize>, words: &[u32], best: f32| {
            let mut scores = vec![0.0; LINKS * (words.len() + 1)];
            scores[0] = best;
            Links {
                read,
                words: words.to_vec(),
                contents: vec![4],
                scores,
            }
        };
        let labels = |width: usize| Array2::zeros((8, width));
        let scores = WordScores {
            ner: labels(NER_LABELS),
            roles: labels(ROLE_LABELS),
            content_mode: labels(MODES),
            cue_mode: labels(MODES),
            direct: Array1::zeros(8),
            links: vec![frame(0..6, &[1, 4], 0.0), frame(3..8, &[4, 7], 2f32.ln())],
        };
        // Each has two words around word 4, counting it; the first one finds all alike, the second one word 4 twice
        // as likely as the others.
        let found = scores.link(Link::Source, 4);
        let near = |likely: f32, sought: f32| (likely - sought).abs() < 1e-6;
        assert!(near(found.of(1), 1.0 / 6.0), "{found:?}");
        assert!(near(found.of(4), (1.0 / 3.0 + 0.5) / 2.0), "{found:?}");
        assert!(near(found.of(7), 0.125), "{found:?}");
        assert!(near(found.nothing, (1.0 / 3.0 + 0.25) / 2.0), "{found:?}");
        assert_eq!(scores.link(Link::Source, 5).nothing, 1.0, "no content");
    }

    #[test]
    fn distances_grow_by_half_octaves() {
        let far = [0usize, 1, 4, 5, 6, 8, 12, 16, 400, 100_000];
        let buckets: Vec<_> = far.map(|f| distance_bucket(0, f)).to_vec();
        assert_eq!(buckets, [16, 17, 20, 20, 21, 22, 23, 24, 32, 32]);
        assert_eq!(distance_bucket(5, 3), 14);
    }
}
