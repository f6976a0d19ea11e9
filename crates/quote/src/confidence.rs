//! How likely an attribution is right: a logistic regression on what the model says of its parts.

use dixit_encoder::Chunk;

/// What is known of an attribution.
pub(crate) struct Signs<'a> {
    pub contents: &'a [Chunk],
    pub cue: Option<&'a Chunk>,
    pub source: Option<&'a Chunk>,
    /// How likely the mode that it is given is.
    pub mode: f32,
    /// How likely the content is the speaker's own words.
    pub direct: f32,
}

const SIGNS: usize = 9;

/// Weights of the signs and, last, of nothing: fitted on `polnear-speakers.dev` with an earlier
/// model, the last anew with the bundled one; BENCHMARKS.md has the calibration as it is.
const WEIGHTS: [f32; SIGNS + 1] = [
    0.2365, 0.2357, 0.4945, 0.1245, 0.2102, 0.0721, 0.3575, -0.0074, -0.0337, -1.9479,
];

impl Signs<'_> {
    fn values(&self) -> [f32; SIGNS] {
        let body = |chunk: Option<&Chunk>| chunk.map_or(0.0, |chunk| log_odds(chunk.body));
        let least = |of: fn(&Chunk) -> f32| self.contents.iter().map(of).fold(1.0, f32::min);
        let words: usize = self.contents.iter().map(|c| c.last + 1 - c.first).sum();
        [
            log_odds(least(|c| c.body)),
            log_odds(least(|c| c.exact)),
            f32::from(u8::from(self.cue.is_some())),
            body(self.cue),
            f32::from(u8::from(self.source.is_some())),
            body(self.source),
            log_odds(self.mode),
            (words as f32).ln(),
            log_odds(self.direct),
        ]
    }

    /// From 0 to 1.
    pub(crate) fn confidence(&self) -> f32 {
        let values = self.values();
        let sum: f32 = values.iter().zip(&WEIGHTS).map(|(v, w)| v * w).sum();
        let sum = sum + WEIGHTS[SIGNS];
        1.0 / (1.0 + (-sum).exp())
    }
}

/// The logarithm of the odds, kept within ±6.
fn log_odds(p: f32) -> f32 {
    let p = p.clamp(0.0025, 0.9975);
    (p / (1.0 - p)).ln()
}
