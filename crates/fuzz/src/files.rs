//! Mutated files, of which every line that was left alone has to be read.

use std::collections::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use dixit_corpus::{ReadOptions, SourceTexts};
use dixit_fuzz::{Random, mutate, samples};

/// Reads `runs` files; JSON Lines in which some lines were changed give all the others.
pub(crate) fn run(runs: u64, seed: u64, done: &AtomicU64) -> ExitCode {
    let Ok(folder) = tempfile::tempdir() else {
        eprintln!("no temporary folder");
        return ExitCode::FAILURE;
    };
    let mut random = Random::new(seed);
    let (mut good, mut bad) = (0_u64, 0_u64);
    for run in 0..runs {
        let (name, bytes, expected) = match random.below(5) {
            0 => ("f.csv", any("table", &mut random), HashSet::new()),
            1 => ("f.parquet", any("parquet", &mut random), HashSet::new()),
            2 => ("f.txt", any("text", &mut random), HashSet::new()),
            _ => {
                let (bytes, expected) = lines(&mut random);
                ("f.jsonl", bytes, expected)
            }
        };
        let path = folder.path().join(name);
        if let Err(error) = fs::write(&path, &bytes) {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
        let read = catch_unwind(AssertUnwindSafe(|| {
            let inputs = [path.to_string_lossy().into_owned()];
            let mut found = HashSet::new();
            let mut failed = 0;
            for text in SourceTexts::new(inputs, ReadOptions::default()) {
                match text {
                    Ok(text) => drop(found.insert(text.id)),
                    Err(_) => failed += 1,
                }
            }
            (found, failed)
        }));
        match read {
            Ok((found, failed)) if expected.is_subset(&found) => {
                good += found.len() as u64;
                bad += failed;
            }
            read => {
                let what = if read.is_ok() {
                    "loses a document"
                } else {
                    "panics"
                };
                eprintln!("file {run} of seed {seed} ({name}) {what}");
                let _ = fs::write("fuzz-crash.bin", &bytes);
                return ExitCode::FAILURE;
            }
        }
        done.fetch_add(1, Relaxed);
    }
    println!("{runs} files: {good} documents read, {bad} set aside, none lost");
    ExitCode::SUCCESS
}

fn any(target: &str, random: &mut Random) -> Vec<u8> {
    let samples = samples(target);
    mutate(&samples[random.below(samples.len())], random)
}

/// JSON Lines with a few lines changed, and the ids of the others.
fn lines(random: &mut Random) -> (Vec<u8>, HashSet<String>) {
    let sample = samples("json_lines").concat();
    let mut bytes = Vec::new();
    let mut kept = HashSet::new();
    for (index, line) in sample.split_inclusive(|&byte| byte == b'\n').enumerate() {
        // The first bytes tell how a file is packed, so the first line stays.
        if index == 0 || random.below(3) > 0 {
            bytes.extend(line);
            kept.insert(format!("d{index}"));
            continue;
        }
        bytes.extend(mutate(line, random));
        // A line that lost its end would take the next one with it.
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
    }
    (bytes, kept)
}
