//! The architectures that `rust-bert` has for token classification.

use rust_bert::RustBertError;
use rust_bert::albert::{AlbertConfig, AlbertForTokenClassification};
use rust_bert::bert::{BertConfig, BertForTokenClassification};
use rust_bert::deberta::{DebertaConfig, DebertaForTokenClassification};
use rust_bert::deberta_v2::{DebertaV2Config, DebertaV2ForTokenClassification};
use rust_bert::distilbert::{DistilBertConfig, DistilBertForTokenClassification};
use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};
use rust_bert::fnet::{FNetConfig, FNetForTokenClassification};
use rust_bert::longformer::{LongformerConfig, LongformerForTokenClassification};
use rust_bert::mobilebert::{MobileBertConfig, MobileBertForTokenClassification};
use rust_bert::pipelines::common::ModelType;
use rust_bert::roberta::{RobertaConfig, RobertaForTokenClassification};
use rust_bert::xlnet::{XLNetConfig, XLNetForTokenClassification};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tch::{Tensor, nn};

use crate::ModelError;
use crate::folder::Folder;

/// From pieces, their mask and their types, each `[1, pieces]`, to `[1, pieces, labels]`.
pub(crate) type Classifier = Box<
    dyn Fn(Option<&Tensor>, Option<&Tensor>, Option<&Tensor>) -> Result<Tensor, RustBertError>
        + Send,
>;

type Make = Box<dyn Fn(&nn::Path<'_>) -> Result<Classifier, ModelError> + Send + Sync>;

/// How a model is made that `config.json` describes.
pub(crate) struct Architecture {
    /// As config.json calls it.
    pub(crate) name: String,
    /// For the choice of a tokenizer.
    pub(crate) kind: ModelType,
    /// Makes the model with numbers that mean nothing yet.
    pub(crate) make: Make,
    /// How many pieces a window may have.
    pub(crate) longest: usize,
    /// How many pieces the model knows.
    pub(crate) vocabulary: i64,
}

const KNOWN: &str = "albert, bert, camembert, deberta, deberta-v2, distilbert, electra, fnet, \
                     longformer, mobilebert, roberta, xlm-roberta, xlnet";

/// The architecture of a folder's model.
pub(crate) fn architecture(folder: &Folder) -> Result<Architecture, ModelError> {
    let name = folder.config.get("model_type").and_then(Value::as_str);
    let name = name.ok_or_else(|| {
        folder.config_error(format!("`model_type` should name an architecture: {KNOWN}"))
    })?;
    let (kind, make) = match name {
        "bert" => (ModelType::Bert, bert(folder)?),
        "distilbert" => (ModelType::DistilBert, distilbert(folder)?),
        "mobilebert" => (ModelType::MobileBert, mobilebert(folder)?),
        "roberta" => (ModelType::Roberta, roberta(folder)?),
        "xlm-roberta" | "camembert" => (ModelType::XLMRoberta, roberta(folder)?),
        "electra" => (ModelType::Electra, electra(folder)?),
        "albert" => (ModelType::Albert, albert(folder)?),
        "xlnet" => (ModelType::XLNet, xlnet(folder)?),
        "longformer" => (ModelType::Longformer, longformer(folder)?),
        "fnet" => (ModelType::FNet, fnet(folder)?),
        "deberta" => (ModelType::Deberta, deberta(folder)?),
        "deberta-v2" => (ModelType::DebertaV2, deberta_v2(folder)?),
        other => {
            return Err(folder.config_error(format!(
                "the architecture `{other}` is not one of those that rust-bert has for token \
                 classification: {KNOWN}"
            )));
        }
    };
    // These count their positions from the number after the padding's.
    let from = match kind {
        ModelType::Roberta | ModelType::XLMRoberta | ModelType::Longformer => 2,
        _ => 0,
    };
    let number = |key: &str| folder.config.get(key).and_then(Value::as_u64);
    let positions = number("max_position_embeddings").and_then(|n| usize::try_from(n).ok());
    let vocabulary = number("vocab_size").and_then(|n| i64::try_from(n).ok());
    Ok(Architecture {
        name: name.to_owned(),
        kind,
        make,
        longest: positions.map_or(usize::MAX, |n| n.saturating_sub(from)),
        vocabulary: vocabulary
            .ok_or_else(|| folder.config_error("`vocab_size` should be a number"))?,
    })
}

/// What `config.json` says, with the usual values of the architecture where it says nothing.
fn config<C: Default + Serialize + DeserializeOwned>(folder: &Folder) -> Result<C, ModelError> {
    let mut said = folder.config.clone();
    if let Ok(Value::Object(usual)) = serde_json::to_value(C::default()) {
        for (key, value) in usual {
            if value.is_number() || value.is_boolean() || value.is_string() {
                said.entry(key).or_insert(value);
            }
        }
    }
    // One window for all layers, or one a layer.
    if let Some(window) = said
        .get("attention_window")
        .filter(|w| w.is_number())
        .cloned()
    {
        let layers = said.get("num_hidden_layers").and_then(Value::as_u64);
        let layers = usize::try_from(layers.unwrap_or_default()).unwrap_or_default();
        let windows = vec![window; layers.min(1000)];
        said.insert("attention_window".to_owned(), Value::Array(windows));
    }
    serde_json::from_value(Value::Object(said))
        .map_err(|error| folder.config_error(format!("it does not describe a model ({error})")))
}

fn refused(error: RustBertError) -> ModelError {
    ModelError::Torch(error.to_string())
}

/// A function that makes a model of one type: no two of these have a trait in common, and each
/// has its own order of arguments.
macro_rules! maker {
    ($name:ident, $config:ty, $model:ty, |$m:ident, $ids:pat_param, $mask:pat_param, $types:pat_param| $run:expr) => {
        fn $name(folder: &Folder) -> Result<Make, ModelError> {
            let config: $config = config(folder)?;
            Ok(Box::new(move |path| {
                let $m = <$model>::new(path, &config).map_err(refused)?;
                Ok(Box::new(
                    move |$ids: Option<&Tensor>,
                          $mask: Option<&Tensor>,
                          $types: Option<&Tensor>| { Ok($run.logits) },
                ))
            }))
        }
    };
}

maker!(
    bert,
    BertConfig,
    BertForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, types, None, None, false) }
);
maker!(
    roberta,
    RobertaConfig,
    RobertaForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, types, None, None, false) }
);
maker!(
    electra,
    ElectraConfig,
    ElectraForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, types, None, None, false) }
);
maker!(
    albert,
    AlbertConfig,
    AlbertForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, types, None, None, false) }
);
maker!(
    distilbert,
    DistilBertConfig,
    DistilBertForTokenClassification,
    |m, ids, mask, _| { m.forward_t(ids, mask, None, false)? }
);
maker!(
    mobilebert,
    MobileBertConfig,
    MobileBertForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, types, None, None, mask, false)? }
);
maker!(
    longformer,
    LongformerConfig,
    LongformerForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, None, types, None, None, false)? }
);
maker!(
    xlnet,
    XLNetConfig,
    XLNetForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, None, None, None, types, None, false) }
);
maker!(
    fnet,
    FNetConfig,
    FNetForTokenClassification,
    |m, ids, _, types| { m.forward_t(ids, types, None, None, false)? }
);
maker!(
    deberta,
    DebertaConfig,
    DebertaForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, types, None, None, false)? }
);
maker!(
    deberta_v2,
    DebertaV2Config,
    DebertaV2ForTokenClassification,
    |m, ids, mask, types| { m.forward_t(ids, mask, types, None, None, false)? }
);
