//! A tiny model with random weights against the same model written plainly in f64.

use std::collections::BTreeMap;

use safetensors::{Dtype, tensor::TensorView};

use super::kernels::tests::noise;
use super::*;

const HIDDEN: usize = 64;
const INNER: usize = 96;
const LAYERS: usize = 2;
const WORDS: usize = 50;
const POSITIONS: usize = 40;
const TYPES: usize = 4;

type Tensors = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

fn tiny() -> Tensors {
    let mut tensors = Tensors::new();
    let mut add = |name: &str, shape: &[usize], size: f32, centre: f32| {
        let seed = name
            .bytes()
            .fold(7u64, |hash, b| hash.wrapping_mul(31) + u64::from(b));
        let numbers = noise(shape.iter().product(), seed);
        let numbers = numbers.iter().map(|x| x * size + centre).collect();
        tensors.insert(name.to_owned(), (shape.to_vec(), numbers));
    };
    for (name, rows) in [
        ("word", WORDS),
        ("position", POSITIONS),
        ("token_type", TYPES),
    ] {
        add(
            &format!("embeddings.{name}_embeddings.weight"),
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
                &format!("{prefix}.{name}.weight"),
                &[outputs, inputs],
                0.25,
                0.0,
            );
            add(&format!("{prefix}.{name}.bias"), &[outputs], 0.25, 0.0);
        }
        norms.extend(["attention.output", "output"].map(|part| format!("{prefix}.{part}")));
    }
    for name in norms {
        add(&format!("{name}.LayerNorm.weight"), &[HIDDEN], 0.3, 1.0);
        add(&format!("{name}.LayerNorm.bias"), &[HIDDEN], 0.3, 0.0);
    }
    tensors
}

fn file(tensors: &Tensors) -> Vec<u8> {
    let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
        .iter()
        .map(|(name, (shape, numbers))| {
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            (format!("bert.{name}"), shape.clone(), bytes)
        })
        .collect();
    let views = bytes.iter().map(|(name, shape, bytes)| {
        (
            name,
            TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap(),
        )
    });
    safetensors::serialize(views, None).unwrap()
}

/// The model in plain f64.
struct Reference<'a>(&'a Tensors);

impl Reference<'_> {
    fn get(&self, name: &str) -> &[f32] {
        &self.0[name].1
    }

    fn linear(&self, name: &str, rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let weights = self.get(&format!("{name}.weight"));
        let bias = self.get(&format!("{name}.bias"));
        let dot = |row: &[f64], w: &[f32]| -> f64 {
            row.iter().zip(w).map(|(x, &w)| x * f64::from(w)).sum()
        };
        rows.iter()
            .map(|row| {
                let products = weights.chunks(row.len()).map(|w| dot(row, w));
                products.zip(bias).map(|(x, &b)| x + f64::from(b)).collect()
            })
            .collect()
    }

    fn norm(&self, name: &str, rows: &[Vec<f64>], update: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let scale = self.get(&format!("{name}.LayerNorm.weight"));
        let shift = self.get(&format!("{name}.LayerNorm.bias"));
        rows.iter()
            .zip(update)
            .map(|(row, update)| {
                let row: Vec<f64> = row.iter().zip(update).map(|(a, b)| a + b).collect();
                let mean = row.iter().sum::<f64>() / row.len() as f64;
                let variance =
                    row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / row.len() as f64;
                let row = row.iter().map(|x| (x - mean) / (variance + 1e-12).sqrt());
                row.zip(scale.iter().zip(shift))
                    .map(|(x, (&a, &b))| x * f64::from(a) + f64::from(b))
                    .collect()
            })
            .collect()
    }

    fn attention(&self, prefix: &str, x: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let [query, key, value] = ["query", "key", "value"]
            .map(|part| self.linear(&format!("{prefix}.attention.self.{part}"), x));
        let mut out = vec![vec![0.0; HIDDEN]; x.len()];
        for head in 0..HIDDEN / 32 {
            let part = head * 32..(head + 1) * 32;
            for (query, out) in query.iter().zip(&mut out) {
                let scores: Vec<f64> = key
                    .iter()
                    .map(|key| part.clone().map(|i| query[i] * key[i]).sum::<f64>() / 32f64.sqrt())
                    .map(f64::exp)
                    .collect();
                let sum: f64 = scores.iter().sum();
                for (score, value) in scores.iter().zip(&value) {
                    part.clone().for_each(|i| out[i] += score / sum * value[i]);
                }
            }
        }
        out
    }

    fn encode(&self, window: &Window) -> Vec<Vec<f64>> {
        let row = |name: &str, row: usize| -> Vec<f64> {
            let table = self.get(&format!("embeddings.{name}.weight"));
            table[row * HIDDEN..(row + 1) * HIDDEN]
                .iter()
                .map(|&x| f64::from(x))
                .collect()
        };
        let words: Vec<_> = window
            .ids
            .iter()
            .map(|&id| row("word_embeddings", id as usize))
            .collect();
        let others: Vec<Vec<f64>> = (0..window.ids.len())
            .map(|at| {
                let kind = row("token_type_embeddings", usize::from(window.types[at]));
                row("position_embeddings", at)
                    .iter()
                    .zip(kind)
                    .map(|(a, b)| a + b)
                    .collect()
            })
            .collect();
        let mut x = self.norm("embeddings", &words, &others);
        for layer in 0..LAYERS {
            let prefix = format!("encoder.layer.{layer}");
            let context = self.attention(&prefix, &x);
            let update = self.linear(&format!("{prefix}.attention.output.dense"), &context);
            x = self.norm(&format!("{prefix}.attention.output"), &x, &update);
            let mut middle = self.linear(&format!("{prefix}.intermediate.dense"), &x);
            middle
                .iter_mut()
                .flatten()
                .for_each(|x| *x *= 0.5 * (1.0 + erf(*x / 2f64.sqrt())));
            let update = self.linear(&format!("{prefix}.output.dense"), &middle);
            x = self.norm(&format!("{prefix}.output"), &x, &update);
        }
        x
    }
}

/// The error function by its Taylor series, enough terms for |x| < 5.
fn erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

fn window(pieces: usize) -> Window {
    Window {
        ids: (0..pieces).map(|i| (i * 17 % WORDS) as u32).collect(),
        types: (0..pieces).map(|i| (i * 3 % TYPES) as u8).collect(),
    }
}

/// The largest difference from the reference.
fn worst(engine: &NativeEngine, tensors: &Tensors, pieces: usize) -> f64 {
    let exact = Reference(tensors).encode(&window(pieces));
    let vectors = engine.encode(&window(pieces)).unwrap();
    assert_eq!(vectors.dim(), (pieces, HIDDEN));
    let differences = vectors.iter().zip(exact.iter().flatten());
    differences
        .map(|(&a, b)| (f64::from(a) - b).abs())
        .fold(0.0, f64::max)
}

#[test]
fn f32_gives_the_reference_on_every_instruction_set() {
    let tensors = tiny();
    let bytes = file(&tensors);
    let weights = Weights::from_safetensors(&bytes).unwrap();
    for isa in Isa::available() {
        let engine = NativeEngine::for_isa(&weights, Precision::F32, isa).unwrap();
        for pieces in [1, 2, 7, 16, 33, POSITIONS] {
            let worst = worst(&engine, &tensors, pieces);
            assert!(worst < 2e-5, "{isa:?}, {pieces} pieces: {worst}");
        }
    }
}

/// 8 bits lose something, but on every instruction set the same: they agree with one another
/// much better than with the reference.
#[test]
fn int8_is_near_the_reference_and_alike_on_every_instruction_set() {
    let tensors = tiny();
    let bytes = file(&tensors);
    let weights = Weights::from_safetensors(&bytes).unwrap();
    for pieces in [1, 7, POSITIONS] {
        for isa in Isa::available() {
            let engine = NativeEngine::for_isa(&weights, Precision::Int8, isa).unwrap();
            let worst = worst(&engine, &tensors, pieces);
            assert!(worst < 0.1, "{isa:?}, {pieces} pieces: {worst}");
            let vectors = engine.encode(&window(pieces)).unwrap();
            let portable =
                NativeEngine::for_isa(&weights, Precision::Int8, isa.portable()).unwrap();
            let portable = portable.encode(&window(pieces)).unwrap();
            let differences = vectors
                .iter()
                .zip(portable.iter())
                .map(|(a, b)| (a - b).abs());
            let worst = differences.fold(0.0, f32::max);
            assert!(worst < 0.03, "{isa:?}, {pieces} pieces: {worst}");
        }
    }
}

/// Weights that are stored in 8 bits are used as they are, and stand for the same in f32.
#[test]
fn stored_8_bit_weights_are_used_as_they_are() {
    let mut tensors = tiny();
    let mut stored = Vec::new();
    for (name, (shape, numbers)) in &mut tensors {
        if shape.len() == 1 {
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            stored.push((name.clone(), Dtype::F32, shape.clone(), bytes));
            continue;
        }
        let (mut bytes, mut scales) = (Vec::new(), Vec::new());
        for row in numbers.chunks_mut(shape[1]) {
            let scale = row.iter().fold(0.0f32, |a, x| a.max(x.abs())) / 127.0;
            for x in row {
                let q = (*x / scale).round() as i8;
                *x = f32::from(q) * scale;
                bytes.extend(q.to_le_bytes());
            }
            scales.extend(scale.to_le_bytes());
        }
        stored.push((name.clone(), Dtype::I8, shape.clone(), bytes));
        stored.push((format!("{name}.scale"), Dtype::F32, vec![shape[0]], scales));
    }
    let views = stored.iter().map(|(name, dtype, shape, bytes)| {
        (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    let bytes = safetensors::serialize(views, None).unwrap();
    let weights = Weights::from_safetensors(&bytes).unwrap();
    let engine = NativeEngine::from_weights(&weights, Precision::F32).unwrap();
    assert!(worst(&engine, &tensors, 30) < 2e-5);
    let engine = NativeEngine::from_weights(&weights, Precision::Int8).unwrap();
    assert!(worst(&engine, &tensors, 30) < 0.1);
}

#[test]
fn a_window_gives_the_same_bits_after_others() {
    let bytes = file(&tiny());
    let weights = Weights::from_safetensors(&bytes).unwrap();
    for precision in [Precision::F32, Precision::Int8] {
        let engine = NativeEngine::from_weights(&weights, precision).unwrap();
        let first = engine.encode(&window(9)).unwrap();
        engine.encode(&window(POSITIONS)).unwrap();
        engine.encode(&window(1)).unwrap();
        assert_eq!(engine.encode(&window(9)).unwrap(), first);
    }
}

#[test]
fn some_rows_are_the_same_bits_as_of_all() {
    let bytes = file(&tiny());
    let weights = Weights::from_safetensors(&bytes).unwrap();
    for precision in [Precision::F32, Precision::Int8] {
        let engine = NativeEngine::from_weights(&weights, precision).unwrap();
        let all = engine.encode(&window(23)).unwrap();
        for rows in [
            &[][..],
            &[22],
            &[0, 3, 4, 9, 10, 11, 12, 13, 17],
            &[5, 1, 5],
        ] {
            let some = engine.encode_rows(&window(23), rows).unwrap();
            assert_eq!(some, all.select(ndarray::Axis(0), rows));
        }
        let error = engine.encode_rows(&window(23), &[23]).unwrap_err();
        assert!(error.to_string().contains("piece 23"));
    }
}

#[test]
fn what_the_model_does_not_know_is_refused() {
    let bytes = file(&tiny());
    let weights = Weights::from_safetensors(&bytes).unwrap();
    let engine = NativeEngine::from_weights(&weights, Precision::F32).unwrap();
    assert_eq!(
        (engine.hidden_size(), engine.max_pieces()),
        (HIDDEN, POSITIONS)
    );
    let message = |window: &Window| engine.encode(window).unwrap_err().to_string();
    assert!(message(&window(0)).contains("from 1 to 40"));
    assert!(message(&window(POSITIONS + 1)).contains("from 1 to 40"));
    let mut wrong = window(3);
    wrong.types.pop();
    assert!(message(&wrong).contains("2 token types"));
    wrong.types.push(TYPES as u8);
    assert!(message(&wrong).contains("token type 4"));
    wrong.types[2] = 0;
    wrong.ids[1] = WORDS as u32;
    assert!(message(&wrong).contains("piece 1 of the window has the id 50"));
}

#[test]
fn what_is_wrong_with_the_weights_is_named() {
    let refused = |change: &dyn Fn(&mut Tensors)| {
        let mut tensors = tiny();
        change(&mut tensors);
        let bytes = file(&tensors);
        let weights = Weights::from_safetensors(&bytes).unwrap();
        NativeEngine::from_weights(&weights, Precision::Int8)
            .err()
            .unwrap()
            .to_string()
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
