//! 8-bit products with NEON, and with its dot product where the CPU has that.

use std::arch::aarch64::*;
use std::arch::asm;

use super::dot::{Dot, DotTask};
use super::neon::Neon;

/// # Safety
/// The CPU has NEON.
#[target_feature(enable = "neon")]
pub(super) unsafe fn neon<T: DotTask>(task: T) {
    task.run::<NeonWide>();
}

/// # Safety
/// The CPU has NEON and its dot product.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn neon_dot<T: DotTask>(task: T) {
    task.run::<NeonDot>();
}

/// Four numbers as values less 128: NEON multiplies bytes of like signs.
#[inline(always)]
unsafe fn store_signed(numbers: Neon, to: *mut u8) {
    let x = vqmovun_s32(vcvtnq_s32_f32(numbers.0));
    let x = vqmovn_u16(vcombine_u16(x, x));
    let x = veor_u8(x, vdup_n_u8(128));
    to.cast::<u32>()
        .write_unaligned(vget_lane_u32::<0>(vreinterpret_u32_u8(x)));
}

#[inline(always)]
unsafe fn store_whole(numbers: Neon, to: *mut i8) {
    let x = vqmovn_s32(vcvtnq_s32_f32(numbers.0));
    let x = vqmovn_s16(vcombine_s16(x, x));
    to.cast::<i32>()
        .write_unaligned(vget_lane_s32::<0>(vreinterpret_s32_s8(x)));
}

#[derive(Clone, Copy)]
pub(super) struct NeonDot(int32x4_t);

impl Dot for NeonDot {
    type Real = Neon;
    type Values = int8x16_t;
    type Weights = int8x16_t;
    const GROUP: usize = 4;
    const BYTES: usize = 1;
    const OFFSET: i32 = 128;
    const ROWS: usize = 8;
    const VECTORS: usize = 2;

    #[inline(always)]
    unsafe fn zero() -> Self {
        Self(vdupq_n_s32(0))
    }
    #[inline(always)]
    unsafe fn values(from: *const u8) -> int8x16_t {
        vreinterpretq_s8_s32(vdupq_n_s32(from.cast::<i32>().read_unaligned()))
    }
    #[inline(always)]
    unsafe fn weights(from: *const i8) -> int8x16_t {
        vld1q_s8(from)
    }
    #[inline(always)]
    unsafe fn accumulate(mut self, values: int8x16_t, weights: int8x16_t) -> Self {
        // The intrinsic is not stable yet.
        asm!(
            ".arch_extension dotprod",
            "sdot {sum:v}.4s, {values:v}.16b, {weights:v}.16b",
            sum = inout(vreg) self.0,
            values = in(vreg) values,
            weights = in(vreg) weights,
            options(pure, nomem, nostack, preserves_flags),
        );
        self
    }
    #[inline(always)]
    unsafe fn to_real(self) -> Neon {
        Neon(vcvtq_f32_s32(self.0))
    }
    #[inline(always)]
    unsafe fn store_values(numbers: Neon, to: *mut u8) {
        store_signed(numbers, to);
    }
    #[inline(always)]
    unsafe fn store_weights(numbers: Neon, to: *mut i8) {
        store_whole(numbers, to);
    }
}

/// Two partial sums a lane.
#[derive(Clone, Copy)]
pub(super) struct NeonWide(int32x4_t, int32x4_t);

impl Dot for NeonWide {
    type Real = Neon;
    type Values = int8x8_t;
    type Weights = int8x16_t;
    const GROUP: usize = 4;
    const BYTES: usize = 1;
    const OFFSET: i32 = 128;
    const ROWS: usize = 4;
    const VECTORS: usize = 2;

    #[inline(always)]
    unsafe fn zero() -> Self {
        Self(vdupq_n_s32(0), vdupq_n_s32(0))
    }
    #[inline(always)]
    unsafe fn values(from: *const u8) -> int8x8_t {
        vreinterpret_s8_s32(vdup_n_s32(from.cast::<i32>().read_unaligned()))
    }
    #[inline(always)]
    unsafe fn weights(from: *const i8) -> int8x16_t {
        vld1q_s8(from)
    }
    #[inline(always)]
    unsafe fn accumulate(self, values: int8x8_t, weights: int8x16_t) -> Self {
        let low = vmull_s8(vget_low_s8(weights), values);
        let high = vmull_s8(vget_high_s8(weights), values);
        Self(vpadalq_s16(self.0, low), vpadalq_s16(self.1, high))
    }
    #[inline(always)]
    unsafe fn to_real(self) -> Neon {
        Neon(vcvtq_f32_s32(vpaddq_s32(self.0, self.1)))
    }
    #[inline(always)]
    unsafe fn store_values(numbers: Neon, to: *mut u8) {
        store_signed(numbers, to);
    }
    #[inline(always)]
    unsafe fn store_weights(numbers: Neon, to: *mut i8) {
        store_whole(numbers, to);
    }
}
