//! What the Rust peers share: the windows, and how they are asked for rounds.

use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use cpu_time::ProcessTime;
use dixit_encoder::Window;
use ndarray::Array2;

/// The lengths that are compared.
pub const LENGTHS: [usize; 2] = [128, 256];
/// Word pieces in a round.
pub const PIECES: usize = 4096;

/// So many different windows; `common.py` makes the same.
#[must_use]
pub fn windows(pieces: usize, total: usize) -> Vec<Window> {
    let ids = |window: usize| {
        let id = move |at: usize| 1000 + ((at + 31 * window) * 7919 % 20_000) as u32;
        (0..pieces).map(id).collect()
    };
    let types: Vec<u8> = (0..pieces).map(|at| (at * 5 % 16) as u8).collect();
    (0..(total / pieces).max(1))
        .map(|window| Window {
            ids: ids(window),
            types: types.clone(),
        })
        .collect()
}

/// Writes the last layer's vectors of the first window, to be compared.
///
/// # Errors
/// Where the file cannot be written.
pub fn save(folder: &Path, name: &str, states: &Array2<f32>) -> Result<()> {
    let path = folder.join(format!("{name}-{}.npy", states.nrows()));
    ndarray_npy::write_npy(path, states)?;
    Ok(())
}

/// Reads [`PIECES`] word pieces for each length that is asked for on standard input, in windows
/// shared among so many threads, and answers with seconds by the clock and of the CPU.
///
/// # Errors
/// Where a window cannot be read.
pub fn answer(threads: usize, read: impl Fn(&[Window]) -> Result<()> + Sync) -> Result<()> {
    for pieces in LENGTHS {
        read(&windows(pieces, PIECES / 4))?;
    }
    println!("ready");
    for line in stdin().lock().lines() {
        let windows = windows(line?.trim().parse()?, PIECES);
        let (clock, cpu) = (Instant::now(), ProcessTime::now());
        std::thread::scope(|scope| {
            let shares = windows.chunks(windows.len() / threads);
            let handles: Vec<_> = shares.map(|share| scope.spawn(|| read(share))).collect();
            handles
                .into_iter()
                .try_for_each(|handle| handle.join().expect("no thread panics"))
        })?;
        let (clock, cpu) = (clock.elapsed(), cpu.elapsed());
        println!("{} {}", clock.as_secs_f64(), cpu.as_secs_f64());
        stdout().flush()?;
    }
    Ok(())
}
