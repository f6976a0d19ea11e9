//! What is done to each number of a row, or to a row as a whole, between products.

use super::Isa;
use super::simd::{Simd, Task};

/// Beyond this many standard deviations the normal distribution function is 0 or 1 in f32.
const TAIL: f32 = 5.0;
/// `(Φ(x) - 1/2) / x` for `|x| < TAIL`, as a polynomial in `2 x² / TAIL² - 1`: a weighted
/// least-squares fit, reweighted until the error was level, at most 2.2e-7 in Φ.
const NORMAL: [f32; 13] = [
    0.141_363_78,
    -0.070_296_28,
    0.051_520_523,
    -0.040_442_61,
    0.031_442_17,
    -0.023_268_657,
    0.016_402_192,
    -0.011_164_328,
    0.006_410_473_5,
    -0.002_685_587_4,
    0.001_722_834_5,
    -0.001_613_260_2,
    0.000_608_714_8,
];

/// `(2ʳ - 1) / r` for `|r| <= 1/2`, fitted in the same way to 1.1e-7 of 2ʳ.
const POWER: [f32; 5] = [
    std::f32::consts::LN_2,
    0.240_222_81,
    0.055_505_6,
    0.009_669_729,
    0.001_330_025,
];

/// Replaces each number by `x Φ(x)`, Φ the normal distribution function.
///
/// # Safety
/// The CPU has the instruction set of `V`; `row` has `length` numbers, full vectors.
#[inline(always)]
pub(super) unsafe fn gelu_row<V: Simd>(row: *mut f32, length: usize) {
    let mut at = 0;
    while at < length {
        let x = V::load(row.add(at));
        let near = x.min(V::splat(TAIL)).max(V::splat(-TAIL));
        let square = near
            .mul(near)
            .mul_add(V::splat(2.0 / (TAIL * TAIL)), V::splat(-1.0));
        let mut p = V::splat(NORMAL[NORMAL.len() - 1]);
        let mut power = NORMAL.len() - 1;
        while power > 0 {
            power -= 1;
            p = p.mul_add(square, V::splat(NORMAL[power]));
        }
        near.mul(p)
            .mul_add(x, x.mul(V::splat(0.5)))
            .store(row.add(at));
        at += V::LANES;
    }
}

/// `2ˣ` for x of at most 0, and 0 or nearly so below -125.
///
/// # Safety
/// The CPU has the instruction set of `V`.
#[inline(always)]
unsafe fn exp2<V: Simd>(x: V) -> V {
    let x = x.max(V::splat(-125.0));
    let whole = x.round();
    let r = x.sub(whole);
    let mut p = V::splat(POWER[4]);
    p = p.mul_add(r, V::splat(POWER[3]));
    p = p.mul_add(r, V::splat(POWER[2]));
    p = p.mul_add(r, V::splat(POWER[1]));
    p = p.mul_add(r, V::splat(POWER[0]));
    p.mul_add(r, V::splat(1.0)).scale(whole)
}

/// Turns the first `length` of `padded` scores into `2ˣ` over their largest, the rest into
/// nearly 0, and gives one over the sum.
///
/// # Safety
/// The CPU has the instruction set of `V`; `row` has `padded` numbers, full vectors.
#[inline(always)]
pub(super) unsafe fn exponentiate<V: Simd>(row: *mut f32, length: usize, padded: usize) -> f32 {
    for at in length..padded {
        *row.add(at) = f32::MIN;
    }
    let mut top = V::splat(f32::MIN);
    let mut at = 0;
    while at < padded {
        top = top.max(V::load(row.add(at)));
        at += V::LANES;
    }
    let top = V::splat(top.largest());
    let mut sum = V::splat(0.0);
    at = 0;
    while at < padded {
        let e = exp2(V::load(row.add(at)).sub(top));
        e.store(row.add(at));
        sum = sum.add(e);
        at += V::LANES;
    }
    1.0 / sum.sum()
}

/// Adds `update` to `rows` and normalises each row: mean 0, variance 1, then `scale` and `shift`.
pub(crate) fn add_and_normalise(
    isa: Isa,
    rows: &mut [f32],
    update: &[f32],
    scale: &[f32],
    shift: &[f32],
) {
    let width = scale.len();
    assert!(width.is_multiple_of(16) && width > 0 && shift.len() == width);
    assert!(rows.len() == update.len() && rows.len().is_multiple_of(width));
    isa.run(Normalise {
        rows,
        update,
        scale,
        shift,
    });
}

struct Normalise<'a> {
    rows: &'a mut [f32],
    update: &'a [f32],
    scale: &'a [f32],
    shift: &'a [f32],
}

impl Task for Normalise<'_> {
    #[inline(always)]
    unsafe fn run<V: Simd>(self) {
        let width = self.scale.len();
        let (scale, shift) = (self.scale.as_ptr(), self.shift.as_ptr());
        let mut start = 0;
        while start < self.rows.len() {
            let row = self.rows.as_mut_ptr().add(start);
            let update = self.update.as_ptr().add(start);
            let mut sum = V::splat(0.0);
            let mut at = 0;
            while at < width {
                let x = V::load(row.add(at)).add(V::load(update.add(at)));
                x.store(row.add(at));
                sum = sum.add(x);
                at += V::LANES;
            }
            let mean = V::splat(sum.sum() / width as f32);
            let mut squares = V::splat(0.0);
            at = 0;
            while at < width {
                let x = V::load(row.add(at)).sub(mean);
                squares = x.mul_add(x, squares);
                at += V::LANES;
            }
            let deviation = (squares.sum() / width as f32 + 1e-12).sqrt();
            let factor = V::splat(1.0 / deviation);
            at = 0;
            while at < width {
                let x = V::load(row.add(at)).sub(mean).mul(factor);
                x.mul_add(V::load(scale.add(at)), V::load(shift.add(at)))
                    .store(row.add(at));
                at += V::LANES;
            }
            start += width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    /// The error function by its Taylor series, enough terms for |x| < 6 in f64 sums.
    fn erf(x: f64) -> f64 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    }

    struct Gelu<'a>(&'a mut [f32]);

    impl Task for Gelu<'_> {
        #[inline(always)]
        unsafe fn run<V: Simd>(self) {
            gelu_row::<V>(self.0.as_mut_ptr(), self.0.len());
        }
    }

    #[test]
    fn gelu_is_the_exact_one() {
        let xs: Vec<f32> = (-1200..1200).map(|i| i as f32 / 250.0).collect();
        for isa in Isa::available() {
            let mut ys = xs.clone();
            isa.run(Gelu(&mut ys));
            for (&x, &y) in xs.iter().zip(&ys) {
                let x = f64::from(x);
                let exact = x * 0.5 * (1.0 + erf(x / 2f64.sqrt()));
                assert!(
                    (f64::from(y) - exact).abs() < 2e-6,
                    "{isa:?} {x} {y} {exact}"
                );
            }
            let mut far = [0.0; 16];
            far[..4].copy_from_slice(&[-100.0, -9.0, 9.0, 100.0]);
            isa.run(Gelu(&mut far));
            assert!(far[0].abs() < 1e-4 && far[1].abs() < 1e-5 && far[4] == 0.0);
            assert!((far[2] - 9.0).abs() < 1e-5 && (far[3] / 100.0 - 1.0).abs() < 1e-6);
        }
    }

    struct Exponentiate<'a>(&'a mut [f32], usize, &'a mut f32);

    impl Task for Exponentiate<'_> {
        #[inline(always)]
        unsafe fn run<V: Simd>(self) {
            *self.2 = exponentiate::<V>(self.0.as_mut_ptr(), self.1, self.0.len());
        }
    }

    #[test]
    fn scores_become_probabilities() {
        let mut scores = noise(48, 5);
        scores.iter_mut().for_each(|x| *x *= 60.0);
        for isa in Isa::available() {
            let mut row = scores.clone();
            let mut factor = 0.0;
            isa.run(Exponentiate(&mut row, 41, &mut factor));
            let top = scores[..41].iter().fold(f32::MIN, |a, &b| a.max(b));
            let exact = |x: f32| f64::from(x - top).exp2();
            let sum: f64 = scores[..41].iter().map(|&x| exact(x)).sum();
            for (&x, &p) in scores[..41].iter().zip(&row) {
                assert!(
                    (f64::from(p * factor) - exact(x) / sum).abs() < 1e-6,
                    "{isa:?}"
                );
            }
            assert!(row[41..].iter().all(|&p| p < 1e-30));
        }
    }

    #[test]
    fn rows_are_normalised() {
        let (x, update) = (noise(64, 1), noise(64, 2));
        let (scale, shift) = (noise(32, 3), noise(32, 4));
        for isa in Isa::available() {
            let mut rows = x.clone();
            add_and_normalise(isa, &mut rows, &update, &scale, &shift);
            for row in 0..2 {
                let part = row * 32..(row + 1) * 32;
                let sums: Vec<f64> = part
                    .clone()
                    .map(|i| f64::from(x[i]) + f64::from(update[i]))
                    .collect();
                let mean = sums.iter().sum::<f64>() / 32.0;
                let variance = sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 32.0;
                for (i, s) in sums.iter().enumerate() {
                    let exact =
                        (s - mean) / variance.sqrt() * f64::from(scale[i]) + f64::from(shift[i]);
                    assert!(
                        (f64::from(rows[part.start + i]) - exact).abs() < 1e-5,
                        "{isa:?}"
                    );
                }
            }
        }
    }
}
