#!/usr/bin/env bash
# The metrics against other people's implementations of them, on random data: named entities against
# seqeval, clusters against scorch (MUC, B³, CEAF-e, CoNLL average of CoNLL-2012).
#
# Needs Python; the two libraries come from PyPI into target/metrics. Without them it says so and
# passes, or fails where CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."
out=target/metrics
mkdir -p "$out"

missing() {
    echo "metric checks left out: $1" >&2
    if [ "${CI:-}" = true ]; then exit 1; fi
    exit 0
}
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

if ! python3 -c 'import venv, ensurepip' 2>/dev/null && may_install; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv; } >/dev/null || true
fi
python3 -c 'import venv, ensurepip' 2>/dev/null || missing "no Python with venv"
if ! "$out/venv/bin/python" -c 'import seqeval, scorch' 2>/dev/null; then
    python3 -m venv "$out/venv"
    "$out/venv/bin/pip" install -q --disable-pip-version-check -r tests/metrics/requirements.txt \
        || missing "pip cannot fetch the libraries"
fi

"$out/venv/bin/python" tests/metrics/compare.py "$(tests/program.sh)" "$out"
