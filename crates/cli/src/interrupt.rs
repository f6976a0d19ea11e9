//! What happens on Ctrl-C: half-written files go, unless the run can go on with them, then the
//! process ends.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// The exit status after an interruption, by the shells' convention.
const INTERRUPTED: i32 = 130;

/// Files to remove if the process has to end at once.
static PARTS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Whether the run can go on.
static HINT: AtomicBool = AtomicBool::new(false);

/// Watches for interruption and termination from now on.
pub(crate) fn watch() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        for part in PARTS.lock().map(|parts| parts.clone()).unwrap_or_default() {
            // It may be in its place by now.
            let _ = std::fs::remove_file(part);
        }
        if HINT.load(Ordering::Relaxed) {
            eprintln!("dixit: interrupted; the same command with --resume goes on");
        }
        std::process::exit(INTERRUPTED);
    })
    .context("cannot watch for Ctrl-C")
}

/// Tells on interruption that the run can go on.
pub(crate) fn hint() {
    HINT.store(true, Ordering::Relaxed);
}

/// Has a file removed on interruption.
pub(crate) fn remove(part: &Path) {
    if let Ok(mut parts) = PARTS.lock() {
        parts.push(part.to_owned());
    }
}
