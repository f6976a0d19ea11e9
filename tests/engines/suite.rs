//! What every engine has to do, whoever wrote it: `engine_suite!` makes a test of each case.
//!
//! The model is a tiny one with random weights, and the measure is the same model written down
//! plainly in `f64`, and for the bundled model the scores of the native engine in f32.

use std::collections::BTreeMap;

use dixit_encoder::{EncoderError, Engine, Model, Precision, Weights, Window};
use rayon::prelude::*;

/// Makes the engine under test.
pub type Make = dyn Fn(&Weights<'_>) -> Result<Box<dyn Engine>, EncoderError> + Sync;

/// How far an engine may be from the plain model, and its scores from those of native f32.
#[derive(Clone, Copy)]
pub struct Tolerance {
    pub vectors: f64,
    pub scores: f32,
}

/// 32-bit engines agree to this.
pub const F32: Tolerance = Tolerance {
    vectors: 2e-5,
    scores: 1e-4,
};

const HIDDEN: usize = 64;
const HEAD: usize = 32;
const INNER: usize = 96;
const LAYERS: usize = 2;
const WORDS: usize = 50;
const POSITIONS: usize = 40;
const TYPES: usize = 16;

/// Tests of all cases; the first argument is a [`Make`], the second its [`Tolerance`].
#[macro_export]
macro_rules! engine_suite {
    ($make:expr, $tolerance:expr) => {
        #[test]
        fn vectors_are_those_of_the_model_written_plainly() {
            $crate::suite::parity(&$make, $tolerance);
        }
        #[test]
        fn many_at_once_give_what_single_ones_give() {
            $crate::suite::batch(&$make);
        }
        #[test]
        fn the_longest_window_is_read_and_a_longer_one_refused() {
            $crate::suite::longest(&$make, $tolerance);
        }
        #[test]
        fn an_empty_window_is_refused_and_an_empty_text_read() {
            $crate::suite::empty(&$make);
        }
        #[test]
        fn some_rows_are_those_of_all() {
            $crate::suite::rows(&$make);
        }
        #[test]
        fn what_the_model_does_not_know_is_refused() {
            $crate::suite::unknown(&$make);
        }
        #[test]
        fn what_is_wrong_with_the_weights_is_named() {
            $crate::suite::broken(&$make);
        }
        #[test]
        fn the_bundled_model_scores_as_native_f32_does() {
            $crate::suite::bundled(&$make, $tolerance);
        }
    };
}

/// As the macro's first case says, and so on.
pub fn parity(make: &Make, tolerance: Tolerance) {
    let tensors = tiny();
    let engine = engine(make, &tensors);
    assert_eq!(
        (engine.hidden_size(), engine.max_pieces()),
        (HIDDEN, POSITIONS)
    );
    for pieces in [1, 2, 3, 17, POSITIONS - 1] {
        agree(engine.as_ref(), &tensors, pieces, tolerance);
    }
}

pub fn batch(make: &Make) {
    let engine = engine(make, &tiny());
    let windows: Vec<Window> = (0..60).map(|at| window(1 + at * 7 % POSITIONS)).collect();
    let single: Vec<_> = windows.iter().map(|w| engine.encode(w).unwrap()).collect();
    let many: Vec<_> = windows
        .par_iter()
        .map(|w| engine.encode(w).unwrap())
        .collect();
    // The same bits, so that results do not depend on how many read at once.
    assert!(single == many);
}

pub fn longest(make: &Make, tolerance: Tolerance) {
    let tensors = tiny();
    let engine = engine(make, &tensors);
    agree(engine.as_ref(), &tensors, POSITIONS, tolerance);
    let message = engine
        .encode(&window(POSITIONS + 1))
        .unwrap_err()
        .to_string();
    assert!(message.contains("from 1 to 40"), "{message}");
}

pub fn empty(make: &Make) {
    let engine = engine(make, &tiny());
    let message = engine.encode(&Window::default()).unwrap_err().to_string();
    assert!(message.contains("0 pieces"), "{message}");
    let model = Model::bundled_on(make).unwrap();
    for text in ["", " \r\n\t\u{a0}"] {
        let reading = model.read(model.pieces(text).unwrap()).unwrap();
        assert_eq!(reading.scores.ner.nrows(), 0);
    }
}

pub fn rows(make: &Make) {
    let engine = engine(make, &tiny());
    let all = engine.encode(&window(23)).unwrap();
    for rows in [&[][..], &[22], &[0, 3, 4, 9, 10, 11], &[5, 1, 5]] {
        let some = engine.encode_rows(&window(23), rows).unwrap();
        let wanted = all.select(ndarray::Axis(0), rows);
        assert!(some == wanted, "{rows:?}");
    }
    let message = engine
        .encode_rows(&window(23), &[23])
        .unwrap_err()
        .to_string();
    assert!(message.contains("piece 23"), "{message}");
}

pub fn unknown(make: &Make) {
    let engine = engine(make, &tiny());
    let message = |window: &Window| engine.encode(window).unwrap_err().to_string();
    let mut wrong = window(3);
    wrong.types.pop();
    assert!(message(&wrong).contains("2 token types"));
    wrong.types.push(TYPES as u8);
    assert!(message(&wrong).contains("token type 16"));
    wrong.types[2] = 0;
    wrong.ids[1] = WORDS as u32;
    assert!(message(&wrong).contains("piece 1 of the window has the id 50"));
}

pub fn broken(make: &Make) {
    let refused = |change: &dyn Fn(&mut Tensors)| {
        let mut tensors = tiny();
        change(&mut tensors);
        let bytes = file(&tensors);
        let weights = Weights::from_safetensors(&bytes).unwrap();
        make(&weights).err().expect("an error").to_string()
    };
    for name in tiny().keys() {
        let message = refused(&|tensors| drop(tensors.remove(name)));
        assert!(message.contains(name.as_str()), "{name}: {message}");
    }
    let name = "encoder.layer.1.output.dense.weight";
    let message = refused(&|tensors| tensors.get_mut(name).unwrap().0 = vec![INNER, HIDDEN]);
    assert!(
        message.contains(name) && message.contains("[96, 64]"),
        "{message}"
    );
    let name = "encoder.layer.0.output.LayerNorm.bias";
    let message = refused(&|tensors| tensors.get_mut(name).unwrap().1[3] = f32::INFINITY);
    assert!(message.contains(name), "{message}");
}

pub fn bundled(make: &Make, tolerance: Tolerance) {
    let native = Model::bundled(Precision::F32).unwrap();
    let model = Model::bundled_on(make).unwrap();
    let short = "“We’ll open in May,” Zoë O’Hara-Lind told NATO’s envoy — in Lindhaven 😀.\r\n";
    // Several windows.
    let long = format!("{short}The mayor, Piet Haak, denied it. ").repeat(30);
    for text in ["No.", short, &long] {
        let expected = native.read(native.pieces(text).unwrap()).unwrap().scores;
        let scores = model.read(model.pieces(text).unwrap()).unwrap().scores;
        let mut worst = 0f32;
        for (found, wanted) in [
            (&scores.ner, &expected.ner),
            (&scores.roles, &expected.roles),
            (&scores.content_mode, &expected.content_mode),
            (&scores.cue_mode, &expected.cue_mode),
        ] {
            assert_eq!(found.dim(), wanted.dim());
            for (a, b) in found.iter().zip(wanted) {
                worst = worst.max((a - b).abs());
            }
        }
        for (a, b) in scores.direct.iter().zip(&expected.direct) {
            worst = worst.max((a - b).abs());
        }
        println!("{} words, {worst:e} at most", scores.ner.nrows());
        assert!(worst <= tolerance.scores, "{worst}");
    }
}

fn engine(make: &Make, tensors: &Tensors) -> Box<dyn Engine> {
    let bytes = file(tensors);
    make(&Weights::from_safetensors(&bytes).unwrap()).unwrap()
}

fn agree(engine: &dyn Engine, tensors: &Tensors, pieces: usize, tolerance: Tolerance) {
    let window = window(pieces);
    let vectors = engine.encode(&window).unwrap();
    let plain = Plain(tensors).encode(&window);
    assert_eq!(vectors.dim(), (plain.len(), HIDDEN));
    for (row, plain) in vectors.rows().into_iter().zip(&plain) {
        for (&x, y) in row.iter().zip(plain) {
            let off = (f64::from(x) - y).abs();
            assert!(off < tolerance.vectors, "{pieces} pieces: {off:e}");
        }
    }
}

/// A window of so many pieces.
fn window(pieces: usize) -> Window {
    Window {
        ids: (0..pieces)
            .map(|at| (at * 31 + pieces) as u32 % WORDS as u32)
            .collect(),
        types: (0..pieces)
            .map(|at| (at * 5 + pieces) as u8 % TYPES as u8)
            .collect(),
    }
}

type Tensors = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// The tiny model.
fn tiny() -> Tensors {
    let mut tensors = Tensors::new();
    let mut add = |name: String, shape: &[usize], size: f32, centre: f32| {
        let mut state = name
            .bytes()
            .fold(11u64, |h, b| h.wrapping_mul(0x100_0193) ^ u64::from(b));
        let numbers = (0..shape.iter().product()).map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            centre + size * ((state >> 40) as f32 / (1u64 << 23) as f32 - 1.0)
        });
        let numbers: Vec<f32> = numbers.collect();
        tensors.insert(name, (shape.to_vec(), numbers));
    };
    for (name, rows) in [
        ("word", WORDS),
        ("position", POSITIONS),
        ("token_type", TYPES),
    ] {
        add(
            format!("embeddings.{name}_embeddings.weight"),
            &[rows, HIDDEN],
            1.0,
            0.0,
        );
    }
    let mut norms = vec!["embeddings".to_owned()];
    for layer in 0..LAYERS {
        let prefix = format!("encoder.layer.{layer}");
        for (name, outputs, inputs) in [
            ("attention.self.query", HIDDEN, HIDDEN),
            ("attention.self.key", HIDDEN, HIDDEN),
            ("attention.self.value", HIDDEN, HIDDEN),
            ("attention.output.dense", HIDDEN, HIDDEN),
            ("intermediate.dense", INNER, HIDDEN),
            ("output.dense", HIDDEN, INNER),
        ] {
            add(
                format!("{prefix}.{name}.weight"),
                &[outputs, inputs],
                0.25,
                0.0,
            );
            add(format!("{prefix}.{name}.bias"), &[outputs], 0.25, 0.0);
        }
        norms.extend(["attention.output", "output"].map(|part| format!("{prefix}.{part}")));
    }
    for name in norms {
        add(format!("{name}.LayerNorm.weight"), &[HIDDEN], 0.3, 1.0);
        add(format!("{name}.LayerNorm.bias"), &[HIDDEN], 0.3, 0.0);
    }
    tensors
}

/// Tensors as a safetensors file: the length of a JSON header, the header, the numbers.
fn file(tensors: &Tensors) -> Vec<u8> {
    let (mut entries, mut bytes) = (Vec::new(), Vec::new());
    for (name, (shape, numbers)) in tensors {
        let from = bytes.len();
        bytes.extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
        let to = bytes.len();
        entries.push(format!(
            "\"bert.{name}\":{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{from},{to}]}}"
        ));
    }
    let header = format!("{{{}}}", entries.join(","));
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(bytes);
    file
}

type Rows = Vec<Vec<f64>>;

/// BERT, with nothing in it but what the paper says (Devlin et al. 2019).
struct Plain<'a>(&'a Tensors);

impl Plain<'_> {
    fn get(&self, name: &str) -> &[f32] {
        &self.0[name].1
    }

    fn encode(&self, window: &Window) -> Rows {
        let row = |table: &str, at: usize| -> Vec<f64> {
            let table = self.get(&format!("embeddings.{table}_embeddings.weight"));
            table[at * HIDDEN..][..HIDDEN]
                .iter()
                .map(|&x| f64::from(x))
                .collect()
        };
        let mut x: Rows = Vec::new();
        for (at, (&id, &kind)) in window.ids.iter().zip(&window.types).enumerate() {
            let sum = sum(&row("word", id as usize), &row("position", at));
            x.push(self.norm(
                "embeddings",
                &self::sum(&sum, &row("token_type", kind.into())),
            ));
        }
        for layer in 0..LAYERS {
            let name = format!("encoder.layer.{layer}");
            let context = self.attention(&name, &x);
            x = self.block(&format!("{name}.attention.output"), &x, &context);
            let middle: Rows = x
                .iter()
                .map(|row| self.linear(&format!("{name}.intermediate.dense"), row))
                .map(|row| {
                    row.into_iter()
                        .map(|x| x * 0.5 * (1.0 + erf(x / 2f64.sqrt())))
                        .collect()
                })
                .collect();
            x = self.block(&format!("{name}.output"), &x, &middle);
        }
        x
    }

    /// The residual connection and its norm.
    fn block(&self, name: &str, x: &Rows, inner: &Rows) -> Rows {
        let dense = format!("{name}.dense");
        let rows = x.iter().zip(inner);
        rows.map(|(x, inner)| self.norm(name, &sum(x, &self.linear(&dense, inner))))
            .collect()
    }

    fn attention(&self, name: &str, x: &Rows) -> Rows {
        let [queries, keys, values] = ["query", "key", "value"].map(|part| -> Rows {
            let name = format!("{name}.attention.self.{part}");
            x.iter().map(|row| self.linear(&name, row)).collect()
        });
        let mut out = vec![vec![0.0; HIDDEN]; x.len()];
        for head in (0..HIDDEN).step_by(HEAD) {
            for (query, out) in queries.iter().zip(&mut out) {
                let weights = keys.iter().map(|key| {
                    let product: f64 = (head..head + HEAD).map(|i| query[i] * key[i]).sum();
                    (product / (HEAD as f64).sqrt()).exp()
                });
                let weights: Vec<f64> = weights.collect();
                let all: f64 = weights.iter().sum();
                for (value, weight) in values.iter().zip(&weights) {
                    (head..head + HEAD).for_each(|i| out[i] += value[i] * weight / all);
                }
            }
        }
        out
    }

    fn linear(&self, name: &str, row: &[f64]) -> Vec<f64> {
        let bias = self.get(&format!("{name}.bias"));
        let weights = self.get(&format!("{name}.weight")).chunks(row.len());
        let product =
            |w: &[f32]| -> f64 { row.iter().zip(w).map(|(x, &w)| x * f64::from(w)).sum() };
        weights
            .zip(bias)
            .map(|(w, &b)| product(w) + f64::from(b))
            .collect()
    }

    fn norm(&self, name: &str, row: &[f64]) -> Vec<f64> {
        let scale = self.get(&format!("{name}.LayerNorm.weight"));
        let shift = self.get(&format!("{name}.LayerNorm.bias"));
        let size = row.len() as f64;
        let mean = row.iter().sum::<f64>() / size;
        let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / size;
        let scaled = row.iter().map(|x| (x - mean) / (variance + 1e-12).sqrt());
        let moved = scaled.zip(scale.iter().zip(shift));
        moved
            .map(|(x, (&a, &b))| x * f64::from(a) + f64::from(b))
            .collect()
    }
}

fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// The error function, by its Taylor series where that converges fast, else 1.
fn erf(x: f64) -> f64 {
    if x.abs() > 5.5 {
        return x.signum();
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}
