//! Tiny named-entity models in folders, as users bring them, made so that their answer is known:
//! a word's vector points at its label, and all that the layers add to it is noise too small to
//! change that.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// The labels, in the order of the outputs.
pub const LABELS: [&str; 7] = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"];

/// Words and their labels; all others are `O`.
const WORDS: [(&str, usize); 22] = [
    ("Ilse", 1),
    ("Zoë", 1),
    ("Piet", 1),
    ("Haak", 2),
    ("Harbour", 3),
    ("Board", 4),
    ("Lindhaven", 5),
    ("met", 0),
    ("of", 0),
    ("the", 0),
    ("in", 0),
    ("said", 0),
    ("We", 0),
    ("open", 0),
    ("May", 0),
    (".", 0),
    (",", 0),
    ("“", 0),
    ("”", 0),
    // A name of two pieces, of which the second says nothing.
    ("Bra", 2),
    ("##ndt", 0),
    ("!", 0),
];
const HIDDEN: usize = 8;
const INNER: usize = 16;
const LAYERS: usize = 2;
/// How many pieces a window may have.
pub const POSITIONS: usize = 24;
const SPECIAL: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/// Shapes and numbers by name.
pub type Tensors = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// A model that is not yet in its folder.
#[derive(Clone)]
pub struct Brought {
    pub config: Map<String, Value>,
    pub tensors: Tensors,
    /// The other files.
    pub files: BTreeMap<&'static str, String>,
}

impl Brought {
    /// Puts the files into a folder.
    pub fn write(&self, folder: &Path) {
        let config = Value::Object(self.config.clone()).to_string();
        fs::write(folder.join("config.json"), config).unwrap();
        fs::write(folder.join("model.safetensors"), safetensors(&self.tensors)).unwrap();
        for (name, contents) in &self.files {
            fs::write(folder.join(name), contents).unwrap();
        }
    }

    /// With a `vocab.txt`.
    pub fn bert() -> Self {
        let mut model = Self::plain("bert", "bert.", POSITIONS, 2);
        model.files.insert("vocab.txt", vocabulary().join("\n"));
        let options = json!({"do_lower_case": false}).to_string();
        model.files.insert("tokenizer_config.json", options);
        model
    }

    /// With a `tokenizer.json`.
    pub fn electra() -> Self {
        let mut model = Self::plain("electra", "electra.", POSITIONS, 2);
        model
            .config
            .insert("embedding_size".to_owned(), json!(HIDDEN));
        model.files.insert("tokenizer.json", tokenizer());
        model
    }

    /// With bytes in pairs, `vocab.json` and `merges.txt`.
    pub fn roberta() -> Self {
        let (pieces, merges) = byte_pairs();
        let mut model = Self::plain("roberta", "roberta.", POSITIONS + 2, 1);
        let ids: Map<String, Value> = pieces
            .iter()
            .enumerate()
            .map(|(id, (piece, _))| (piece.clone(), json!(id)))
            .collect();
        model
            .files
            .insert("vocab.json", Value::Object(ids).to_string());
        model.files.insert(
            "merges.txt",
            format!("#version: 0.2\n{}\n", merges.join("\n")),
        );
        model
            .config
            .insert("vocab_size".to_owned(), json!(pieces.len()));
        let labels: Vec<usize> = pieces.iter().map(|&(_, label)| label).collect();
        let table = table("roberta.embeddings.word_embeddings.weight", &labels);
        model.tensors.extend([table]);
        model
    }

    /// Has other names for everything.
    pub fn distilbert() -> Self {
        let mut model = Self::empty(json!({
            "model_type": "distilbert", "activation": "gelu", "dim": HIDDEN, "hidden_dim": INNER,
            "n_heads": 2, "n_layers": LAYERS, "max_position_embeddings": POSITIONS,
        }));
        model.files.insert("tokenizer.json", tokenizer());
        model.embeddings("distilbert.", POSITIONS, 0);
        for layer in 0..LAYERS {
            let prefix = format!("distilbert.transformer.layer.{layer}");
            for part in ["q_lin", "k_lin", "v_lin", "out_lin"] {
                model.linear(&format!("{prefix}.attention.{part}"), HIDDEN, HIDDEN);
            }
            model.linear(&format!("{prefix}.ffn.lin1"), INNER, HIDDEN);
            model.linear(&format!("{prefix}.ffn.lin2"), HIDDEN, INNER);
            model.norm(&format!("{prefix}.sa_layer_norm"));
            model.norm(&format!("{prefix}.output_layer_norm"));
        }
        model
    }

    /// Has one layer for all, and no pooler in its file.
    pub fn albert() -> Self {
        let mut model = Self::empty(json!({
            "model_type": "albert", "hidden_act": "gelu", "hidden_size": HIDDEN,
            "embedding_size": HIDDEN, "intermediate_size": INNER, "num_attention_heads": 2,
            "num_hidden_layers": LAYERS, "num_hidden_groups": 1, "inner_group_num": 1,
            "max_position_embeddings": POSITIONS, "type_vocab_size": 2,
        }));
        model.files.insert("tokenizer.json", tokenizer());
        model.embeddings("albert.", POSITIONS, 2);
        let name = "albert.encoder.embedding_hidden_mapping_in";
        model.linear(name, HIDDEN, HIDDEN);
        model.identity(&format!("{name}.weight"), 1.0);
        let prefix = "albert.encoder.albert_layer_groups.0.albert_layers.0";
        for part in ["query", "key", "value", "dense"] {
            model.linear(&format!("{prefix}.attention.{part}"), HIDDEN, HIDDEN);
        }
        model.linear(&format!("{prefix}.ffn"), INNER, HIDDEN);
        model.linear(&format!("{prefix}.ffn_output"), HIDDEN, INNER);
        model.norm(&format!("{prefix}.attention.LayerNorm"));
        model.norm(&format!("{prefix}.full_layer_layer_norm"));
        model
    }

    /// Knows no positions but relative ones.
    pub fn deberta_v2() -> Self {
        let mut model = Self::empty(json!({
            "model_type": "deberta-v2", "hidden_act": "gelu", "hidden_size": HIDDEN,
            "intermediate_size": INNER, "num_attention_heads": 2, "num_hidden_layers": LAYERS,
            "max_position_embeddings": POSITIONS, "type_vocab_size": 0,
            "relative_attention": true, "position_buckets": 4, "pos_att_type": ["p2c", "c2p"],
            "norm_rel_ebd": "layer_norm", "share_att_key": true, "position_biased_input": false,
        }));
        model.files.insert("tokenizer.json", tokenizer());
        model.embeddings("deberta.", 0, 0);
        model.random("deberta.encoder.rel_embeddings.weight", &[8, HIDDEN]);
        model.norm("deberta.encoder.LayerNorm");
        for layer in 0..LAYERS {
            let prefix = format!("deberta.encoder.layer.{layer}");
            for part in ["query", "key", "value"] {
                model.linear(
                    &format!("{prefix}.attention.self.{part}_proj"),
                    HIDDEN,
                    HIDDEN,
                );
            }
            model.rest(&prefix);
        }
        model
    }

    /// BERT and those that differ in names and sizes only.
    fn plain(kind: &str, prefix: &str, positions: usize, types: usize) -> Self {
        let mut model = Self::empty(json!({
            "model_type": kind, "hidden_act": "gelu", "hidden_size": HIDDEN,
            "intermediate_size": INNER, "num_attention_heads": 2, "num_hidden_layers": LAYERS,
            "max_position_embeddings": positions, "type_vocab_size": types,
        }));
        model.embeddings(prefix, positions, types);
        for layer in 0..LAYERS {
            let prefix = format!("{prefix}encoder.layer.{layer}");
            for part in ["query", "key", "value"] {
                model.linear(&format!("{prefix}.attention.self.{part}"), HIDDEN, HIDDEN);
            }
            model.rest(&prefix);
        }
        model
    }

    fn rest(&mut self, prefix: &str) {
        self.linear(&format!("{prefix}.attention.output.dense"), HIDDEN, HIDDEN);
        self.linear(&format!("{prefix}.intermediate.dense"), INNER, HIDDEN);
        self.linear(&format!("{prefix}.output.dense"), HIDDEN, INNER);
        self.norm(&format!("{prefix}.attention.output.LayerNorm"));
        self.norm(&format!("{prefix}.output.LayerNorm"));
    }

    fn empty(config: Value) -> Self {
        let mut model = Self {
            config: config.as_object().cloned().unwrap_or_default(),
            tensors: Tensors::new(),
            files: BTreeMap::new(),
        };
        let labels: Map<String, Value> = LABELS
            .iter()
            .enumerate()
            .map(|(id, label)| (id.to_string(), json!(label)))
            .collect();
        model
            .config
            .insert("id2label".to_owned(), Value::Object(labels));
        model
            .config
            .insert("vocab_size".to_owned(), json!(vocabulary().len()));
        model.linear("classifier", LABELS.len(), HIDDEN);
        model.identity("classifier.weight", 3.0);
        model
    }

    fn embeddings(&mut self, prefix: &str, positions: usize, types: usize) {
        let labels = SPECIAL
            .iter()
            .map(|_| 0)
            .chain(WORDS.iter().map(|&(_, label)| label));
        let labels: Vec<usize> = labels.collect();
        let name = format!("{prefix}embeddings.word_embeddings.weight");
        self.tensors.extend([table(&name, &labels)]);
        for (part, rows) in [("position", positions), ("token_type", types)] {
            if rows > 0 {
                let name = format!("{prefix}embeddings.{part}_embeddings.weight");
                self.random(&name, &[rows, HIDDEN]);
            }
        }
        self.norm(&format!("{prefix}embeddings.LayerNorm"));
    }

    fn linear(&mut self, name: &str, outputs: usize, inputs: usize) {
        self.random(&format!("{name}.weight"), &[outputs, inputs]);
        self.random(&format!("{name}.bias"), &[outputs]);
    }

    fn norm(&mut self, name: &str) {
        let ones = (vec![HIDDEN], vec![1.0; HIDDEN]);
        self.tensors.insert(format!("{name}.weight"), ones);
        self.random(&format!("{name}.bias"), &[HIDDEN]);
    }

    fn random(&mut self, name: &str, shape: &[usize]) {
        let numbers = noise(name, shape.iter().product());
        self.tensors
            .insert(name.to_owned(), (shape.to_vec(), numbers));
    }

    fn identity(&mut self, name: &str, size: f32) {
        let (shape, numbers) = self.tensors.get_mut(name).unwrap();
        let width = shape[1];
        (0..shape[0].min(width)).for_each(|at| numbers[at * width + at] += size);
    }
}

/// Vectors that point at labels.
fn table(name: &str, labels: &[usize]) -> (String, (Vec<usize>, Vec<f32>)) {
    let mut numbers = noise(name, labels.len() * HIDDEN);
    for (row, &label) in numbers.chunks_mut(HIDDEN).zip(labels) {
        row[label] += 4.0;
    }
    (name.to_owned(), (vec![labels.len(), HIDDEN], numbers))
}

/// Small numbers that depend on a name.
fn noise(name: &str, count: usize) -> Vec<f32> {
    let mut state = name
        .bytes()
        .fold(17u64, |h, b| h.wrapping_mul(0x100_0193) ^ u64::from(b));
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        0.04 * ((state >> 40) as f32 / (1u64 << 24) as f32 - 0.5)
    };
    (0..count).map(next).collect()
}

fn vocabulary() -> Vec<String> {
    let words = WORDS.iter().map(|&(word, _)| word);
    SPECIAL
        .iter()
        .copied()
        .chain(words)
        .map(str::to_owned)
        .collect()
}

/// A `tokenizer.json` of word pieces.
fn tokenizer() -> String {
    let ids: Map<String, Value> = vocabulary()
        .into_iter()
        .enumerate()
        .map(|(id, word)| (word, json!(id)))
        .collect();
    let special = |id: usize| json!({"id": SPECIAL[id], "ids": [id], "tokens": [SPECIAL[id]]});
    let piece = |id: &str| json!({"SpecialToken": {"id": id, "type_id": 0}});
    let text = json!({"Sequence": {"id": "A", "type_id": 0}});
    json!({
        "version": "1.0", "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
        "padding": null, "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": false, "lowercase": false},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing",
            "single": [piece("[CLS]"), text, piece("[SEP]")], "pair": [piece("[CLS]"), text, piece("[SEP]")],
            "special_tokens": {"[CLS]": special(2), "[SEP]": special(3)}},
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": ids},
    })
    .to_string()
}

/// Pieces of byte pairs with their labels, and the merges that lead to them: every word is built
/// from its left, first all that follow a blank, since earlier merges win.
fn byte_pairs() -> (Vec<(String, usize)>, Vec<String>) {
    let special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];
    let mut pieces: Vec<(String, usize)> = special.map(|piece| (piece.to_owned(), 0)).to_vec();
    pieces.extend((0..=255).map(|byte| (byte_sign(byte).to_string(), 0)));
    let mut merges: Vec<String> = Vec::new();
    for before in [" ", ""] {
        for (word, label) in WORDS.iter().chain(&[("Brandt", 2)]) {
            let word = format!("{before}{word}");
            let mut built = String::new();
            for byte in word.bytes() {
                let sign = byte_sign(byte);
                let merge = format!("{built} {sign}");
                let first = built.is_empty();
                built.push(sign);
                if !first && !merges.contains(&merge) {
                    merges.push(merge);
                    pieces.push((built.clone(), 0));
                }
            }
            if let Some(piece) = pieces.iter_mut().find(|(piece, _)| *piece == built) {
                piece.1 = *label;
            }
        }
    }
    (pieces, merges)
}

/// The character that stands for a byte in vocabularies of byte pairs.
fn byte_sign(byte: u8) -> char {
    let shown = |b: &u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if shown(&byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|b| !shown(b)).count() as u32;
    char::from_u32(256 + before).unwrap_or(' ')
}

/// A safetensors file: the length of a JSON header, the header, the numbers.
fn safetensors(tensors: &Tensors) -> Vec<u8> {
    let (mut header, mut bytes) = (Map::new(), Vec::new());
    for (name, (shape, numbers)) in tensors {
        let from = bytes.len();
        bytes.extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
        let entry = json!({"dtype": "F32", "shape": shape, "data_offsets": [from, bytes.len()]});
        header.insert(name.clone(), entry);
    }
    let header = Value::Object(header).to_string();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(bytes);
    file
}
