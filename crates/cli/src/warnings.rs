//! What is wrong with labelled data, told on standard error.

use dixit_corpus::{DocumentError, ErrorKind};

use crate::color::plain;

/// How many flaws are shown unless all are asked for.
const SHOWN: usize = 10;

/// Counts and tells what is wrong.
#[derive(Default)]
pub(crate) struct Warnings {
    verbose: bool,
    quiet: bool,
    flaws: usize,
    failed: usize,
}

impl Warnings {
    pub(crate) fn new(verbose: bool, quiet: bool) -> Self {
        Self {
            verbose,
            quiet,
            ..Self::default()
        }
    }

    /// Tells an error: a flaw, of which only the first are shown, or a document that failed.
    pub(crate) fn add(&mut self, error: &DocumentError) {
        let flaw = error.kind() == ErrorKind::Flaw;
        self.failed += usize::from(!flaw);
        self.flaws += usize::from(flaw);
        if !flaw || self.verbose || self.flaws <= SHOWN {
            eprintln!("dixit: {}", plain(&error.to_string()));
        }
    }

    /// Tells something that is no mistake.
    pub(crate) fn note(&self, note: &str) {
        if !self.quiet {
            eprintln!("dixit: note: {}", plain(note));
        }
    }

    /// Flawed annotations and failed documents so far.
    pub(crate) fn count(&self) -> usize {
        self.flaws + self.failed
    }

    /// Whether a document could not be read at all.
    pub(crate) fn failed(&self) -> bool {
        self.failed > 0
    }

    /// Tells how many flaws were not shown.
    pub(crate) fn finish(&self) {
        if !self.verbose && self.flaws > SHOWN {
            let more = self.flaws - SHOWN;
            eprintln!("dixit: and {more} more flawed annotations (-v shows them all)");
        }
    }
}
