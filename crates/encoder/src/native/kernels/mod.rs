//! The vector code of the native engine: the only place with `unsafe`.
//!
//! Every kernel is a [`Task`](simd::Task), written once over a vector type and compiled for each
//! instruction set. The contract that makes the safe functions here sound:
//!
//! 1. A vector type's instructions run only below [`Isa::run`], [`Isa::run_dot`] and
//!    [`Isa::run_pairs`], and an [`Isa`] other than the portable ones comes from nowhere but
//!    [`Isa::available`], which asks the CPU.
//! 2. Each safe function checks the lengths of its slices before it hands out pointers.
#![allow(unsafe_code)]
// One reason holds for whole functions here, the two points above: blocks would repeat it.
#![allow(unsafe_op_in_unsafe_fn)]

mod attention;
mod buffer;
mod dot;
mod elementwise;
mod integer;
mod isa;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "aarch64")]
mod neon_dot;
mod paired;
mod peak;
mod product;
mod quantised;
mod simd;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
mod x86_dot;
#[cfg(target_arch = "x86_64")]
mod x86_pair;

pub(crate) use attention::{Attention, HEAD, HeadScratch, QUERY_SCALE};
pub(crate) use buffer::Buffer;
pub(crate) use elementwise::add_and_normalise;
pub(crate) use integer::{MOST_INPUTS, PackedIntegers};
pub(crate) use isa::Isa;
pub(crate) use paired::{Blocks, PackedPairs};
pub(crate) use peak::peak;
pub(crate) use product::{After, Packed};
pub(crate) use quantised::Quantised;

#[cfg(test)]
pub(crate) mod tests {
    /// Numbers between -1 and 1 that look random and are always the same.
    pub(crate) fn noise(count: usize, seed: u64) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }
}
