//! `dixit convert`: labelled data from one form to another.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::CommandFactory;
use clap::error::ErrorKind as UsageKind;
use dixit_corpus::LabelledDocuments;
use dixit_corpus::formats::{Destination, Format, identify, read_format, write_format};
use dixit_document::Document;

use crate::End;
use crate::arguments::{Arguments, Convert};
use crate::output::Output;
use crate::warnings::Warnings;

pub(crate) fn run(arguments: &Convert) -> anyhow::Result<End> {
    let shared = &arguments.shared;
    let output = shared
        .output
        .as_deref()
        .filter(|path| *path != Path::new("-"));
    let to = arguments.to.or_else(|| output.and_then(Format::of_name));
    let to = to.unwrap_or(Format::Documents);
    if !to.is_written() {
        return usage(&format!("{to} is read, but not written"));
    }
    if to.is_folder() && output.is_none() {
        return usage(&format!("{to} is written as a folder: name one with -o"));
    }
    let mut warnings = Warnings::new(shared.verbose, shared.quiet);
    let mut documents = Vec::new();
    let mut told = Vec::new();
    for input in &arguments.inputs {
        let path = PathBuf::from(input);
        let Some(from) = arguments.from.or_else(|| Format::guess(&path)) else {
            if !path.exists() && input != "-" {
                anyhow::bail!("{input}: no such file or folder (check the path)");
            }
            return usage(&format!(
                "{input}: nothing tells its format; name it with --from"
            ));
        };
        if !from.is_read() {
            return usage(&format!("{input}: {from} is written, but not read back"));
        }
        if !told.contains(&from) && !from.lost_in_reading().is_empty() {
            told.push(from);
            warnings.note(&format!("from {from}: {}", from.lost_in_reading()));
        }
        for read in read_format(&path, from)? {
            match read {
                Ok(labelled) => {
                    labelled.flaws.iter().for_each(|flaw| warnings.add(flaw));
                    documents.push(labelled.document);
                }
                Err(error) => warnings.add(&error),
            }
        }
    }
    name(arguments, &mut documents, &mut warnings)?;
    warnings.finish();
    if arguments.strict && warnings.count() > 0 {
        eprintln!(
            "dixit: --strict: {} flaws, nothing was written",
            warnings.count()
        );
        return Ok(End::Flawed);
    }
    if documents.is_empty() {
        anyhow::bail!("no document could be read");
    }
    if !to.lost_in_writing().is_empty() {
        warnings.note(&format!("to {to}: {}", to.lost_in_writing()));
    }
    if let (true, Some(folder)) = (
        to.is_folder() && !is_single_file(to, output, &documents),
        output,
    ) {
        let out: Destination<Output> = Destination::Folder(folder.to_owned());
        write_format(&documents, to, out).context("cannot write the results")?;
    } else {
        let out = Output::open(output)?;
        let out = write_format(&documents, to, Destination::Stream(out))
            .context("cannot write the results")?;
        out.map_or(Ok(()), Output::commit)?;
    }
    if shared.verbose {
        let quotations = documents
            .iter()
            .flat_map(|document| document.quotations.iter().flatten());
        eprintln!(
            "dixit: {} documents, {} quotations",
            documents.len(),
            quotations.count()
        );
    }
    Ok(if warnings.failed() {
        End::SomeFailed
    } else {
        End::Done
    })
}

/// One document of Citron's may go to a file of its own name.
fn is_single_file(to: Format, output: Option<&Path>, documents: &[Document]) -> bool {
    let named = output.is_some_and(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    to == Format::Citron && documents.len() == 1 && named
}

/// Gives the documents the ids that were asked for.
fn name(
    arguments: &Convert,
    documents: &mut [Document],
    warnings: &mut Warnings,
) -> anyhow::Result<()> {
    if let Some(known) = &arguments.ids_from {
        let mut gold = Vec::new();
        for labelled in LabelledDocuments::new([known.clone()]) {
            gold.push(labelled?.document);
        }
        let found = identify(documents, &gold);
        warnings.note(&format!(
            "{found} of {} documents have a text of {known}",
            documents.len()
        ));
    }
    if let Some(prefix) = &arguments.prefix {
        for document in documents {
            document.id.insert_str(0, prefix);
        }
    }
    Ok(())
}

/// As clap does with every other wrong usage.
fn usage(problem: &str) -> anyhow::Result<End> {
    Arguments::command()
        .error(UsageKind::InvalidValue, problem)
        .print()?;
    Ok(End::Usage)
}
