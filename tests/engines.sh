#!/usr/bin/env bash
# The engine rust-bert: the suite of all engines, models that users bring, and the program with
# both. Needs libtorch, which CI downloads; elsewhere `just libtorch` gets it first.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${LIBTORCH:-}" ]; then
    if [ ! -e target/libtorch/build-version ] && [ "${CI:-}" != true ]; then
        echo "engines: skipped, there is no libtorch: \`just libtorch\` gets it (an 800 MB download)"
        exit 0
    fi
    crates/rust-bert/libtorch.sh
    export LIBTORCH="$PWD/target/libtorch" LIBTORCH_CXX11_ABI=0
fi
cargo test --locked --workspace --test engine --test names \
    --features dixit-rust-bert/libtorch,dixit-cli/rust-bert
