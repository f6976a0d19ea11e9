//! What was found, as the objects of `dixit/_records.py`.

use dixit::{Document, Offsets, Quotation};
use dixit_corpus::{Record, Speaker, record};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::sources::Given;

/// The classes, looked up once.
struct Classes {
    document: Py<PyAny>,
    quotation: Py<PyAny>,
    speaker: Py<PyAny>,
    addressee: Py<PyAny>,
    named_entity: Py<PyAny>,
    span: Py<PyAny>,
}

fn classes(py: Python<'_>) -> PyResult<&'static Classes> {
    static CLASSES: PyOnceLock<Classes> = PyOnceLock::new();
    CLASSES.get_or_try_init(py, || {
        let module = py.import("dixit._records")?;
        let class = |name: &str| module.getattr(name).map(Bound::unbind);
        Ok(Classes {
            document: class("Document")?,
            quotation: class("Quotation")?,
            speaker: class("Speaker")?,
            addressee: class("Addressee")?,
            named_entity: class("NamedEntity")?,
            span: class("Span")?,
        })
    })
}

/// A document with its quotations and names.
pub(crate) fn document(py: Python<'_>, document: &Document, given: Given) -> PyResult<Py<PyAny>> {
    let classes = classes(py)?;
    let offsets = Offsets::new(&document.text);
    let meta = given.meta.unwrap_or_else(|| PyDict::new(py).unbind());
    let quotations = document.quotations.iter().flatten();
    let quotations = quotations
        .map(|found| quotation(py, classes, document, found, &offsets, meta.bind(py)))
        .collect::<PyResult<Vec<_>>>()?;
    let names = document.named_entities.iter().flatten().map(|name| {
        let pair = dixit_corpus::pair(name.span, &offsets);
        let confidence = dixit_corpus::rounded(name.confidence);
        let span = span(py, classes, pair)?;
        classes
            .named_entity
            .call1(py, (span, name.label.as_str(), confidence))
    });
    let names = names.collect::<PyResult<Vec<_>>>()?;
    classes.document.call1(
        py,
        (
            given.id,
            given.text,
            PyTuple::new(py, quotations)?,
            PyTuple::new(py, names)?,
            meta,
        ),
    )
}

fn quotation(
    py: Python<'_>,
    classes: &Classes,
    document: &Document,
    quotation: &Quotation,
    offsets: &Offsets<'_>,
    meta: &Bound<'_, PyDict>,
) -> PyResult<Py<PyAny>> {
    let Record {
        doc,
        id,
        text,
        kind,
        marked,
        mode,
        content,
        cue,
        source,
        source_form,
        speaker: who,
        addressees,
        reference,
        confidence,
        // It comes back as it was given.
        meta: _,
    } = record(document, quotation, offsets);
    let who = who.map(|who| speaker(py, classes, who)).transpose()?;
    let addressees = addressees
        .into_iter()
        .map(|one| classes.addressee.call1(py, (one.id, one.name)))
        .collect::<PyResult<Vec<_>>>()?;
    // More than a tuple of Rust converts.
    let fields = [
        doc.into_pyobject(py)?.into_any(),
        id.into_pyobject(py)?.into_any(),
        text.into_pyobject(py)?.into_any(),
        kind.into_pyobject(py)?,
        marked.into_pyobject(py)?,
        mode.into_pyobject(py)?,
        spans(py, classes, &content)?,
        spans(py, classes, &cue)?,
        spans(py, classes, &source)?,
        source_form.into_pyobject(py)?,
        who.into_pyobject(py)?,
        PyTuple::new(py, addressees)?.into_any(),
        reference.into_pyobject(py)?,
        confidence.into_pyobject(py)?,
        meta.clone().into_any(),
    ];
    classes.quotation.call1(py, PyTuple::new(py, fields)?)
}

fn speaker(py: Python<'_>, classes: &Classes, speaker: Speaker) -> PyResult<Py<PyAny>> {
    let aliases = PyTuple::new(py, speaker.aliases)?;
    classes.speaker.call1(
        py,
        (
            speaker.id,
            speaker.name,
            speaker.entity_type,
            speaker.named,
            aliases,
        ),
    )
}

fn span(py: Python<'_>, classes: &Classes, [start, end]: [usize; 2]) -> PyResult<Py<PyAny>> {
    classes.span.call1(py, (start, end))
}

fn spans<'py>(
    py: Python<'py>,
    classes: &Classes,
    pairs: &[[usize; 2]],
) -> PyResult<Bound<'py, PyAny>> {
    let spans = pairs
        .iter()
        .map(|&pair| span(py, classes, pair))
        .collect::<PyResult<Vec<_>>>()?;
    Ok(PyTuple::new(py, spans)?.into_any())
}
