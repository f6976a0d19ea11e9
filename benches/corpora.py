#!/usr/bin/env python3
"""How near whole corpora come to the bare encoder, from one document to a hundred thousand.

    python3 benches/corpora.py [--rounds 3] [--soak]

Makes invented corpora (tests/synthetic.py) under target/corpora and lets the program and the bare
encoder on the same windows take turns. A rate is word pieces of the texts a second by the clock, the
best of the rounds: the program's from its start to its last record, the encoder's without loading,
tokenization or files. `--soak` adds 100,000 documents, once each.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "target" / "corpora"
# Documents, and sentences in each: one book, chapters, articles, posts.
SIZES = [(1, 8000), (100, 80), (1000, 20), (10000, 2)]
SOAK = (100000, 2)


def corpus(documents, sentences):
    path = FOLDER / f"{documents}x{sentences}.jsonl"
    if not path.exists():
        command = [sys.executable, ROOT / "tests/synthetic.py", str(documents), str(sentences)]
        with path.open("wb") as out:
            subprocess.run(command, stdout=out, check=True)
    return path


def program(path):
    """Pieces, seconds, share of both cores that was used, peak memory in MB."""
    stats = FOLDER / "stats.json"
    out = FOLDER / "said.jsonl"
    begin = time.perf_counter()
    process = subprocess.Popen(
        [ROOT / "target/release/dixit", "extract", path, "-q", "--jobs", "2", "-o", out, "--stats", stats]
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    assert status == 0
    busy = (used.ru_utime + used.ru_stime) / seconds / 2
    return json.loads(stats.read_text())["pieces"], seconds, busy, used.ru_maxrss / 1000


def encoder(path):
    said = subprocess.run(
        [ROOT / "target/release/examples/windows", path, "2"], capture_output=True, text=True, check=True
    ).stdout
    return float(re.search(r"([\d.]+) s,", said)[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--soak", action="store_true")
    arguments = parser.parse_args()
    build = ["cargo", "build", "--release", "--locked", "-q"]
    subprocess.run([*build, "-p", "dixit-cli"], cwd=ROOT, check=True)
    subprocess.run([*build, "-p", "dixit-encoder", "--example", "windows"], cwd=ROOT, check=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    print("documents | pieces | dixit | bare encoder | share | cores busy | memory")
    for size in SIZES + [SOAK] * arguments.soak:
        path = corpus(*size)
        rounds = 1 if size == SOAK else arguments.rounds
        ours, bare = [], []
        for _ in range(rounds):
            bare.append(encoder(path))
            ours.append(program(path))
        pieces, seconds, busy, memory = min(ours, key=lambda one: one[1])
        print(
            f"{size[0]:,} | {pieces:,} | {pieces / seconds:,.0f} | {pieces / min(bare):,.0f} | "
            f"{100 * min(bare) / seconds:.1f} % | {100 * busy:.0f} % | {memory:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
