//! From the scores of words to names, whatever the scheme of the labels.

use dixit_document::{Label, NamedEntity, Span};
use ndarray::{ArrayView1, ArrayView2};

use crate::labels::{LabelMap, Part};

/// A name that is still being read.
struct Open {
    name: NamedEntity,
    /// The word ends the name, so that the next one cannot go on with it.
    closed: bool,
}

impl LabelMap {
    /// How many labels there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether there are no labels.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The names in a text: each word has its likeliest label, and words make a name as far as
    /// their labels allow it. Labels that a strict scheme forbids (a name that goes on without
    /// having begun) are read as CoNLL-2003's own scorer reads them, since models give them.
    ///
    /// `words` are in text order, `scores` is `[words, labels]` before the softmax. A name's
    /// confidence is the least likelihood, over its words, of being part of a name of its type.
    /// Words or scores without a counterpart are left out, and a blank line ends a name.
    #[must_use]
    pub fn decode(
        &self,
        text: &str,
        words: &[Span],
        scores: ArrayView2<'_, f32>,
    ) -> Vec<NamedEntity> {
        let mut names = Vec::new();
        let mut open: Option<Open> = None;
        if scores.ncols() != self.tags.len() {
            return names;
        }
        for (&span, row) in words.iter().zip(scores.rows()) {
            let Some((part, label, confidence)) = self.tag(row) else {
                names.extend(open.take().map(|open| open.name));
                continue;
            };
            let begins = matches!(part, Part::Begin | Part::Single);
            let closed = matches!(part, Part::End | Part::Single);
            match &mut open {
                Some(open)
                    if !begins
                        && !open.closed
                        && open.name.label == label
                        && !blank_line(text, open.name.span.end(), span.start()) =>
                {
                    open.name.span = open.name.span.cover(span);
                    open.name.confidence = open.name.confidence.min(confidence);
                    open.closed = closed;
                }
                _ => {
                    let name = NamedEntity {
                        span,
                        label,
                        confidence,
                    };
                    let before = open.replace(Open { name, closed });
                    names.extend(before.map(|open| open.name));
                }
            }
        }
        names.extend(open.map(|open| open.name));
        names
    }

    /// The likeliest label of a word, unless it stands for no name, and how likely the word is
    /// part of such a name.
    fn tag(&self, scores: ArrayView1<'_, f32>) -> Option<(Part, Label, f32)> {
        let mut best = 0;
        for (at, &score) in scores.iter().enumerate() {
            if score > scores[best] {
                best = at;
            }
        }
        let (part, label) = (*self.tags.get(best)?)?;
        let top = scores[best];
        let (mut all, mut same) = (0.0, 0.0);
        for (&score, tag) in scores.iter().zip(&self.tags) {
            let likely = (score - top).exp();
            all += likely;
            if tag.is_some_and(|(_, other)| other == label) {
                same += likely;
            }
        }
        let confidence: f32 = same / all;
        let confidence = if confidence.is_finite() {
            confidence
        } else {
            0.0
        };
        Some((part, label, confidence.min(1.0)))
    }
}

/// Whether a paragraph ends in between.
fn blank_line(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to)
        .is_some_and(|between| between.matches('\n').count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LabelNames;
    use ndarray::Array2;
    use proptest::prelude::*;

    const LABELS: [&str; 10] = [
        "O", "B-PER", "I-PER", "E-PER", "S-PER", "B-ORG", "I-ORG", "LOC", "U-LOC", "DATE",
    ];

    fn words(text: &str) -> Vec<Span> {
        let mut words = Vec::new();
        let mut start = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            let end = start + word.trim_end().len();
            if end > start {
                words.push(Span::new(start, end));
            }
            start += word.len();
        }
        words
    }

    /// Decodes words that have the given labels for certain.
    fn named<'t>(text: &'t str, labels: &[&str]) -> Vec<(&'t str, Label)> {
        let map = LabelMap::new(&LABELS, &LabelNames::default()).unwrap();
        let words = words(text);
        let mut scores = Array2::zeros((words.len(), LABELS.len()));
        for (word, label) in labels.iter().enumerate() {
            scores[[word, LABELS.iter().position(|l| l == label).unwrap()]] = 9.0;
        }
        let names = map.decode(text, &words, scores.view());
        names
            .iter()
            .map(|name| (name.span.of(text), name.label))
            .collect()
    }

    #[test]
    fn every_scheme_gives_names() {
        use Label::{Loc, Org, Per};
        let text = "Zoë “Zo” Brand Piet Haak met";
        let brand = ("Zoë “Zo” Brand", Per);
        let haak = ("Piet Haak", Per);
        for labels in [
            ["B-PER", "I-PER", "I-PER", "B-PER", "I-PER", "O"],
            ["I-PER", "I-PER", "I-PER", "B-PER", "I-PER", "O"],
            ["B-PER", "I-PER", "E-PER", "B-PER", "E-PER", "O"],
            ["B-PER", "I-PER", "E-PER", "I-PER", "I-PER", "DATE"],
        ] {
            assert_eq!(named(text, &labels), [brand, haak], "{labels:?}");
        }
        let labels = ["S-PER", "S-PER", "B-ORG", "I-PER", "LOC", "LOC"];
        let expected = [
            ("Zoë", Per),
            ("“Zo”", Per),
            ("Brand", Org),
            ("Piet", Per),
            ("Haak met", Loc),
        ];
        assert_eq!(named(text, &labels), expected);
        let labels = ["U-LOC", "U-LOC", "O", "O", "O", "I-ORG"];
        let expected = [("Zoë", Loc), ("“Zo”", Loc), ("met", Org)];
        assert_eq!(named(text, &labels), expected);
    }

    #[test]
    fn paragraphs_end_names_and_lines_do_not() {
        let labels = ["I-PER", "I-PER", "I-PER"];
        let one = named("Zoë\r\nBrand Haak", &labels);
        assert_eq!(one, [("Zoë\r\nBrand Haak", Label::Per)]);
        let two = named("Zoë Brand\r\n\r\nHaak", &labels);
        assert_eq!(two, [("Zoë Brand", Label::Per), ("Haak", Label::Per)]);
    }

    #[test]
    fn confidence_is_that_of_the_least_certain_word() {
        let map = LabelMap::new(&["O", "B-PER", "I-PER"], &LabelNames::default()).unwrap();
        let scores = ndarray::arr2(&[[0.0, 2.0, 0.0], [0.0, 0.0, 1.0]]);
        let words = [Span::new(0, 1), Span::new(2, 3)];
        let names = map.decode("a b", &words, scores.view());
        let e = std::f32::consts::E;
        assert_eq!(names.len(), 1);
        assert!((names[0].confidence - (1.0 + e) / (2.0 + e)).abs() < 1e-6);
        // Numbers that are none give no name that anybody relies on.
        let broken = ndarray::arr2(&[[0.0, f32::INFINITY, f32::NAN]]);
        let names = map.decode("a", &words[..1], broken.view());
        assert!(names.iter().all(|name| name.confidence == 0.0));
    }

    proptest! {
        #[test]
        fn names_are_whole_words_in_order(
            labels in proptest::collection::vec(0usize..LABELS.len(), 0..40),
            wide in 1usize..9,
        ) {
            let text = "é ".repeat(labels.len());
            let words = words(&text);
            let map = LabelMap::new(&LABELS, &LabelNames::default()).unwrap();
            let mut scores = Array2::zeros((labels.len(), LABELS.len()));
            for (word, &label) in labels.iter().enumerate() {
                scores[[word, label]] = wide as f32;
            }
            let names = map.decode(&text, &words, scores.view());
            let mut covered = 0;
            let mut from = 0;
            for name in &names {
                prop_assert!(name.span.start() >= from);
                prop_assert!((0.0..=1.0).contains(&name.confidence));
                let inside: Vec<_> =
                    words.iter().filter(|word| name.span.contains(**word)).collect();
                prop_assert_eq!(inside[0].start(), name.span.start());
                prop_assert_eq!(inside[inside.len() - 1].end(), name.span.end());
                covered += inside.len();
                from = name.span.end();
            }
            let tagged = labels.iter().filter(|&&label| map.tags[label].is_some()).count();
            prop_assert_eq!(covered, tagged);
        }
    }
}
