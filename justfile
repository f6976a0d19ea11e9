# Conveniences; the README's two commands need cargo alone.

# Who said what in the bundled sample.
sample:
    cargo run --release -p dixit-cli -- extract data/samples/harbour.txt

# All checks, as CI runs them.
test:
    ./test

# The documentation in a browser.
doc:
    cargo doc --workspace --no-deps --open

# Gets libtorch for the engine rust-bert: LIBTORCH=target/libtorch LIBTORCH_CXX11_ABI=0.
libtorch folder="target/libtorch":
    crates/rust-bert/libtorch.sh {{ folder }}

# Kernels, in one run beside their alternatives.
bench:
    cargo bench -p dixit-encoder
