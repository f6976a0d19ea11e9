//! A run of `dixit extract`: reading on a thread of its own, the pipeline's threads, and this one,
//! which writes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::Context;
use dixit::{Pipeline, SourceText};
use dixit_corpus::{DocumentError, Done, ReadAhead, SourceTexts};
use serde_json::json;

use crate::arguments::Extract;
use crate::color::plain;
use crate::extract::options;
use crate::failures::Failure;
use crate::progress::Progress;
use crate::sink::Sink;
use crate::{End, output};

/// Text that is read ahead, in bytes.
const AHEAD: usize = 8 << 20;

pub(crate) fn run(
    arguments: &Extract,
    inputs: Vec<String>,
    pipeline: &Pipeline,
) -> anyhow::Result<End> {
    let (shared, corpora) = (&arguments.shared, &arguments.corpora);
    let mut sink = Sink::open(arguments, settings(arguments, &inputs))?;
    match &sink {
        Sink::There => {
            if !shared.quiet {
                eprintln!("dixit: the output is there, and no run was interrupted: nothing to do");
            }
            return Ok(End::Done);
        }
        Sink::Finished(done) => return Ok(end(done)),
        Sink::Restartable(_) | Sink::Direct(_) => {}
    }
    let mut texts = SourceTexts::new(inputs, options(arguments));
    let shown = !shared.quiet && !sink.on_terminal();
    if shown {
        texts = texts.measured();
    }
    let progress = Progress::new(shown, texts.meter());
    let reading = Arc::new(AtomicU64::new(0));
    let shard = corpora.shard;
    let mut texts = Timed {
        texts,
        nanoseconds: Arc::clone(&reading),
    }
    .zip(0..)
    .filter(move |(_, number)| shard.is_none_or(|shard| shard.has(*number)))
    .map(|(text, _)| text);
    skip(&mut texts, &sink)?;

    let mut clock = Clock::new(pipeline, reading, sink.done());
    let ahead = ReadAhead::new(texts, AHEAD).context("cannot start the reading thread")?;
    let mut too_many = false;
    for read in pipeline.stream(ahead.map(|text| text.map_err(Failure::Unread))) {
        let begin = Instant::now();
        sink.tally(|done| clock.tally(done));
        match read {
            Ok(document) => {
                sink.document(&document)?;
                progress.step(document.text.len());
            }
            Err(failure) => {
                progress.say(&format!("dixit: {}", plain(&failure.message())));
                sink.failure(&failure)?;
                progress.step(0);
            }
        }
        clock.writing += begin.elapsed();
        too_many = corpora
            .max_errors
            .is_some_and(|most| sink.failures() > most);
        if too_many {
            break;
        }
    }
    progress.finish();

    sink.tally(|done| clock.tally(done));
    let done = sink.done();
    if let Some(path) = &corpora.stats {
        write_stats(path, &done, pipeline.config().jobs())?;
    }
    if too_many {
        sink.give_up()?;
        eprintln!("dixit: gave up after {} documents failed", done.failures);
        return Ok(End::Failed);
    }
    sink.finish()?;
    if shared.verbose {
        let seconds = done.seconds.get("elapsed").copied().unwrap_or_default();
        eprintln!(
            "dixit: {} documents, {} bytes, {} quotations, {} failures, {seconds:.2} s",
            done.documents, done.bytes, done.quotations, done.failures
        );
    }
    Ok(end(&done))
}

fn end(done: &Done) -> End {
    match done.failures {
        0 => End::Done,
        _ => End::SomeFailed,
    }
}

/// Everything that the results depend on.
fn settings(arguments: &Extract, inputs: &[String]) -> String {
    let mut arguments = arguments.clone();
    arguments.inputs = inputs.to_vec();
    arguments.format = None;
    let corpora = &mut arguments.corpora;
    corpora.resume = false;
    corpora.checkpoint = Duration::ZERO;
    corpora.max_file_size = None;
    corpora.stats = None;
    corpora.errors = None;
    corpora.max_errors = None;
    let shared = &mut arguments.shared;
    shared.output = None;
    shared.jobs = 0;
    shared.quiet = false;
    shared.verbose = false;
    format!("{} {arguments:?}", env!("CARGO_PKG_VERSION"))
}

/// Reads over what was done before an interruption.
fn skip(
    texts: &mut impl Iterator<Item = Result<SourceText, DocumentError>>,
    sink: &Sink,
) -> anyhow::Result<()> {
    let Sink::Restartable(output) = sink else {
        return Ok(());
    };
    let mut again = Done::default();
    for text in texts.take(usize::try_from(output.done().items)?) {
        match text {
            Ok(text) => again.see(&text.id),
            Err(error) => again.see(&Failure::Unread(error).item()),
        }
    }
    Ok(output.check_inputs(&again)?)
}

/// Texts, and how long it took to read them.
struct Timed {
    texts: SourceTexts,
    nanoseconds: Arc<AtomicU64>,
}

impl Iterator for Timed {
    type Item = Result<SourceText, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        let begin = Instant::now();
        let text = self.texts.next();
        let passed = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(passed, Relaxed);
        text
    }
}

/// Seconds by stage, added to those before an interruption.
struct Clock<'p> {
    pipeline: &'p Pipeline,
    reading: Arc<AtomicU64>,
    writing: Duration,
    begin: Instant,
    before: Done,
}

impl<'p> Clock<'p> {
    fn new(pipeline: &'p Pipeline, reading: Arc<AtomicU64>, before: Done) -> Self {
        Self {
            pipeline,
            reading,
            writing: Duration::ZERO,
            begin: Instant::now(),
            before,
        }
    }

    fn tally(&mut self, done: &mut Done) {
        let work = self.pipeline.work();
        let now = [
            ("elapsed", self.begin.elapsed()),
            ("read", Duration::from_nanos(self.reading.load(Relaxed))),
            ("tokenize", work.tokenize),
            ("encode", work.encode),
            ("decode", work.decode),
            ("link", work.link),
            ("write", self.writing),
        ];
        done.pieces = self.before.pieces + work.pieces;
        for (stage, passed) in now {
            let before = self.before.seconds.get(stage).copied().unwrap_or_default();
            let seconds = before + passed.as_secs_f64();
            match done.seconds.get_mut(stage) {
                Some(value) => *value = seconds,
                None => {
                    done.seconds.insert(stage.to_owned(), seconds);
                }
            }
        }
    }
}

fn write_stats(path: &Path, done: &Done, jobs: usize) -> anyhow::Result<()> {
    let milli = |seconds: f64| (seconds * 1e3).round() / 1e3;
    let seconds: BTreeMap<&String, f64> = done
        .seconds
        .iter()
        .map(|(stage, &seconds)| (stage, milli(seconds)))
        .collect();
    let elapsed = done.seconds.get("elapsed").copied().unwrap_or_default();
    let rate = |count: u64| milli(count as f64 / elapsed.max(1e-9));
    let stats = json!({
        "documents": done.documents,
        "failures": done.failures,
        "errors": done.errors,
        "quotations": done.quotations,
        "bytes": done.bytes,
        "pieces": done.pieces,
        "jobs": jobs,
        "seconds": seconds,
        "documents_per_second": rate(done.documents),
        "pieces_per_second": rate(done.pieces),
    });
    let mut file = output::file(path)?;
    writeln!(file, "{stats:#}")
        .and_then(|()| file.commit())
        .with_context(|| format!("cannot write {}", path.display()))
}
