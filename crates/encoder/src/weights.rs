//! A model's tensors by name, in whatever number format they are stored.

use std::collections::BTreeMap;

use half::{bf16, f16};
use ndarray::{Array1, Array2, ArrayD, IxDyn};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::EncoderError;

/// The tensors of a safetensors file, borrowed from its bytes and converted when they are asked
/// for.
///
/// Numbers may be stored as F32, F16 or BF16; a matrix also as I8 with a companion F32 tensor
/// `<name>.scale` that has one factor an output row. Names are those of Hugging Face without the
/// prefix that the file's model class put before them.
pub struct Weights<'a> {
    tensors: BTreeMap<String, TensorView<'a>>,
}

/// A matrix as it is stored.
pub(crate) enum Matrix {
    /// Row after row.
    Real(Vec<f32>),
    /// Row after row, and the factor of each row.
    Scaled(Vec<i8>, Vec<f32>),
}

impl<'a> Weights<'a> {
    /// Reads the table of contents.
    ///
    /// # Errors
    /// Where the bytes are no complete safetensors file.
    pub fn from_safetensors(bytes: &'a [u8]) -> Result<Self, EncoderError> {
        let file = SafeTensors::deserialize(bytes)?;
        let tensors = file
            .tensors()
            .into_iter()
            .map(|(name, tensor)| (plain_name(&name).to_owned(), tensor))
            .collect();
        Ok(Self { tensors })
    }

    /// The names of all tensors, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// The shape of a tensor.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn shape(&self, name: &str) -> Result<&[usize], EncoderError> {
        Ok(self.view(name)?.shape())
    }

    /// Any tensor as real numbers.
    ///
    /// # Errors
    /// Where it is missing, or stored in a way that stands for no finite numbers.
    pub fn tensor(&self, name: &str) -> Result<ArrayD<f32>, EncoderError> {
        let shape = self.shape(name)?;
        let numbers = match self.stored(name)? {
            Matrix::Real(numbers) => numbers,
            Matrix::Scaled(numbers, scales) => {
                let width = (numbers.len() / scales.len().max(1)).max(1);
                let rows = numbers.chunks(width).zip(&scales);
                rows.flat_map(|(row, &scale)| row.iter().map(move |&q| f32::from(q) * scale))
                    .collect()
            }
        };
        ArrayD::from_shape_vec(IxDyn(shape), numbers).map_err(|e| bad(name, e.to_string()))
    }

    /// A tensor of two dimensions as real numbers.
    ///
    /// # Errors
    /// As [`Weights::tensor`], and where it has another shape.
    pub fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Array2<f32>, EncoderError> {
        self.expect(name, &[rows, columns])?;
        let matrix = self.tensor(name)?.into_dimensionality();
        matrix.map_err(|e| bad(name, e.to_string()))
    }

    /// A tensor of one dimension as real numbers.
    ///
    /// # Errors
    /// As [`Weights::tensor`], and where it has another length.
    pub fn vector(&self, name: &str, length: usize) -> Result<Array1<f32>, EncoderError> {
        self.expect(name, &[length])?;
        let vector = self.tensor(name)?.into_dimensionality();
        vector.map_err(|e| bad(name, e.to_string()))
    }

    /// A matrix in the form it is stored in.
    pub(crate) fn stored_matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Matrix, EncoderError> {
        self.expect(name, &[rows, columns])?;
        self.stored(name)
    }

    fn view(&self, name: &str) -> Result<&TensorView<'a>, EncoderError> {
        self.tensors
            .get(name)
            .ok_or_else(|| EncoderError::Missing(name.to_owned()))
    }

    fn expect(&self, name: &str, wanted: &[usize]) -> Result<(), EncoderError> {
        let shape = self.shape(name)?;
        if shape == wanted {
            return Ok(());
        }
        Err(EncoderError::Shape(format!(
            "tensor `{name}` is {shape:?} and should be {wanted:?}"
        )))
    }

    fn stored(&self, name: &str) -> Result<Matrix, EncoderError> {
        let view = self.view(name)?;
        let bytes = view.data();
        let numbers: Vec<f32> = match view.dtype() {
            Dtype::F32 => groups(bytes).map(f32::from_le_bytes).collect(),
            Dtype::F16 => groups(bytes)
                .map(|b| f16::from_le_bytes(b).to_f32())
                .collect(),
            Dtype::BF16 => groups(bytes)
                .map(|b| bf16::from_le_bytes(b).to_f32())
                .collect(),
            Dtype::I8 => {
                let rows = view.shape().first().copied().unwrap_or(1);
                let scales = format!("{name}.scale");
                if self.view(&scales)?.dtype() != Dtype::F32 {
                    return Err(bad(&scales, "scales are F32".to_owned()));
                }
                let scales = self.vector(&scales, rows)?.to_vec();
                let numbers = bytes.iter().map(|&b| i8::from_le_bytes([b])).collect();
                return Ok(Matrix::Scaled(numbers, scales));
            }
            other => return Err(bad(name, format!("weights cannot be stored as {other:?}"))),
        };
        if numbers.iter().all(|x| x.is_finite()) {
            Ok(Matrix::Real(numbers))
        } else {
            Err(bad(name, "it holds a number that is not finite".to_owned()))
        }
    }
}

fn groups<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> + '_ {
    bytes.as_chunks().0.iter().copied()
}

fn bad(name: &str, problem: String) -> EncoderError {
    EncoderError::Tensor {
        name: name.to_owned(),
        problem,
    }
}

/// `bert.encoder.layer.0.…` and `encoder.encoder.layer.0.…` are both `encoder.layer.0.…`.
fn plain_name(name: &str) -> &str {
    let name = name.strip_prefix("bert.").unwrap_or(name);
    let inner = name.strip_prefix("encoder.").unwrap_or(name);
    let prefixed = ["embeddings.", "encoder.", "heads."]
        .iter()
        .any(|part| inner.starts_with(part));
    if prefixed { inner } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(tensors: &[(&str, Dtype, &[usize], &[u8])]) -> Vec<u8> {
        let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
            (
                name.to_string(),
                TensorView::new(*dtype, shape.to_vec(), bytes).unwrap(),
            )
        });
        safetensors::serialize(views, None).unwrap()
    }

    fn floats(numbers: &[f32]) -> Vec<u8> {
        numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
    }

    #[test]
    fn prefixes_are_made_uniform() {
        for name in [
            "encoder.layer.0.x",
            "bert.encoder.layer.0.x",
            "encoder.encoder.layer.0.x",
        ] {
            assert_eq!(plain_name(name), "encoder.layer.0.x");
        }
        assert_eq!(
            plain_name("encoder.embeddings.LayerNorm.bias"),
            "embeddings.LayerNorm.bias"
        );
        assert_eq!(plain_name("heads.ner.weight"), "heads.ner.weight");
    }

    #[test]
    fn every_number_format_gives_reals() {
        let halves: Vec<u8> = [1.5f32, -2.0]
            .iter()
            .flat_map(|&x| f16::from_f32(x).to_le_bytes())
            .collect();
        let brains: Vec<u8> = [1.5f32, -2.0]
            .iter()
            .flat_map(|&x| bf16::from_f32(x).to_le_bytes())
            .collect();
        let bytes = file(&[
            ("half", Dtype::F16, &[2], &halves),
            ("brain", Dtype::BF16, &[2], &brains),
            ("bert.single", Dtype::F32, &[2], &floats(&[1.5, -2.0])),
            ("byte", Dtype::I8, &[2, 2], &[1, 255, 127, 2]),
            ("byte.scale", Dtype::F32, &[2], &floats(&[0.5, 2.0])),
        ]);
        let weights = Weights::from_safetensors(&bytes).unwrap();
        for name in ["half", "brain", "single"] {
            assert_eq!(weights.vector(name, 2).unwrap().to_vec(), [1.5, -2.0]);
        }
        let matrix = weights.matrix("byte", 2, 2).unwrap();
        assert_eq!(
            matrix.iter().copied().collect::<Vec<_>>(),
            [0.5, -0.5, 254.0, 4.0]
        );
    }

    #[test]
    fn errors_name_the_tensor() {
        let bytes = file(&[
            ("a", Dtype::F32, &[1], &floats(&[f32::NAN])),
            ("b", Dtype::I8, &[2, 1], &[1, 2]),
            ("c", Dtype::I64, &[1], &[0; 8]),
        ]);
        let weights = Weights::from_safetensors(&bytes).unwrap();
        let message = |name: &str| weights.tensor(name).unwrap_err().to_string();
        assert!(message("a").contains("`a`"));
        assert!(message("b").contains("`b.scale`"));
        assert!(message("c").contains("`c`"));
        assert!(message("none").contains("`none`"));
        assert!(
            weights
                .matrix("b", 1, 2)
                .unwrap_err()
                .to_string()
                .contains("[2, 1]")
        );
        assert!(Weights::from_safetensors(b"not a model").is_err());
    }
}
