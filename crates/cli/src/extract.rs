//! `dixit extract`: texts in, who said what out.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::time::Instant;

use anyhow::Context;
use clap::CommandFactory;
use clap::error::ErrorKind;
use dixit::{Document, Pipeline, SourceText};
use dixit_corpus::{InputFormat, OutputFormat, ReadOptions, SourceTexts, Writer};

use crate::arguments::{Arguments, Extract, ResultFormat, SourceFormat, modes};
use crate::failures::Failures;
use crate::listing::Listing;
use crate::output::Output;
use crate::progress::Progress;
use crate::{End, color};

pub(crate) fn run(arguments: &Extract) -> anyhow::Result<End> {
    let begin = Instant::now();
    let shared = &arguments.shared;
    let Some(inputs) = inputs(arguments) else {
        let problem = "no INPUT: name a file or a folder, or pipe a text in";
        // As clap does with every other wrong usage.
        Arguments::command()
            .error(ErrorKind::MissingRequiredArgument, problem)
            .print()?;
        return Ok(End::Usage);
    };
    let mut results = Results::open(arguments)?;
    let progress = Progress::new(!shared.quiet && !results.on_terminal);
    let failures = Failures::new(&progress, arguments.errors.as_deref(), arguments.max_errors)?;
    let mut builder = Pipeline::builder()
        .jobs(shared.jobs)
        .modes(modes(&arguments.modes))
        .precision(arguments.precision.into());
    if let Some(least) = arguments.min_confidence {
        builder = builder.min_confidence(least);
    }
    let pipeline = builder.build()?;

    let (mut documents, mut quotations, mut bytes) = (0_u64, 0_usize, 0_usize);
    for read in pipeline.stream(readable(
        SourceTexts::new(inputs, options(arguments)),
        &failures,
    )) {
        progress.step();
        match read {
            Ok(document) => {
                results.write(&document)?;
                documents += 1;
                quotations += document.quotations.as_ref().map_or(0, Vec::len);
                bytes += document.text.len();
            }
            Err(error) => failures.unprocessed(&error),
        }
        if failures.too_many() {
            break;
        }
    }
    progress.finish();

    let (failed, too_many) = (failures.count(), failures.too_many());
    failures.finish()?;
    if too_many {
        eprintln!("dixit: gave up after {failed} documents failed");
        return Ok(End::Failed);
    }
    results.commit()?;
    if shared.verbose {
        let seconds = begin.elapsed().as_secs_f64();
        eprintln!(
            "dixit: {documents} documents, {bytes} bytes, {quotations} quotations, \
             {failed} failures, {seconds:.2} s"
        );
    }
    Ok(if failed > 0 {
        End::SomeFailed
    } else {
        End::Done
    })
}

/// The inputs that were named; in a pipe, standard input.
fn inputs(arguments: &Extract) -> Option<Vec<String>> {
    if !arguments.inputs.is_empty() {
        return Some(arguments.inputs.clone());
    }
    (!stdin().is_terminal()).then(|| vec!["-".to_owned()])
}

fn options(arguments: &Extract) -> ReadOptions {
    ReadOptions {
        format: arguments.input_format.map(|format| match format {
            SourceFormat::Text => InputFormat::Text,
            SourceFormat::Jsonl => InputFormat::JsonLines,
            SourceFormat::Csv => InputFormat::Csv,
            SourceFormat::Tsv => InputFormat::Tsv,
        }),
        id_field: arguments.id_column.clone(),
        text_field: arguments.text_column.clone(),
    }
}

/// The texts that can be read; the others are failures. Ends when there are too many of these.
fn readable<'f>(
    texts: SourceTexts,
    failures: &'f Failures<'_>,
) -> impl Iterator<Item = SourceText> + 'f {
    texts
        .map_while(|text| match text {
            Ok(text) => Some(Some(text)),
            Err(error) => {
                failures.unread(&error);
                (!failures.too_many()).then_some(None)
            }
        })
        .flatten()
}

/// Documents on their way out, in the form that was asked for.
struct Results {
    form: Form,
    on_terminal: bool,
    /// Whether somebody may wait for every single document.
    at_once: bool,
}

enum Form {
    List(Listing<Output>),
    Written(Writer<Output>),
}

impl Results {
    fn open(arguments: &Extract) -> anyhow::Result<Self> {
        let out = Output::open(arguments.shared.output.as_deref())?;
        let at_once = matches!(out, Output::Standard(_));
        let on_terminal = at_once && stdout().is_terminal();
        let default = if on_terminal {
            ResultFormat::List
        } else {
            ResultFormat::Records
        };
        let format = match arguments.format.unwrap_or(default) {
            ResultFormat::Records => OutputFormat::Records,
            ResultFormat::Documents => OutputFormat::Documents,
            ResultFormat::Csv => OutputFormat::Csv,
            ResultFormat::List => {
                let columns = match on_terminal {
                    true => usize::from(console::Term::stdout().size().1),
                    false => usize::MAX,
                };
                let listing = Listing::new(out, columns, color::wanted(on_terminal));
                return Ok(Self {
                    form: Form::List(listing),
                    on_terminal,
                    at_once,
                });
            }
        };
        let form = Form::Written(Writer::new(out, format)?);
        Ok(Self {
            form,
            on_terminal,
            at_once,
        })
    }

    fn write(&mut self, document: &Document) -> anyhow::Result<()> {
        match &mut self.form {
            Form::List(listing) => listing.write(document)?,
            Form::Written(writer) => {
                writer.write(document)?;
                if self.at_once {
                    writer.flush()?;
                }
            }
        }
        Ok(())
    }

    fn commit(self) -> anyhow::Result<()> {
        let mut out = match self.form {
            Form::List(listing) => listing.into_inner(),
            Form::Written(writer) => writer.finish().context("cannot write the results")?,
        };
        out.flush().context("cannot write the results")?;
        out.commit()
    }
}
