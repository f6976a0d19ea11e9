//! Models that users bring: what they find, and what is said of a folder that is not right.
#![cfg(feature = "libtorch")]

#[path = "../../../tests/engines/brought.rs"]
mod brought;

use std::fs;
use std::path::Path;

use brought::Brought;
use dixit_document::Label;
use dixit_encoder::Device;
use dixit_ner::LabelNames;
use dixit_rust_bert::NameModel;
use dixit_tokenize::Layout;
use rayon::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

const TEXT: &str = "Ilse Brandt met Piet Haak of the Harbour Board\r\nin Lindhaven.\n\n\
                    “We open in May,” said Zoë Brandt, Ilse!";

fn expected() -> Vec<(&'static str, Label)> {
    vec![
        ("Ilse Brandt", Label::Per),
        ("Piet Haak", Label::Per),
        ("Harbour Board", Label::Org),
        ("Lindhaven", Label::Loc),
        ("Zoë Brandt", Label::Per),
        ("Ilse", Label::Per),
    ]
}

fn folder(model: &Brought) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    model.write(folder.path());
    folder
}

fn open(folder: &Path) -> NameModel {
    NameModel::open(folder, Device::Cpu, &LabelNames::default()).unwrap()
}

fn names<'t>(model: &NameModel, text: &'t str) -> Vec<(&'t str, Label)> {
    let names = model.named_entities(text, &Layout::read(text)).unwrap();
    for name in &names {
        assert!((0.5..=1.0).contains(&name.confidence), "{name:?}");
    }
    names
        .iter()
        .map(|name| (name.span.of(text), name.label))
        .collect()
}

/// One case a constructor.
macro_rules! finds_the_names {
    ($($architecture:ident),*) => {$(
        #[test]
        fn $architecture() {
            let folder = folder(&Brought::$architecture());
            let model = open(folder.path());
            assert_eq!(names(&model, TEXT), expected());
            assert_eq!(names(&model, ""), []);
            assert_eq!(names(&model, " \r\n😀 \u{fffd}\u{0}"), []);
            // Many windows, of a model that reads 24 pieces at once.
            let long = format!("{TEXT}\n\n").repeat(40);
            assert_eq!(names(&model, &long), expected().repeat(40));
        }
    )*};
}

finds_the_names!(bert, distilbert, roberta, electra, albert, deberta_v2);

#[test]
fn a_word_of_any_length_is_read() {
    for model in [Brought::bert(), Brought::roberta()] {
        let folder = folder(&model);
        let text = format!("Ilse met {} of Lindhaven", "xé".repeat(5000));
        let expected = [("Ilse", Label::Per), ("Lindhaven", Label::Loc)];
        assert_eq!(names(&open(folder.path()), &text), expected);
    }
}

#[test]
fn many_threads_find_what_one_finds() {
    let folder = folder(&Brought::bert());
    let model = open(folder.path());
    let texts: Vec<String> = (0..40).map(|n| "Ilse met Piet Haak. ".repeat(n)).collect();
    let find = |text: &String| model.named_entities(text, &Layout::read(text)).unwrap();
    let single: Vec<_> = texts.iter().map(find).collect();
    let many: Vec<_> = texts.par_iter().map(find).collect();
    assert_eq!(single, many);
}

#[test]
fn weights_of_libtorch_are_read_too() {
    let folder = folder(&Brought::bert());
    let (old, new) = (
        folder.path().join("model.safetensors"),
        folder.path().join("rust_model.ot"),
    );
    let tensors = tch::Tensor::read_safetensors(&old).unwrap();
    tch::Tensor::save_multi(&tensors, &new).unwrap();
    fs::remove_file(old).unwrap();
    assert_eq!(names(&open(folder.path()), TEXT), expected());
}

#[test]
fn old_names_of_layer_norms_are_known() {
    let mut model = Brought::bert();
    model.tensors = model
        .tensors
        .into_iter()
        .map(|(name, tensor)| {
            let name = name.replace("LayerNorm.weight", "LayerNorm.gamma");
            (name.replace("LayerNorm.bias", "LayerNorm.beta"), tensor)
        })
        .collect();
    assert_eq!(names(&open(folder(&model).path()), TEXT), expected());
}

#[test]
fn users_say_what_labels_stand_for() {
    let mut model = Brought::bert();
    let labels = json!({"0": "O", "1": "B-SKIPPER", "2": "I-SKIPPER", "3": "LABEL_3",
        "4": "LABEL_4", "5": "B-DATE", "6": "I-DATE"});
    model.config.insert("id2label".to_owned(), labels);
    let folder = folder(&model);
    let error = NameModel::open(folder.path(), Device::Cpu, &LabelNames::default()).err();
    let message = error.expect("an error").to_string();
    assert!(
        message.contains("`B-SKIPPER`") && message.contains("config.json"),
        "{message}"
    );
    let said = "skipper=PER,LABEL_3=B-MISC,LABEL_4=I-MISC".parse().unwrap();
    let model = NameModel::open(folder.path(), Device::Cpu, &said).unwrap();
    let mut expected = expected();
    expected.retain(|(_, label)| *label != Label::Loc);
    expected[2].1 = Label::Misc;
    assert_eq!(names(&model, TEXT), expected);
}

/// What is said of a BERT folder after a change to the model, or to the folder.
fn refused(model: &dyn Fn(&mut Brought), files: &dyn Fn(&Path)) -> String {
    refused_of(Brought::bert(), model, files)
}

fn refused_of(mut brought: Brought, model: &dyn Fn(&mut Brought), files: &dyn Fn(&Path)) -> String {
    model(&mut brought);
    let folder = folder(&brought);
    files(folder.path());
    let error = NameModel::open(folder.path(), Device::Cpu, &LabelNames::default()).err();
    error.expect("an error").to_string()
}

#[test]
fn missing_and_broken_files_are_named() {
    let nothing = |_: &mut Brought| {};
    for (name, mentioned) in [
        ("config.json", "config.json"),
        ("vocab.txt", "tokenizer.json or vocab.txt"),
        ("model.safetensors", "model.safetensors or rust_model.ot"),
    ] {
        let gone = |folder: &Path| fs::remove_file(folder.join(name)).unwrap();
        let message = refused(&nothing, &gone);
        assert!(message.contains(mentioned), "{message}");
        let cut = |folder: &Path| {
            let bytes = fs::read(folder.join(name)).unwrap();
            fs::write(folder.join(name), &bytes[..bytes.len() / 20]).unwrap();
        };
        let message = refused(&nothing, &cut);
        assert!(message.contains(name), "{message}");
    }
    for name in ["vocab.json", "merges.txt"] {
        let gone = |folder: &Path| fs::remove_file(folder.join(name)).unwrap();
        let message = refused_of(Brought::roberta(), &nothing, &gone);
        assert!(message.contains(name), "{message}");
    }
    let junk = |folder: &Path| fs::write(folder.join("tokenizer.json"), "{\"é\": 1}").unwrap();
    assert!(refused(&nothing, &junk).contains("tokenizer.json"));
    let weights = |folder: &Path| {
        fs::remove_file(folder.join("model.safetensors")).unwrap();
        fs::write(folder.join("rust_model.ot"), "junk").unwrap();
    };
    assert!(refused(&nothing, &weights).contains("rust_model.ot"));
    let missing = Path::new("no such folder");
    let error = NameModel::open(missing, Device::Cpu, &LabelNames::default()).err();
    assert!(
        error
            .expect("an error")
            .to_string()
            .contains("no such folder")
    );
}

#[test]
fn what_is_wrong_with_the_configuration_is_named() {
    let as_is = |_: &Path| {};
    let with = |key: &'static str, value: Value| {
        refused(
            &move |model: &mut Brought| drop(model.config.insert(key.to_owned(), value.clone())),
            &as_is,
        )
    };
    let message = with("model_type", json!("gpt2"));
    assert!(
        message.contains("`gpt2`") && message.contains("distilbert"),
        "{message}"
    );
    assert!(with("model_type", json!(null)).contains("`model_type`"));
    assert!(with("id2label", json!({"0": "O", "2": "B-PER"})).contains("`id2label`"));
    assert!(with("id2label", json!({})).contains("`id2label`"));
    assert!(with("id2label", json!({"0": "O", "1": "B-GENE"})).contains("`B-GENE`"));
    assert!(with("vocab_size", json!("many")).contains("config.json"));
    assert!(with("hidden_act", json!("sine")).contains("sine"));
    assert!(with("max_position_embeddings", json!(3)).contains("`max_position_embeddings`"));
    for heads in [0, 3] {
        let message = with("num_attention_heads", json!(heads));
        assert!(
            message.contains("config.json") || message.contains("libtorch"),
            "{message}"
        );
    }
}

#[test]
fn missing_and_misshapen_tensors_are_named() {
    let as_is = |_: &Path| {};
    for name in Brought::bert().tensors.keys() {
        let message = refused(&|model| drop(model.tensors.remove(name)), &as_is);
        assert!(
            message.contains(name.as_str()) && message.contains("bert"),
            "{message}"
        );
    }
    let name = "classifier.weight";
    let turned = |model: &mut Brought| model.tensors.get_mut(name).unwrap().0.reverse();
    let message = refused(&turned, &as_is);
    assert!(
        message.contains(name) && message.contains("[8, 7]"),
        "{message}"
    );
    assert!(message.contains("[7, 8]"), "{message}");
}

#[test]
fn a_tokenizer_of_another_model_is_told() {
    let more = |folder: &Path| {
        let file = folder.join("vocab.txt");
        let words = fs::read_to_string(&file).unwrap();
        fs::write(file, format!("{words}\nNordhaven")).unwrap();
    };
    let folder = folder(&Brought::bert());
    more(folder.path());
    let text = "Ilse met Nordhaven";
    let error = open(folder.path()).named_entities(text, &Layout::read(text));
    let message = error.err().expect("an error").to_string();
    assert!(
        message.contains("piece 27") && message.contains("knows 27"),
        "{message}"
    );
}

#[test]
fn a_device_that_is_not_there_is_named() {
    let folder = folder(&Brought::bert());
    let said = LabelNames::default();
    let error = NameModel::open(folder.path(), Device::Cuda(4321), &said).err();
    assert!(error.expect("an error").to_string().contains("cuda:4321"));
}
