#!/usr/bin/env bash
# Every fuzz target, and mutated files: RUNS=100000 SEED=7 tests/fuzz.sh tries more than `cargo test`,
# which runs a few hundred inputs. What fails is written to crates/fuzz/fuzz-crash.bin.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --workspace --locked --test short -- --nocapture
