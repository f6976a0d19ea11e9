//! `dixit evaluate`: predictions against gold data.

use std::collections::HashSet;
use std::io::Write;

use anyhow::Context;
use dixit_corpus::{DocumentError, LabelledDocuments, read_predictions};
use dixit_document::Document;
use dixit_eval::{Mapping, Options, Oracle, compare, evaluate};

use crate::End;
use crate::arguments::{Evaluate, MappingChoice, ModeChoice, OracleChoice, ReportFormat, modes};
use crate::output::Output;
use crate::warnings::Warnings;

pub(crate) fn run(arguments: &Evaluate) -> anyhow::Result<End> {
    let mut warnings = Warnings::new(arguments.shared.verbose, arguments.shared.quiet);
    let mut ids = HashSet::new();
    let mut gold = Vec::new();
    for labelled in LabelledDocuments::new([arguments.gold.clone()]) {
        match labelled {
            Ok(labelled) => {
                labelled.flaws.iter().for_each(|flaw| warnings.add(flaw));
                if !ids.insert(labelled.document.id.clone()) {
                    warnings.add(&DocumentError::taken(
                        &labelled.document.id,
                        &arguments.gold,
                    ));
                }
                gold.push(labelled.document);
            }
            Err(error) => warnings.add(&error),
        }
    }
    if arguments.strict && warnings.count() > 0 {
        warnings.finish();
        eprintln!(
            "dixit: --strict: {} flaws in the gold data, nothing was evaluated",
            warnings.count()
        );
        return Ok(End::Flawed);
    }
    if gold.is_empty() {
        warnings.finish();
        anyhow::bail!("no gold document could be read from {}", arguments.gold);
    }
    let predicted = predictions(&arguments.pred, &gold, &mut warnings)?;
    let other = arguments.compare.as_deref();
    let other = other
        .map(|other| predictions(other, &gold, &mut warnings))
        .transpose()?;
    warnings.finish();

    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.shared.jobs)
        .build()?;
    let report = threads.install(|| report(arguments, &gold, &predicted, other.as_deref()))?;
    let mut out = Output::open(arguments.shared.output.as_deref())?;
    out.write_all(report.as_bytes())?;
    if !report.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.commit()?;
    Ok(if warnings.failed() {
        End::SomeFailed
    } else {
        End::Done
    })
}

fn predictions(
    input: &str,
    gold: &[Document],
    warnings: &mut Warnings,
) -> anyhow::Result<Vec<Document>> {
    let predictions = read_predictions(input, gold)?;
    predictions
        .errors
        .iter()
        .for_each(|error| warnings.add(error));
    Ok(predictions.documents)
}

fn report(
    arguments: &Evaluate,
    gold: &[Document],
    predicted: &[Document],
    other: Option<&[Document]>,
) -> anyhow::Result<String> {
    let options = options(arguments);
    if let Some(other) = other {
        let comparison = compare(gold, other, predicted, &options);
        return Ok(match arguments.format {
            ReportFormat::Text => comparison.to_string(),
            ReportFormat::Json => comparison.to_json().context("cannot write the report")?,
            ReportFormat::Csv => comparison.to_csv(),
            ReportFormat::Markdown => comparison.to_markdown(),
            ReportFormat::Html => dixit_html::comparison(&comparison),
        });
    }
    let report = evaluate(gold, predicted, &options);
    Ok(match arguments.format {
        ReportFormat::Text => match arguments.list {
            Some(limit) => format!("{report}\n{}", report.listing(false, limit)),
            None => report.to_string(),
        },
        ReportFormat::Json => report.to_json().context("cannot write the report")?,
        ReportFormat::Csv => report.to_csv(),
        ReportFormat::Markdown => report.to_markdown(),
        ReportFormat::Html => dixit_html::report(&report, gold),
    })
}

fn options(arguments: &Evaluate) -> Options {
    let given = |choice| arguments.oracle.contains(&choice);
    let options = Options::default()
        .mapping(match arguments.mapping {
            MappingChoice::Strict => Mapping::Strict,
            MappingChoice::Majority => Mapping::Majority,
        })
        .oracle(Oracle {
            quotations: given(OracleChoice::Quotations),
            cast: given(OracleChoice::Cast),
            mentions: given(OracleChoice::Mentions),
        })
        .bootstrap(arguments.bootstrap, arguments.seed);
    if arguments.modes.contains(&ModeChoice::All) {
        return options;
    }
    options.modes(&modes(&arguments.modes))
}
