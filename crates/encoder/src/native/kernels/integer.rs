//! The product of activations with a weight matrix in 8-bit integers.
//!
//! Weights have one scale an output. Activations are quantised row by row to 256 steps between
//! the smallest and the largest number of the row: `x ≈ low + step * value`. So the product is
//! `step * scale * Σ value * weight + low * scale * Σ weight`, with the first sum exact.

use std::ops::Range;

use super::dot::{Dot, DotTask};
use super::elementwise::gelu_row;
use super::product::After;
use super::quantised::Quantised;
use super::simd::Simd;
use super::{Buffer, Isa};

/// Sums of so many products of 8-bit numbers cannot overflow 32 bits.
pub(crate) const MOST_INPUTS: usize = 1 << 16;

/// A quantised weight matrix laid out for one instruction set: panels as for
/// [`Packed`](super::Packed), with groups of inputs in place of inputs.
pub(crate) struct PackedIntegers {
    isa: Isa,
    inputs: usize,
    outputs: usize,
    panels: Buffer<i8>,
    /// Of each output.
    scales: Buffer<f32>,
    /// The sum of each output's weights, scaled.
    sums: Buffer<f32>,
}

impl PackedIntegers {
    /// Packs `weights`, `[outputs, inputs]` row after row, with a scale for each output.
    /// Inputs and outputs are multiples of 16, inputs at most [`MOST_INPUTS`].
    pub(crate) fn new(
        isa: Isa,
        weights: &[i8],
        scales: &[f32],
        outputs: usize,
        inputs: usize,
    ) -> Self {
        assert!(outputs.is_multiple_of(16) && inputs.is_multiple_of(16));
        assert!((16..=MOST_INPUTS).contains(&inputs));
        assert!(weights.len() == outputs * inputs && scales.len() == outputs);
        let mut layout = Layout::default();
        isa.run_dot(&mut layout);
        let full = layout.panel;
        let mut panels = Buffer::zeros(weights.len());
        for first in (0..outputs).step_by(full) {
            let width = full.min(outputs - first);
            let panel = &mut panels[first * inputs..(first + width) * inputs];
            let rows = &weights[first * inputs..(first + width) * inputs];
            match layout.group {
                2 => pack::<2>(rows, panel, inputs),
                _ => pack::<4>(rows, panel, inputs),
            }
        }
        let mut sums = Buffer::zeros(outputs);
        let rows = weights.chunks_exact(inputs);
        for ((sum, row), scale) in sums.iter_mut().zip(rows).zip(scales) {
            let whole: i32 = row.iter().map(|&w| i32::from(w)).sum();
            *sum = whole as f32 * scale;
        }
        Self {
            isa,
            inputs,
            outputs,
            panels,
            scales: Buffer::from_slice(scales),
            sums,
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
        quantised: &mut Quantised,
    ) {
        assert!(a.len() >= rows * self.inputs);
        assert!(out.len() >= rows * self.outputs && bias.len() == self.outputs);
        quantised.set(self.isa, a, rows, self.inputs);
        self.isa.run_dot(Multiply {
            weights: self,
            quantised,
            rows,
            bias,
            out,
            after,
        });
    }
}

/// Puts groups of `G` inputs of all rows next to one another.
fn pack<const G: usize>(rows: &[i8], panel: &mut [i8], inputs: usize) {
    let width = panel.len() / inputs;
    let panel = panel.as_chunks_mut::<G>().0;
    for (column, row) in rows.chunks_exact(inputs).enumerate() {
        let groups = row.as_chunks::<G>().0;
        let column = panel[column..].iter_mut().step_by(width);
        column.zip(groups).for_each(|(to, &group)| *to = group);
    }
}

/// How an instruction set wants its weights.
#[derive(Default)]
struct Layout {
    panel: usize,
    group: usize,
}

impl DotTask for &mut Layout {
    #[inline(always)]
    unsafe fn run<D: Dot>(self) {
        self.panel = D::Real::LANES * D::VECTORS;
        self.group = D::GROUP;
    }
}

struct Multiply<'a> {
    weights: &'a PackedIntegers,
    quantised: &'a Quantised,
    rows: usize,
    bias: &'a [f32],
    out: &'a mut [f32],
    after: After,
}

impl DotTask for Multiply<'_> {
    #[inline(always)]
    unsafe fn run<D: Dot>(self) {
        let PackedIntegers {
            inputs,
            outputs,
            panels,
            scales,
            sums,
            ..
        } = self.weights;
        let (inputs, outputs) = (*inputs, *outputs);
        let mut column = 0;
        while column < outputs {
            let width = (D::Real::LANES * D::VECTORS).min(outputs - column);
            let out = self.out.as_mut_ptr().add(column);
            let panel = Panel {
                weights: panels.as_ptr().add(column * inputs),
                stride: width * D::GROUP,
                groups: inputs / D::GROUP,
                scales: scales.as_ptr().add(column),
                sums: sums.as_ptr().add(column),
                bias: self.bias.as_ptr().add(column),
            };
            panel.multiply::<D>(
                width / D::Real::LANES,
                self.quantised,
                0,
                self.rows,
                out,
                outputs,
            );
            if self.after == After::Gelu {
                for row in 0..self.rows {
                    gelu_row::<D::Real>(out.add(row * outputs), width);
                }
            }
            column += width;
        }
    }
}

/// The columns of a product that are computed together, as wide as a tile at most.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) weights: *const i8,
    /// From one group of inputs to the next.
    pub(super) stride: usize,
    pub(super) groups: usize,
    /// Of each output.
    pub(super) scales: *const f32,
    /// The sum of each output's weights, scaled.
    pub(super) sums: *const f32,
    pub(super) bias: *const f32,
}

impl Panel {
    /// `out = a × self + bias` for so many of the rows of `a`, from `first` on.
    ///
    /// # Safety
    /// The CPU has the instruction set of `D`; the pointers reach as far as the sizes say.
    #[inline(always)]
    pub(super) unsafe fn multiply<D: Dot>(
        self,
        vectors: usize,
        a: &Quantised,
        first: usize,
        rows: usize,
        out: *mut f32,
        out_stride: usize,
    ) {
        let rows = first..first + rows;
        match vectors {
            3 if D::VECTORS >= 3 => self.rows::<D, 3>(a, rows, out, out_stride),
            2 => self.rows::<D, 2>(a, rows, out, out_stride),
            _ => self.rows::<D, 1>(a, rows, out, out_stride),
        }
    }

    #[inline(always)]
    unsafe fn rows<D: Dot, const N: usize>(
        self,
        a: &Quantised,
        rows: Range<usize>,
        mut out: *mut f32,
        out_stride: usize,
    ) {
        let a_stride = self.groups * D::GROUP * D::BYTES;
        let mut row = rows.start;
        macro_rules! tiles {
            ($size:literal) => {
                while rows.end - row >= $size {
                    let values = a.values.as_ptr().add(row * a_stride);
                    let steps = a.steps.as_ptr().add(row);
                    let lows = a.lows.as_ptr().add(row);
                    self.tile::<D, $size, N>(values, steps, lows, out, out_stride);
                    row += $size;
                    out = out.add($size * out_stride);
                }
            };
        }
        if D::ROWS == 8 {
            tiles!(8);
        }
        if D::ROWS == 6 {
            tiles!(6);
        }
        tiles!(4);
        tiles!(2);
        tiles!(1);
    }

    /// `M` rows of `N` vectors, all held in registers.
    #[inline(always)]
    unsafe fn tile<D: Dot, const M: usize, const N: usize>(
        self,
        values: *const u8,
        steps: *const f32,
        lows: *const f32,
        out: *mut f32,
        out_stride: usize,
    ) {
        let lanes = D::Real::LANES;
        let step = D::GROUP * D::BYTES;
        let row_stride = self.groups * step;
        let mut sums = [[D::zero(); N]; M];
        let mut line = self.weights;
        for group in 0..self.groups {
            let mut weights = [D::weights(line); N];
            for (n, weights) in weights.iter_mut().enumerate() {
                *weights = D::weights(line.add(n * lanes * D::GROUP));
            }
            for (m, sums) in sums.iter_mut().enumerate() {
                let values = D::values(values.add(m * row_stride + group * step));
                for (sum, weights) in sums.iter_mut().zip(&weights) {
                    *sum = sum.accumulate(values, *weights);
                }
            }
            line = line.add(self.stride);
        }
        for (n, line) in (0..N).map(|n| (n, n * lanes)) {
            let scale = D::Real::load(self.scales.add(line));
            let whole = D::Real::load(self.sums.add(line));
            let bias = D::Real::load(self.bias.add(line));
            for (m, sums) in sums.iter().enumerate() {
                let base = D::Real::splat(*lows.add(m)).mul_add(whole, bias);
                let factor = scale.mul(D::Real::splat(*steps.add(m)));
                let result = sums[n].to_real().mul_add(factor, base);
                result.store(out.add(m * out_stride + line));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    fn weights(count: usize) -> Vec<i8> {
        noise(count, 4)
            .iter()
            .map(|x| (x * 127.0).round() as i8)
            .collect()
    }

    /// The product with the values that the rows are quantised to, in integers and f64.
    fn exact(a: &[f32], w: &[i8], scales: &[f32], bias: &[f32], inputs: usize) -> Vec<f64> {
        let mut out = Vec::new();
        for row in a.chunks(inputs) {
            let low = row.iter().copied().fold(f32::MAX, f32::min);
            let high = row.iter().copied().fold(f32::MIN, f32::max);
            let (step, steps) = ((high - low) / 255.0, 255.0 / (high - low));
            let values: Vec<i32> = row
                .iter()
                .map(|x| ((x - low) * steps).round_ties_even() as i32)
                .collect();
            for (weights, (&scale, &bias)) in w.chunks(inputs).zip(scales.iter().zip(bias)) {
                let sum: i32 = values
                    .iter()
                    .zip(weights)
                    .map(|(v, &w)| v * i32::from(w))
                    .sum();
                let whole: i32 = weights.iter().map(|&w| i32::from(w)).sum();
                let product = f64::from(sum) * f64::from(step) + f64::from(whole) * f64::from(low);
                out.push(product * f64::from(scale) + f64::from(bias));
            }
        }
        out
    }

    #[test]
    fn every_instruction_set_gives_the_quantised_product() {
        for (inputs, outputs, rows) in [(16, 16, 1), (48, 80, 7), (96, 96, 13), (1536, 48, 8)] {
            let a: Vec<f32> = noise(rows * inputs, 1)
                .iter()
                .map(|x| x * 3.0 + 0.5)
                .collect();
            let w = weights(inputs * outputs);
            let scales: Vec<f32> = noise(outputs, 2).iter().map(|x| (x + 1.1) * 0.01).collect();
            let bias = noise(outputs, 3);
            let exact = exact(&a, &w, &scales, &bias, inputs);
            for isa in Isa::available() {
                let packed = PackedIntegers::new(isa, &w, &scales, outputs, inputs);
                let mut out = vec![0.0; rows * outputs];
                let mut quantised = Quantised::default();
                packed.multiply(&a, rows, &bias, &mut out, After::Nothing, &mut quantised);
                for (got, exact) in out.iter().zip(&exact) {
                    let close = 1e-5 * (1.0 + exact.abs());
                    assert!(
                        (f64::from(*got) - exact).abs() < close,
                        "{isa:?} {got} {exact}"
                    );
                }
            }
        }
    }

    /// With whole numbers from 0 to 255 as activations and scales of 1, f32 holds every sum
    /// exactly, so that all instruction sets must agree to the last bit, extremes included.
    #[test]
    fn sums_are_exact() {
        let (inputs, outputs, rows) = (128, 48, 5);
        let mut a: Vec<f32> = noise(rows * inputs, 1)
            .iter()
            .map(|x| (x * 127.0 + 127.5).round())
            .collect();
        a[..inputs].fill(255.0);
        a.chunks_mut(inputs)
            .for_each(|row| (row[0], row[1]) = (0.0, 255.0));
        let mut w = weights(inputs * outputs);
        w[..inputs].fill(127);
        w[inputs..2 * inputs].fill(-128);
        let mut sums = Vec::new();
        for row in a.chunks(inputs) {
            let dot = |w: &[i8]| -> i32 {
                row.iter()
                    .zip(w)
                    .map(|(&x, &w)| x as i32 * i32::from(w))
                    .sum()
            };
            sums.extend(w.chunks(inputs).map(|w| dot(w) as f32));
        }
        for isa in Isa::available() {
            let packed = PackedIntegers::new(isa, &w, &[1.0; 48], outputs, inputs);
            let mut out = vec![0.0; rows * outputs];
            let mut quantised = Quantised::default();
            packed.multiply(
                &a,
                rows,
                &[0.0; 48],
                &mut out,
                After::Nothing,
                &mut quantised,
            );
            assert_eq!(out, sums, "{isa:?}");
        }
    }

    #[test]
    fn rows_of_one_number_lose_nothing() {
        for isa in Isa::available() {
            let packed = PackedIntegers::new(isa, &[2; 256], &[0.5; 16], 16, 16);
            let mut out = vec![0.0; 16];
            let mut quantised = Quantised::default();
            let bias = [1.0; 16];
            packed.multiply(
                &[-3.0; 16],
                1,
                &bias,
                &mut out,
                After::Nothing,
                &mut quantised,
            );
            assert_eq!(out, [-47.0; 16], "{isa:?}");
        }
    }
}
