//! `dixit extract`: texts in, who said what out.

use std::io::{BufWriter, IntoInnerError, IsTerminal, Write, stdin, stdout};

use anyhow::Context;
use clap::CommandFactory;
use clap::error::ErrorKind;
use dixit::{Document, Pipeline};
use dixit_corpus::{InputFormat, OutputFormat, ReadOptions, SourceTexts, Writer};
use dixit_html::Page;

use crate::arguments::{
    Arguments, Delivery, EngineChoice, Extract, ModelChoice, PrecisionChoice, ResultFormat,
    SchemaChoice, SourceFormat, modes,
};
use crate::listing::Listing;
use crate::output::Output;
use crate::run::{Run, shows_progress};
use crate::{End, color, sink};

pub(crate) fn run(arguments: &Extract) -> anyhow::Result<End> {
    let inputs = match usable(&arguments.inputs, arguments.delivery(), &arguments.model)? {
        Ok(inputs) => inputs,
        Err(end) => return Ok(end),
    };
    let mut builder =
        builder(arguments.delivery(), &arguments.model).modes(modes(&arguments.modes));
    if let Some(least) = arguments.min_confidence {
        builder = builder.min_confidence(least);
    }
    let pipeline = builder.build()?;
    let mut texts = SourceTexts::new(inputs.clone(), options(arguments));
    if shows_progress(arguments.delivery()) {
        texts = texts.measured();
    }
    let meter = texts.meter();
    let run = Run {
        delivery: arguments.delivery(),
        settings: settings(arguments, inputs),
        pipeline: &pipeline,
    };
    run.read(texts, meter)
}

/// Everything that the results depend on.
fn settings(arguments: &Extract, inputs: Vec<String>) -> String {
    let mut arguments = arguments.clone();
    arguments.inputs = inputs;
    arguments.format = None;
    arguments.corpora.forget_writing();
    arguments.shared.forget();
    format!("{} {arguments:?}", env!("CARGO_PKG_VERSION"))
}

/// The inputs; or how the program ends, where the usage is wrong and was told.
pub(crate) fn usable(
    inputs: &[String],
    delivery: Delivery<'_>,
    model: &ModelChoice,
) -> anyhow::Result<Result<Vec<String>, End>> {
    if inputs.is_empty() && stdin().is_terminal() {
        let problem = "no INPUT: name a file or a folder, or pipe a text in";
        return wrong_usage(ErrorKind::MissingRequiredArgument, problem).map(Err);
    }
    if let Some(problem) = conflict(delivery, model) {
        return wrong_usage(ErrorKind::ArgumentConflict, problem).map(Err);
    }
    Ok(Ok(match inputs {
        [] => vec!["-".to_owned()],
        inputs => inputs.to_vec(),
    }))
}

/// A pipeline as it was asked for.
pub(crate) fn builder(delivery: Delivery<'_>, model: &ModelChoice) -> dixit::Builder {
    let mut builder = Pipeline::builder()
        .jobs(delivery.shared.jobs)
        .engine(model.engine.into())
        .device(model.device);
    if let Some(precision) = model.precision {
        builder = builder.precision(precision.into());
    }
    if let Some(folder) = &model.ner_model {
        builder = builder.ner_model(folder);
    }
    if let Some(labels) = &model.ner_labels {
        builder = builder.ner_labels(labels.clone());
    }
    builder
}

/// The JSON Schema of what is written.
pub(crate) fn schema(of: SchemaChoice) -> anyhow::Result<End> {
    let schema = match of {
        SchemaChoice::Records => dixit_corpus::RECORD_SCHEMA,
        SchemaChoice::Documents => dixit_corpus::DOCUMENT_SCHEMA,
    };
    stdout().write_all(schema.as_bytes())?;
    Ok(End::Done)
}

/// As clap does with every other wrong usage.
fn wrong_usage(kind: ErrorKind, problem: &str) -> anyhow::Result<End> {
    Arguments::command().error(kind, problem).print()?;
    Ok(End::Usage)
}

/// Options that do not go together.
fn conflict(arguments: Delivery<'_>, model: &ModelChoice) -> Option<&'static str> {
    let corpora = arguments.corpora;
    let restartable = sink::restartable(arguments);
    if restartable.is_none() && corpora.resume {
        return Some(
            "--resume needs an output file (-o FILE) of records, documents, CSV or Parquet",
        );
    }
    if restartable.is_none() && corpora.max_file_size.is_some() {
        return Some("--max-file-size needs an output file (-o FILE) for programs to read");
    }
    let format = sink::format(arguments, restartable.as_deref());
    let packed = restartable
        .as_deref()
        .and_then(|path| path.extension())
        .is_some_and(|end| end == "gz" || end == "zst");
    if format == OutputFormat::Parquet && packed {
        return Some("Parquet is packed inside: name the output file .parquet");
    }
    if arguments.format == Some(ResultFormat::Parquet)
        && arguments.shared.output.is_none()
        && stdout().is_terminal()
    {
        return Some("Parquet is not for a terminal: name a file with -o");
    }
    if model.engine == EngineChoice::RustBert && model.precision == Some(PrecisionChoice::Int8) {
        return Some("--engine rust-bert computes in f32 only: leave --precision int8 out");
    }
    None
}

fn options(arguments: &Extract) -> ReadOptions {
    ReadOptions {
        format: arguments.input_format.map(|format| match format {
            SourceFormat::Text => InputFormat::Text,
            SourceFormat::Jsonl => InputFormat::JsonLines,
            SourceFormat::Csv => InputFormat::Csv,
            SourceFormat::Tsv => InputFormat::Tsv,
            SourceFormat::Parquet => InputFormat::Parquet,
        }),
        id_field: arguments.id_column.clone(),
        text_field: arguments.text_column.clone(),
        max_bytes: arguments.corpora.max_document_size,
    }
}

/// Documents on their way out, in the form that was asked for.
pub(crate) struct Results {
    form: Form,
    /// Whether somebody may wait for every single document.
    at_once: bool,
}

enum Form {
    List(Listing<Output>),
    Page(Page<BufWriter<Output>>),
    Written(Writer<Output>),
}

impl Results {
    pub(crate) fn open(arguments: Delivery<'_>) -> anyhow::Result<Self> {
        let out = Output::open(arguments.shared.output.as_deref())?;
        let at_once = matches!(out, Output::Standard(_));
        let on_terminal = at_once && stdout().is_terminal();
        let default = if on_terminal {
            ResultFormat::List
        } else {
            ResultFormat::Records
        };
        let format = match arguments.format.unwrap_or(default) {
            ResultFormat::Html => {
                return Ok(Self {
                    form: Form::Page(Page::new(BufWriter::new(out))?),
                    at_once,
                });
            }
            ResultFormat::Records => OutputFormat::Records,
            ResultFormat::Documents => OutputFormat::Documents,
            ResultFormat::Csv => OutputFormat::Csv,
            ResultFormat::Parquet => OutputFormat::Parquet,
            ResultFormat::List => {
                let columns = match on_terminal {
                    true => usize::from(console::Term::stdout().size().1),
                    false => usize::MAX,
                };
                let listing = Listing::new(out, columns, color::wanted(on_terminal));
                return Ok(Self {
                    form: Form::List(listing),
                    at_once,
                });
            }
        };
        let form = Form::Written(Writer::new(out, format)?);
        Ok(Self { form, at_once })
    }

    pub(crate) fn write(&mut self, document: &Document) -> anyhow::Result<()> {
        match &mut self.form {
            Form::List(listing) => listing.write(document)?,
            Form::Page(page) => page.write(document)?,
            Form::Written(writer) => {
                writer.write(document)?;
                if self.at_once {
                    writer.flush()?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn commit(self) -> anyhow::Result<()> {
        let mut out = match self.form {
            Form::List(listing) => listing.into_inner(),
            Form::Page(page) => {
                let out = page
                    .finish()
                    .context("cannot write the results")?
                    .into_inner();
                out.map_err(IntoInnerError::into_error)
                    .context("cannot write the results")?
            }
            Form::Written(writer) => writer.finish().context("cannot write the results")?,
        };
        out.flush().context("cannot write the results")?;
        out.commit()
    }
}
