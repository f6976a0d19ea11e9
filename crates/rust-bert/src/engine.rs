//! The project's own model on `rust-bert`.

use std::path::PathBuf;

use dixit_encoder::{Device, EncoderError, Engine, HEAD_SIZE, Weights, Window};
use ndarray::Array2;
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use tch::Tensor;

use crate::ModelError;
use crate::libtorch::{self, integers, matrix};
use crate::replicas::{Replicas, Stored};

type Bert = BertModel<BertEmbeddings>;

/// The engine on `rust-bert` and libtorch, in 32-bit floating point.
pub struct RustBertEngine {
    models: Replicas<Bert>,
    device: tch::Device,
    hidden: usize,
    pieces: usize,
    types: usize,
    positions: usize,
}

impl RustBertEngine {
    /// Gives a model's weights, as real numbers, to `rust-bert`.
    ///
    /// # Errors
    /// Where the device is not there, or a tensor of the encoder is missing, or has a shape that
    /// does not go with the others.
    pub fn from_weights(weights: &Weights<'_>, device: Device) -> Result<Self, EncoderError> {
        let device = libtorch::device(device).map_err(failed)?;
        let table = |part: &str| {
            let name = format!("embeddings.{part}_embeddings.weight");
            match *weights.shape(&name)? {
                [rows, width] => Ok((rows, width)),
                ref other => Err(EncoderError::Shape(format!(
                    "tensor `{name}` is {other:?} and should have two dimensions"
                ))),
            }
        };
        let (pieces, hidden) = table("word")?;
        let (positions, _) = table("position")?;
        let (types, _) = table("token_type")?;
        // All that are spoken of, so that one with a hole is noticed.
        let layers = weights.names().filter_map(|name| {
            let (layer, _) = name.strip_prefix("encoder.layer.")?.split_once('.')?;
            layer.parse::<usize>().ok()
        });
        let layers = layers.max().map_or(0, |last| last.saturating_add(1));
        let inner = match layers {
            0 => hidden,
            _ => *weights
                .shape("encoder.layer.0.intermediate.dense.weight")?
                .first()
                .unwrap_or(&hidden),
        };
        if hidden == 0 || hidden % HEAD_SIZE != 0 {
            return Err(EncoderError::Shape(format!(
                "vectors of {hidden} numbers, and attention heads have {HEAD_SIZE}"
            )));
        }
        let config = BertConfig {
            hidden_size: number(hidden)?,
            intermediate_size: number(inner)?,
            max_position_embeddings: number(positions)?,
            num_attention_heads: number(hidden / HEAD_SIZE)?,
            num_hidden_layers: number(layers)?,
            type_vocab_size: number(types)?,
            vocab_size: number(pieces)?,
            ..BertConfig::default()
        };
        let make = move |path: &tch::nn::Path<'_>| {
            Ok(Bert::new_with_optional_pooler(path, &config, false))
        };
        let models = Replicas::new(device, real(weights)?, make).map_err(|error| match error {
            ModelError::Missing { name, .. } => EncoderError::Missing(name),
            ModelError::Shape {
                name,
                found,
                wanted,
                ..
            } => EncoderError::Shape(format!(
                "tensor `{name}` is {found:?} and should be {wanted:?}"
            )),
            other => failed(other),
        })?;
        Ok(Self {
            models,
            device,
            hidden,
            pieces,
            types,
            positions,
        })
    }

    fn vectors(
        &self,
        window: &Window,
        rows: Option<&[usize]>,
    ) -> Result<Array2<f32>, EncoderError> {
        window.check(self.pieces, self.types, self.positions)?;
        let pieces = window.ids.len();
        if let Some(&row) = rows.iter().copied().flatten().find(|&&row| row >= pieces) {
            return Err(EncoderError::Row { row, pieces });
        }
        let ids: Vec<i64> = window.ids.iter().map(|&id| i64::from(id)).collect();
        let types: Vec<i64> = window.types.iter().map(|&id| i64::from(id)).collect();
        let run = |bert: &Bert| {
            let ids = integers(&ids, self.device)?.f_unsqueeze(0)?;
            let types = integers(&types, self.device)?.f_unsqueeze(0)?;
            let (ids, types) = (Some(&ids), Some(&types));
            let output = bert.forward_t(ids, None, types, None, None, None, None, false);
            let output = output.map_err(|error| ModelError::Torch(error.to_string()))?;
            let mut vectors = output.hidden_state.f_squeeze_dim(0)?;
            if let Some(rows) = rows {
                let rows: Vec<i64> = rows.iter().map(|&row| row as i64).collect();
                vectors = vectors.f_index_select(0, &integers(&rows, self.device)?)?;
            }
            matrix(&vectors)
        };
        self.models.with(run).map_err(failed)
    }
}

impl Engine for RustBertEngine {
    fn hidden_size(&self) -> usize {
        self.hidden
    }

    fn max_pieces(&self) -> usize {
        self.positions
    }

    fn encode(&self, window: &Window) -> Result<Array2<f32>, EncoderError> {
        self.vectors(window, None)
    }

    fn encode_rows(&self, window: &Window, rows: &[usize]) -> Result<Array2<f32>, EncoderError> {
        self.vectors(window, Some(rows))
    }
}

/// The encoder's tensors for libtorch.
fn real(weights: &Weights<'_>) -> Result<Stored, EncoderError> {
    let encoder = |name: &&str| {
        (name.starts_with("embeddings.") || name.starts_with("encoder."))
            && !name.ends_with(".scale")
    };
    let tensors = weights
        .names()
        .filter(encoder)
        .map(|name| {
            let numbers = weights.tensor(name)?;
            let shape = numbers.shape().iter().map(|&size| number(size));
            let shape = shape.collect::<Result<Vec<i64>, _>>()?;
            let numbers = numbers.as_standard_layout();
            let tensor = numbers.as_slice().map(Tensor::f_from_slice);
            let shaped = tensor.map(|tensor| tensor?.f_reshape(shape));
            match shaped {
                Some(Ok(tensor)) => Ok((name.to_owned(), tensor)),
                Some(Err(error)) => Err(failed(error.into())),
                None => Err(EncoderError::Shape(format!("tensor `{name}`"))),
            }
        })
        .collect::<Result<_, EncoderError>>()?;
    Ok(Stored {
        tensors,
        file: PathBuf::new(),
        architecture: "bert".to_owned(),
    })
}

fn number(size: usize) -> Result<i64, EncoderError> {
    i64::try_from(size).map_err(|e| EncoderError::Shape(format!("a size of {size}: {e}")))
}

fn failed(error: ModelError) -> EncoderError {
    EncoderError::Engine(error.to_string())
}
