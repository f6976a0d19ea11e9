//! Documents as Python gives them: an iterable of texts, pairs, or dictionaries.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dixit::SourceText;
use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyMapping, PyString, PyTuple};

use crate::errors::{of_document, shown, surrogate};

/// What was given of a document; comes back with what was found.
pub(crate) struct Given {
    pub id: Py<PyString>,
    pub text: Py<PyString>,
    /// The dictionary's other fields.
    pub meta: Option<Py<PyDict>>,
}

/// What waits on the Python side for each document under way, in order.
#[derive(Default)]
pub(crate) struct Waiting {
    given: VecDeque<Result<Given, PyErr>>,
    /// Why there are no further documents, if not because all were given.
    stopped: Option<PyErr>,
}

/// [`Waiting`], seen by the one who pulls documents and the one who hands them out.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Waiting>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // No code of Python runs under the lock, so it is whole whenever a lock ends.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The oldest document.
    pub(crate) fn pop(&self) -> Option<Result<Given, PyErr>> {
        self.lock().given.pop_front()
    }

    /// Why the documents ended before their end.
    pub(crate) fn stopped(&self) -> Option<PyErr> {
        self.lock().stopped.take()
    }

    /// The same, where it must not wait for the documents that are under way: an interruption,
    /// not an error.
    pub(crate) fn interrupted(&self, py: Python<'_>) -> Option<PyErr> {
        let stopped = self.stopped()?;
        if stopped.is_instance_of::<PyException>(py) {
            self.lock().stopped = Some(stopped);
            return None;
        }
        Some(stopped)
    }
}

/// Pulls documents from a Python iterator, on the thread that asks for them.
pub(crate) struct Sources {
    iterator: Py<PyIterator>,
    shared: Shared,
    count: usize,
    done: bool,
}

impl Sources {
    pub(crate) fn new(texts: &Bound<'_, PyAny>, shared: Shared) -> PyResult<Self> {
        Ok(Self {
            iterator: texts.try_iter()?.unbind(),
            shared,
            count: 0,
            done: false,
        })
    }

    fn pull(&mut self, py: Python<'_>) -> Option<SourceText> {
        let item = self.iterator.bind(py).clone().next();
        let read = item.map(|item| item.and_then(|item| read(&item, self.count)));
        self.count += 1;
        match read {
            None => self.done = true,
            Some(Err(stopped)) => {
                self.shared.lock().stopped = Some(stopped);
                self.done = true;
            }
            Some(Ok(Ok((source, given)))) => {
                self.shared.lock().given.push_back(Ok(given));
                return Some(source);
            }
            // An empty document keeps its place in the order.
            Some(Ok(Err(failed))) => {
                self.shared.lock().given.push_back(Err(failed));
                return Some(SourceText::default());
            }
        }
        None
    }
}

impl Iterator for Sources {
    type Item = SourceText;

    fn next(&mut self) -> Option<SourceText> {
        if self.done {
            return None;
        }
        Python::attach(|py| self.pull(py))
    }
}

/// A document: `Err` where what was given is no document at all, `Ok(Err)` where it is one that
/// cannot be read.
fn read(item: &Bound<'_, PyAny>, count: usize) -> PyResult<Result<(SourceText, Given), PyErr>> {
    let py = item.py();
    let numbered = || PyString::new(py, &count.to_string());
    if let Ok(text) = item.cast::<PyString>() {
        return Ok(document(&numbered(), text, None));
    }
    if let Ok(fields) = item.cast::<PyMapping>() {
        let meta = PyDict::new(py);
        meta.update(fields)?;
        let taken = |field: &str| {
            let value = meta.get_item(field)?;
            if value.is_some() {
                meta.del_item(field)?;
            }
            PyResult::Ok(value)
        };
        let id = match taken("id")? {
            Some(id) => id.str()?,
            None => numbered(),
        };
        return Ok(match taken("text")? {
            Some(text) => typed(&id, &text, Some(travelling(&meta)?)),
            None => Err(of_document(
                py,
                &shown(&id),
                &format!(
                    "document “{}” has no field “text” (there is {}): give its text under that name",
                    shown(&id),
                    shown(&fields.keys()?.str()?),
                ),
            )),
        });
    }
    if let Ok(pair) = item.cast::<PyTuple>()
        && pair.len() == 2
    {
        return Ok(typed(&pair.get_item(0)?.str()?, &pair.get_item(1)?, None));
    }
    Err(PyTypeError::new_err(format!(
        "document {count} is of type {}: give a str, a pair (id, text), or a dict with “text” and “id”",
        shown(&item.get_type().name()?),
    )))
}

/// Layers of annotation, which a reading makes anew.
const LAYERS: [&str; 5] = [
    "quotations",
    "entities",
    "mentions",
    "named_entities",
    "spans",
];

/// The fields that travel along, as the program has them: those of `meta`, then the others.
fn travelling<'py>(fields: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let py = fields.py();
    let meta = PyDict::new(py);
    let nested = fields.get_item("meta")?;
    if let Some(Ok(nested)) = nested.as_ref().map(|nested| nested.cast::<PyMapping>()) {
        meta.update(nested)?;
        fields.del_item("meta")?;
    }
    for (key, value) in fields {
        let layer = key
            .extract::<String>()
            .is_ok_and(|key| LAYERS.contains(&key.as_str()));
        if !layer && !meta.contains(&key)? {
            meta.set_item(key, value)?;
        }
    }
    Ok(meta)
}

/// A document whose text may be anything.
fn typed<'py>(
    id: &Bound<'py, PyString>,
    text: &Bound<'py, PyAny>,
    meta: Option<Bound<'py, PyDict>>,
) -> Result<(SourceText, Given), PyErr> {
    match text.cast::<PyString>() {
        Ok(text) => document(id, text, meta),
        Err(_) => {
            let found = shown(&text.get_type().name()?);
            let message = format!(
                "the text of document “{}” is of type {found}: give a str",
                shown(id)
            );
            Err(of_document(id.py(), &shown(id), &message))
        }
    }
}

/// A document from its parts.
pub(crate) fn document(
    id: &Bound<'_, PyString>,
    text: &Bound<'_, PyString>,
    meta: Option<Bound<'_, PyDict>>,
) -> Result<(SourceText, Given), PyErr> {
    let told = |error: PyErr| surrogate(id.py(), &shown(id), &error);
    let source = SourceText {
        id: id.to_str().map_err(told)?.to_owned(),
        text: text.to_str().map_err(told)?.to_owned(),
        ..SourceText::default()
    };
    let given = Given {
        id: id.clone().unbind(),
        text: text.clone().unbind(),
        meta: meta.map(Bound::unbind),
    };
    Ok((source, given))
}
