//! The product of activations with a weight matrix in f32.

use super::elementwise::gelu_row;
use super::simd::{Simd, Task};
use super::{Buffer, Isa};

/// How many inputs are packed together.
const BLOCK: usize = 16;

/// What is done to a product while it is still in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Nothing.
    Nothing,
    /// The Gaussian error linear unit.
    Gelu,
}

/// A weight matrix laid out for one instruction set.
///
/// The output columns are divided into panels as wide as a tile; in a panel, the weights of one
/// input stand together, inputs in order, so that a product reads memory straight ahead.
pub(crate) struct Packed {
    isa: Isa,
    inputs: usize,
    outputs: usize,
    panels: Buffer<f32>,
}

impl Packed {
    /// Packs `weights`, `[outputs, inputs]` row after row. `outputs` is a multiple of 16.
    pub(crate) fn new(isa: Isa, weights: &[f32], outputs: usize, inputs: usize) -> Self {
        assert!(outputs.is_multiple_of(16) && weights.len() == outputs * inputs);
        let mut panels = Buffer::zeros(weights.len());
        let full = panel_width(isa);
        for first in (0..outputs).step_by(full) {
            let width = full.min(outputs - first);
            let packed = &mut panels[first * inputs..(first + width) * inputs];
            // A few inputs at a time, so that what is written stays in the nearest cache.
            for (block, lines) in packed.chunks_mut(width * BLOCK).enumerate() {
                for column in 0..width {
                    let row = &weights[(first + column) * inputs..][..inputs];
                    let column = lines[column..].iter_mut().step_by(width);
                    column
                        .zip(&row[block * BLOCK..])
                        .for_each(|(to, &weight)| *to = weight);
                }
            }
        }
        Self {
            isa,
            inputs,
            outputs,
            panels,
        }
    }

    /// `out = after(a × weightsᵀ + bias)`; `a` is `[rows, inputs]`, `out` is `[rows, outputs]`.
    pub(crate) fn multiply(
        &self,
        a: &[f32],
        rows: usize,
        bias: &[f32],
        out: &mut [f32],
        after: After,
    ) {
        assert!(a.len() >= rows * self.inputs);
        assert!(out.len() >= rows * self.outputs && bias.len() == self.outputs);
        self.isa.run(Multiply {
            weights: self,
            a,
            rows,
            bias,
            out,
            after,
        });
    }
}

/// Asks for the width of a full panel.
struct Width<'a>(&'a mut usize);

impl Task for Width<'_> {
    #[inline(always)]
    unsafe fn run<V: Simd>(self) {
        *self.0 = V::LANES * V::VECTORS;
    }
}

fn panel_width(isa: Isa) -> usize {
    let mut width = 0;
    isa.run(Width(&mut width));
    width
}

struct Multiply<'a> {
    weights: &'a Packed,
    a: &'a [f32],
    rows: usize,
    bias: &'a [f32],
    out: &'a mut [f32],
    after: After,
}

impl Task for Multiply<'_> {
    #[inline(always)]
    unsafe fn run<V: Simd>(self) {
        let Packed {
            inputs,
            outputs,
            ref panels,
            ..
        } = *self.weights;
        let mut column = 0;
        while column < outputs {
            let width = (V::LANES * V::VECTORS).min(outputs - column);
            let out = self.out.as_mut_ptr().add(column);
            let panel = Panel {
                b: panels.as_ptr().add(column * inputs),
                stride: width,
                depth: inputs,
                vectors: width / V::LANES,
            };
            let bias = self.bias.as_ptr().add(column);
            panel.multiply::<V>(self.rows, self.a.as_ptr(), inputs, bias, out, outputs);
            if self.after == After::Gelu {
                for row in 0..self.rows {
                    gelu_row::<V>(out.add(row * outputs), width);
                }
            }
            column += width;
        }
    }
}

/// The right side of a product, as wide as a tile at most.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    /// The first number of the first line.
    pub(super) b: *const f32,
    /// From one line to the next.
    pub(super) stride: usize,
    /// How many lines.
    pub(super) depth: usize,
    /// How many vectors of each line are used.
    pub(super) vectors: usize,
}

impl Panel {
    /// `out = a × self + bias`, with `a` `[rows, depth]` and rows of `a` and `out` so far apart.
    ///
    /// # Safety
    /// The CPU has the instruction set of `V`; the pointers reach as far as the sizes say.
    #[inline(always)]
    pub(super) unsafe fn multiply<V: Simd>(
        self,
        rows: usize,
        a: *const f32,
        a_stride: usize,
        bias: *const f32,
        out: *mut f32,
        out_stride: usize,
    ) {
        match self.vectors {
            3 if V::VECTORS >= 3 => self.rows::<V, 3>(rows, a, a_stride, bias, out, out_stride),
            2 => self.rows::<V, 2>(rows, a, a_stride, bias, out, out_stride),
            _ => self.rows::<V, 1>(rows, a, a_stride, bias, out, out_stride),
        }
    }

    #[inline(always)]
    unsafe fn rows<V: Simd, const N: usize>(
        self,
        rows: usize,
        a: *const f32,
        a_stride: usize,
        bias: *const f32,
        out: *mut f32,
        out_stride: usize,
    ) {
        let mut done = 0;
        macro_rules! tiles {
            ($size:literal) => {
                while rows - done >= $size {
                    let (a, out) = (a.add(done * a_stride), out.add(done * out_stride));
                    self.tile::<V, $size, N>(a, a_stride, bias, out, out_stride);
                    done += $size;
                }
            };
        }
        if V::ROWS == 8 {
            tiles!(8);
        }
        if V::ROWS == 6 {
            tiles!(6);
        }
        tiles!(4);
        tiles!(2);
        tiles!(1);
    }

    /// `M` rows of `N` vectors, all held in registers.
    #[inline(always)]
    unsafe fn tile<V: Simd, const M: usize, const N: usize>(
        self,
        a: *const f32,
        a_stride: usize,
        bias: *const f32,
        out: *mut f32,
        out_stride: usize,
    ) {
        let mut sums = [[V::splat(0.0); N]; M];
        let mut line = self.b;
        for input in 0..self.depth {
            let mut weights = [V::splat(0.0); N];
            for (n, weight) in weights.iter_mut().enumerate() {
                *weight = V::load(line.add(n * V::LANES));
            }
            for (m, sums) in sums.iter_mut().enumerate() {
                let value = V::splat(*a.add(m * a_stride + input));
                for (sum, weight) in sums.iter_mut().zip(&weights) {
                    *sum = value.mul_add(*weight, *sum);
                }
            }
            line = line.add(self.stride);
        }
        for (m, sums) in sums.iter().enumerate() {
            for (n, sum) in sums.iter().enumerate() {
                let bias = V::load(bias.add(n * V::LANES));
                sum.add(bias).store(out.add(m * out_stride + n * V::LANES));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    #[test]
    fn every_instruction_set_gives_the_product() {
        let (inputs, outputs) = (37, 80);
        for rows in [1, 3, 7, 8, 13] {
            let (a, w) = (noise(rows * inputs, 1), noise(inputs * outputs, 2));
            let bias = noise(outputs, 3);
            for isa in Isa::available() {
                let packed = Packed::new(isa, &w, outputs, inputs);
                let mut out = vec![0.0; rows * outputs];
                packed.multiply(&a, rows, &bias, &mut out, After::Nothing);
                for (i, &got) in out.iter().enumerate() {
                    let (row, column) = (i / outputs, i % outputs);
                    let exact: f64 = (0..inputs)
                        .map(|k| f64::from(a[row * inputs + k]) * f64::from(w[column * inputs + k]))
                        .sum();
                    let exact = exact + f64::from(bias[column]);
                    assert!((f64::from(got) - exact).abs() < 1e-5, "{isa:?} {rows} {i}");
                }
            }
        }
    }
}
