//! Vectors of sums of 8-bit products, and the portable ones.

use super::simd::{Portable, Simd};

/// A vector of 32-bit sums of products of unsigned 8-bit values with signed 8-bit weights.
///
/// # Safety
/// As for [`Simd`].
pub(super) trait Dot: Copy {
    /// Reals with as many lanes.
    type Real: Simd;
    /// A group of values of one row, in every lane.
    type Values: Copy;
    /// A group of weights for each lane.
    type Weights: Copy;
    /// How many products are summed in a lane at once.
    const GROUP: usize;
    /// How many bytes a quantised value takes.
    const BYTES: usize;
    /// What is taken from a value before it is stored, so that it fits.
    const OFFSET: i32;
    /// As [`Simd::ROWS`].
    const ROWS: usize;
    /// As [`Simd::VECTORS`].
    const VECTORS: usize;

    unsafe fn zero() -> Self;
    unsafe fn values(from: *const u8) -> Self::Values;
    unsafe fn weights(from: *const i8) -> Self::Weights;
    unsafe fn accumulate(self, values: Self::Values, weights: Self::Weights) -> Self;
    unsafe fn to_real(self) -> Self::Real;
    /// Rounds numbers from 0 to 255 to nearest, ties to even, and stores them as values.
    unsafe fn store_values(numbers: Self::Real, to: *mut u8);
    /// Stores whole numbers from -127 to 127 as weights, one byte each.
    unsafe fn store_weights(numbers: Self::Real, to: *mut i8);
}

/// What is written once and compiled for every way to sum 8-bit products.
pub(super) trait DotTask {
    /// Does it, as [`Task::run`](super::simd::Task::run).
    ///
    /// # Safety
    /// The CPU has the instruction set of `D`.
    unsafe fn run<D: Dot>(self);
}

/// Four sums in plain Rust.
#[derive(Clone, Copy)]
pub(super) struct PortableDot([i32; 4]);

impl Dot for PortableDot {
    type Real = Portable;
    type Values = [i32; 4];
    type Weights = [[i8; 4]; 4];
    const GROUP: usize = 4;
    const BYTES: usize = 1;
    const OFFSET: i32 = 0;
    const ROWS: usize = 4;
    const VECTORS: usize = 2;

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
    unsafe fn accumulate(mut self, v: [i32; 4], weights: [[i8; 4]; 4]) -> Self {
        for (sum, weights) in self.0.iter_mut().zip(weights) {
            let w = weights.map(i32::from);
            *sum += v[0] * w[0] + v[1] * w[1] + v[2] * w[2] + v[3] * w[3];
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
    #[inline(always)]
    unsafe fn store_weights(numbers: Portable, to: *mut i8) {
        to.cast::<[i8; 4]>()
            .write_unaligned(numbers.0.map(|x| x as i8));
    }
}
