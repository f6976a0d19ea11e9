use std::path::Path;

use super::{Format, booknlp, brat, citron, conll, litbank, pdnc};
use crate::{DocumentError, ErrorKind, Labelled, LabelledDocuments};

/// Reads the labelled documents at `path`, a file or a folder, in order of their names. A document
/// that cannot be read stands as an error between the others.
///
/// # Errors
/// Where nothing can be read at all, or `format` is one that can only be written.
pub fn read_format(
    path: &Path,
    format: Format,
) -> Result<Vec<Result<Labelled, DocumentError>>, DocumentError> {
    let documents = match format {
        Format::Documents => {
            LabelledDocuments::new([path.to_string_lossy().into_owned()]).collect()
        }
        Format::Brat => brat::read(path)?,
        Format::Pdnc => pdnc::read(path)?,
        Format::Litbank => litbank::read(path)?,
        Format::Conll => conll::read(path)?,
        Format::Booknlp => booknlp::read(path)?,
        Format::Citron => citron::read(path)?,
        Format::Records | Format::Csv | Format::WebAnnotation | Format::Tei => {
            return Err(DocumentError::new(
                ErrorKind::Format,
                format!("{format} cannot be read back"),
            )
            .in_file(&path.to_string_lossy())
            .mended_by("convert from what it was made of"));
        }
    };
    if documents.is_empty() {
        return Err(
            DocumentError::new(ErrorKind::NotFound, format!("no {format} document there"))
                .in_file(&path.to_string_lossy())
                .mended_by("check the path, or say --from"),
        );
    }
    Ok(documents)
}
