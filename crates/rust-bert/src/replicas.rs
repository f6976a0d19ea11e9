//! One model for many threads.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tch::nn::{self, VarStore};
use tch::{Kind, Tensor};

use crate::ModelError;
use crate::libtorch::call;

type Make<T> = dyn Fn(&nn::Path<'_>) -> Result<T, ModelError> + Send + Sync;

/// Tensors by name, and where they come from.
pub(crate) struct Stored {
    pub(crate) tensors: HashMap<String, Tensor>,
    /// The file, for errors.
    pub(crate) file: PathBuf,
    pub(crate) architecture: String,
}

/// Equal models, as many as threads have ever been at work at once. They share the memory of
/// their weights: each is made with numbers of its own, which are then given up for the common
/// ones.
pub(crate) struct Replicas<T> {
    device: tch::Device,
    make: Box<Make<T>>,
    stored: Mutex<Stored>,
    idle: Mutex<Vec<T>>,
}

impl<T> Replicas<T> {
    /// Makes the first model, so that whatever is wrong with the weights shows.
    pub(crate) fn new(
        device: tch::Device,
        mut stored: Stored,
        make: impl Fn(&nn::Path<'_>) -> Result<T, ModelError> + Send + Sync + 'static,
    ) -> Result<Self, ModelError> {
        call(|| {
            for tensor in stored.tensors.values_mut() {
                *tensor = tensor.f_to_device(device)?.f_to_kind(Kind::Float)?;
            }
            Ok(())
        })?;
        let replicas = Self {
            device,
            make: Box::new(make),
            stored: Mutex::new(stored),
            idle: Mutex::default(),
        };
        let first = replicas.another()?;
        lock(&replicas.idle).push(first);
        Ok(replicas)
    }

    /// Runs a model that nobody else runs at the same time.
    pub(crate) fn with<R>(
        &self,
        run: impl FnOnce(&T) -> Result<R, ModelError>,
    ) -> Result<R, ModelError> {
        let idle = lock(&self.idle).pop();
        let model = idle.map_or_else(|| self.another(), Ok)?;
        let result = call(|| run(&model));
        lock(&self.idle).push(model);
        result
    }

    fn another(&self) -> Result<T, ModelError> {
        let stored = lock(&self.stored);
        call(|| {
            let variables = VarStore::new(self.device);
            let model = (self.make)(&variables.root())?;
            for (name, mut variable) in variables.variables() {
                let tensor = match stored.shared(&name) {
                    // Some architectures have a pooler always; token classification has no use
                    // for it, and files leave it out.
                    Err(ModelError::Missing { .. }) if name.contains(".pooler.") => continue,
                    tensor => tensor?,
                };
                let (found, wanted) = (tensor.size(), variable.size());
                if found != wanted {
                    let file = stored.file.clone();
                    return Err(ModelError::Shape {
                        file,
                        name,
                        found,
                        wanted,
                    });
                }
                variable.f_set_data(&tensor)?;
            }
            Ok(model)
        })
    }
}

impl Stored {
    /// A tensor by the name that the architecture has for it, in the memory where it is.
    fn shared(&self, name: &str) -> Result<Tensor, ModelError> {
        // So were the parts of layer norms called once.
        let old = name
            .strip_suffix("LayerNorm.weight")
            .map(|rest| format!("{rest}LayerNorm.gamma"))
            .or_else(|| {
                let rest = name.strip_suffix("LayerNorm.bias")?;
                Some(format!("{rest}LayerNorm.beta"))
            });
        let found = self.tensors.get(name);
        let found = found.or_else(|| self.tensors.get(&old?));
        let missing = || ModelError::Missing {
            file: self.file.clone(),
            name: name.to_owned(),
            architecture: self.architecture.clone(),
        };
        found.map(Tensor::shallow_clone).ok_or_else(missing)
    }

    /// Reads a file of weights.
    pub(crate) fn read(file: &Path, architecture: &str) -> Result<Self, ModelError> {
        let named = match file.extension().is_some_and(|end| end == "safetensors") {
            true => Tensor::read_safetensors(file),
            false => Tensor::load_multi(file),
        };
        let problem = |error: tch::TchError| {
            let error = error.to_string();
            let first = error.lines().next().unwrap_or_default();
            ModelError::File {
                file: file.to_owned(),
                problem: format!("the weights cannot be read ({first}): give a complete file"),
            }
        };
        Ok(Self {
            tensors: named.map_err(problem)?.into_iter().collect(),
            file: file.to_owned(),
            architecture: architecture.to_owned(),
        })
    }
}

/// What is behind a lock is whole at any time, also where a thread that held it failed.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
