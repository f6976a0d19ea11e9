//! The vector code of the native engine: the only place with `unsafe`.
//!
//! Every kernel is a [`Task`](simd::Task), written once over a vector type and compiled for each
//! instruction set. The contract that makes the safe functions here sound:
//!
//! 1. A vector type's instructions run only below [`Isa::run`], and an [`Isa`] other than the
//!    portable one comes from nowhere but [`Isa::available`], which asks the CPU.
//! 2. Each safe function checks the lengths of its slices before it hands out pointers.
#![allow(unsafe_code)]
// One reason holds for whole functions here, the two points above: blocks would repeat it.
#![allow(unsafe_op_in_unsafe_fn)]

mod attention;
mod buffer;
mod elementwise;
#[cfg(target_arch = "aarch64")]
mod neon;
mod product;
mod simd;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use attention::{HEAD, HeadScratch, attend};
pub(crate) use buffer::Buffer;
pub(crate) use elementwise::add_and_normalise;
pub(crate) use product::{After, Packed};

use simd::{Portable, Task};

/// An instruction set that this CPU has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Isa(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Isa {
    /// Those that this CPU has, the best one last.
    pub(crate) fn available() -> Vec<Self> {
        let mut sets = vec![Set::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                sets.push(Set::Avx2);
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                {
                    sets.push(Set::Avx512);
                }
            }
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") {
            sets.push(Set::Neon);
        }
        sets.into_iter().map(Self).collect()
    }

    /// The best one.
    pub(crate) fn best() -> Self {
        Self::available().pop().unwrap_or(Self(Set::Portable))
    }

    fn run<T: Task>(self, task: T) {
        // SAFETY: the CPU has the set, or there would be no such `Isa`.
        unsafe {
            match self.0 {
                Set::Portable => task.run::<Portable>(),
                #[cfg(target_arch = "x86_64")]
                Set::Avx2 => x86::avx2(task),
                #[cfg(target_arch = "x86_64")]
                Set::Avx512 => x86::avx512(task),
                #[cfg(target_arch = "aarch64")]
                Set::Neon => neon::neon(task),
            }
        }
    }
}

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
