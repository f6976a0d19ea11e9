//! Scaled dot-product attention of one head (Vaswani et al. 2017).

use super::elementwise::exponentiate;
use super::product::Panel;
use super::simd::{Simd, Task};
use super::{Buffer, Isa};

/// The size of a head.
pub(crate) const HEAD: usize = 32;

/// No bias, for the products of attention.
static ZEROS: [f32; 64] = [0.0; 64];

/// Where attention keeps what it works on.
#[derive(Default)]
pub(crate) struct HeadScratch {
    /// The keys, transposed and in panels.
    keys: Buffer<f32>,
    /// The values, one row after another.
    values: Buffer<f32>,
    /// The scores of the rows that are being worked on.
    scores: Buffer<f32>,
}

/// Attention of every head. `qkv` is `[pieces, 3, heads, HEAD]` with scaled queries; `out` is
/// `[pieces, heads, HEAD]`.
pub(crate) fn attend(
    isa: Isa,
    qkv: &[f32],
    pieces: usize,
    heads: usize,
    out: &mut [f32],
    scratch: &mut HeadScratch,
) {
    let width = heads * HEAD;
    assert!(qkv.len() == pieces * 3 * width && out.len() == pieces * width);
    for head in 0..heads {
        isa.run(Attend {
            qkv,
            pieces,
            width,
            first: head * HEAD,
            out,
            scratch,
        });
    }
}

struct Attend<'a> {
    qkv: &'a [f32],
    pieces: usize,
    width: usize,
    first: usize,
    out: &'a mut [f32],
    scratch: &'a mut HeadScratch,
}

impl Task for Attend<'_> {
    #[inline(always)]
    unsafe fn run<V: Simd>(self) {
        let Self {
            pieces,
            width,
            first,
            ..
        } = self;
        let padded = pieces.next_multiple_of(V::LANES);
        let panel_width = V::LANES * V::VECTORS;
        self.scratch.keys.fit(padded * HEAD);
        self.scratch.values.fit(pieces * HEAD);
        self.scratch.scores.fit(padded * V::ROWS);
        let keys = self.scratch.keys.as_mut_ptr();
        let values = self.scratch.values.as_mut_ptr();
        let scores = self.scratch.scores.as_mut_ptr();
        let row_stride = 3 * width;
        let queries = self.qkv.as_ptr().add(first);

        // What stands in the padding, from an earlier window, only makes scores that are dropped.
        for piece in 0..pieces {
            let panel = piece / panel_width * panel_width;
            let stride = panel_width.min(padded - panel);
            let to = keys.add(panel * HEAD + piece - panel);
            let key = queries.add(piece * row_stride + width);
            for i in 0..HEAD {
                *to.add(i * stride) = *key.add(i);
            }
            let value = queries.add(piece * row_stride + 2 * width);
            std::ptr::copy_nonoverlapping(value, values.add(piece * HEAD), HEAD);
        }

        let mut row = 0;
        while row < pieces {
            let rows = V::ROWS.min(pieces - row);
            let a = queries.add(row * row_stride);
            let mut column = 0;
            while column < padded {
                let stride = panel_width.min(padded - column);
                let panel = Panel {
                    b: keys.add(column * HEAD),
                    stride,
                    depth: HEAD,
                    vectors: stride / V::LANES,
                };
                let zeros = ZEROS.as_ptr();
                panel.multiply::<V>(rows, a, row_stride, zeros, scores.add(column), padded);
                column += stride;
            }
            let mut factors = [0.0; 8];
            for (i, factor) in factors.iter_mut().enumerate().take(rows) {
                *factor = exponentiate::<V>(scores.add(i * padded), pieces, padded);
            }
            let out = self.out.as_mut_ptr().add(row * width + first);
            let mut column = 0;
            while column < HEAD {
                let stride = (V::LANES * 2).min(HEAD - column);
                let panel = Panel {
                    b: values.add(column),
                    stride: HEAD,
                    depth: pieces,
                    vectors: stride / V::LANES,
                };
                let zeros = ZEROS.as_ptr();
                panel.multiply::<V>(rows, scores, padded, zeros, out.add(column), width);
                column += stride;
            }
            for (i, factor) in factors.iter().enumerate().take(rows) {
                let mut at = 0;
                while at < HEAD {
                    let to = out.add(i * width + at);
                    V::load(to).mul(V::splat(*factor)).store(to);
                    at += V::LANES;
                }
            }
            row += rows;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    #[test]
    fn every_instruction_set_attends_alike() {
        let heads = 2;
        for pieces in [1, 5, 8, 50] {
            let qkv: Vec<f32> = noise(pieces * 3 * heads * HEAD, 9)
                .iter()
                .map(|x| x * 4.0)
                .collect();
            let at = |piece: usize, part: usize, head: usize, i: usize| {
                f64::from(qkv[((piece * 3 + part) * heads + head) * HEAD + i])
            };
            let mut exact = vec![0.0f64; pieces * heads * HEAD];
            for head in 0..heads {
                for row in 0..pieces {
                    let weights: Vec<f64> = (0..pieces)
                        .map(|to| {
                            (0..HEAD)
                                .map(|i| at(row, 0, head, i) * at(to, 1, head, i))
                                .sum()
                        })
                        .map(f64::exp)
                        .collect();
                    let sum: f64 = weights.iter().sum();
                    for (to, weight) in weights.iter().enumerate() {
                        for i in 0..HEAD {
                            exact[(row * heads + head) * HEAD + i] +=
                                weight / sum * at(to, 2, head, i);
                        }
                    }
                }
            }
            for isa in Isa::available() {
                let mut out = vec![0.0; exact.len()];
                attend(
                    isa,
                    &qkv,
                    pieces,
                    heads,
                    &mut out,
                    &mut HeadScratch::default(),
                );
                for (got, exact) in out.iter().zip(&exact) {
                    assert!((f64::from(*got) - exact).abs() < 1e-4, "{isa:?} {pieces}");
                }
            }
        }
    }
}
