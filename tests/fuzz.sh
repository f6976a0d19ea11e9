#!/usr/bin/env bash
# A short run of every fuzz target, and mutated files; a crash is written to fuzz-crash.bin.
# RUNS and SEED change how much and where it begins.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --locked -q -p dixit-fuzz
fuzz() { target/debug/dixit-fuzz "$@" --seed "${SEED:-1}"; }
fuzz --runs "${RUNS:-1000}"
fuzz files --runs "${RUNS:-1000}"
