#!/usr/bin/env bash
# The pages that Dixit writes, in headless Chromium: what they show, and how they answer to mouse,
# keyboard, narrow and dark screens. Screenshots stay in target/browser.
#
# Needs chromium and node; takes them from Debian where it may. Without them it says so and passes,
# or fails where CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."
out=target/browser
mkdir -p "$out"

missing() {
    echo "browser checks left out: $1" >&2
    if [ "${CI:-}" = true ]; then exit 1; fi
    exit 0
}
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

if ! find_chromium >/dev/null && may_install; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || true
fi
chromium=$(find_chromium) || missing "no Chromium (on Debian: apt-get install chromium)"
if ! { command -v node && command -v npm; } >/dev/null && may_install; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm; } >/dev/null || true
fi
{ command -v node && command -v npm; } >/dev/null || missing "no node and npm (on Debian: apt-get install nodejs npm)"

cp tests/browser/package.json tests/browser/check.mjs "$out/"
if ! [ -d "$out/node_modules/playwright-core" ]; then
    npm install --prefix "$out" --silent --no-audit --no-fund || missing "npm cannot fetch playwright-core"
fi

dixit=$(tests/program.sh)
"$dixit" extract -q data/samples/harbour.txt tests/browser/hostile.txt --format html -o "$out/texts.html"
cat data/samples/harbour.gold.jsonl tests/browser/hostile.jsonl >"$out/gold.jsonl"
for least in 0.3 0.85; do
    "$dixit" extract -q "$out/gold.jsonl" --format documents --min-confidence "$least" -o "$out/said-$least.jsonl"
done
"$dixit" evaluate -q --gold "$out/gold.jsonl" --pred "$out/said-0.85.jsonl" --format html -o "$out/report.html"
"$dixit" evaluate -q --gold "$out/gold.jsonl" --pred "$out/said-0.85.jsonl" --compare "$out/said-0.3.jsonl" \
    --format html -o "$out/comparison.html"
node "$out/check.mjs" "$chromium" "$out"
