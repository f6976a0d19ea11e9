//! Prints how many word pieces a second the native encoder reads, in f32 and in 8-bit integers,
//! beside what the processor can do at most.
//!
//! ```text
//! cargo run --release -p dixit-encoder --example speed [WEIGHTS [THREADS [ROUNDS]]]
//! ```
//! Precisions and lengths take turns, and the best of all rounds counts, so that other load on
//! the machine falls on all alike.

use std::error::Error;
use std::sync::LazyLock;
use std::time::Instant;

use dixit_encoder::{Engine, NativeEngine, Precision, Weights, Window, peak};

const LENGTHS: [usize; 2] = [128, 256];
/// Word pieces a thread reads before the clock is looked at.
const PIECES: usize = 4096;

fn main() -> Result<(), Box<dyn Error>> {
    let bundled = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../models/small/model.safetensors"
    );
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| bundled.to_owned());
    let threads: usize = arguments.next().map_or(Ok(2), |n| n.parse())?;
    let rounds: usize = arguments.next().map_or(Ok(10), |n| n.parse())?;
    let bytes = std::fs::read(path)?;
    let weights = Weights::from_safetensors(&bytes)?;
    let inner = weights.shape("encoder.layer.0.intermediate.dense.weight")?[0];
    let layers = weights
        .names()
        .filter(|n| n.ends_with("intermediate.dense.weight"))
        .count();
    let mut best = [[f64::MAX; LENGTHS.len()]; 2];
    let mut most = [0f64; 2];
    let mut hidden = 0;
    let precisions = [Precision::F32, Precision::Int8];
    let engines = precisions.map(|precision| NativeEngine::from_weights(&weights, precision));
    let [f32_engine, int8_engine] = engines;
    let engines = [f32_engine?, int8_engine?];
    for _ in 0..rounds {
        for (at, engine) in engines.iter().enumerate() {
            hidden = engine.hidden_size();
            most[at] = most[at].max(peak(precisions[at]));
            for (best, pieces) in best[at].iter_mut().zip(LENGTHS) {
                *best = best.min(seconds(engine, pieces, threads)?);
            }
        }
    }
    println!(
        "| word pieces | precision | pieces/s, {threads} threads | 10⁹ operations/s a thread | of the peak |"
    );
    println!("|---|---|---|---|---|");
    for (column, pieces) in LENGTHS.into_iter().enumerate() {
        for (at, name) in ["f32", "int8"].into_iter().enumerate() {
            let products = 4 * hidden * hidden + 2 * hidden * inner + 2 * pieces * hidden;
            let speed = (threads * PIECES) as f64 / best[at][column];
            let operations = speed * (2 * layers * products) as f64 / threads as f64;
            println!(
                "| {pieces} | {name} | {speed:.0} | {:.1} | {:.0} % of {:.1} |",
                operations / 1e9,
                100.0 * operations / most[at],
                most[at] / 1e9,
            );
        }
        println!(
            "\nint8 is {:.2} times as fast as f32\n",
            best[0][column] / best[1][column]
        );
    }
    Ok(())
}

/// How long so many threads take to read [`PIECES`] each.
fn seconds(engine: &NativeEngine, pieces: usize, threads: usize) -> Result<f64, Box<dyn Error>> {
    let window = Window {
        ids: (0..pieces)
            .map(|i| 1000 + (i * 7919 % 20_000) as u32)
            .collect(),
        types: vec![0; pieces],
    };
    engine.encode(&window)?;
    let read = || (0..PIECES / pieces).try_for_each(|_| engine.encode(&window).map(drop));
    let timed = || {
        let start = clock();
        read().map(|()| clock() - start)
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(timed)).collect();
        handles.into_iter().try_fold(0f64, |longest, handle| {
            let time = handle.join().map_err(|_| "a thread panicked")??;
            Ok(longest.max(time))
        })
    })
}

/// Seconds that this thread was on a core, where the system tells, or else seconds of the clock.
fn clock() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let start = *START;
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or_else(
            || start.elapsed().as_secs_f64(),
            |nanoseconds| nanoseconds / 1e9,
        )
}
