//! Attributions as the model sees them: content, cue and source spans, joined by its links.

use std::collections::{BTreeMap, BTreeSet};

use dixit_document::{Mode, Span};
use dixit_encoder::{Chunk, Link, Linking, Model, Reading};
use dixit_tokenize::Layout;
use ndarray::Array2;

use crate::confidence::Signs;

const MODES: [Mode; 4] = [Mode::Speech, Mode::Writing, Mode::Thought, Mode::Other];

/// A span is taken where it is worth at least this.
const WORTH: f32 = 0.5;

/// The same of a cue, and of a source that a link or a cue asks for.
const FAINT: f32 = 0.2;

/// A link is followed from this likelihood on.
const LINKED: f32 = 0.15;

/// A content with a cue has somebody to say it: any source from this likelihood on will do.
const LIKELY: f32 = 0.1;

/// What a source outside the sentence of the cue weighs, against one in it: who says a thing and the word
/// for it stand together, also where the model leans to a name further off.
const APART: f32 = 0.1;

/// Two contents are one interrupted quotation from this likelihood on: a wrong union costs two
/// quotations, a missed one costs one.
const CONTINUED: f32 = 0.85;

/// The same where both have one cue.
const CONTINUED_CUE: f32 = 0.5;

/// What is likelier wrong than this is no attribution: records that are right less often than half the F1 that all
/// reach take from it (Lipton, Elkan & Naryanaswamy 2014).
const CREDIBLE: f32 = 0.3;

/// A cue that no content chose is given to a content without one up to this many words away.
const NEAR: usize = 8;

/// One attribution, before marks and speakers are looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The words quoted, in text order.
    pub content: Vec<Span>,
    /// The expression that signals them.
    pub cue: Option<Span>,
    /// The mention of the one they are attributed to.
    pub source: Option<Span>,
    /// What was done with the content.
    pub mode: Mode,
    /// How likely the content is the speaker's own words, from 0 to 1.
    pub direct: f32,
    /// From 0 to 1.
    pub confidence: f32,
}

/// The classes of chunks.
const CONTENT: usize = 0;
pub(crate) const CUE: usize = 1;
pub(crate) const SOURCE: usize = 2;

/// All that may be a part of an attribution.
pub(crate) fn chunks(model: &Model, reading: &Reading) -> Vec<Chunk> {
    model.roles().decode(reading.scores.roles.view(), FAINT)
}

/// The bytes of a chunk.
pub(crate) fn span(reading: &Reading, chunk: &Chunk) -> Option<Span> {
    let words = &reading.pieces.words;
    let (first, last) = (words.get(chunk.first)?, words.get(chunk.last)?);
    Some(first.span.cover(last.span))
}

/// The attributions of a document, in text order of their contents.
pub(crate) fn attributions(
    chunks: &[Chunk],
    reading: &Reading,
    layout: &Layout,
) -> Vec<Attribution> {
    let of = |class: usize, worth: f32| -> Vec<Chunk> {
        let of = |chunk: &Chunk| chunk.class == class && chunk.worth() >= worth;
        chunks.iter().copied().filter(of).collect()
    };
    Parts {
        reading,
        layout,
        contents: of(CONTENT, WORTH),
        cues: of(CUE, FAINT),
        sources: of(SOURCE, WORTH),
        faint: of(SOURCE, FAINT),
    }
    .join()
}

struct Parts<'a> {
    reading: &'a Reading,
    layout: &'a Layout,
    contents: Vec<Chunk>,
    cues: Vec<Chunk>,
    sources: Vec<Chunk>,
    /// Sources and what may be some, in text order.
    faint: Vec<Chunk>,
}

/// Contents of one attribution, and its cue, as indices.
struct Group {
    contents: Vec<usize>,
    cue: Option<usize>,
}

/// The index of the candidate that is likeliest in a linking once weighed, and how likely it is unweighed.
fn likeliest(
    linking: &Linking,
    candidates: &[Chunk],
    weight: impl Fn(&Chunk) -> f32,
) -> Option<(usize, f32)> {
    // Only what is in reach, however long the document is.
    let (first, last) = (linking.words.first()?.0, linking.words.last()?.0);
    let begin = candidates.partition_point(|candidate| candidate.first < first);
    let end = candidates.partition_point(|candidate| candidate.first <= last);
    (begin..end)
        .map(|index| {
            let likely = linking.of(candidates[index].first);
            (index, likely, likely * weight(&candidates[index]))
        })
        .max_by(|a, b| a.2.total_cmp(&b.2))
        .map(|(index, likely, _)| (index, likely))
}

impl Parts<'_> {
    fn join(&self) -> Vec<Attribution> {
        let mut groups = self.groups();
        self.adopt(&mut groups);
        let found = groups.iter().map(|group| self.attribution(group));
        found.filter(|one| one.confidence >= CREDIBLE).collect()
    }

    /// Interrupted quotations: a content goes on with an earlier one that the model links it to,
    /// the sooner if that has the same cue.
    fn groups(&self) -> Vec<Group> {
        let cues: Vec<Option<usize>> = self
            .contents
            .iter()
            .map(|c| self.linked(Link::Cue, c, &self.cues, |_| 1.0))
            .collect();
        let mut heads: Vec<usize> = Vec::with_capacity(self.contents.len());
        // The last content of each cue so far.
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, content) in self.contents.iter().enumerate() {
            let same_cue = cues[index].and_then(|cue| last.insert(cue, index));
            let by_place = cues[index].and_then(|cue| {
                let interrupted =
                    |&same: &usize| self.interrupts(&self.contents[same], cue, content);
                let follows = |&before: &usize| self.follows(&self.contents[before], cue, content);
                let before = || index.checked_sub(1).filter(follows);
                same_cue.filter(interrupted).or_else(before)
            });
            let earlier = by_place.or_else(|| {
                let (earlier, likely) =
                    self.likeliest(Link::Continues, content, &self.contents[..index])?;
                let least = match same_cue {
                    Some(same) if same == earlier => CONTINUED_CUE,
                    _ => CONTINUED,
                };
                (likely > least).then_some(earlier)
            });
            heads.push(earlier.map_or(index, |earlier| heads[earlier]));
        }
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, &head) in heads.iter().enumerate() {
            groups.entry(head).or_default().push(index);
        }
        let cue_of = |contents: &[usize]| contents.iter().find_map(|&c| cues[c]);
        groups
            .into_values()
            .map(|contents| Group {
                cue: cue_of(&contents),
                contents,
            })
            .collect()
    }

    /// Whether a cue that two contents chose stands between them in their paragraph: a cue tells of one
    /// attribution, so they are what it interrupts (in PolNeAR's training portion one of 19,831 tells of
    /// two).
    fn interrupts(&self, before: &Chunk, cue: usize, after: &Chunk) -> bool {
        let cue = &self.cues[cue];
        before.last < cue.first
            && cue.last < after.first
            && self.paragraph(before) == self.paragraph(after)
    }

    /// Whether direct speech that chose a cue of an earlier paragraph goes on with what is quoted before it
    /// in its own: a cue further off is seldom right (in PolNeAR's training portion 53 of 19,831 are).
    fn follows(&self, before: &Chunk, cue: usize, after: &Chunk) -> bool {
        let here = self.paragraph(after);
        self.paragraph(&self.cues[cue]) < here
            && self.paragraph(before) == here
            && self.direct(&[*after]) > 0.5
    }

    /// Which paragraph a chunk begins in.
    fn paragraph(&self, chunk: &Chunk) -> Option<usize> {
        self.layout.paragraph_at(self.start(chunk)?)
    }

    /// The byte that a chunk begins at.
    fn start(&self, chunk: &Chunk) -> Option<usize> {
        let word = self.reading.pieces.words.get(chunk.first)?;
        Some(word.span.start())
    }

    /// Gives cues that no content chose to contents beside them that chose none.
    fn adopt(&self, groups: &mut [Group]) {
        let taken: BTreeSet<usize> = groups.iter().filter_map(|group| group.cue).collect();
        let mut free: Vec<usize> = (0..self.cues.len())
            .filter(|cue| !taken.contains(cue))
            .collect();
        for group in groups.iter_mut().filter(|group| group.cue.is_none()) {
            let far = |cue: usize| {
                let gaps = group
                    .contents
                    .iter()
                    .map(|&c| gap(&self.contents[c], &self.cues[cue]));
                gaps.min().unwrap_or(usize::MAX)
            };
            // Only what is in reach, however long the document is.
            let (Some(first), Some(last)) = (group.contents.first(), group.contents.last()) else {
                continue;
            };
            let (first, last) = (self.contents[*first].first, self.contents[*last].last);
            let begin = free.partition_point(|&cue| self.cues[cue].last + NEAR < first);
            let end = free.partition_point(|&cue| self.cues[cue].first <= last + NEAR);
            let nearest = (begin..end).min_by_key(|&index| far(free[index]));
            if let Some(index) = nearest.filter(|&index| far(free[index]) <= NEAR) {
                group.cue = Some(free.remove(index));
            }
        }
    }

    fn attribution(&self, group: &Group) -> Attribution {
        let contents: Vec<Chunk> = group.contents.iter().map(|&c| self.contents[c]).collect();
        let cue = group.cue.map(|cue| self.cues[cue]);
        let source = contents
            .iter()
            .find_map(|content| self.source(content, cue.as_ref()))
            .or_else(|| self.shared(&contents, cue.as_ref()?));
        let (mode, likely) = self.mode(contents.first(), cue.as_ref());
        let direct = self.direct(&contents);
        let signs = Signs {
            contents: &contents,
            cue: cue.as_ref(),
            source: source.as_ref(),
            mode: likely,
            direct,
        };
        Attribution {
            content: contents.iter().filter_map(|c| self.span(c)).collect(),
            cue: cue.and_then(|c| self.span(&c)),
            source: source.and_then(|c| self.span(&c)),
            mode,
            direct,
            confidence: signs.confidence(),
        }
    }

    /// The source that the model links a content to; one in the sentence of the cue before one that
    /// stands apart from it.
    fn source(&self, content: &Chunk, cue: Option<&Chunk>) -> Option<Chunk> {
        let sentence = cue.map(|cue| self.sentence(cue));
        let weight = |source: &Chunk| match sentence {
            Some(cue) if self.sentence(source) != cue => APART,
            _ => 1.0,
        };
        self.linked(Link::Source, content, &self.faint, weight)
            .map(|source| self.faint[source])
    }

    /// The source of a content whose cue has none beside it, as where one subject does two things
    /// (“Una denied it, and said that …”, “Una left, saying that …”): the likeliest one, else the
    /// last one before the cue in its sentence.
    fn shared(&self, contents: &[Chunk], cue: &Chunk) -> Option<Chunk> {
        let outside = |source: &&Chunk| {
            let within =
                |content: &Chunk| source.first <= content.last && content.first <= source.last;
            !contents.iter().any(within)
        };
        let likeliest = contents
            .iter()
            .find_map(|content| {
                let (best, likely) = self.likeliest(Link::Source, content, &self.faint)?;
                (likely >= LIKELY).then(|| &self.faint[best])
            })
            .filter(outside)
            .copied();
        let in_sentence = |sources: &[Chunk]| {
            let before = sources.partition_point(|source| source.first < cue.first);
            let back = sources[..before].iter().rev();
            back.take_while(|source| self.sentence(source) == self.sentence(cue))
                .find(outside)
                .copied()
        };
        likeliest
            .or_else(|| in_sentence(&self.sources))
            .or_else(|| in_sentence(&self.faint))
    }

    /// Which sentence a chunk begins in.
    fn sentence(&self, chunk: &Chunk) -> Option<usize> {
        self.layout.sentence_at(self.start(chunk)?)
    }

    fn span(&self, chunk: &Chunk) -> Option<Span> {
        span(self.reading, chunk)
    }

    /// The index of the candidate that the model links a content to, once they are weighed. What is likelier linked to
    /// nothing, or to a word that begins no candidate, is not linked.
    fn linked(
        &self,
        link: Link,
        content: &Chunk,
        candidates: &[Chunk],
        weight: impl Fn(&Chunk) -> f32,
    ) -> Option<usize> {
        let linking = self.reading.scores.link(link, content.first);
        let (best, likely) = likeliest(&linking, candidates, weight)?;
        (likely > linking.nothing.max(LINKED)).then_some(best)
    }

    /// The index of the candidate that a content is likeliest linked to, and how likely.
    fn likeliest(&self, link: Link, content: &Chunk, candidates: &[Chunk]) -> Option<(usize, f32)> {
        likeliest(
            &self.reading.scores.link(link, content.first),
            candidates,
            |_| 1.0,
        )
    }

    /// The likeliest mode and how likely it is; speech and writing, which a cue often leaves open,
    /// count as one there.
    fn mode(&self, content: Option<&Chunk>, cue: Option<&Chunk>) -> (Mode, f32) {
        let scores = &self.reading.scores;
        let of = |rows: &Array2<f32>, chunk: Option<&Chunk>, mode: usize| {
            let score = chunk.and_then(|c| rows.get([c.first, mode]));
            score.copied().unwrap_or(0.0)
        };
        let odds: [f32; 4] = std::array::from_fn(|mode| {
            (of(&scores.content_mode, content, mode) + of(&scores.cue_mode, cue, mode)).exp()
        });
        let best = (0..MODES.len()).max_by(|&a, &b| odds[a].total_cmp(&odds[b]));
        let mode = best.map_or(Mode::Speech, |best| MODES[best]);
        let said = |mode: Mode| matches!(mode, Mode::Speech | Mode::Writing);
        let alike = |&index: &usize| MODES[index] == mode || (said(MODES[index]) && said(mode));
        let likely: f32 = (0..MODES.len())
            .filter(alike)
            .map(|index| odds[index])
            .sum();
        (mode, likely / odds.iter().sum::<f32>())
    }

    fn direct(&self, contents: &[Chunk]) -> f32 {
        let words = || contents.iter().flat_map(|c| c.first..=c.last);
        let scores = &self.reading.scores.direct;
        let sum: f32 = words().filter_map(|word| scores.get(word)).sum();
        let mean = sum / words().count().max(1) as f32;
        1.0 / (1.0 + (-mean).exp())
    }
}

/// How many words apart two chunks are.
fn gap(a: &Chunk, b: &Chunk) -> usize {
    b.first
        .saturating_sub(a.last)
        .max(a.first.saturating_sub(b.last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_chooses_and_leaves_the_likelihood() {
        let chunk = |first| Chunk {
            class: 2,
            first,
            last: first,
            exact: 1.0,
            body: 1.0,
        };
        let linking = Linking {
            words: vec![(3, 0.35), (9, 0.4)],
            nothing: 0.25,
        };
        let candidates = [chunk(3), chunk(9)];
        assert_eq!(
            likeliest(&linking, &candidates, |_| 1.0),
            Some((1, 0.4)),
            "alike"
        );
        let near = |candidate: &Chunk| if candidate.first == 9 { APART } else { 1.0 };
        assert_eq!(likeliest(&linking, &candidates, near), Some((0, 0.35)));
        assert_eq!(likeliest(&linking, &[], near), None);
    }
}
