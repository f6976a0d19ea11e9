//! candle's BERT in f32: `candle WEIGHTS FOLDER THREADS BATCH`.
//!
//! The threads run batches of their own; how many threads a product has is up to
//! `RAYON_NUM_THREADS`.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Result, ensure};
use candle_core::{Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config, DTYPE};
use dixit_encoder::{Weights, Window};
use ndarray::Array2;
use peers::{LENGTHS, answer, save, windows};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    ensure!(arguments.len() == 4, "WEIGHTS FOLDER THREADS BATCH");
    let bytes = std::fs::read(&arguments[0])?;
    let weights = Weights::from_safetensors(&bytes)?;
    let shape = |name: &str| weights.shape(name).map(<[usize]>::to_vec);
    let words = shape("embeddings.word_embeddings.weight")?;
    let (hidden, layers) = (words[1], layer_count(&weights));
    // The activation is the exact GELU, the default, and dropout is off.
    let config: Config = serde_json::from_value(serde_json::json!({
        "vocab_size": words[0],
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": hidden / 32,
        "intermediate_size": shape("encoder.layer.0.intermediate.dense.weight")?[0],
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.0,
        "max_position_embeddings": shape("embeddings.position_embeddings.weight")?[0],
        "type_vocab_size": shape("embeddings.token_type_embeddings.weight")?[0],
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-12,
        "pad_token_id": 0,
        "position_embedding_type": "absolute",
        "use_cache": false,
        "classifier_dropout": null,
        "model_type": "bert",
    }))?;
    let mut tensors = HashMap::new();
    for name in weights.names() {
        if name.starts_with("heads.") || name.ends_with(".scale") {
            continue;
        }
        let values = weights.tensor(name)?;
        let shape = values.shape().to_vec();
        let values: Vec<f32> = values.iter().copied().collect();
        tensors.insert(
            name.to_owned(),
            Tensor::from_vec(values, shape, &Device::Cpu)?,
        );
    }
    let model = BertModel::load(
        VarBuilder::from_tensors(tensors, DTYPE, &Device::Cpu),
        &config,
    )?;
    for pieces in LENGTHS {
        let states = states(&model, &windows(pieces, pieces))?;
        let states = states.squeeze(0)?.flatten_all()?.to_vec1::<f32>()?;
        let states = Array2::from_shape_vec((pieces, hidden), states)?;
        save(Path::new(&arguments[1]), "candle-f32", &states)?;
    }
    let batch: usize = arguments[3].parse()?;
    answer(arguments[2].parse()?, |windows| {
        windows
            .chunks(batch)
            .try_for_each(|windows| states(&model, windows).map(drop))
    })
}

fn layer_count(weights: &Weights<'_>) -> usize {
    let ends = |name: &&str| name.ends_with("intermediate.dense.weight");
    weights.names().filter(ends).count()
}

/// The last layer's vectors, `[windows, pieces, hidden]`.
fn states(model: &BertModel, windows: &[Window]) -> Result<Tensor> {
    let shape = (windows.len(), windows[0].ids.len());
    let ids: Vec<u32> = windows.iter().flat_map(|w| w.ids.iter().copied()).collect();
    let types: Vec<u32> = windows
        .iter()
        .flat_map(|w| w.types.iter().map(|&kind| u32::from(kind)))
        .collect();
    let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
    let types = Tensor::from_vec(types, shape, &Device::Cpu)?;
    Ok(model.forward(&ids, &types, None)?)
}
