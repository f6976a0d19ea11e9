//! A run of `dixit extract` or `dixit attribute`: reading on a thread of its own, the pipeline's threads, and this one,
//! which writes.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::Context;
use dixit::{Input, Pipeline, SourceText};
use dixit_corpus::{DocumentError, Done, Meter, ReadAhead};
use serde_json::json;

use crate::arguments::Delivery;
use crate::color::plain;
use crate::failures::Failure;
use crate::progress::Progress;
use crate::sink::Sink;
use crate::{End, output};

/// Text that is read ahead, in bytes.
const AHEAD: usize = 8 << 20;

/// A run over documents.
pub(crate) struct Run<'r> {
    pub delivery: Delivery<'r>,
    /// Everything that the results depend on.
    pub settings: String,
    pub pipeline: &'r Pipeline,
}

/// Whether it is told how far a run is. Where results appear before somebody's eyes, they tell.
pub(crate) fn shows_progress(delivery: Delivery<'_>) -> bool {
    let output = delivery.shared.output.as_deref();
    let listed = output.is_none_or(|path| path == Path::new("-")) && stdout().is_terminal();
    !delivery.shared.quiet && !listed
}

impl Run<'_> {
    /// Reads the texts; `meter` tells how far they have been read from their files.
    pub(crate) fn read<T>(
        self,
        texts: impl Iterator<Item = Result<T, DocumentError>> + Send + 'static,
        meter: Arc<Meter>,
    ) -> anyhow::Result<End>
    where
        T: AsRef<SourceText> + Into<Input> + Send + 'static,
    {
        let Self {
            delivery,
            settings,
            pipeline,
        } = self;
        let (shared, corpora) = (delivery.shared, delivery.corpora);
        let mut sink = Sink::open(delivery, settings)?;
        match &sink {
            Sink::There => {
                if !shared.quiet {
                    eprintln!(
                        "dixit: the output is there, and no run was interrupted: nothing to do"
                    );
                }
                return Ok(End::Done);
            }
            Sink::Finished(done) => return Ok(end(done)),
            Sink::Restartable(_) | Sink::Direct(_) => {}
        }
        let progress = Progress::new(shows_progress(delivery), meter);
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
}

fn end(done: &Done) -> End {
    match done.failures {
        0 => End::Done,
        _ => End::SomeFailed,
    }
}

/// Reads over what was done before an interruption.
fn skip<T: AsRef<SourceText>>(
    texts: &mut impl Iterator<Item = Result<T, DocumentError>>,
    sink: &Sink,
) -> anyhow::Result<()> {
    let Sink::Restartable(output) = sink else {
        return Ok(());
    };
    let mut again = Done::default();
    for text in texts.take(usize::try_from(output.done().items)?) {
        match text {
            Ok(text) => again.see(&text.as_ref().id),
            Err(error) => again.see(&Failure::Unread(error).item()),
        }
    }
    Ok(output.check_inputs(&again)?)
}

/// Texts, and how long it took to read them.
struct Timed<I> {
    texts: I,
    nanoseconds: Arc<AtomicU64>,
}

impl<I: Iterator> Iterator for Timed<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
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
