//! A product with weights for what stands on top of the encoder.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis, Slice};

use super::kernels::{After, Buffer, Isa, Packed};
use crate::EncoderError;

/// A linear layer in f32, packed for this CPU.
pub struct Dense {
    weights: Packed,
    bias: Buffer<f32>,
    inputs: usize,
    outputs: usize,
}

impl Dense {
    /// Packs `weights`, `[outputs, inputs]`, and a bias for each output.
    ///
    /// # Errors
    /// Where there are not as many biases as outputs.
    pub fn new(
        weights: ArrayView2<'_, f32>,
        bias: ArrayView1<'_, f32>,
    ) -> Result<Self, EncoderError> {
        let (outputs, inputs) = weights.dim();
        if bias.len() != outputs {
            let problem = format!("{} biases for {outputs} outputs", bias.len());
            return Err(EncoderError::Shape(problem));
        }
        // Outputs that nobody reads make vectors full.
        let padded = outputs.next_multiple_of(16);
        let mut rows = Vec::with_capacity(padded * inputs);
        rows.extend(weights.iter());
        rows.resize(padded * inputs, 0.0);
        let mut all = Buffer::zeros(padded);
        all.iter_mut().zip(bias).for_each(|(to, &from)| *to = from);
        let weights = Packed::new(Isa::best(), &rows, padded, inputs);
        Ok(Self {
            weights,
            bias: all,
            inputs,
            outputs,
        })
    }

    /// `rows × weightsᵀ + bias`; `rows` is `[rows, inputs]`, the result `[rows, outputs]`.
    ///
    /// # Errors
    /// Where the rows have another length.
    pub fn apply(&self, rows: ArrayView2<'_, f32>) -> Result<Array2<f32>, EncoderError> {
        let (count, inputs) = rows.dim();
        if inputs != self.inputs {
            let problem = format!("rows of {inputs} numbers for a layer of {}", self.inputs);
            return Err(EncoderError::Shape(problem));
        }
        let rows = rows.as_standard_layout();
        let mut out = Array2::zeros((count, self.bias.len()));
        if let (Some(rows), Some(out)) = (rows.as_slice(), out.as_slice_mut()) {
            self.weights
                .multiply(rows, count, &self.bias, out, After::Nothing);
        }
        out.slice_axis_inplace(Axis(1), Slice::from(..self.outputs));
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::kernels::tests::noise;
    use super::*;

    #[test]
    fn gives_the_product_of_any_width() {
        let weights = Array2::from_shape_vec((21, 10), noise(210, 1)).unwrap();
        let bias = ndarray::Array1::from(noise(21, 2));
        let rows = Array2::from_shape_vec((10, 5), noise(50, 3))
            .unwrap()
            .reversed_axes();
        let out = Dense::new(weights.view(), bias.view())
            .unwrap()
            .apply(rows.view())
            .unwrap();
        let exact = rows.dot(&weights.t()) + &bias;
        assert_eq!(out.dim(), (5, 21));
        assert!(out.iter().zip(&exact).all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    fn wrong_widths_are_errors() {
        let (weights, bias) = (Array2::zeros((3, 4)), ndarray::Array1::zeros(3));
        assert!(Dense::new(weights.view(), bias.slice(ndarray::s![..2])).is_err());
        let dense = Dense::new(weights.view(), bias.view()).unwrap();
        assert!(dense.apply(Array2::zeros((2, 5)).view()).is_err());
        assert_eq!(
            dense.apply(Array2::zeros((0, 4)).view()).unwrap().dim(),
            (0, 3)
        );
    }
}
