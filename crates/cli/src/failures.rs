//! Documents that failed: a line each on standard error and in the file of errors.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use dixit_corpus::{DocumentError, WholeFile};
use serde_json::{Value, json};

use crate::color::plain;
use crate::output;
use crate::progress::Progress;

/// What has failed so far. Shared by the reading and the writing end of a stream.
pub(crate) struct Failures<'p> {
    progress: &'p Progress,
    most: Option<u64>,
    state: RefCell<State>,
}

struct State {
    count: u64,
    file: Option<WholeFile>,
    /// Why the file of errors could not be written.
    broken: Option<std::io::Error>,
}

impl<'p> Failures<'p> {
    /// Counts failures, up to `most`, and writes them to `file` too.
    pub(crate) fn new(
        progress: &'p Progress,
        file: Option<&Path>,
        most: Option<u64>,
    ) -> anyhow::Result<Self> {
        let file = file.map(output::file).transpose()?;
        let state = RefCell::new(State {
            count: 0,
            file,
            broken: None,
        });
        Ok(Self {
            progress,
            most,
            state,
        })
    }

    /// A document could not be read from its file.
    pub(crate) fn unread(&self, error: &DocumentError) {
        self.add(
            &error.to_string(),
            json!({
                "doc": error.document(),
                "file": error.file(),
                "line": error.line(),
                "column": error.column(),
                "byte": error.byte(),
                "kind": error.kind().as_str(),
                "message": error.to_string(),
            }),
        );
    }

    /// The pipeline failed on a document.
    pub(crate) fn unprocessed(&self, error: &dixit::Error) {
        self.add(
            &error.to_string(),
            json!({
                "doc": error.document(),
                "file": null,
                "line": null,
                "column": null,
                "byte": null,
                "kind": "processing",
                "message": error.to_string(),
            }),
        );
    }

    fn add(&self, message: &str, report: Value) {
        self.progress.say(&format!("dixit: {}", plain(message)));
        let mut state = self.state.borrow_mut();
        state.count += 1;
        if let Some(file) = &mut state.file
            && let Err(error) = writeln!(file, "{report}")
        {
            state.broken.get_or_insert(error);
        }
    }

    /// How many documents failed.
    pub(crate) fn count(&self) -> u64 {
        self.state.borrow().count
    }

    /// Whether more failed than may.
    pub(crate) fn too_many(&self) -> bool {
        self.most.is_some_and(|most| self.count() > most)
    }

    /// Puts the file of errors in its place.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let state = self.state.into_inner();
        let written = state.broken.map_or(Ok(()), Err);
        written
            .and_then(|()| state.file.map_or(Ok(()), WholeFile::commit))
            .context("cannot write the file of errors")
    }
}
