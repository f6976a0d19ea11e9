#!/usr/bin/env bash
# Every library crate can be packaged, is built from its package, has its licence in it and is
# smaller than the 10 MB that crates.io takes. VERIFY=no leaves the building out.
set -euo pipefail
cd "$(dirname "$0")/.."
# The parts of the model lie in their crates once these are built.
cargo build --locked -q -p dixit-model-1 -p dixit-model-2 -p dixit-model-3
publishable=$(cargo metadata --locked --no-deps --format-version 1 |
  python3 -c 'import json,sys; print("\n".join(p["name"] for p in json.load(sys.stdin)["packages"] if p["publish"] != []))')
arguments=(--locked --allow-dirty)
for name in $publishable; do arguments+=(-p "$name"); done
[ "${VERIFY:-yes}" = yes ] || arguments+=(--no-verify)
# Packages are built from one another, and cargo takes those of an earlier run for the same as long as
# their version is: nothing of them may be left.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/packages
rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/{cache,src}/-*/dixit-* \
  "$CARGO_TARGET_DIR"/debug/{.fingerprint,build,deps}/*dixit* "$CARGO_TARGET_DIR/package"
cargo package -q "${arguments[@]}"
folder=$CARGO_TARGET_DIR/package
for name in $publishable; do
  package=$(ls "$folder/$name"-[0-9]*.crate)
  bytes=$(stat -c %s "$package")
  echo "$name: $bytes bytes"
  [ "$bytes" -le 10485760 ] || { echo "$name is too large for crates.io" >&2; exit 1; }
  files=$(tar -tzf "$package")
  grep -q '/LICENSE-MIT$' <<< "$files" || { echo "$name lacks its licence" >&2; exit 1; }
done
if command -v cargo-deny > /dev/null; then
  cargo deny --locked check
else
  echo "cargo deny is not installed: licences and sources are not checked"
fi
