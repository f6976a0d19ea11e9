//! Output of long runs, which can be interrupted anywhere and go on to the same bytes.
//!
//! While a run goes on, its results are in `OUTPUT.partial` and what was done is in
//! `OUTPUT.checkpoint`. A checkpoint is written after the results it speaks of are on the disk, so
//! whatever stands behind them is cut off when the run goes on. At the end the partial file takes
//! its place in one step; packed files and Parquet are made of it then.

mod checkpoint;
mod output;
mod parts;

pub use checkpoint::{Done, RestartError};
pub use output::{OutputPlan, RestartableOutput, Resumed};
