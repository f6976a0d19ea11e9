//! Activations in 8 bits.
//!
//! Each row is divided into 256 steps between its smallest and its largest number, so that
//! `x ≈ low + step * value`: one extreme piece costs no other piece its precision.

use super::dot::{Dot, DotTask};
use super::simd::Simd;
use super::{Buffer, Isa};

/// Quantised activations.
#[derive(Default)]
pub(crate) struct Quantised {
    pub(super) values: Buffer<u8>,
    /// Of each row.
    pub(super) steps: Buffer<f32>,
    /// Of each row.
    pub(super) lows: Buffer<f32>,
}

struct Quantise<'a> {
    a: &'a [f32],
    rows: usize,
    inputs: usize,
    to: &'a mut Quantised,
}

impl DotTask for Quantise<'_> {
    #[inline(always)]
    unsafe fn run<D: Dot>(self) {
        let Self {
            a,
            rows,
            inputs,
            to,
        } = self;
        to.fit::<D>(rows, inputs);
        for row in 0..rows {
            to.set_row::<D>(row, a.as_ptr().add(row * inputs), inputs);
        }
    }
}

impl Quantised {
    /// Quantises so many rows; `a` is `[rows, inputs]`.
    pub(super) fn set(&mut self, isa: Isa, a: &[f32], rows: usize, inputs: usize) {
        assert!(a.len() >= rows * inputs && inputs.is_multiple_of(16) && inputs > 0);
        isa.run_dot(Quantise {
            a,
            rows,
            inputs,
            to: self,
        });
    }

    /// Makes room.
    #[inline(always)]
    pub(super) fn fit<D: Dot>(&mut self, rows: usize, inputs: usize) {
        self.values.fit(rows * inputs * D::BYTES);
        self.steps.fit(rows);
        self.lows.fit(rows);
    }

    /// Quantises a row; there is room for it.
    ///
    /// # Safety
    /// The CPU has the instruction set of `D`; `from` has `inputs` numbers, full vectors.
    #[inline(always)]
    pub(super) unsafe fn set_row<D: Dot>(&mut self, row: usize, from: *const f32, inputs: usize) {
        let (mut low, mut high) = (D::Real::load(from), D::Real::load(from));
        let mut at = 0;
        while at < inputs {
            let x = D::Real::load(from.add(at));
            low = low.min(x);
            high = high.max(x);
            at += D::Real::LANES;
        }
        let (low, high) = (low.smallest(), high.largest());
        let range = high - low;
        let (step, steps) = if range > 0.0 {
            (range / 255.0, 255.0 / range)
        } else {
            (0.0, 0.0)
        };
        self.steps[row] = step;
        // What values are stored less than they are is made good in the offset.
        self.lows[row] = low + step * D::OFFSET as f32;
        let values = self.values.as_mut_ptr().add(row * inputs * D::BYTES);
        let (low, steps) = (D::Real::splat(low), D::Real::splat(steps));
        at = 0;
        while at < inputs {
            let x = D::Real::load(from.add(at)).sub(low).mul(steps);
            D::store_values(x, values.add(at * D::BYTES));
            at += D::Real::LANES;
        }
    }
}
