//! Which instructions the CPU has, and how a task gets to run with them.

use super::dot::{DotTask, PortableDot};
use super::simd::{Portable, Task};
#[cfg(target_arch = "aarch64")]
use super::{neon, neon_dot};
#[cfg(target_arch = "x86_64")]
use super::{x86, x86_dot};

/// Instructions that this CPU has, for reals and for 8-bit products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Isa {
    reals: Reals,
    dots: Dots,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reals {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dots {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "aarch64")]
    NeonDot,
}

impl Isa {
    /// Those that this CPU has, the best one last.
    pub(crate) fn available() -> Vec<Self> {
        let mut all = vec![Self {
            reals: Reals::Portable,
            dots: Dots::Portable,
        }];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            all.push(Self {
                reals: Reals::Avx2,
                dots: Dots::Avx2,
            });
            let vnni = is_x86_feature_detected!("avxvnni");
            if vnni {
                all.push(Self {
                    reals: Reals::Avx2,
                    dots: Dots::AvxVnni,
                });
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
            {
                let dots = if vnni { Dots::AvxVnni } else { Dots::Avx2 };
                all.push(Self {
                    reals: Reals::Avx512,
                    dots,
                });
                if is_x86_feature_detected!("avx512vnni") {
                    all.push(Self {
                        reals: Reals::Avx512,
                        dots: Dots::Avx512Vnni,
                    });
                }
            }
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") {
            all.push(Self {
                reals: Reals::Neon,
                dots: Dots::Neon,
            });
            if std::arch::is_aarch64_feature_detected!("dotprod") {
                all.push(Self {
                    reals: Reals::Neon,
                    dots: Dots::NeonDot,
                });
            }
        }
        all
    }

    /// The best one.
    pub(crate) fn best() -> Self {
        let portable = Self {
            reals: Reals::Portable,
            dots: Dots::Portable,
        };
        Self::available().pop().unwrap_or(portable)
    }

    pub(super) fn run<T: Task>(self, task: T) {
        // SAFETY: the CPU has the instructions, or there would be no such `Isa`.
        unsafe {
            match self.reals {
                Reals::Portable => task.run::<Portable>(),
                #[cfg(target_arch = "x86_64")]
                Reals::Avx2 => x86::avx2(task),
                #[cfg(target_arch = "x86_64")]
                Reals::Avx512 => x86::avx512(task),
                #[cfg(target_arch = "aarch64")]
                Reals::Neon => neon::neon(task),
            }
        }
    }

    pub(super) fn run_dot<T: DotTask>(self, task: T) {
        // SAFETY: as in `run`.
        unsafe {
            match self.dots {
                Dots::Portable => task.run::<PortableDot>(),
                #[cfg(target_arch = "x86_64")]
                Dots::Avx2 => x86_dot::avx2(task),
                #[cfg(target_arch = "x86_64")]
                Dots::AvxVnni => x86_dot::avx_vnni(task),
                #[cfg(target_arch = "x86_64")]
                Dots::Avx512Vnni => x86_dot::avx512_vnni(task),
                #[cfg(target_arch = "aarch64")]
                Dots::Neon => neon_dot::neon(task),
                #[cfg(target_arch = "aarch64")]
                Dots::NeonDot => neon_dot::neon_dot(task),
            }
        }
    }
}
