//! `dixit-fuzz [TARGET…] [--runs N] [--seed N]`: feeds mutated samples to the targets and ends with
//! status 1 on the first panic, wrong result or hang, which it writes to `fuzz-crash.bin`.
//! `dixit-fuzz files --runs N` writes N mutated files and reads them, counting good documents.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use dixit_fuzz::{Random, TARGETS, Target, mutate, samples};

mod files;

/// Longer than anything so small may take, even on a loaded machine.
const HANG: Duration = Duration::from_secs(60);

/// How many inputs were read; a watcher sees whether it grows.
static DONE: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut names, mut runs, mut seed) = (Vec::new(), 1000, 1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|number| number.parse().ok());
        match argument.as_str() {
            "--runs" => runs = number().unwrap_or(runs),
            "--seed" => seed = number().unwrap_or(seed),
            _ => names.push(argument),
        }
    }
    std::thread::spawn(watch);
    if names.iter().any(|name| name == "files") {
        return files::run(runs, seed, &DONE);
    }
    for target in TARGETS {
        if (names.is_empty() || names.iter().any(|name| name == target.name))
            && !fuzz(target, runs, seed)
        {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn fuzz(target: &Target, runs: u64, seed: u64) -> bool {
    let mut random = Random::new(seed);
    let samples = samples(target.name);
    // The chain reads with a neural network, the parsers do not.
    let runs = if target.name == "chain" {
        runs / 20 + 1
    } else {
        runs
    };
    for run in 0..runs {
        let sample = &samples[random.below(samples.len())];
        let bytes = match run {
            0 => sample.clone(),
            _ => mutate(sample, &mut random),
        };
        if catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes))).is_err() {
            eprintln!("{}: input {run} of seed {seed} fails", target.name);
            if let Err(error) = std::fs::write("fuzz-crash.bin", &bytes) {
                eprintln!("it cannot be written: {error}");
            }
            return false;
        }
        DONE.fetch_add(1, Relaxed);
    }
    println!("{}: {runs} inputs", target.name);
    true
}

/// Ends the program where nothing moves.
fn watch() {
    let mut last = u64::MAX;
    loop {
        let done = DONE.load(Relaxed);
        if done == last {
            eprintln!("input {done} hangs");
            std::process::exit(1);
        }
        last = done;
        std::thread::sleep(HANG);
    }
}
