//! Arbitrary input for every parser and for the whole chain.
//!
//! [`TARGETS`] take any bytes; what they do with them must not panic, and what they check must
//! hold. The program `dixit-fuzz` feeds them mutated samples on a stable compiler; `fuzz/` at the
//! root of the repository feeds them to libFuzzer.

mod chain;
mod mutate;
mod parsers;
mod samples;

pub use mutate::{Random, mutate};
pub use samples::samples;

/// Something that takes any bytes.
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it does with them.
    pub run: fn(&[u8]),
}

/// Every parser, and the chain.
pub const TARGETS: &[Target] = &[
    Target {
        name: "text",
        run: parsers::text,
    },
    Target {
        name: "json_lines",
        run: parsers::json_lines,
    },
    Target {
        name: "table",
        run: parsers::table,
    },
    Target {
        name: "parquet",
        run: parsers::parquet,
    },
    Target {
        name: "labelled",
        run: parsers::labelled,
    },
    Target {
        name: "checkpoint",
        run: parsers::checkpoint,
    },
    Target {
        name: "weights",
        run: parsers::weights,
    },
    Target {
        name: "layout",
        run: chain::layout,
    },
    Target {
        name: "chain",
        run: chain::chain,
    },
];
