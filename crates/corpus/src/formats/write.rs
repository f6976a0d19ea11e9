use std::collections::HashSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use dixit_document::Document;

use super::files::file_name;
use super::{Format, brat_writer, citron, conll_writer, pdnc_writer, tei, web_annotation};
use crate::{OutputFormat, WholeFile, WriteError, Writer};

/// Where converted documents go.
pub enum Destination<W: Write + Send> {
    /// One stream for all of them.
    Stream(W),
    /// A folder, for the forms that are files beside one another.
    Folder(std::path::PathBuf),
}

/// Writes documents in a form of labelled data: into `out`, or, for the forms of which
/// [`Format::is_folder`] is true, into the folder `out`. Hands a stream back.
///
/// # Errors
/// Where the output cannot be written, or is of the wrong sort for the format.
pub fn write_format<W: Write + Send>(
    documents: &[Document],
    format: Format,
    out: Destination<W>,
) -> Result<Option<W>, WriteError> {
    match out {
        Destination::Folder(folder) => folders(documents, format, &folder).map(|()| None),
        Destination::Stream(out) => stream(documents, format, out).map(Some),
    }
}

fn failed(document: &Document) -> impl Fn(io::Error) -> WriteError + '_ {
    |source| WriteError {
        document: document.id.clone(),
        source,
    }
}

fn stream<W: Write + Send>(
    documents: &[Document],
    format: Format,
    out: W,
) -> Result<W, WriteError> {
    let whole = |source| WriteError {
        document: documents
            .first()
            .map_or_else(String::new, |document| document.id.clone()),
        source,
    };
    let rows = match format {
        Format::Documents => Some(OutputFormat::Documents),
        Format::Records => Some(OutputFormat::Records),
        Format::Csv => Some(OutputFormat::Csv),
        _ => None,
    };
    if let Some(rows) = rows {
        let mut writer = Writer::new(out, rows).map_err(whole)?;
        for document in documents {
            writer.write(document)?;
        }
        return writer.finish().map_err(whole);
    }
    let mut out = BufWriter::new(out);
    if format == Format::Tei {
        out.write_all(tei::BEGIN.as_bytes()).map_err(whole)?;
    }
    for (number, document) in (1..).zip(documents) {
        match format {
            Format::Conll => conll_writer::write(&mut out, document),
            Format::WebAnnotation => web_annotation::write(&mut out, document),
            Format::Tei => tei::write(&mut out, document, number),
            Format::Citron if documents.len() == 1 => citron::write(&mut out, document),
            Format::Citron | Format::Brat | Format::Pdnc => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{format} is written as a folder; name one with -o"),
            )),
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{format} is not written"),
            )),
        }
        .map_err(failed(document))?;
    }
    if format == Format::Tei {
        out.write_all(tei::END.as_bytes()).map_err(whole)?;
    }
    out.into_inner().map_err(|error| whole(error.into_error()))
}

fn folders(documents: &[Document], format: Format, folder: &Path) -> Result<(), WriteError> {
    let mut taken = HashSet::new();
    for document in documents {
        let failed = failed(document);
        let stem = file_name(&document.id);
        let mut name = stem.clone();
        let mut number = 1;
        while !taken.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{stem}-{number}");
        }
        let put = |path: &Path, bytes: &[u8]| -> io::Result<()> {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let mut file = WholeFile::create(path)?;
            file.write_all(bytes)?;
            file.commit()
        };
        match format {
            Format::Brat => {
                put(
                    &folder.join(format!("{name}.txt")),
                    document.text.as_bytes(),
                )
                .map_err(&failed)?;
                let annotation = brat_writer::annotation(document);
                put(&folder.join(format!("{name}.ann")), annotation.as_bytes()).map_err(&failed)?;
            }
            Format::Pdnc => {
                let folder = folder.join(&name);
                let table = |table: Result<Vec<u8>, csv::Error>| table.map_err(io::Error::other);
                put(&folder.join("novel_text.txt"), document.text.as_bytes()).map_err(&failed)?;
                let quotations = table(pdnc_writer::quotations(document)).map_err(&failed)?;
                put(&folder.join("quotation_info.csv"), &quotations).map_err(&failed)?;
                let characters = table(pdnc_writer::characters(document)).map_err(&failed)?;
                put(&folder.join("character_info.csv"), &characters).map_err(&failed)?;
            }
            Format::Citron => {
                let mut json = Vec::new();
                citron::write(&mut json, document).map_err(&failed)?;
                put(&folder.join(format!("{name}.json")), &json).map_err(&failed)?;
            }
            _ => {
                let problem = format!("{format} is written as one file, not as a folder");
                return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, problem)));
            }
        }
    }
    Ok(())
}
