//! Which instructions the CPU has, and how a task gets to run with them.

use super::dot::{DotTask, PortableDot};
use super::paired::{PairTask, PortablePair};
use super::simd::{Portable, Task};
#[cfg(target_arch = "aarch64")]
use super::{neon, neon_dot};
#[cfg(target_arch = "x86_64")]
use super::{x86, x86_dot, x86_pair};

/// Instructions that this CPU has, for reals and for 8-bit products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Isa {
    reals: Reals,
    dots: Dots,
    /// How products with 8-bit weights are computed in pairs, where that is faster than `dots`.
    pairs: Option<Pairs>,
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
enum Pairs {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
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
    const PORTABLE: Self = Self {
        reals: Reals::Portable,
        dots: Dots::Portable,
        pairs: None,
    };

    /// Those that this CPU has, the best one last.
    pub(crate) fn available() -> Vec<Self> {
        let pairs = Some(Pairs::Portable);
        let mut all = vec![
            Self {
                pairs,
                ..Self::PORTABLE
            },
            Self::PORTABLE,
        ];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            let avx2 = Self {
                reals: Reals::Avx2,
                dots: Dots::Avx2,
                pairs: Some(Pairs::Avx2),
            };
            all.push(avx2);
            let vnni = is_x86_feature_detected!("avxvnni");
            let avx_vnni = Self {
                dots: Dots::AvxVnni,
                pairs: None,
                ..avx2
            };
            if vnni {
                all.push(avx_vnni);
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
            {
                let avx512 = Self {
                    reals: Reals::Avx512,
                    ..if vnni { avx_vnni } else { avx2 }
                };
                all.push(avx512);
                if is_x86_feature_detected!("avx512vnni") {
                    all.push(Self {
                        dots: Dots::Avx512Vnni,
                        pairs: None,
                        ..avx512
                    });
                }
            }
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") {
            let neon = Self {
                reals: Reals::Neon,
                dots: Dots::Neon,
                pairs: None,
            };
            all.push(neon);
            if std::arch::is_aarch64_feature_detected!("dotprod") {
                all.push(Self {
                    dots: Dots::NeonDot,
                    ..neon
                });
            }
        }
        all
    }

    /// The best one.
    pub(crate) fn best() -> Self {
        Self::available().pop().unwrap_or(Self::PORTABLE)
    }

    /// Whether products with 8-bit weights are to be computed in pairs.
    pub(crate) fn has_pairs(self) -> bool {
        self.pairs.is_some()
    }

    /// The portable instructions that compute the same.
    #[cfg(test)]
    pub(crate) fn portable(self) -> Self {
        Self {
            pairs: self.pairs.map(|_| Pairs::Portable),
            ..Self::PORTABLE
        }
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

    /// Where there are no pairs of its own, the portable ones do it.
    pub(super) fn run_pairs<T: PairTask>(self, task: T) {
        // SAFETY: as in `run`.
        unsafe {
            match self.pairs {
                None | Some(Pairs::Portable) => task.run::<PortablePair>(),
                #[cfg(target_arch = "x86_64")]
                Some(Pairs::Avx2) => x86_pair::avx2(task),
            }
        }
    }
}
