//! Scaled dot-product attention (Vaswani et al. 2017), head by head.
//!
//! Keys and values of a head are packed, then a few queries at a time get their scores, turn
//! them into weights and mix the values, so that scores never leave the first-level cache.

use super::dot::{Dot, DotTask};
use super::elementwise::exponentiate;
use super::integer;
use super::product;
use super::quantised::Quantised;
use super::simd::{Simd, Task};
use super::{Buffer, Isa};

/// The size of a head.
pub(crate) const HEAD: usize = 32;

/// Queries are divided by the square root of the head size, and by the logarithm of 2, so that
/// scores are exponents of 2 and not of e.
pub(crate) const QUERY_SCALE: f32 = std::f32::consts::LOG2_E / 5.656_854_4;

/// No bias, for the products of attention.
static ZEROS: [f32; 64] = [0.0; 64];

/// What attention reads.
#[derive(Clone, Copy)]
pub(crate) struct Attention<'a> {
    /// Queries, keys and values of all pieces: `[pieces, 3, heads, HEAD]`.
    pub(crate) qkv: &'a [f32],
    /// How many pieces there are.
    pub(crate) pieces: usize,
    /// How many heads.
    pub(crate) heads: usize,
    /// The queries to be answered, times [`QUERY_SCALE`]; their rows may be longer, and may be
    /// those of `qkv`.
    pub(crate) queries: &'a [f32],
    /// From one of them to the next.
    pub(crate) query_stride: usize,
}

/// Where attention keeps what it works on.
#[derive(Default)]
pub(crate) struct HeadScratch {
    /// The keys, transposed and in panels.
    keys: Buffer<f32>,
    /// The values, one row after another.
    values: Buffer<f32>,
    /// The scores of the rows that are being worked on.
    scores: Buffer<f32>,
    /// The keys in 8 bits, in panels, with a scale for each and its sum, scaled.
    small_keys: Buffer<i8>,
    scales: Buffer<f32>,
    sums: Buffer<f32>,
    queries: Quantised,
}

impl Attention<'_> {
    /// Answers the queries of every head, in f32 or with scores in 8 bits; `out` is
    /// `[queries, heads, HEAD]`.
    pub(crate) fn attend(
        self,
        isa: Isa,
        integers: bool,
        out: &mut [f32],
        scratch: &mut HeadScratch,
    ) {
        let width = self.heads * HEAD;
        let rows = out.len() / width;
        assert!(self.qkv.len() == self.pieces * 3 * width && out.len() == rows * width);
        assert!(rows == 0 || self.queries.len() >= (rows - 1) * self.query_stride + width);
        for head in 0..self.heads {
            let head = Head {
                all: self,
                first: head * HEAD,
                width,
                rows,
            };
            let (out, scratch) = (&mut *out, &mut *scratch);
            if integers {
                isa.run_dot(Integers { head, out, scratch });
            } else {
                isa.run(Reals { head, out, scratch });
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Head<'a> {
    all: Attention<'a>,
    /// The head's first column.
    first: usize,
    /// Of all heads.
    width: usize,
    /// How many queries.
    rows: usize,
}

impl Head<'_> {
    /// # Safety
    /// `row` is one of the queries.
    #[inline(always)]
    unsafe fn query(&self, row: usize) -> *const f32 {
        self.all
            .queries
            .as_ptr()
            .add(row * self.all.query_stride + self.first)
    }

    /// # Safety
    /// `piece` is one of the pieces.
    #[inline(always)]
    unsafe fn key(&self, piece: usize) -> *const f32 {
        self.all
            .qkv
            .as_ptr()
            .add((piece * 3 + 1) * self.width + self.first)
    }

    #[inline(always)]
    fn copy_values(&self, values: &mut Buffer<f32>) {
        values.fit(self.all.pieces * HEAD);
        let rows = self.all.qkv.chunks_exact(3 * self.width);
        for (to, row) in values.chunks_exact_mut(HEAD).zip(rows) {
            to.copy_from_slice(&row[2 * self.width + self.first..][..HEAD]);
        }
    }

    /// Turns the scores of `rows` queries, from `row` on, into weights and mixes the values.
    ///
    /// # Safety
    /// The CPU has the instruction set of `V`; `scores` has `rows` rows of `padded` numbers, and
    /// `values` and `out` are as long as they should be.
    #[inline(always)]
    unsafe fn mix<V: Simd>(
        &self,
        row: usize,
        rows: usize,
        scores: *mut f32,
        padded: usize,
        values: *const f32,
        out: *mut f32,
    ) {
        let mut factors = [0.0; 8];
        for (i, factor) in factors.iter_mut().enumerate().take(rows) {
            *factor = exponentiate::<V>(scores.add(i * padded), self.all.pieces, padded);
        }
        let out = out.add(row * self.width + self.first);
        let mut column = 0;
        while column < HEAD {
            let width = (V::LANES * 2).min(HEAD - column);
            let panel = product::Panel {
                b: values.add(column),
                stride: HEAD,
                depth: self.all.pieces,
                vectors: width / V::LANES,
            };
            let (out, zeros) = (out.add(column), ZEROS.as_ptr());
            panel.multiply::<V>(rows, scores, padded, zeros, out, self.width);
            column += width;
        }
        for (i, factor) in factors.iter().enumerate().take(rows) {
            let mut at = 0;
            while at < HEAD {
                let to = out.add(i * self.width + at);
                V::load(to).mul(V::splat(*factor)).store(to);
                at += V::LANES;
            }
        }
    }
}

struct Reals<'a> {
    head: Head<'a>,
    out: &'a mut [f32],
    scratch: &'a mut HeadScratch,
}

impl Task for Reals<'_> {
    #[inline(always)]
    unsafe fn run<V: Simd>(self) {
        let Self { head, out, scratch } = self;
        let pieces = head.all.pieces;
        let padded = pieces.next_multiple_of(V::LANES);
        let full = V::LANES * V::VECTORS;
        head.copy_values(&mut scratch.values);
        scratch.scores.fit(padded * V::ROWS);
        scratch.keys.fit(padded * HEAD);
        let keys = scratch.keys.as_mut_ptr();
        // What stands in the padding, from an earlier window, only makes scores that are dropped.
        for piece in 0..pieces {
            let panel = piece / full * full;
            let stride = full.min(padded - panel);
            let to = keys.add(panel * HEAD + piece - panel);
            let key = head.key(piece);
            for i in 0..HEAD {
                *to.add(i * stride) = *key.add(i);
            }
        }
        let scores = scratch.scores.as_mut_ptr();
        let mut row = 0;
        while row < head.rows {
            let rows = V::ROWS.min(head.rows - row);
            let mut column = 0;
            while column < padded {
                let stride = full.min(padded - column);
                let panel = product::Panel {
                    b: keys.add(column * HEAD),
                    stride,
                    depth: HEAD,
                    vectors: stride / V::LANES,
                };
                let (query, zeros) = (head.query(row), ZEROS.as_ptr());
                let to = scores.add(column);
                panel.multiply::<V>(rows, query, head.all.query_stride, zeros, to, padded);
                column += stride;
            }
            let values = scratch.values.as_ptr();
            head.mix::<V>(row, rows, scores, padded, values, out.as_mut_ptr());
            row += rows;
        }
    }
}

struct Integers<'a> {
    head: Head<'a>,
    out: &'a mut [f32],
    scratch: &'a mut HeadScratch,
}

impl DotTask for Integers<'_> {
    #[inline(always)]
    unsafe fn run<D: Dot>(self) {
        let Self { head, out, scratch } = self;
        let lanes = D::Real::LANES;
        let pieces = head.all.pieces;
        let padded = pieces.next_multiple_of(lanes);
        let full = lanes * D::VECTORS;
        head.copy_values(&mut scratch.values);
        scratch.scores.fit(padded * D::ROWS);
        scratch.small_keys.fit(padded * HEAD);
        scratch.scales.fit(padded);
        scratch.sums.fit(padded);
        let keys = scratch.small_keys.as_mut_ptr();
        for piece in 0..pieces {
            let panel = piece / full * full;
            let stride = full.min(padded - panel) * D::GROUP;
            let mut small = [0i8; HEAD];
            let (scale, sum) = quantise_key::<D>(head.key(piece), &mut small);
            scratch.scales[piece] = scale;
            scratch.sums[piece] = sum;
            let to = keys.add(panel * HEAD + (piece - panel) * D::GROUP);
            for (line, group) in small.chunks_exact(D::GROUP).enumerate() {
                std::ptr::copy_nonoverlapping(group.as_ptr(), to.add(line * stride), D::GROUP);
            }
        }
        scratch.queries.fit::<D>(head.rows, HEAD);
        for row in 0..head.rows {
            scratch.queries.set_row::<D>(row, head.query(row), HEAD);
        }
        let scores = scratch.scores.as_mut_ptr();
        let mut row = 0;
        while row < head.rows {
            let rows = D::ROWS.min(head.rows - row);
            let mut column = 0;
            while column < padded {
                let width = full.min(padded - column);
                let panel = integer::Panel {
                    weights: keys.add(column * HEAD),
                    stride: width * D::GROUP,
                    groups: HEAD / D::GROUP,
                    scales: scratch.scales.as_ptr().add(column),
                    sums: scratch.sums.as_ptr().add(column),
                    bias: ZEROS.as_ptr(),
                };
                let to = scores.add(column);
                panel.multiply::<D>(width / lanes, &scratch.queries, row, rows, to, padded);
                column += width;
            }
            let values = scratch.values.as_ptr();
            head.mix::<D::Real>(row, rows, scores, padded, values, out.as_mut_ptr());
            row += rows;
        }
    }
}

/// Rounds a key to whole multiples of a scale, and gives the scale and their sum, scaled.
///
/// # Safety
/// The CPU has the instruction set of `D`; `key` has `HEAD` numbers.
#[inline(always)]
unsafe fn quantise_key<D: Dot>(key: *const f32, to: &mut [i8; HEAD]) -> (f32, f32) {
    let lanes = D::Real::LANES;
    let (mut low, mut high) = (D::Real::load(key), D::Real::load(key));
    let mut at = lanes;
    while at < HEAD {
        let x = D::Real::load(key.add(at));
        low = low.min(x);
        high = high.max(x);
        at += lanes;
    }
    let largest = high.largest().max(-low.smallest());
    let (scale, factor) = if largest > 0.0 {
        (largest / 127.0, 127.0 / largest)
    } else {
        (0.0, 0.0)
    };
    let mut sum = D::Real::splat(0.0);
    at = 0;
    while at < HEAD {
        let x = D::Real::load(key.add(at))
            .mul(D::Real::splat(factor))
            .round();
        D::store_weights(x, to.as_mut_ptr().add(at));
        sum = sum.add(x);
        at += lanes;
    }
    (scale, sum.sum() * scale)
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    /// Attention in f64, `[pieces, heads, HEAD]`.
    fn exact(qkv: &[f32], pieces: usize, heads: usize) -> Vec<f64> {
        let at = |piece: usize, part: usize, head: usize, i: usize| {
            f64::from(qkv[((piece * 3 + part) * heads + head) * HEAD + i])
        };
        let mut exact = vec![0.0; pieces * heads * HEAD];
        for (head, row) in (0..heads).flat_map(|head| (0..pieces).map(move |row| (head, row))) {
            let score = |to| {
                (0..HEAD)
                    .map(|i| at(row, 0, head, i) * at(to, 1, head, i))
                    .sum()
            };
            let weights: Vec<f64> = (0..pieces).map(score).map(f64::exp2).collect();
            let sum: f64 = weights.iter().sum();
            for (to, weight) in weights.iter().enumerate() {
                for i in 0..HEAD {
                    exact[(row * heads + head) * HEAD + i] += weight / sum * at(to, 2, head, i);
                }
            }
        }
        exact
    }

    #[test]
    fn every_instruction_set_attends_alike() {
        let heads = 2;
        let width = heads * HEAD;
        for pieces in [1, 5, 8, 50] {
            let qkv = noise(pieces * 3 * width, 9);
            let exact = exact(&qkv, pieces, heads);
            let all = Attention {
                qkv: &qkv,
                pieces,
                heads,
                queries: &qkv,
                query_stride: 3 * width,
            };
            for (isa, integers) in Isa::available()
                .into_iter()
                .flat_map(|isa| [(isa, false), (isa, true)])
            {
                let close = if integers { 0.02 } else { 1e-5 };
                let mut scratch = HeadScratch::default();
                let mut out = vec![0.0; exact.len()];
                all.attend(isa, integers, &mut out, &mut scratch);
                for (got, exact) in out.iter().zip(&exact) {
                    let difference = (f64::from(*got) - exact).abs();
                    assert!(
                        difference < close,
                        "{isa:?} {integers} {pieces} {difference}"
                    );
                }
                // The last query alone gets the same bits.
                let last = &qkv[(pieces - 1) * 3 * width..];
                let one = Attention {
                    queries: last,
                    ..all
                };
                let mut answer = vec![0.0; width];
                one.attend(isa, integers, &mut answer, &mut scratch);
                assert_eq!(
                    answer,
                    out[(pieces - 1) * width..],
                    "{isa:?} {integers} {pieces}"
                );
            }
        }
    }
}
