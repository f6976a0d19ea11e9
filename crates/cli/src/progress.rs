//! How far the work has come: a bar on a terminal, a line now and then elsewhere.

use std::cell::Cell;
use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dixit_corpus::Meter;
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};

/// Between two lines where no bar can be drawn.
const EVERY: Duration = Duration::from_secs(30);

/// The steps of the bar.
const STEPS: u64 = 1000;

/// How far the work has come; hidden where nobody looks.
pub(crate) struct Progress {
    bar: ProgressBar,
    meter: Arc<Meter>,
    lines: bool,
    begin: Instant,
    said: Cell<Instant>,
    documents: Cell<u64>,
    bytes: Cell<u64>,
}

impl Progress {
    /// What `meter` tells of the reading is put beside what is done.
    pub(crate) fn new(wanted: bool, meter: Arc<Meter>) -> Self {
        let terminal = stderr().is_terminal();
        let bar = match wanted && terminal {
            true => {
                ProgressBar::with_draw_target(Some(STEPS), indicatif::ProgressDrawTarget::stderr())
            }
            false => ProgressBar::hidden(),
        };
        let template = match meter.total() {
            Some(_) => "{spinner} [{wide_bar}] {percent} %, {msg}",
            None => "{spinner} {msg}",
        };
        // A template that cannot be read leaves the plain bar.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        if wanted && terminal {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self {
            bar,
            meter,
            lines: wanted && !terminal,
            begin: Instant::now(),
            said: Cell::new(Instant::now()),
            documents: Cell::new(0),
            bytes: Cell::new(0),
        }
    }

    /// One more document is done, of so many bytes of text.
    pub(crate) fn step(&self, bytes: usize) {
        self.documents.set(self.documents.get() + 1);
        self.bytes.set(self.bytes.get() + bytes as u64);
        if self.lines && self.said.get().elapsed() >= EVERY {
            self.said.set(Instant::now());
            let share = self.meter.share(self.bytes.get());
            let share = share.map(|share| format!("{:.0} %, ", 100.0 * share));
            eprintln!("dixit: {}{}", share.unwrap_or_default(), self.state());
        } else if !self.bar.is_hidden() {
            if let Some(share) = self.meter.share(self.bytes.get()) {
                // A share is at most 1.
                self.bar.set_position((share * STEPS as f64) as u64);
            }
            self.bar.set_message(self.state());
        }
    }

    /// Documents, rate, time left.
    fn state(&self) -> String {
        let passed = self.begin.elapsed();
        let documents = self.documents.get();
        let rate = documents as f64 / passed.as_secs_f64().max(1e-3);
        let left = self.meter.share(self.bytes.get()).and_then(|share| {
            let whole = passed.as_secs_f64() / share;
            Duration::try_from_secs_f64(whole * (1.0 - share)).ok()
        });
        let left = left.map(|left| format!(", {:#} left", HumanDuration(left)));
        format!(
            "{} documents, {rate:.1}/s, {:#}{}",
            HumanCount(documents),
            HumanDuration(passed),
            left.unwrap_or_default()
        )
    }

    /// Writes a line to standard error without tearing the bar.
    pub(crate) fn say(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
