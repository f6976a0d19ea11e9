//! 8-bit products with AVX2, AVX-VNNI and AVX-512 VNNI.

use std::arch::x86_64::*;

use super::dot::{Dot, DotTask};
use super::simd::Simd;
use super::x86::{Avx2, Avx512};

/// # Safety
/// The CPU has AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn avx2<T: DotTask>(task: T) {
    task.run::<Avx2Dot>();
}

/// # Safety
/// The CPU has AVX2, FMA and AVX-VNNI.
#[target_feature(enable = "avx2,fma,avxvnni")]
pub(super) unsafe fn avx_vnni<T: DotTask>(task: T) {
    task.run::<AvxVnni>();
}

/// # Safety
/// The CPU has AVX-512 F, BW, DQ, VL and VNNI.
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
pub(super) unsafe fn avx512_vnni<T: DotTask>(task: T) {
    task.run::<Avx512Vnni>();
}

/// Products of 16 bits: the instruction that multiplies bytes would saturate their sums.
#[derive(Clone, Copy)]
pub(super) struct Avx2Dot(__m256i);

impl Dot for Avx2Dot {
    type Real = Avx2;
    type Values = __m256i;
    type Weights = __m256i;
    const GROUP: usize = 2;
    const BYTES: usize = 2;
    const OFFSET: i32 = 0;
    const ROWS: usize = Avx2::ROWS;
    const VECTORS: usize = Avx2::VECTORS;

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
        _mm256_cvtepi8_epi16(_mm_loadu_si128(from.cast()))
    }
    #[inline(always)]
    unsafe fn accumulate(self, values: __m256i, weights: __m256i) -> Self {
        Self(_mm256_add_epi32(self.0, _mm256_madd_epi16(values, weights)))
    }
    #[inline(always)]
    unsafe fn to_real(self) -> Avx2 {
        Avx2(_mm256_cvtepi32_ps(self.0))
    }
    #[inline(always)]
    unsafe fn store_values(numbers: Avx2, to: *mut u8) {
        let x = _mm256_cvtps_epi32(numbers.0);
        let x = _mm_packus_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256::<1>(x));
        _mm_storeu_si128(to.cast(), x);
    }
    #[inline(always)]
    unsafe fn store_weights(numbers: Avx2, to: *mut i8) {
        let x = _mm256_cvtps_epi32(numbers.0);
        let x = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256::<1>(x));
        _mm_storel_epi64(to.cast(), _mm_packs_epi16(x, x));
    }
}

#[derive(Clone, Copy)]
pub(super) struct AvxVnni(__m256i);

impl Dot for AvxVnni {
    type Real = Avx2;
    type Values = __m256i;
    type Weights = __m256i;
    const GROUP: usize = 4;
    const BYTES: usize = 1;
    const OFFSET: i32 = 0;
    const ROWS: usize = Avx2::ROWS;
    const VECTORS: usize = Avx2::VECTORS;

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
    unsafe fn accumulate(self, values: __m256i, weights: __m256i) -> Self {
        Self(_mm256_dpbusd_avx_epi32(self.0, values, weights))
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
    #[inline(always)]
    unsafe fn store_weights(numbers: Avx2, to: *mut i8) {
        let x = _mm256_cvtps_epi32(numbers.0);
        let x = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256::<1>(x));
        _mm_storel_epi64(to.cast(), _mm_packs_epi16(x, x));
    }
}

#[derive(Clone, Copy)]
pub(super) struct Avx512Vnni(__m512i);

impl Dot for Avx512Vnni {
    type Real = Avx512;
    type Values = __m512i;
    type Weights = __m512i;
    const GROUP: usize = 4;
    const BYTES: usize = 1;
    const OFFSET: i32 = 0;
    const ROWS: usize = Avx512::ROWS;
    const VECTORS: usize = Avx512::VECTORS;

    #[inline(always)]
    unsafe fn zero() -> Self {
        Self(_mm512_setzero_si512())
    }
    #[inline(always)]
    unsafe fn values(from: *const u8) -> __m512i {
        _mm512_set1_epi32(from.cast::<i32>().read_unaligned())
    }
    #[inline(always)]
    unsafe fn weights(from: *const i8) -> __m512i {
        _mm512_loadu_si512(from.cast())
    }
    #[inline(always)]
    unsafe fn accumulate(self, values: __m512i, weights: __m512i) -> Self {
        Self(_mm512_dpbusd_epi32(self.0, values, weights))
    }
    #[inline(always)]
    unsafe fn to_real(self) -> Avx512 {
        Avx512(_mm512_cvtepi32_ps(self.0))
    }
    #[inline(always)]
    unsafe fn store_values(numbers: Avx512, to: *mut u8) {
        let x = _mm512_max_epi32(_mm512_cvtps_epi32(numbers.0), _mm512_setzero_si512());
        _mm_storeu_si128(to.cast(), _mm512_cvtusepi32_epi8(x));
    }
    #[inline(always)]
    unsafe fn store_weights(numbers: Avx512, to: *mut i8) {
        _mm_storeu_si128(
            to.cast(),
            _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(numbers.0)),
        );
    }
}
