//! A line on standard error that shows how far the work has come.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How far the work has come; hidden where nobody looks.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new(wanted: bool) -> Self {
        if !wanted || !stderr().is_terminal() {
            return Self {
                bar: ProgressBar::hidden(),
            };
        }
        let bar = ProgressBar::new_spinner();
        // A template that cannot be read leaves the plain spinner.
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {human_pos} documents, {per_sec}, {elapsed}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// One more document is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }

    /// Writes a line to standard error without tearing the bar.
    pub(crate) fn say(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
