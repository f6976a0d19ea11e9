//! Writes the candidates of every quotation of a labelled corpus, for the recipe.
//!
//! ```text
//! cargo run --release -p dixit-speaker --example candidates CORPUS.jsonl OUT.f32
//! ```
//! A flat list of little-endian 32-bit floats. For each quotation: document, quotation, turn,
//! paragraph, whether the turn goes on, the speaker’s index in the cast, the reference (0 explicit,
//! 1 anaphoric, 2 implicit, 3 not told), how many candidates, how many features each; then for
//! each candidate its index in the cast and its features.

use std::error::Error;
use std::io::{BufWriter, Write};

use dixit_corpus::LabelledDocuments;
use dixit_document::{Kind, Quotation, Reference};
use dixit_speaker::training::examples;
use dixit_tokenize::Layout;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(corpus), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("give a corpus and a file to write".into());
    };
    let mut out = BufWriter::new(std::fs::File::create(out)?);
    for (number, labelled) in LabelledDocuments::new([corpus]).enumerate() {
        let document = labelled?.document;
        let layout = Layout::read(&document.text);
        let gold = document.quotations.unwrap_or_default();
        let given: Vec<Quotation> = gold
            .iter()
            .map(|quotation| Quotation {
                kind: Some(Kind::Direct),
                marked: Some(true),
                cue: Vec::new(),
                source: Vec::new(),
                speaker: None,
                addressees: Vec::new(),
                reference: None,
                ..quotation.clone()
            })
            .collect();
        let names = document.named_entities.unwrap_or_default();
        for example in examples(&document.text, &layout, &names, &given, &document.entities) {
            let Some(quotation) = gold.get(example.quotation) else {
                continue;
            };
            let reference = match quotation.reference {
                Some(Reference::Explicit) => 0,
                Some(Reference::Anaphoric) => 1,
                Some(Reference::Implicit) => 2,
                None => 3,
            };
            let speaker = quotation.speaker.map_or(-1.0, |id| id.index() as f32);
            let features = example.candidates.first().map_or(0, |c| c.1.len());
            let mut row = vec![
                number as f32,
                example.quotation as f32,
                example.turn as f32,
                example.paragraph as f32,
                f32::from(u8::from(example.goes_on)),
                speaker,
                reference as f32,
                example.candidates.len() as f32,
                features as f32,
            ];
            for (draft, features) in example.candidates {
                row.push(draft as f32);
                row.extend(features);
            }
            for number in row {
                out.write_all(&number.to_le_bytes())?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
