//! The product with 8-bit weights for processors that multiply bytes in pairs: AVX2 has no
//! instruction that sums four products of bytes in 32 bits, as the others have.
//!
//! Its instruction sums two products in 16 bits. Widening each such sum costs as much as the
//! product itself, so two of them are added in 16 bits first: eight inputs of an output then cost
//! three multiplications in place of four. Nothing may overflow, and nothing can: activations
//! have 7 bits, and groups of four inputs are put together at packing so that no sum of an
//! output's weights, times the largest activation, leaves 16 bits. A group without a partner
//! stands alone, beside zeros.
//!
//! The bit that activations lose is made good by smaller blocks: each [`BLOCK`] of inputs of a
//! row has its own smallest and largest number, so that the few large numbers that vectors of
//! BERT have cost only their neighbours precision.

use super::elementwise::gelu_row;
use super::product::After;
use super::simd::{Portable, Simd};
use super::{Buffer, Isa};

/// How many inputs are quantised together.
pub(super) const BLOCK: usize = 64;
/// The largest activation.
pub(super) const TOP: i32 = 127;
/// How many inputs the instruction takes for each output.
const GROUP: usize = 4;
/// How many vectors of outputs a panel has.
const VECTORS: usize = 2;

/// Sums of products of one instruction set.
///
/// # Safety
/// As for [`Simd`].
pub(super) trait Pair: Copy {
    /// Reals with as many lanes.
    type Real: Simd;
    /// A group of values of one row, in every lane.
    type Values: Copy;
    /// A group of weights for each lane.
    type Weights: Copy;

    unsafe fn zero() -> Self;
    unsafe fn values(from: *const u8) -> Self::Values;
    unsafe fn weights(from: *const i8) -> Self::Weights;
    /// Adds the products of two groups of values with two groups of weights; the weights of the
    /// two may be put together.
    unsafe fn accumulate(self, values: [Self::Values; 2], weights: [Self::Weights; 2]) -> Self;
    unsafe fn to_real(self) -> Self::Real;
    /// Rounds numbers from 0 to [`TOP`] to nearest, ties to even, and stores them as values.
    unsafe fn store_values(numbers: Self::Real, to: *mut u8);
}

/// What is compiled for every instruction set that has pairs.
pub(super) trait PairTask {
    /// Does it, as [`Task::run`](super::simd::Task::run).
    ///
    /// # Safety
    /// The CPU has the instruction set of `P`.
    unsafe fn run<P: Pair>(self);
}

/// Four sums in plain Rust, 32 bits throughout.
#[derive(Clone, Copy)]
pub(super) struct PortablePair([i32; 4]);

impl Pair for PortablePair {
    type Real = Portable;
    type Values = [i32; 4];
    type Weights = [[i8; 4]; 4];

    #[inline(always)]
    unsafe fn zero() -> Self {
        Self([0; 4])
    }
    #[inline(always)]
    unsafe fn values(from: *const u8) -> [i32; 4] {
        from.cast::<[u8; 4]>().read_unaligned().map(i32::from)
    }
    #[inline(always)]
    unsafe fn weights(from: *const i8) -> [[i8; 4]; 4] {
        from.cast::<[[i8; 4]; 4]>().read_unaligned()
    }
    #[inline(always)]
    unsafe fn accumulate(mut self, values: [[i32; 4]; 2], weights: [[[i8; 4]; 4]; 2]) -> Self {
        for (v, weights) in values.into_iter().zip(weights) {
            for (sum, weights) in self.0.iter_mut().zip(weights) {
                let w = weights.map(i32::from);
                *sum += v[0] * w[0] + v[1] * w[1] + v[2] * w[2] + v[3] * w[3];
            }
        }
        self
    }
    #[inline(always)]
    unsafe fn to_real(self) -> Portable {
        Portable(self.0.map(|sum| sum as f32))
    }
    #[inline(always)]
    unsafe fn store_values(numbers: Portable, to: *mut u8) {
        to.cast::<[u8; 4]>()
            .write_unaligned(numbers.round().0.map(|x| x as u8));
    }
}

/// A quantised weight matrix in panels of two vectors of outputs.
pub(crate) struct PackedPairs {
    isa: Isa,
    inputs: usize,
    outputs: usize,
    /// How many outputs a panel has.
    width: usize,
    /// Two groups of weights a step, each for all outputs of the panel.
    weights: Buffer<i8>,
    /// The first input of each of the two groups of a step.
    places: Buffer<u16>,
    /// Where the steps of each block of each panel end.
    ends: Vec<usize>,
    /// Of each output.
    scales: Buffer<f32>,
    /// The sum of each output's weights in each block: `[blocks, outputs]`.
    sums: Buffer<f32>,
}

/// Activations quantised block by block.
#[derive(Default)]
pub(crate) struct Blocks {
    values: Buffer<u8>,
    /// `[rows, blocks]`, as `lows`.
    steps: Buffer<f32>,
    lows: Buffer<f32>,
}

impl PackedPairs {
    /// Packs `weights`, `[outputs, inputs]` row after row, with a scale for each output. Inputs
    /// and outputs are multiples of 16, inputs at most [`MOST_INPUTS`](super::MOST_INPUTS).
    pub(crate) fn new(
        isa: Isa,
        weights: &[i8],
        scales: &[f32],
        outputs: usize,
        inputs: usize,
    ) -> Self {
        assert!(outputs.is_multiple_of(16) && inputs.is_multiple_of(16));
        assert!((16..=super::MOST_INPUTS).contains(&inputs));
        assert!(weights.len() == outputs * inputs && scales.len() == outputs);
        let mut lanes = 0;
        isa.run_pairs(Lanes(&mut lanes));
        let width = lanes * VECTORS;
        let blocks = inputs.div_ceil(BLOCK);
        let (mut packed, mut places, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for panel in weights.chunks_exact(width * inputs) {
            for block in (0..inputs).step_by(BLOCK) {
                let groups = block..(block + BLOCK).min(inputs);
                for step in matched(panel, inputs, groups.step_by(GROUP).collect()) {
                    for vector in panel.chunks_exact(lanes * inputs) {
                        for first in step {
                            for row in vector.chunks_exact(inputs) {
                                let none = [0; GROUP];
                                let group = first.map_or(&none[..], |at| &row[at..at + GROUP]);
                                packed.extend_from_slice(group);
                            }
                        }
                    }
                    // What stands beside zeros may be anything.
                    places.extend(step.map(|first| first.unwrap_or(block) as u16));
                }
                ends.push(places.len() / 2);
            }
        }
        let mut sums = Buffer::zeros(blocks * outputs);
        for (output, row) in weights.chunks_exact(inputs).enumerate() {
            for (block, weights) in row.chunks(BLOCK).enumerate() {
                let sum: i32 = weights.iter().map(|&w| i32::from(w)).sum();
                sums[block * outputs + output] = sum as f32;
            }
        }
        Self {
            isa,
            inputs,
            outputs,
            width,
            weights: Buffer::from_slice(&packed),
            places: Buffer::from_slice(&places),
            ends,
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
        quantised: &mut Blocks,
    ) {
        assert!(a.len() >= rows * self.inputs);
        assert!(out.len() >= rows * self.outputs && bias.len() == self.outputs);
        quantised.values.fit(rows * self.inputs);
        let blocks = self.inputs.div_ceil(BLOCK);
        quantised.steps.fit(rows * blocks);
        quantised.lows.fit(rows * blocks);
        self.isa.run_pairs(Quantise {
            a: &a[..rows * self.inputs],
            inputs: self.inputs,
            to: quantised,
        });
        self.isa.run_pairs(Multiply {
            weights: self,
            a: quantised,
            rows,
            bias,
            out,
            after,
        });
    }
}

/// Asks for the lanes of a vector.
struct Lanes<'a>(&'a mut usize);

impl PairTask for Lanes<'_> {
    #[inline(always)]
    unsafe fn run<P: Pair>(self) {
        *self.0 = P::Real::LANES;
    }
}

/// Puts groups of inputs together, two by two, so that no sum of products of a panel's weights
/// leaves 16 bits.
fn matched(panel: &[i8], inputs: usize, groups: Vec<usize>) -> Vec<[Option<usize>; 2]> {
    let fits = |first: usize, second: usize| {
        panel.chunks_exact(inputs).all(|row| {
            (0..GROUP).step_by(2).all(|at| {
                let weights = [first, second].map(|group| [row[group + at], row[group + at + 1]]);
                let weights = weights.as_flattened();
                let sum = |sign: i32| -> i32 {
                    weights.iter().map(|&w| (sign * i32::from(w)).max(0)).sum()
                };
                sum(1).max(sum(-1)) * TOP <= i32::from(i16::MAX)
            })
        })
    };
    let mut taken = vec![false; groups.len()];
    let mut steps = Vec::with_capacity(groups.len().div_ceil(2));
    for (at, &group) in groups.iter().enumerate() {
        if std::mem::replace(&mut taken[at], true) {
            continue;
        }
        let partner =
            (at + 1..groups.len()).find(|&other| !taken[other] && fits(group, groups[other]));
        if let Some(partner) = partner {
            taken[partner] = true;
        }
        steps.push([Some(group), partner.map(|partner| groups[partner])]);
    }
    steps
}

struct Quantise<'a> {
    a: &'a [f32],
    inputs: usize,
    to: &'a mut Blocks,
}

impl PairTask for Quantise<'_> {
    #[inline(always)]
    unsafe fn run<P: Pair>(self) {
        let lanes = P::Real::LANES;
        let mut block = 0;
        for row in self.a.chunks_exact(self.inputs) {
            for part in row.chunks(BLOCK) {
                let from = part.as_ptr();
                let (mut low, mut high) = (P::Real::load(from), P::Real::load(from));
                let mut at = lanes;
                while at < part.len() {
                    let x = P::Real::load(from.add(at));
                    low = low.min(x);
                    high = high.max(x);
                    at += lanes;
                }
                let (low, high) = (low.smallest(), high.largest());
                let range = high - low;
                let (step, steps) = if range > 0.0 {
                    (range / TOP as f32, TOP as f32 / range)
                } else {
                    (0.0, 0.0)
                };
                self.to.steps[block] = step;
                self.to.lows[block] = low;
                block += 1;
                let place = from.offset_from(self.a.as_ptr()) as usize;
                let values = self.to.values.as_mut_ptr().add(place);
                let (low, steps) = (P::Real::splat(low), P::Real::splat(steps));
                at = 0;
                while at < part.len() {
                    let x = P::Real::load(from.add(at)).sub(low).mul(steps);
                    P::store_values(x, values.add(at));
                    at += lanes;
                }
            }
        }
    }
}

struct Multiply<'a> {
    weights: &'a PackedPairs,
    a: &'a Blocks,
    rows: usize,
    bias: &'a [f32],
    out: &'a mut [f32],
    after: After,
}

impl PairTask for Multiply<'_> {
    #[inline(always)]
    unsafe fn run<P: Pair>(self) {
        let (weights, outputs) = (self.weights, self.weights.outputs);
        let blocks = weights.inputs.div_ceil(BLOCK);
        let mut first = 0;
        for (panel, ends) in weights.ends.chunks_exact(blocks).enumerate() {
            let column = panel * weights.width;
            let out = self.out.as_mut_ptr().add(column);
            let panel = Panel {
                weights,
                a: self.a,
                column,
                first,
                ends,
                bias: self.bias.as_ptr().add(column),
            };
            let mut row = 0;
            while row + 4 <= self.rows {
                panel.tile::<P, 4>(row, out);
                row += 4;
            }
            while row < self.rows {
                panel.tile::<P, 1>(row, out);
                row += 1;
            }
            if self.after == After::Gelu {
                for row in 0..self.rows {
                    gelu_row::<P::Real>(out.add(row * outputs), weights.width);
                }
            }
            first = ends[blocks - 1];
        }
    }
}

/// The outputs that are computed together.
struct Panel<'a> {
    weights: &'a PackedPairs,
    a: &'a Blocks,
    column: usize,
    /// The panel's first step.
    first: usize,
    /// Where the steps of each block end.
    ends: &'a [usize],
    bias: *const f32,
}

impl Panel<'_> {
    /// `M` rows, from `row` on; the sums of a block are held in registers.
    ///
    /// # Safety
    /// The CPU has the instruction set of `P`, and there are so many rows.
    #[inline(always)]
    unsafe fn tile<P: Pair, const M: usize>(&self, row: usize, out: *mut f32) {
        let lanes = P::Real::LANES;
        let (inputs, outputs) = (self.weights.inputs, self.weights.outputs);
        let blocks = self.ends.len();
        let values = self.a.values.as_ptr().add(row * inputs);
        let steps = self.a.steps.as_ptr().add(row * blocks);
        let lows = self.a.lows.as_ptr().add(row * blocks);
        let mut sums = [[P::Real::splat(0.0); VECTORS]; M];
        let mut step = self.first;
        let mut line = self
            .weights
            .weights
            .as_ptr()
            .add(step * lanes * VECTORS * 2 * GROUP);
        let mut places = self.weights.places.as_ptr().add(step * 2);
        for (block, &end) in self.ends.iter().enumerate() {
            let mut products = [[P::zero(); VECTORS]; M];
            while step < end {
                let (one, other) = (usize::from(*places), usize::from(*places.add(1)));
                for m in 0..M {
                    let values = values.add(m * inputs);
                    let values = [P::values(values.add(one)), P::values(values.add(other))];
                    for (n, products) in products[m].iter_mut().enumerate() {
                        let line = line.add(n * 2 * lanes * GROUP);
                        let weights = [P::weights(line), P::weights(line.add(lanes * GROUP))];
                        *products = products.accumulate(values, weights);
                    }
                }
                line = line.add(VECTORS * 2 * lanes * GROUP);
                places = places.add(2);
                step += 1;
            }
            let whole = self
                .weights
                .sums
                .as_ptr()
                .add(block * outputs + self.column);
            for m in 0..M {
                let low = P::Real::splat(*lows.add(m * blocks + block));
                let step = P::Real::splat(*steps.add(m * blocks + block));
                for n in 0..VECTORS {
                    let base = low.mul_add(P::Real::load(whole.add(n * lanes)), sums[m][n]);
                    sums[m][n] = products[m][n].to_real().mul_add(step, base);
                }
            }
        }
        let scales = self.weights.scales.as_ptr().add(self.column);
        for (m, sums) in sums.iter().enumerate() {
            for (n, sum) in sums.iter().enumerate() {
                let scale = P::Real::load(scales.add(n * lanes));
                let bias = P::Real::load(self.bias.add(n * lanes));
                let to = out.add((row + m) * outputs + n * lanes);
                sum.mul_add(scale, bias).store(to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    /// Whole numbers of the sort that trained weights are: many small ones, a few as large as can
    /// be.
    fn weights(count: usize) -> Vec<i8> {
        let bend = |x: f32| (x * x * x * 127.9) as i8;
        noise(count, 4).into_iter().map(bend).collect()
    }

    /// The product with the values that the blocks are quantised to, in integers and f64.
    fn exact(a: &[f32], w: &[i8], scales: &[f32], bias: &[f32], inputs: usize) -> Vec<f64> {
        let mut out = Vec::new();
        for row in a.chunks(inputs) {
            for (weights, (&scale, &bias)) in w.chunks(inputs).zip(scales.iter().zip(bias)) {
                let mut product = 0.0;
                for (x, weights) in row.chunks(BLOCK).zip(weights.chunks(BLOCK)) {
                    let low = x.iter().copied().fold(f32::MAX, f32::min);
                    let high = x.iter().copied().fold(f32::MIN, f32::max);
                    let (step, steps) = ((high - low) / 127.0, 127.0 / (high - low));
                    for (x, &w) in x.iter().zip(weights) {
                        let value = f64::from(((x - low) * steps).round_ties_even());
                        product += (value * f64::from(step) + f64::from(low)) * f64::from(w);
                    }
                }
                out.push(product * f64::from(scale) + f64::from(bias));
            }
        }
        out
    }

    fn portable_and_best() -> Vec<Isa> {
        let mut all = Isa::available();
        all.retain(|isa| isa.has_pairs());
        all
    }

    #[test]
    fn every_instruction_set_gives_the_quantised_product() {
        for (inputs, outputs, rows) in [(16, 16, 1), (48, 80, 7), (144, 96, 13), (1536, 48, 8)] {
            let a: Vec<f32> = noise(rows * inputs, 1)
                .iter()
                .map(|x| x * 3.0 + 0.5)
                .collect();
            let w = weights(inputs * outputs);
            let scales: Vec<f32> = noise(outputs, 2).iter().map(|x| (x + 1.1) * 0.01).collect();
            let bias = noise(outputs, 3);
            let exact = exact(&a, &w, &scales, &bias, inputs);
            for isa in portable_and_best() {
                let packed = PackedPairs::new(isa, &w, &scales, outputs, inputs);
                let mut out = vec![0.0; rows * outputs];
                let mut blocks = Blocks::default();
                packed.multiply(&a, rows, &bias, &mut out, After::Nothing, &mut blocks);
                for (got, exact) in out.iter().zip(&exact) {
                    let close = 1e-5 * (1.0 + exact.abs());
                    let difference = (f64::from(*got) - exact).abs();
                    assert!(difference < close, "{isa:?} {got} {exact}");
                }
            }
        }
    }

    /// Weights at both ends of their range, and activations at the upper end of theirs: no sum
    /// in 16 bits may overflow. Values are whole and scales 1, so that results are exact.
    #[test]
    fn the_largest_sums_are_exact() {
        let (inputs, outputs, rows) = (256, 32, 5);
        let mut a: Vec<f32> = noise(rows * inputs, 1)
            .iter()
            .map(|x| (x * 63.0 + 63.5).round())
            .collect();
        a[..inputs].fill(127.0);
        // Each block has its smallest and its largest value.
        a.chunks_mut(BLOCK)
            .for_each(|block| (block[0], block[BLOCK - 1]) = (0.0, 127.0));
        let mut w = weights(inputs * outputs);
        w[..inputs].fill(127);
        w[inputs..2 * inputs].fill(-128);
        // An output all of whose large weights have partners of their own kind, but not next to
        // one another.
        for (at, weight) in w[2 * inputs..3 * inputs].iter_mut().enumerate() {
            *weight = if at / 8 % 2 == 0 { 127 } else { 0 };
        }
        // Without the outputs of the first panel that no two groups fit in, most groups pair up.
        let some = &w[16 * inputs..];
        let groups: Vec<usize> = (0..BLOCK).step_by(GROUP).collect();
        let steps = matched(&some[..16 * inputs], inputs, groups.clone());
        assert!(steps.len() < groups.len() && steps.len() >= groups.len() / 2);
        assert_eq!(
            matched(&w[..16 * inputs], inputs, groups.clone()).len(),
            groups.len()
        );
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
        for isa in portable_and_best() {
            let packed = PackedPairs::new(isa, &w, &[1.0; 32], outputs, inputs);
            let mut out = vec![0.0; rows * outputs];
            let mut blocks = Blocks::default();
            packed.multiply(&a, rows, &[0.0; 32], &mut out, After::Nothing, &mut blocks);
            assert_eq!(out, sums, "{isa:?}");
        }
    }

    #[test]
    fn rows_of_one_number_lose_nothing() {
        for isa in portable_and_best() {
            let packed = PackedPairs::new(isa, &[2; 256], &[0.5; 16], 16, 16);
            let mut out = vec![0.0; 16];
            let mut blocks = Blocks::default();
            let bias = [1.0; 16];
            packed.multiply(&[-3.0; 16], 1, &bias, &mut out, After::Nothing, &mut blocks);
            assert_eq!(out, [-47.0; 16], "{isa:?}");
        }
    }
}
