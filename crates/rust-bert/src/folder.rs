//! A folder that holds a model, as Hugging Face lays them out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::ModelError;

/// The files of a model, found but for the most part not yet read.
pub(crate) struct Folder {
    path: PathBuf,
    pub(crate) config: Map<String, Value>,
}

impl Folder {
    /// Reads `config.json`.
    pub(crate) fn open(path: &Path) -> Result<Self, ModelError> {
        if !path.is_dir() {
            return Err(ModelError::File {
                file: path.to_owned(),
                problem: "there is no such folder: name the folder that holds the model's \
                          config.json"
                    .to_owned(),
            });
        }
        let mut folder = Self {
            path: path.to_owned(),
            config: Map::new(),
        };
        folder.config = folder
            .object("config.json")?
            .ok_or_else(|| folder.missing("config.json", "the model's configuration"))?;
        Ok(folder)
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        self.path.join("config.json")
    }

    /// A file of the folder, if it is there.
    pub(crate) fn file(&self, name: &str) -> Option<PathBuf> {
        Some(self.path.join(name)).filter(|file| file.is_file())
    }

    /// The first of some files that is there.
    pub(crate) fn one_of(&self, names: &[&str], what: &str) -> Result<PathBuf, ModelError> {
        let found = names.iter().find_map(|name| self.file(name));
        found.ok_or_else(|| self.missing(&names.join(" or "), what))
    }

    fn missing(&self, names: &str, what: &str) -> ModelError {
        ModelError::File {
            file: self.path.clone(),
            problem: format!("there is no {names} with {what}"),
        }
    }

    /// A file with a JSON object, if it is there.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Map<String, Value>>, ModelError> {
        let Some(file) = self.file(name) else {
            return Ok(None);
        };
        let bytes = read(&file)?;
        let object = serde_json::from_slice(&bytes);
        object.map(Some).map_err(|error| ModelError::File {
            file,
            problem: format!("it is no JSON object ({error})"),
        })
    }

    /// An error about `config.json`.
    pub(crate) fn config_error(&self, problem: impl Into<String>) -> ModelError {
        ModelError::File {
            file: self.config_file(),
            problem: problem.into(),
        }
    }

    /// The names of the labels in the order of the model's outputs.
    pub(crate) fn labels(&self) -> Result<Vec<String>, ModelError> {
        let wrong = || {
            self.config_error(
                "`id2label` should name a label for each number from 0 on, as {\"0\": \"O\", \
                 \"1\": \"B-PER\"}",
            )
        };
        let labels = self.config.get("id2label").and_then(Value::as_object);
        let labels = labels.ok_or_else(wrong)?;
        let by_number = labels
            .iter()
            .map(|(number, label)| {
                Some((number.parse::<usize>().ok()?, label.as_str()?.to_owned()))
            })
            .collect::<Option<BTreeMap<usize, String>>>()
            .ok_or_else(wrong)?;
        let in_order = by_number.keys().copied().eq(0..labels.len());
        match in_order && !by_number.is_empty() {
            true => Ok(by_number.into_values().collect()),
            false => Err(wrong()),
        }
    }
}

pub(crate) fn read(file: &Path) -> Result<Vec<u8>, ModelError> {
    fs::read(file).map_err(|error| ModelError::File {
        file: file.to_owned(),
        problem: format!("it cannot be read ({error})"),
    })
}
