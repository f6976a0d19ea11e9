use std::io::Write;

use dixit_corpus::{OutputFormat, Writer};
use dixit_document::{Document, Entity, EntityId, Kind, Quotation, Span};

const TEXT: &str = "“Né à Łódź 🙂,” said Zoë Lindqvist. ‘It isn’t over’, wrote Ruairí.\r\n\r\n\
    Officials told the Harbour Board that the ferry would stay at its pier until May.\r\n\
    — Where to? asked Emil. “Home,” she answered, “and soon.”\r\n";

const TABLE: &str = "id,text,lang\r\n1,\"\"\"Oui,\"\" dit-elle.\",fr\r\n2,“No.”,en\r\n";

const CHECKPOINT: &str = "{\"version\":1,\"settings\":\"s: Records\",\"part\":0,\"state\":\"open\",\
    \"length\":0,\"errors_length\":0,\"done\":{\"items\":0,\"documents\":0,\"failures\":0,\
    \"errors\":{},\"quotations\":0,\"bytes\":0,\"pieces\":0,\"seconds\":{},\"seen\":0}}";

/// Well-formed input for a target, to be changed.
#[must_use]
pub fn samples(target: &str) -> Vec<Vec<u8>> {
    let text = || TEXT.as_bytes().to_vec();
    match target {
        "json_lines" => vec![json_lines(8)],
        "table" => vec![TABLE.into(), TABLE.replace(',', "\t").into()],
        "parquet" => vec![written(OutputFormat::Parquet)],
        "labelled" => vec![
            written(OutputFormat::Documents),
            written(OutputFormat::Records),
        ],
        "checkpoint" => vec![CHECKPOINT.into()],
        "weights" => vec![weights(), b"{\"model\":{\"type\":\"WordPiece\"}}".into()],
        "text" => vec![text(), gzip(&text()), zstd(&text()), json_lines(2)],
        _ => vec![text(), TEXT.repeat(9).into()],
    }
}

/// Documents in JSON Lines, their ids counted from 0.
pub(crate) fn json_lines(count: usize) -> Vec<u8> {
    let line = |index: usize| {
        let id = format!("d{index}");
        serde_json::json!({"id": id, "text": TEXT, "n": index}).to_string() + "\n"
    };
    (0..count).map(line).collect::<String>().into()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let written = packer.write_all(bytes).and_then(|()| packer.finish());
    written.unwrap_or_default()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap_or_default()
}

/// A small document in a form; as Parquet its columns are named as those of inputs are.
fn written(format: OutputFormat) -> Vec<u8> {
    let quotation = Quotation {
        id: "q1".to_owned(),
        content: vec![Span::new(3, 19)],
        cue: vec![Span::new(24, 28)],
        source: vec![Span::new(29, 33)],
        kind: Some(Kind::Direct),
        marked: Some(true),
        mode: None,
        source_form: None,
        speaker: Some(EntityId(0)),
        addressees: Vec::new(),
        reference: None,
        confidence: 0.5,
        ok: true,
        optional: false,
        evidence: None,
    };
    let document = Document {
        id: "a".to_owned(),
        text: TEXT.to_owned(),
        entities: vec![Entity {
            id: "e1".to_owned(),
            name: "Zoë Lindqvist".to_owned(),
            entity_type: None,
            aliases: vec!["Zoë".to_owned()],
            gender: None,
            named: true,
        }],
        quotations: Some(vec![quotation]),
        ..Document::default()
    };
    let written = Writer::new(Vec::new(), format).and_then(|mut writer| {
        for _ in 0..3 {
            writer.write(&document).map_err(|error| error.source)?;
        }
        writer.finish()
    });
    written.unwrap_or_default()
}

/// A container with two tensors.
fn weights() -> Vec<u8> {
    let header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\
        \"b\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[24,28]}}";
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend([0; 28]);
    bytes
}
