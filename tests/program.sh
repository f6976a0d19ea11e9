#!/usr/bin/env bash
# Builds the program as `cargo test` does, so that nothing is compiled twice, and says where it is.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test -q --workspace --locked --no-run >&2
echo "${CARGO_TARGET_DIR:-target}/debug/dixit"
