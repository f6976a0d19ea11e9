//! 8-bit products in pairs with AVX2.

use std::arch::x86_64::*;

use super::paired::{Pair, PairTask};
use super::x86::Avx2;

/// # Safety
/// The CPU has AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn avx2<T: PairTask>(task: T) {
    task.run::<Avx2Pair>();
}

#[derive(Clone, Copy)]
pub(super) struct Avx2Pair(__m256i);

impl Pair for Avx2Pair {
    type Real = Avx2;
    type Values = __m256i;
    type Weights = __m256i;

    #[inline(always)]
    unsafe fn zero() -> Self {
        Self(_mm256_setzero_si256())
    }
    #[inline(always)]
    unsafe fn values(from: *const u8) -> __m256i {
        _mm256_set1_epi32(from.cast::<i32>().read_unaligned())
    }
    #[inline(always)]
    unsafe fn weights(from: *const i8) -> __m256i {
        _mm256_loadu_si256(from.cast())
    }
    #[inline(always)]
    unsafe fn accumulate(self, values: [__m256i; 2], weights: [__m256i; 2]) -> Self {
        let one = _mm256_maddubs_epi16(values[0], weights[0]);
        let other = _mm256_maddubs_epi16(values[1], weights[1]);
        let wide = _mm256_madd_epi16(_mm256_add_epi16(one, other), _mm256_set1_epi16(1));
        Self(_mm256_add_epi32(self.0, wide))
    }
    #[inline(always)]
    unsafe fn to_real(self) -> Avx2 {
        Avx2(_mm256_cvtepi32_ps(self.0))
    }
    #[inline(always)]
    unsafe fn store_values(numbers: Avx2, to: *mut u8) {
        let x = _mm256_cvtps_epi32(numbers.0);
        let x = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256::<1>(x));
        _mm_storel_epi64(to.cast(), _mm_packus_epi16(x, x));
    }
}
