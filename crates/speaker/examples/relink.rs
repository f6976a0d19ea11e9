//! Links the speakers of documents again, whose names and quotations are there already: to try
//! the rules without reading the texts again.
//!
//! ```text
//! cargo run --release -p dixit-speaker --example relink PREDICTED.jsonl > RELINKED.jsonl
//! cargo run --release -p dixit-speaker --example relink GOLD.jsonl cast > ATTRIBUTED.jsonl
//! ```
//! With `cast`, the documents' entities are the closed list of speakers, and of their quotations
//! only the contents are read.

use std::error::Error;
use std::io::stdout;

use dixit_corpus::{LabelledDocuments, OutputFormat, Writer};
use dixit_document::Quotation;
use dixit_speaker::training::asked;
use dixit_speaker::{link, link_cast};
use dixit_tokenize::Layout;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let corpus = arguments.next().ok_or("give a corpus")?;
    let cast = arguments.next().is_some();
    let mut out = Writer::new(stdout(), OutputFormat::Documents)?;
    for labelled in LabelledDocuments::new([corpus]) {
        let mut document = labelled?.document;
        let layout = Layout::read(&document.text);
        let names = document.named_entities.clone().unwrap_or_default();
        let given: Vec<Quotation> = document
            .quotations
            .take()
            .unwrap_or_default()
            .into_iter()
            .map(|quotation| match cast {
                true => asked(quotation),
                false => Quotation {
                    speaker: None,
                    ..quotation
                },
            })
            .collect();
        let linked = match cast {
            true => link_cast(&document.text, &layout, &names, given, &document.entities),
            false => link(&document.text, &layout, &names, given),
        };
        document.quotations = Some(linked.quotations);
        document.entities = linked.entities;
        document.mentions = Some(linked.mentions);
        out.write(&document)?;
    }
    let _ = out.finish()?;
    Ok(())
}
