//! The bare encoder on the windows of real documents: what everything around it is measured
//! against. Tokenization and cutting are done before the clock starts.
//!
//! `cargo run --release -p dixit-encoder --example windows -- FILE.jsonl [THREADS]`

use std::error::Error;
use std::time::Instant;

use dixit_encoder::{Engine, Model, NativeEngine, Precision, Weights};
use rayon::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file of JSON Lines")?;
    let threads = arguments.next().map_or(Ok(0), |number| number.parse())?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let model = Model::bundled(Precision::Int8)?;
    let bytes = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../models/small/model.safetensors"
    ))?;
    let weights = Weights::from_safetensors(&bytes)?;
    let engine = NativeEngine::from_weights(&weights, Precision::Int8)?;
    let mut windows = Vec::new();
    let mut pieces = 0;
    for line in std::fs::read_to_string(file)?.lines() {
        // The field is all that matters here.
        let Some(text) = line.split("\"text\":\"").nth(1) else {
            continue;
        };
        let read = model.pieces(text.split('"').next().unwrap_or_default())?;
        pieces += read.ids.len();
        windows.extend(
            model
                .frames(&read)
                .iter()
                .map(|frame| Model::window(&read, frame)),
        );
    }
    let begin = Instant::now();
    let sums = pool.install(|| {
        let encode = |(window, rows): &(_, Vec<usize>)| engine.encode_rows(window, rows);
        let vectors = windows.par_iter().map(encode);
        vectors
            .map(|read| read.map(|read| read.len()))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{} windows, {pieces} word pieces, {} numbers: {seconds:.2} s, {:.0} pieces a second",
        windows.len(),
        sums.iter().sum::<usize>(),
        pieces as f64 / seconds
    );
    Ok(())
}
