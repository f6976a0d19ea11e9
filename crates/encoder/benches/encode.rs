//! One window through the native encoder on one thread, and how long a model takes to load.

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use dixit_encoder::{Engine, NativeEngine, Precision, Weights, Window};

fn main() -> Result<(), Box<dyn Error>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../models/small/model.safetensors"
    );
    let bytes = std::fs::read(path)?;
    let weights = Weights::from_safetensors(&bytes)?;
    let mut criterion = Criterion::default().configure_from_args();
    for (name, precision) in [("f32", Precision::F32), ("int8", Precision::Int8)] {
        let engine = NativeEngine::from_weights(&weights, precision)?;
        let mut group = criterion.benchmark_group(name);
        for pieces in [16, 64, 128, 256, 512] {
            let window = Window {
                ids: (0..pieces).map(|i| 1000 + i * 7919 % 20_000).collect(),
                types: vec![0; pieces as usize],
            };
            engine.encode(&window)?;
            group.throughput(Throughput::Elements(u64::from(pieces)));
            group.bench_function(pieces.to_string(), |b| {
                b.iter(|| engine.encode(black_box(&window)))
            });
        }
        group.finish();
        criterion.bench_function(&format!("load/{name}"), |b| {
            b.iter(|| NativeEngine::from_weights(&weights, precision).map(drop));
        });
    }
    criterion.final_summary();
    Ok(())
}
