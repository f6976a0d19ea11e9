#!/usr/bin/env python3
"""The two engines beside each other, as whole processes that take turns.

    LIBTORCH=target/libtorch LIBTORCH_CXX11_ABI=0 python3 benches/engines.py CORPUS.jsonl [ROUNDS]

Builds the program with the feature `rust-bert` (libtorch by crates/rust-bert/libtorch.sh). The start
is a text of one line, from process start to its record. The rate is word pieces a second over the
whole of CORPUS, start taken off: by the clock, and by the time on two cores; best of the rounds.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/dixit"
ENGINES = {
    "native, 8-bit": [],
    "native, f32": ["--precision", "f32"],
    "rust-bert, f32": ["--engine", "rust-bert"],
}


def run(options, path, out):
    """Seconds by the clock, seconds on cores, peak memory in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen([PROGRAM, "extract", path, "-q", "--jobs", "2", "-o", out, *options])
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def main():
    corpus, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    build = ["cargo", "build", "--release", "--locked", "-q", "-p", "dixit-cli", "--features", "rust-bert"]
    subprocess.run(build, cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        line = folder / "line.txt"
        line.write_text("“We open in May,” Zoë Lind said.\n", encoding="utf-8")
        stats = folder / "stats.json"
        command = [PROGRAM, "extract", corpus, "-q", "--stats", stats, "-o", folder / "said.jsonl"]
        subprocess.run(command, check=True)
        pieces = json.loads(stats.read_text())["pieces"]
        whole = {name: [] for name in ENGINES}
        start = {name: [] for name in ENGINES}
        for _ in range(rounds):
            for name, options in ENGINES.items():
                start[name].append(run(options, line, folder / "line.jsonl"))
                whole[name].append(run(options, corpus, folder / f"{name}.jsonl"))
        print("engine | pieces a second by the clock | on two cores | start | memory, one line | corpus")
        for name in ENGINES:
            clock, cpu, _ = map(min, zip(*start[name]))
            longest, busy, _ = map(min, zip(*whole[name]))
            small = max(memory for _, _, memory in start[name])
            large = max(memory for _, _, memory in whole[name])
            print(
                f"{name} | {pieces / (longest - clock):,.0f} | {2 * pieces / (busy - cpu):,.0f} | "
                f"{clock:.2f} s | {small:.0f} MB | {large:.0f} MB"
            )
        same = (folder / "native, f32.jsonl").read_bytes() == (folder / "rust-bert, f32.jsonl").read_bytes()
        print(f"records of the two f32 engines: {'the same bytes' if same else 'differ'}")


if __name__ == "__main__":
    main()
