//! Vectors of f32 as the kernels see them, and the portable ones.

/// A vector of f32 of one instruction set.
///
/// # Safety
/// All functions need a CPU that has the instruction set, and pointers to as many numbers as
/// they read or write. They are inlined into the functions of `x86` and `neon` that enable it.
pub(super) trait Simd: Copy {
    /// How many numbers a vector holds.
    const LANES: usize;
    /// How many rows of a product are kept in registers at once: 4, 6 or 8.
    const ROWS: usize;
    /// How many vectors of each of those rows: at most 3.
    const VECTORS: usize;

    unsafe fn splat(x: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn mul(self, other: Self) -> Self;
    /// `self * factor + addend`, rounded once where the instruction set can.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
    unsafe fn max(self, other: Self) -> Self;
    unsafe fn min(self, other: Self) -> Self;
    /// To the nearest whole number, ties to even.
    unsafe fn round(self) -> Self;
    /// Times two to the power of whole numbers, where the results are normal numbers.
    unsafe fn scale(self, powers: Self) -> Self;
    unsafe fn sum(self) -> f32;
    unsafe fn largest(self) -> f32;
    unsafe fn smallest(self) -> f32;
}

/// What is written once and compiled for every instruction set.
pub(super) trait Task {
    /// Does it. Implementations are `#[inline(always)]`, and so is all they call with a `V`.
    ///
    /// # Safety
    /// The CPU has the instruction set of `V`.
    unsafe fn run<V: Simd>(self);
}

/// Four numbers in plain Rust.
#[derive(Clone, Copy)]
pub(super) struct Portable(pub(super) [f32; 4]);

macro_rules! lanewise {
    ($a:expr, $b:expr, $f:expr) => {{
        let (a, b, f) = ($a.0, $b.0, $f);
        Portable([f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2]), f(a[3], b[3])])
    }};
}

impl Simd for Portable {
    const LANES: usize = 4;
    const ROWS: usize = 4;
    const VECTORS: usize = 2;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        Self([x; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(from.cast::<[f32; 4]>().read_unaligned())
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        to.cast::<[f32; 4]>().write_unaligned(self.0);
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        lanewise!(self, other, |a: f32, b: f32| a + b)
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        lanewise!(self, other, |a: f32, b: f32| a - b)
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        lanewise!(self, other, |a: f32, b: f32| a * b)
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        // `f32::mul_add` would call a library function here.
        self.mul(factor).add(addend)
    }
    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        lanewise!(self, other, |a: f32, b: f32| if a > b { a } else { b })
    }
    #[inline(always)]
    unsafe fn min(self, other: Self) -> Self {
        lanewise!(self, other, |a: f32, b: f32| if a < b { a } else { b })
    }
    #[inline(always)]
    unsafe fn round(self) -> Self {
        // Adding and taking away 1.5 * 2^23 leaves no room for a fraction.
        let shift = Self::splat(12_582_912.0);
        self.add(shift).sub(shift)
    }
    #[inline(always)]
    unsafe fn scale(self, powers: Self) -> Self {
        let scale =
            |x: f32, n: f32| f32::from_bits(x.to_bits().wrapping_add((n as i32 as u32) << 23));
        lanewise!(self, powers, scale)
    }
    #[inline(always)]
    unsafe fn sum(self) -> f32 {
        (self.0[0] + self.0[2]) + (self.0[1] + self.0[3])
    }
    #[inline(always)]
    unsafe fn largest(self) -> f32 {
        self.0[0].max(self.0[1]).max(self.0[2].max(self.0[3]))
    }
    #[inline(always)]
    unsafe fn smallest(self) -> f32 {
        self.0[0].min(self.0[1]).min(self.0[2].min(self.0[3]))
    }
}
