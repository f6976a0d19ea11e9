use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dixit_document::Document;
use serde_json::Value;

use super::checkpoint::{
    Checkpoint, Done, RestartError, State, VERSION, beside, checkpoint_of, move_to, remove,
    unfinished,
};
use super::parts::{Partial, deliver, place};
use crate::OutputFormat;
use crate::writer::{encode, header};

/// Where the results of a run go, and how.
#[derive(Clone, Debug)]
pub struct OutputPlan {
    /// The file of results; packed if its name ends in `.gz` or `.zst`.
    pub path: PathBuf,
    /// How they are written.
    pub format: OutputFormat,
    /// Begins another file when one would have more bytes than this before packing; a document's
    /// results stay together. The files are `said-00001.jsonl`, `said-00002.jsonl`, ….
    pub most_bytes: Option<u64>,
    /// A file for what failed, one JSON object a line.
    pub errors: Option<PathBuf>,
    /// Everything else that the results depend on, in words: to go on, it has to be the same.
    pub settings: String,
    /// How often a checkpoint is written: work of about this time is lost by an interruption.
    pub every: Duration,
}

/// Results of a run on their way to the disk; see [`OutputPlan`].
///
/// ```
/// # use std::time::Duration;
/// use dixit_corpus::{OutputFormat, OutputPlan, RestartableOutput, Resumed};
/// use dixit_document::Document;
///
/// # let folder = tempfile::tempdir()?;
/// let plan = OutputPlan {
///     path: folder.path().join("said.jsonl.gz"),
///     format: OutputFormat::Documents,
///     most_bytes: None,
///     errors: None,
///     settings: "the default model".into(),
///     every: Duration::from_secs(5),
/// };
/// let mut output = RestartableOutput::begin(plan.clone())?;
/// output.document(&Document { id: "a".into(), ..Document::default() })?;
/// drop(output); // an interruption
/// let Resumed::Open(mut output) = RestartableOutput::resume(plan.clone())? else { panic!() };
/// for id in ["a", "b"].iter().skip(output.done().items as usize) {
///     output.document(&Document { id: (*id).into(), ..Document::default() })?;
/// }
/// assert_eq!(output.finish()?.documents, 2);
/// assert!(plan.path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RestartableOutput {
    plan: OutputPlan,
    checkpoint: Checkpoint,
    partial: Partial,
    errors: Option<Partial>,
    saved: Instant,
    buffer: Vec<u8>,
}

/// How an interrupted run was found.
pub enum Resumed {
    /// There is more to do, after [`Done::items`] documents.
    Open(Box<RestartableOutput>),
    /// Everything was done; the files are in their places.
    Finished(Done),
    /// The output is there and no run was interrupted.
    Nothing,
}

impl Resumed {
    fn open(output: RestartableOutput) -> Self {
        Self::Open(Box::new(output))
    }
}

impl RestartableOutput {
    /// The file beside an output that a checkpoint is for a moment, until it is whole: of no use
    /// after an interruption.
    #[must_use]
    pub fn unfinished(path: &Path) -> PathBuf {
        unfinished(&checkpoint_of(path))
    }

    /// Begins a run; what an interrupted one left is overwritten.
    ///
    /// # Errors
    /// Where files cannot be written, another process writes them, or parts are in the way.
    pub fn begin(plan: OutputPlan) -> Result<Self, RestartError> {
        let part = u64::from(plan.most_bytes.is_some());
        let first = place(&plan.path, part);
        if part > 0 && first.exists() {
            return Err(RestartError::InTheWay { path: first });
        }
        let checkpoint = Checkpoint {
            version: VERSION,
            settings: settings(&plan),
            part,
            state: State::Open,
            length: 0,
            errors_length: 0,
            done: Done::default(),
        };
        // Before the old partial file is cut, its checkpoint goes.
        let output = Self::open(plan, checkpoint, true)?;
        output.checkpoint.save(&output.checkpoint_path())?;
        Ok(output)
    }

    /// Goes on with an interrupted run; begins one if there is none and no output either.
    ///
    /// # Errors
    /// Where the run had other settings, or its files are not as it left them.
    pub fn resume(plan: OutputPlan) -> Result<Resumed, RestartError> {
        let path = checkpoint_of(&plan.path);
        let Some(checkpoint) = Checkpoint::load(&path)? else {
            let first = place(&plan.path, u64::from(plan.most_bytes.is_some()));
            return match fs::exists(&first).map_err(RestartError::at(&first))? {
                true => Ok(Resumed::Nothing),
                false => Self::begin(plan).map(Resumed::open),
            };
        };
        if checkpoint.settings != settings(&plan) {
            return Err(RestartError::Settings { path });
        }
        match checkpoint.state {
            State::Open => Self::open(plan, checkpoint, false).map(Resumed::open),
            State::Closing => {
                deliver(&place(&plan.path, checkpoint.part), plan.format)?;
                let next = checkpoint.next_part();
                next.save(&path)?;
                Self::open(plan, next, false).map(Resumed::open)
            }
            State::Last => {
                settle(&plan, &checkpoint)?;
                Ok(Resumed::Finished(checkpoint.done))
            }
        }
    }

    fn open(plan: OutputPlan, checkpoint: Checkpoint, anew: bool) -> Result<Self, RestartError> {
        let place = place(&plan.path, checkpoint.part);
        if anew {
            remove(&checkpoint_of(&plan.path))?;
        }
        let mut partial = Partial::open(&place, checkpoint.length)?;
        if checkpoint.length == 0 {
            partial.write(&header(plan.format).map_err(RestartError::at(&place))?)?;
        }
        let errors = plan.errors.as_deref();
        let errors = errors.map(|path| Partial::open(path, checkpoint.errors_length));
        Ok(Self {
            errors: errors.transpose()?,
            partial,
            plan,
            checkpoint,
            saved: Instant::now(),
            buffer: Vec::new(),
        })
    }

    fn checkpoint_path(&self) -> PathBuf {
        checkpoint_of(&self.plan.path)
    }

    /// What was done, those before an interruption counted in.
    #[must_use]
    pub fn done(&self) -> &Done {
        &self.checkpoint.done
    }

    /// The same, for what only the caller can count.
    pub fn done_mut(&mut self) -> &mut Done {
        &mut self.checkpoint.done
    }

    /// Whether the documents that were read before an interruption are the first of these inputs,
    /// as told by the hash of their ids.
    ///
    /// # Errors
    /// If they are not.
    pub fn check_inputs(&self, read_again: &Done) -> Result<(), RestartError> {
        let done = &self.checkpoint.done;
        if (done.items, done.seen) == (read_again.items, read_again.seen) {
            return Ok(());
        }
        Err(RestartError::Inputs {
            path: self.checkpoint_path(),
        })
    }

    /// Writes a document's results.
    ///
    /// # Errors
    /// Where the disk takes no more; the run can go on from its last checkpoint.
    pub fn document(&mut self, document: &Document) -> Result<(), RestartError> {
        self.buffer.clear();
        encode(self.plan.format, document, &mut self.buffer)
            .map_err(RestartError::at(&self.plan.path))?;
        let length = self.partial.length() + self.buffer.len() as u64;
        let most = self.plan.most_bytes.unwrap_or(u64::MAX);
        let empty = header(self.plan.format).map_err(RestartError::at(&self.plan.path))?;
        if length > most && self.partial.length() > empty.len() as u64 && !self.buffer.is_empty() {
            self.next_part()?;
        }
        self.partial.write(&self.buffer)?;
        let done = &mut self.checkpoint.done;
        done.see(&document.id);
        done.documents += 1;
        done.quotations += document.quotations.as_ref().map_or(0, Vec::len) as u64;
        done.bytes += document.text.len() as u64;
        self.save_in_time()
    }

    /// Writes that a document failed: `item` is its id, or the words of the failure where it has
    /// none.
    ///
    /// # Errors
    /// As [`document`](Self::document).
    pub fn failure(&mut self, item: &str, report: &Value) -> Result<(), RestartError> {
        if let Some(errors) = &mut self.errors {
            errors.write(format!("{report}\n").as_bytes())?;
        }
        self.checkpoint.done.see(item);
        self.checkpoint.done.failures += 1;
        self.save_in_time()
    }

    fn save_in_time(&mut self) -> Result<(), RestartError> {
        match self.saved.elapsed() >= self.plan.every {
            true => self.save(),
            false => Ok(()),
        }
    }

    /// Writes a checkpoint now.
    ///
    /// # Errors
    /// As [`document`](Self::document).
    pub fn save(&mut self) -> Result<(), RestartError> {
        self.partial.sync()?;
        self.checkpoint.length = self.partial.length();
        if let Some(errors) = &mut self.errors {
            errors.sync()?;
            self.checkpoint.errors_length = errors.length();
        }
        self.checkpoint.save(&self.checkpoint_path())?;
        self.saved = Instant::now();
        Ok(())
    }

    fn next_part(&mut self) -> Result<(), RestartError> {
        self.checkpoint.state = State::Closing;
        self.save()?;
        let path = place(&self.plan.path, self.checkpoint.part);
        deliver(&path, self.plan.format)?;
        self.checkpoint = self.checkpoint.next_part();
        let path = place(&self.plan.path, self.checkpoint.part);
        if path.exists() {
            return Err(RestartError::InTheWay { path });
        }
        self.partial = Partial::open(&path, 0)?;
        let header = header(self.plan.format).map_err(RestartError::at(&path))?;
        self.partial.write(&header)?;
        self.save()
    }

    /// Puts everything in its place.
    ///
    /// # Errors
    /// As [`document`](Self::document).
    pub fn finish(mut self) -> Result<Done, RestartError> {
        self.checkpoint.state = State::Last;
        self.save()?;
        let Self {
            plan,
            checkpoint,
            partial,
            errors,
            ..
        } = self;
        drop((partial, errors));
        settle(&plan, &checkpoint)?;
        Ok(checkpoint.done)
    }
}

impl Checkpoint {
    /// At the beginning of the part after this one.
    fn next_part(&self) -> Self {
        Self {
            part: self.part + 1,
            state: State::Open,
            length: 0,
            ..self.clone()
        }
    }
}

/// Puts the last files in their places. May be repeated after an interruption at any point.
fn settle(plan: &OutputPlan, checkpoint: &Checkpoint) -> Result<(), RestartError> {
    deliver(&place(&plan.path, checkpoint.part), plan.format)?;
    if let Some(errors) = &plan.errors {
        let partial = beside(errors, ".partial");
        if fs::exists(&partial).map_err(RestartError::at(&partial))? {
            move_to(&partial, errors)?;
        }
    }
    remove(&checkpoint_of(&plan.path))
}

/// Everything that the bytes depend on.
fn settings(plan: &OutputPlan) -> String {
    let most = plan
        .most_bytes
        .map(|most| format!(", files of {most} bytes"));
    let errors = if plan.errors.is_some() {
        ", errors"
    } else {
        ""
    };
    format!(
        "{}: {:?}{}{errors}",
        plan.settings,
        plan.format,
        most.unwrap_or_default()
    )
}
