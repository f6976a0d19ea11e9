//! The encoder's weights, checked and packed.

use super::Precision;
use super::kernels::{
    After, Blocks, Buffer, HEAD, Isa, MOST_INPUTS, Packed, PackedIntegers, PackedPairs,
    QUERY_SCALE, Quantised,
};
use crate::EncoderError;
use crate::weights::{Matrix, Weights};

/// All that the forward pass reads.
pub(super) struct Parameters {
    pub(super) isa: Isa,
    /// Whether the scores of attention are computed in 8-bit integers. They are not where pairs
    /// are: too few inputs go into one for them to be any faster.
    pub(super) integers: bool,
    pub(super) hidden: usize,
    /// The size of the feed-forward layer's middle.
    pub(super) inner: usize,
    pub(super) embeddings: Embeddings,
    pub(super) layers: Vec<Layer>,
}

pub(super) struct Embeddings {
    pub(super) words: Table,
    pub(super) positions: Table,
    pub(super) types: Table,
    pub(super) norm: Norm,
}

pub(super) struct Layer {
    /// Query (already times [`QUERY_SCALE`]), key and value in one product.
    pub(super) qkv: Linear,
    pub(super) out: Linear,
    pub(super) norm: Norm,
    pub(super) up: Linear,
    pub(super) down: Linear,
    pub(super) last_norm: Norm,
}

pub(super) struct Norm {
    pub(super) scale: Buffer<f32>,
    pub(super) shift: Buffer<f32>,
}

/// Rows to be looked up, kept as they are stored.
pub(super) struct Table {
    matrix: Matrix,
    width: usize,
}

/// A product with weights and its bias.
pub(super) struct Linear {
    weights: Product,
    bias: Buffer<f32>,
}

enum Product {
    Real(Packed),
    Integer(PackedIntegers),
    Pairs(PackedPairs),
}

/// Where activations are quantised.
#[derive(Default)]
pub(super) struct Activations {
    rows: Quantised,
    blocks: Blocks,
}

impl Parameters {
    pub(super) fn read(
        weights: &Weights<'_>,
        precision: Precision,
        isa: Isa,
    ) -> Result<Self, EncoderError> {
        let words = "embeddings.word_embeddings.weight";
        let &[_, hidden] = weights.shape(words)? else {
            return Err(EncoderError::Shape(format!(
                "tensor `{words}` has not two dimensions"
            )));
        };
        let up = "encoder.layer.0.intermediate.dense.weight";
        let inner = weights.shape(up)?.first().copied().unwrap_or(0);
        for (name, size) in [(words, hidden), (up, inner)] {
            if size == 0 || !size.is_multiple_of(HEAD) || size > MOST_INPUTS {
                let problem = format!(
                    "its size {size} should be a multiple of {HEAD}, at most {MOST_INPUTS}"
                );
                return Err(EncoderError::Tensor {
                    name: name.to_owned(),
                    problem,
                });
            }
        }
        let table = |name: &str| Table::read(weights, &format!("embeddings.{name}.weight"), hidden);
        let embeddings = Embeddings {
            words: table("word_embeddings")?,
            positions: table("position_embeddings")?,
            types: table("token_type_embeddings")?,
            norm: Norm::read(weights, "embeddings.LayerNorm", hidden)?,
        };
        let reader = Reader {
            weights,
            precision,
            isa,
        };
        let layers = (0..layer_count(weights))
            .map(|index| reader.layer(&format!("encoder.layer.{index}"), hidden, inner))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            isa,
            integers: precision == Precision::Int8 && !isa.has_pairs(),
            hidden,
            inner,
            embeddings,
            layers,
        })
    }
}

/// One more than the highest layer that any tensor belongs to, so that a gap is an error.
fn layer_count(weights: &Weights<'_>) -> usize {
    let index = |name: &str| {
        name.strip_prefix("encoder.layer.")?
            .split('.')
            .next()?
            .parse()
            .ok()
    };
    weights
        .names()
        .filter_map(index)
        .max()
        .map_or(0, |last: usize| last.saturating_add(1))
}

struct Reader<'a> {
    weights: &'a Weights<'a>,
    precision: Precision,
    isa: Isa,
}

impl Reader<'_> {
    fn layer(&self, name: &str, hidden: usize, inner: usize) -> Result<Layer, EncoderError> {
        let part = |part: &str| format!("{name}.{part}");
        let [query, key, value] =
            ["query", "key", "value"].map(|which| part(&format!("attention.self.{which}")));
        Ok(Layer {
            qkv: self.linear(
                &[(&query, QUERY_SCALE), (&key, 1.0), (&value, 1.0)],
                hidden,
                hidden,
            )?,
            out: self.linear(&[(&part("attention.output.dense"), 1.0)], hidden, hidden)?,
            norm: Norm::read(self.weights, &part("attention.output.LayerNorm"), hidden)?,
            up: self.linear(&[(&part("intermediate.dense"), 1.0)], inner, hidden)?,
            down: self.linear(&[(&part("output.dense"), 1.0)], hidden, inner)?,
            last_norm: Norm::read(self.weights, &part("output.LayerNorm"), hidden)?,
        })
    }

    /// Matrices of the same shape, one below the other, each times a factor.
    fn linear(
        &self,
        parts: &[(&str, f32)],
        outputs: usize,
        inputs: usize,
    ) -> Result<Linear, EncoderError> {
        let mut bias = Vec::with_capacity(parts.len() * outputs);
        for &(name, factor) in parts {
            let vector = self.weights.vector(&format!("{name}.bias"), outputs)?;
            bias.extend(vector.iter().map(|b| b * factor));
        }
        let weights = match self.precision {
            Precision::F32 => self.reals(parts, outputs, inputs)?,
            Precision::Int8 => self.integers(parts, outputs, inputs)?,
        };
        Ok(Linear {
            weights,
            bias: Buffer::from_slice(&bias),
        })
    }

    fn reals(
        &self,
        parts: &[(&str, f32)],
        outputs: usize,
        inputs: usize,
    ) -> Result<Product, EncoderError> {
        let mut rows = Vec::with_capacity(parts.len() * outputs * inputs);
        for &(name, factor) in parts {
            let matrix = self
                .weights
                .matrix(&format!("{name}.weight"), outputs, inputs)?;
            rows.extend(matrix.iter().map(|w| w * factor));
        }
        Ok(Product::Real(Packed::new(
            self.isa,
            &rows,
            parts.len() * outputs,
            inputs,
        )))
    }

    fn integers(
        &self,
        parts: &[(&str, f32)],
        outputs: usize,
        inputs: usize,
    ) -> Result<Product, EncoderError> {
        let mut rows = Vec::with_capacity(parts.len() * outputs * inputs);
        let mut scales = Vec::with_capacity(parts.len() * outputs);
        for &(name, factor) in parts {
            match self
                .weights
                .stored_matrix(&format!("{name}.weight"), outputs, inputs)?
            {
                Matrix::Scaled(numbers, factors) => {
                    rows.extend(numbers);
                    scales.extend(factors.iter().map(|scale| scale * factor));
                }
                Matrix::Real(numbers) => {
                    for row in numbers.chunks_exact(inputs) {
                        let scale = quantise(row, &mut rows);
                        scales.push(scale * factor);
                    }
                }
            }
        }
        let outputs = scales.len();
        Ok(if self.isa.has_pairs() {
            Product::Pairs(PackedPairs::new(self.isa, &rows, &scales, outputs, inputs))
        } else {
            let packed = PackedIntegers::new(self.isa, &rows, &scales, outputs, inputs);
            Product::Integer(packed)
        })
    }
}

/// Rounds the weights of one output to whole multiples of a scale, at most 127 of them.
fn quantise(row: &[f32], to: &mut Vec<i8>) -> f32 {
    let largest = row.iter().fold(0.0f32, |a, w| a.max(w.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    to.extend(row.iter().map(|w| (w / scale).round_ties_even() as i8));
    scale
}

impl Linear {
    /// `out = after(a × weights + bias)` for so many rows.
    pub(super) fn apply(
        &self,
        a: &[f32],
        rows: usize,
        out: &mut [f32],
        after: After,
        activations: &mut Activations,
    ) {
        match &self.weights {
            Product::Real(weights) => weights.multiply(a, rows, &self.bias, out, after),
            Product::Integer(weights) => {
                weights.multiply(a, rows, &self.bias, out, after, &mut activations.rows);
            }
            Product::Pairs(weights) => {
                weights.multiply(a, rows, &self.bias, out, after, &mut activations.blocks);
            }
        }
    }
}

impl Norm {
    fn read(weights: &Weights<'_>, name: &str, size: usize) -> Result<Self, EncoderError> {
        let vector = |part: &str| weights.vector(&format!("{name}.{part}"), size);
        let (scale, shift) = (vector("weight")?.to_vec(), vector("bias")?.to_vec());
        Ok(Self {
            scale: Buffer::from_slice(&scale),
            shift: Buffer::from_slice(&shift),
        })
    }
}

impl Table {
    fn read(weights: &Weights<'_>, name: &str, width: usize) -> Result<Self, EncoderError> {
        let rows = weights.shape(name)?.first().copied().unwrap_or(0);
        Ok(Self {
            matrix: weights.stored_matrix(name, rows, width)?,
            width,
        })
    }

    pub(super) fn rows(&self) -> usize {
        match &self.matrix {
            Matrix::Real(numbers) => numbers.len() / self.width,
            Matrix::Scaled(_, scales) => scales.len(),
        }
    }

    /// Adds a row to numbers; `row` is less than [`Table::rows`].
    pub(super) fn add_row(&self, row: usize, to: &mut [f32]) {
        let part = row * self.width..(row + 1) * self.width;
        match &self.matrix {
            Matrix::Real(numbers) => {
                to.iter_mut()
                    .zip(&numbers[part])
                    .for_each(|(to, x)| *to += x);
            }
            Matrix::Scaled(numbers, scales) => {
                let scale = scales[row];
                let numbers = &numbers[part];
                to.iter_mut()
                    .zip(numbers)
                    .for_each(|(to, &q)| *to += f32::from(q) * scale);
            }
        }
    }
}
