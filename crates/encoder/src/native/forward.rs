//! The forward pass of one window.

use super::kernels::{After, Buffer, HEAD, HeadScratch, Quantised, add_and_normalise, attend};
use super::parameters::{Layer, Parameters};
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
    head: HeadScratch,
    quantised: Quantised,
}

impl Parameters {
    /// The last layer's vectors. The window's ids, types and length have been checked.
    pub(super) fn encode<'s>(&self, window: &Window, scratch: &'s mut Scratch) -> &'s [f32] {
        let pieces = window.ids.len();
        scratch.x.fit(pieces * self.hidden);
        scratch.qkv.fit(pieces * self.hidden * 3);
        scratch.context.fit(pieces * self.hidden);
        scratch.update.fit(pieces.min(ROWS) * self.hidden);
        scratch.middle.fit(pieces.min(ROWS) * self.inner);
        self.embed(window, scratch);
        for layer in &self.layers {
            self.layer(layer, pieces, scratch);
        }
        &scratch.x
    }

    fn embed(&self, window: &Window, scratch: &mut Scratch) {
        let embeddings = &self.embeddings;
        scratch.x.fill(0.0);
        let rows = scratch.x.chunks_exact_mut(self.hidden);
        for (at, (row, (&id, &kind))) in rows.zip(window.ids.iter().zip(&window.types)).enumerate()
        {
            embeddings.words.add_row(id as usize, row);
            embeddings.positions.add_row(at, row);
            embeddings.types.add_row(usize::from(kind), row);
        }
        // There is nothing to add: what `context` holds is cleared for it.
        scratch.context.fill(0.0);
        let norm = &embeddings.norm;
        add_and_normalise(
            self.isa,
            &mut scratch.x,
            &scratch.context,
            &norm.scale,
            &norm.shift,
        );
    }

    fn layer(&self, layer: &Layer, pieces: usize, scratch: &mut Scratch) {
        let Scratch {
            x,
            qkv,
            context,
            update,
            middle,
            head,
            quantised,
        } = scratch;
        let hidden = self.hidden;
        layer.qkv.apply(x, pieces, qkv, After::Nothing, quantised);
        attend(self.isa, qkv, pieces, hidden / HEAD, context, head);
        for (x, context) in x
            .chunks_mut(ROWS * hidden)
            .zip(context.chunks(ROWS * hidden))
        {
            let rows = x.len() / hidden;
            let update = &mut update[..x.len()];
            let middle = &mut middle[..rows * self.inner];
            layer
                .out
                .apply(context, rows, update, After::Nothing, quantised);
            add_and_normalise(self.isa, x, update, &layer.norm.scale, &layer.norm.shift);
            layer.up.apply(x, rows, middle, After::Gelu, quantised);
            layer
                .down
                .apply(middle, rows, update, After::Nothing, quantised);
            let norm = &layer.last_norm;
            add_and_normalise(self.isa, x, update, &norm.scale, &norm.shift);
        }
    }
}
