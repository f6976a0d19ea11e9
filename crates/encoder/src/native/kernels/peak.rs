//! How fast a core multiplies and adds when nothing comes from memory.

use std::hint::black_box;
use std::time::Instant;

use super::Isa;
use super::dot::{Dot, DotTask};
use super::paired::{Pair, PairTask};
use super::simd::{Simd, Task};

/// So many sums are independent of one another, which hides the latency of the instructions.
const SUMS: usize = 12;
const ROUNDS: u32 = 1_000_000;
/// How many factors pass by, so that no round is like the one before.
const FACTORS: usize = 4;

/// Multiplications and additions a second, in f32 or in 8-bit integers.
pub(crate) fn peak(isa: Isa, integers: bool) -> f64 {
    let start = Instant::now();
    let mut each = 0;
    if integers && isa.has_pairs() {
        isa.run_pairs(Sums(&mut each));
    } else if integers {
        isa.run_dot(Sums(&mut each));
    } else {
        isa.run(Sums(&mut each));
    }
    2.0 * each as f64 * f64::from(ROUNDS) / start.elapsed().as_secs_f64()
}

/// Sets how many products are summed in a round.
struct Sums<'a>(&'a mut usize);

impl Task for Sums<'_> {
    #[inline(always)]
    unsafe fn run<V: Simd>(self) {
        let factors = black_box([0.5f32; 16 * FACTORS]);
        let value = V::splat(black_box(0.5));
        let mut sums = [V::splat(0.0); SUMS];
        for round in 0..ROUNDS {
            let factor = V::load(factors.as_ptr().add(round as usize % FACTORS * V::LANES));
            for sum in &mut sums {
                *sum = value.mul_add(factor, *sum);
            }
        }
        let mut total = 0.0;
        for sum in sums {
            total += sum.sum();
        }
        black_box(total);
        *self.0 = SUMS * V::LANES;
    }
}

impl DotTask for Sums<'_> {
    #[inline(always)]
    unsafe fn run<D: Dot>(self) {
        let factors = black_box([1i8; 64 * FACTORS]);
        // Values of each sum's own, or one product would do for all of them.
        let values = black_box([[1u8; 8]; SUMS]);
        let values: [D::Values; SUMS] = std::array::from_fn(|sum| D::values(values[sum].as_ptr()));
        let step = D::Real::LANES * D::GROUP;
        let mut sums = [D::zero(); SUMS];
        for round in 0..ROUNDS {
            let factors = D::weights(factors.as_ptr().add(round as usize % FACTORS * step));
            for (sum, values) in sums.iter_mut().zip(values) {
                *sum = sum.accumulate(values, factors);
            }
        }
        let mut total = 0.0;
        for sum in sums {
            total += sum.to_real().sum();
        }
        black_box(total);
        *self.0 = SUMS * step;
    }
}

impl PairTask for Sums<'_> {
    #[inline(always)]
    unsafe fn run<P: Pair>(self) {
        /// Fewer than of the others: each product needs registers of its own.
        const SUMS: usize = 8;
        let factors = black_box([1i8; 64 * (FACTORS + 1)]);
        let values = black_box([[1u8; 8]; SUMS]);
        let values: [[P::Values; 2]; SUMS] =
            std::array::from_fn(|sum| [0, 4].map(|at| P::values(values[sum].as_ptr().add(at))));
        let step = P::Real::LANES * 4;
        let mut sums = [P::zero(); SUMS];
        for round in 0..ROUNDS {
            let factors = factors.as_ptr().add(round as usize % FACTORS * step);
            let factors = [P::weights(factors), P::weights(factors.add(step))];
            for (sum, values) in sums.iter_mut().zip(values) {
                *sum = sum.accumulate(values, factors);
            }
        }
        let mut total = 0.0;
        for sum in sums {
            total += sum.to_real().sum();
        }
        black_box(total);
        *self.0 = SUMS * step * 2;
    }
}
