//! The forward pass of one window.

use super::kernels::{After, Attention, Buffer, HEAD, HeadScratch, add_and_normalise};
use super::parameters::{Activations, Layer, Norm, Parameters};
use crate::Window;

/// How many rows go through the feed-forward layer together: their middle, 1536 numbers each,
/// stays in a second-level cache while the weights pass by.
const ROWS: usize = 64;

/// Where a forward pass keeps what it works on.
#[derive(Default)]
pub(super) struct Scratch {
    /// The vectors of the pieces, `[pieces, hidden]`.
    x: Buffer<f32>,
    qkv: Buffer<f32>,
    context: Buffer<f32>,
    /// What a block is about to add to the vectors of some rows.
    update: Buffer<f32>,
    /// The feed-forward layer's middle of some rows.
    middle: Buffer<f32>,
    /// The queries and the vectors of the rows that are wanted of the last layer.
    queries: Buffer<f32>,
    wanted: Buffer<f32>,
    head: HeadScratch,
    quantised: Activations,
}

impl Parameters {
    /// The last layer's vectors, of all pieces or of some rows. The window's ids, types and
    /// length have been checked, and so have the rows.
    pub(super) fn encode<'s>(
        &self,
        window: &Window,
        rows: Option<&[usize]>,
        scratch: &'s mut Scratch,
    ) -> &'s [f32] {
        let pieces = window.ids.len();
        let hidden = self.hidden;
        scratch.x.fit(pieces * hidden);
        scratch.qkv.fit(pieces * hidden * 3);
        scratch.context.fit(pieces * hidden);
        self.embed(window, scratch);
        let Some((last, layers)) = self.layers.split_last() else {
            return self.only(rows, scratch);
        };
        for layer in layers {
            self.layer(layer, pieces, scratch);
        }
        match rows {
            None => {
                self.layer(last, pieces, scratch);
                &scratch.x
            }
            Some(rows) => self.last_layer(last, pieces, rows, scratch),
        }
    }

    fn embed(&self, window: &Window, scratch: &mut Scratch) {
        let embeddings = &self.embeddings;
        let Scratch { x, context, .. } = scratch;
        x.fill(0.0);
        let rows = x.chunks_exact_mut(self.hidden);
        for (at, (row, (&id, &kind))) in rows.zip(window.ids.iter().zip(&window.types)).enumerate()
        {
            embeddings.words.add_row(id as usize, row);
            embeddings.positions.add_row(at, row);
            embeddings.types.add_row(usize::from(kind), row);
        }
        // There is nothing to add: what `context` holds is cleared for it.
        context.fill(0.0);
        self.normalise(x, context, &embeddings.norm);
    }

    fn layer(&self, layer: &Layer, pieces: usize, scratch: &mut Scratch) {
        let Scratch {
            x,
            qkv,
            context,
            head,
            quantised,
            ..
        } = scratch;
        layer.qkv.apply(x, pieces, qkv, After::Nothing, quantised);
        let heads = self.hidden / HEAD;
        let attention = Attention {
            qkv,
            pieces,
            heads,
            queries: qkv,
            query_stride: 3 * self.hidden,
        };
        attention.attend(self.isa, self.integers, context, head);
        let Scratch {
            x,
            context,
            update,
            middle,
            quantised,
            ..
        } = scratch;
        self.feed_forward(layer, x, context, update, middle, quantised);
    }

    /// As [`Parameters::layer`], but nothing is computed for rows that are not wanted.
    fn last_layer<'s>(
        &self,
        layer: &Layer,
        pieces: usize,
        rows: &[usize],
        scratch: &'s mut Scratch,
    ) -> &'s [f32] {
        let hidden = self.hidden;
        let Scratch {
            x,
            qkv,
            context,
            update,
            middle,
            queries,
            wanted,
            head,
            quantised,
        } = scratch;
        layer.qkv.apply(x, pieces, qkv, After::Nothing, quantised);
        gather(x, hidden, hidden, rows, wanted);
        gather(qkv, 3 * hidden, hidden, rows, queries);
        context.fit(rows.len() * hidden);
        let heads = hidden / HEAD;
        let attention = Attention {
            qkv,
            pieces,
            heads,
            queries,
            query_stride: hidden,
        };
        attention.attend(self.isa, self.integers, context, head);
        self.feed_forward(layer, wanted, context, update, middle, quantised);
        wanted
    }

    /// All of a layer that regards each row alone.
    fn feed_forward(
        &self,
        layer: &Layer,
        x: &mut [f32],
        context: &[f32],
        update: &mut Buffer<f32>,
        middle: &mut Buffer<f32>,
        quantised: &mut Activations,
    ) {
        let size = ROWS * self.hidden;
        for (x, context) in x.chunks_mut(size).zip(context.chunks(size)) {
            let rows = x.len() / self.hidden;
            update.fit(x.len());
            middle.fit(rows * self.inner);
            layer
                .out
                .apply(context, rows, update, After::Nothing, quantised);
            self.normalise(x, update, &layer.norm);
            layer.up.apply(x, rows, middle, After::Gelu, quantised);
            layer
                .down
                .apply(middle, rows, update, After::Nothing, quantised);
            self.normalise(x, update, &layer.last_norm);
        }
    }

    fn normalise(&self, x: &mut [f32], update: &[f32], norm: &Norm) {
        add_and_normalise(self.isa, x, update, &norm.scale, &norm.shift);
    }

    /// A model without layers gives its embeddings.
    fn only<'s>(&self, rows: Option<&[usize]>, scratch: &'s mut Scratch) -> &'s [f32] {
        let Scratch { x, wanted, .. } = scratch;
        let Some(rows) = rows else { return x };
        gather(x, self.hidden, self.hidden, rows, wanted);
        wanted
    }
}

/// The first `width` numbers of some of the rows of `from`, whose rows are `stride` apart.
fn gather(from: &[f32], stride: usize, width: usize, rows: &[usize], to: &mut Buffer<f32>) {
    to.fit(rows.len() * width);
    for (to, row) in to.chunks_exact_mut(width).zip(rows) {
        to.copy_from_slice(&from[row * stride..][..width]);
    }
}
