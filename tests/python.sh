#!/usr/bin/env bash
# The Python package: builds the wheel, installs it in a fresh virtual environment, and tests it
# there: with Arrow, Spark (several executors) and Ray (several nodes). Needs Python 3.10 or later,
# the network on its first run, and Java for Spark. What is not there is skipped, unless CI=true.
# PROFILE=release tests the wheel as it is released. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
skip() {
    echo "tests/python.sh: skipped: $1" >&2
    if [ "${CI:-}" = true ]; then exit 1; else exit 0; fi
}
profile=${PROFILE:-dev}
place=$PWD/target/python
mkdir -p "$place"

python=$(command -v python3) || skip "there is no python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "Python is older than 3.10"
missing=()
command -v java >/dev/null || missing+=(default-jre-headless)
"$python" -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ "${#missing[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends "${missing[@]}"; } \
        >"$place/apt.log" 2>&1 \
        || echo "tests/python.sh: ${missing[*]} cannot be installed, see $place/apt.log" >&2
fi
command -v java >/dev/null || [ "${CI:-}" != true ] || skip "Spark needs Java 17 or later"

# Tools, once; the wheel goes into the environment anew each time.
tools=crates/python/tests/requirements.txt
if ! cmp -s "$tools" "$place/installed.txt"; then
    rm -rf "$place/venv"
    "$python" -m venv "$place/venv" || skip "this Python has no venv"
    "$place/venv/bin/pip" install -q --disable-pip-version-check -r "$tools" \
        || skip "the packages of $tools cannot be installed"
    cp "$tools" "$place/installed.txt"
fi

cargo build --locked --profile "$profile" -p dixit-cli
rm -rf "$place/wheels"
"$place/venv/bin/maturin" build --locked --quiet --profile "$profile" \
    --manifest-path crates/python/Cargo.toml --out "$place/wheels"
wheel=$(ls "$place"/wheels/dixit-*.whl)
"$place/venv/bin/pip" install -q --disable-pip-version-check --force-reinstall "$wheel"

# The wheel alone: no dependency, three lines, the records of the sample.
size=$(($(stat -c %s "$wheel") >> 20))
[ "$size" -lt 40 ] || { echo "tests/python.sh: the wheel has $size MiB" >&2; exit 1; }
rm -rf "$place/fresh"
"$python" -m venv "$place/fresh"
"$place/fresh/bin/pip" install -q --disable-pip-version-check --no-index "$wheel"
program=$PWD/target/$([ "$profile" = dev ] && echo debug || echo "$profile")/dixit
"$place/fresh/bin/python" examples/python/sample.py >"$place/sample.jsonl"
"$program" extract data/samples/harbour.txt | cmp - "$place/sample.jsonl"

# A working directory without the sources beside it, so that what is installed is what is tested.
export DIXIT_PROGRAM=$program
"$place/venv/bin/python" -m pytest -q -p no:cacheprovider crates/python/tests "$@"
