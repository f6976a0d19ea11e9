use std::fs;
use std::io::Cursor;
use std::time::Duration;

use dixit_corpus::{
    InputFormat, LabelledDocuments, OutputFormat, OutputPlan, ReadOptions, RestartableOutput,
    Resumed, SourceTexts, read_predictions,
};
use dixit_document::{Document, validate};
use dixit_encoder::Weights;
use dixit_tokenize::WordPieces;

/// More documents than any sample can have.
const MOST: usize = 1 << 20;

fn read(bytes: &[u8], format: Option<InputFormat>) {
    let options = ReadOptions {
        format,
        max_bytes: 1 << 12,
        ..ReadOptions::default()
    };
    let stream = Cursor::new(bytes.to_vec());
    let Ok(texts) = SourceTexts::from_stream(stream, "fuzz", options) else {
        return;
    };
    let mut count = 0;
    for text in texts {
        count += 1;
        assert!(count < MOST, "documents without end");
        match text {
            Ok(text) => assert!(!text.text.contains('\0')),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// A text, or whatever the first bytes say; packed or not.
pub(crate) fn text(bytes: &[u8]) {
    read(bytes, None);
    read(bytes, Some(InputFormat::Text));
}

pub(crate) fn json_lines(bytes: &[u8]) {
    read(bytes, Some(InputFormat::JsonLines));
}

pub(crate) fn table(bytes: &[u8]) {
    read(bytes, Some(InputFormat::Csv));
    read(bytes, Some(InputFormat::Tsv));
}

pub(crate) fn parquet(bytes: &[u8]) {
    read(bytes, Some(InputFormat::Parquet));
}

/// Gold data and predictions: what is read holds the validator.
pub(crate) fn labelled(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let path = folder.path().join("fuzz.jsonl");
    if fs::write(&path, bytes).is_err() {
        return;
    }
    let path = path.to_string_lossy().into_owned();
    for labelled in LabelledDocuments::new([path.clone()]).flatten() {
        assert_eq!(validate(&labelled.document), []);
    }
    let gold = Document {
        id: "a".into(),
        text: "“Né à Łódź 🙂,” said Zoë.".into(),
        ..Document::default()
    };
    if let Ok(predictions) = read_predictions(&path, &[gold]) {
        for document in &predictions.documents {
            assert_eq!(validate(document), []);
        }
    }
}

/// A run goes on from a file that may say anything.
pub(crate) fn checkpoint(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let path = folder.path().join("said.jsonl");
    if fs::write(folder.path().join("said.jsonl.checkpoint"), bytes).is_err() {
        return;
    }
    let plan = OutputPlan {
        path,
        format: OutputFormat::Records,
        most_bytes: None,
        errors: None,
        settings: "s".into(),
        every: Duration::ZERO,
    };
    if let Ok(Resumed::Open(output)) = RestartableOutput::resume(plan) {
        // Nothing was written, so nothing can have been counted.
        let _ = output.finish();
    }
}

/// Models: the weights' container and the vocabulary.
pub(crate) fn weights(bytes: &[u8]) {
    if let Ok(weights) = Weights::from_safetensors(bytes) {
        let names: Vec<String> = weights.names().map(str::to_owned).collect();
        for name in names {
            let _ = weights.tensor(&name);
            let _ = weights.matrix(&name, 2, 3);
        }
    }
    if let Ok(pieces) = WordPieces::from_json(bytes) {
        let _ = pieces.read("Zoë said.");
    }
}
