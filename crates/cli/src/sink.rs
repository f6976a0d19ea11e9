//! Where documents and failures end up: a run that can be interrupted, or a direct way out.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use dixit::Document;
use dixit_corpus::{Done, OutputFormat, OutputPlan, RestartableOutput, Resumed, WholeFile};

use crate::arguments::{Delivery, ResultFormat};
use crate::extract::Results;
use crate::failures::Failure;
use crate::{interrupt, output};

/// Takes what a run gives.
pub(crate) enum Sink {
    /// Files that a run can go on with.
    Restartable(Box<RestartableOutput>),
    /// Standard output, pipes, and forms for people.
    Direct(Box<Direct>),
    /// Everything was done before.
    Finished(Done),
    /// The output is there, and no run was interrupted.
    There,
}

pub(crate) struct Direct {
    results: Results,
    errors: Option<WholeFile>,
    done: Done,
}

impl Sink {
    pub(crate) fn open(arguments: Delivery<'_>, settings: String) -> anyhow::Result<Self> {
        let errors = arguments.corpora.errors.as_deref();
        let Some(path) = restartable(arguments).filter(|_| errors.is_none_or(is_regular)) else {
            return Ok(Self::Direct(Box::new(Direct {
                results: Results::open(arguments)?,
                errors: errors.map(output::file).transpose()?,
                done: Done::default(),
            })));
        };
        interrupt::remove(&RestartableOutput::unfinished(&path));
        let plan = OutputPlan {
            format: format(arguments, Some(&path)),
            path,
            most_bytes: arguments.corpora.max_file_size,
            errors: errors.map(Path::to_owned),
            settings,
            every: arguments.corpora.checkpoint,
        };
        let opened = match arguments.corpora.resume {
            true => RestartableOutput::resume(plan)?,
            false => Resumed::Open(Box::new(RestartableOutput::begin(plan)?)),
        };
        Ok(match opened {
            Resumed::Open(output) => {
                interrupt::hint();
                Self::Restartable(output)
            }
            Resumed::Finished(done) => Self::Finished(done),
            Resumed::Nothing => Self::There,
        })
    }

    pub(crate) fn done(&self) -> Done {
        match self {
            Self::Restartable(output) => output.done().clone(),
            Self::Direct(direct) => direct.done.clone(),
            Self::Finished(done) => done.clone(),
            Self::There => Done::default(),
        }
    }

    /// How many documents failed.
    pub(crate) fn failures(&self) -> u64 {
        match self {
            Self::Restartable(output) => output.done().failures,
            Self::Direct(direct) => direct.done.failures,
            Self::Finished(done) => done.failures,
            Self::There => 0,
        }
    }

    /// The count that the caller keeps.
    pub(crate) fn tally(&mut self, tally: impl FnOnce(&mut Done)) {
        match self {
            Self::Restartable(output) => tally(output.done_mut()),
            Self::Direct(direct) => tally(&mut direct.done),
            Self::Finished(_) | Self::There => {}
        }
    }

    pub(crate) fn document(&mut self, document: &Document) -> anyhow::Result<()> {
        match self {
            Self::Restartable(output) => Ok(output.document(document)?),
            Self::Direct(direct) => {
                direct.results.write(document)?;
                let done = &mut direct.done;
                done.items += 1;
                done.documents += 1;
                done.quotations += document.quotations.as_ref().map_or(0, Vec::len) as u64;
                done.bytes += document.text.len() as u64;
                Ok(())
            }
            Self::Finished(_) | Self::There => Ok(()),
        }
    }

    pub(crate) fn failure(&mut self, failure: &Failure) -> anyhow::Result<()> {
        let report = failure.report();
        let kind = report["kind"].as_str().unwrap_or_default().to_owned();
        self.tally(|done| *done.errors.entry(kind).or_default() += 1);
        match self {
            Self::Restartable(output) => Ok(output.failure(&failure.item(), &report)?),
            Self::Direct(direct) => {
                direct.done.items += 1;
                direct.done.failures += 1;
                match &mut direct.errors {
                    Some(file) => writeln!(file, "{report}").context(ERRORS),
                    None => Ok(()),
                }
            }
            Self::Finished(_) | Self::There => Ok(()),
        }
    }

    /// Puts everything in its place.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Restartable(output) => drop(output.finish()?),
            Self::Direct(direct) => {
                let Direct {
                    results, errors, ..
                } = *direct;
                results.commit()?;
                errors.map_or(Ok(()), WholeFile::commit).context(ERRORS)?;
            }
            Self::Finished(_) | Self::There => {}
        }
        Ok(())
    }

    /// Gives up: what can go on is made safe, the failures are told.
    pub(crate) fn give_up(self) -> anyhow::Result<()> {
        match self {
            Self::Restartable(mut output) => output.save()?,
            Self::Direct(direct) => {
                let errors = direct.errors;
                errors.map_or(Ok(()), WholeFile::commit).context(ERRORS)?;
            }
            Self::Finished(_) | Self::There => {}
        }
        Ok(())
    }
}

const ERRORS: &str = "cannot write the file of errors";

/// How results are written: as it was asked for, or as the file's name says.
pub(crate) fn format(arguments: Delivery<'_>, path: Option<&Path>) -> OutputFormat {
    let by_name = || {
        let name = path
            .map(|path| path.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
        match Path::new(name).extension().and_then(|end| end.to_str()) {
            Some("csv") => OutputFormat::Csv,
            Some("parquet") => OutputFormat::Parquet,
            _ => OutputFormat::Records,
        }
    };
    match arguments.format {
        Some(ResultFormat::Documents) => OutputFormat::Documents,
        Some(ResultFormat::Csv) => OutputFormat::Csv,
        Some(ResultFormat::Parquet) => OutputFormat::Parquet,
        Some(ResultFormat::Records) => OutputFormat::Records,
        _ => by_name(),
    }
}

/// The output file, if a run can be restarted on it.
pub(crate) fn restartable(arguments: Delivery<'_>) -> Option<PathBuf> {
    let path = arguments.shared.output.as_deref()?;
    let for_programs = matches!(
        arguments.format,
        None | Some(
            ResultFormat::Records
                | ResultFormat::Documents
                | ResultFormat::Csv
                | ResultFormat::Parquet
        )
    );
    if !for_programs || path == Path::new("-") || !is_regular(path) {
        return None;
    }
    // Through a link to the file that it stands for.
    Some(std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
}

/// Whether it is a file, or can become one: no pipe, no device.
fn is_regular(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |found| found.is_file())
}
