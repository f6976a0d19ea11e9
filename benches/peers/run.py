"""The native encoder beside ONNX Runtime and candle, on the same windows and the same weights.

    python3 benches/peers/run.py [--threads 2] [--rounds 9] [--weights FILE]

It makes a virtual environment for ONNX Runtime and builds the Rust peers, both under `target/`,
starts every peer, and lets them take turns: one round each, 128 word pieces, then 256, and again.
Only the peer that is asked works. Each has its best setting: ONNX Runtime the fastest of several
sessions, threads, batch sizes and ways to quantise, candle of three settings.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LENGTHS = (128, 256)
PIECES = 4096
PACKAGES = ["onnxruntime==1.32.0", "onnx==1.23.2", "numpy"]


class Peer:
    """A process that reads windows when it is asked to."""

    def __init__(self, name, command, **environment):
        self.name = name
        self.rounds = {pieces: [] for pieces in LENGTHS}
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self.wait()

    def wait(self):
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        sys.exit(f"{self.name} did not start")

    def read(self, pieces):
        print(pieces, file=self.process.stdin, flush=True)
        clock, cpu = map(float, self.process.stdout.readline().split())
        self.rounds[pieces].append((clock, cpu))

    def best(self, pieces, threads):
        """Word pieces a second by the clock, and by the time on `threads` cores."""
        clock = min(clock for clock, _ in self.rounds[pieces])
        cpu = min(cpu for _, cpu in self.rounds[pieces])
        return PIECES / clock, PIECES * threads / cpu


def environment(folder):
    """Python with ONNX Runtime."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--weights", type=Path, default=ROOT / "models/small/model.safetensors")
    options = options.parse_args()
    weights, threads = options.weights, options.threads
    folder = ROOT / "target" / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    python = environment(folder)
    build = ["cargo", "build", "--release", "--manifest-path", HERE / "Cargo.toml"]
    subprocess.run([*build, "--target-dir", folder / "build"], check=True)
    built = folder / "build" / "release"

    peers = [
        Peer(f"native {precision}", [built / "native", weights, folder, precision, threads])
        for precision in ("f32", "int8")
    ]
    peers += [
        Peer(f"ONNX Runtime {precision}", [python, HERE / "onnx_peer.py", weights, folder, precision, threads])
        for precision in ("f32", "int8")
    ]
    candle = built / "candle"
    for workers, inner, batch in ((threads, 1, 1), (threads, 1, 8), (1, threads, 8)):
        name = f"candle f32 ({workers} × {inner} threads, batches of {batch})"
        peers.append(Peer(name, [candle, weights, folder, workers, batch], RAYON_NUM_THREADS=str(inner)))
    for _ in range(options.rounds):
        for pieces in LENGTHS:
            for peer in peers:
                peer.read(pieces)
    report(peers, threads)
    subprocess.run([python, HERE / "agreement.py", folder], check=True)


def report(peers, threads):
    print(f"\nBest of {len(peers[0].rounds[LENGTHS[0]])} rounds, {threads} threads; word pieces a second")
    print("by the time on the cores (by the clock).\n")
    print("| | 128 | 256 |\n|---|---|---|")
    speeds = {}
    for peer in peers:
        cells = []
        for pieces in LENGTHS:
            clock, cpu = peer.best(pieces, threads)
            speeds.setdefault(peer.name.split(" (")[0], {}).setdefault(pieces, []).append(cpu)
            cells.append(f"{cpu:,.0f} ({clock:,.0f})")
        print(f"| {peer.name} | {' | '.join(cells)} |")
    print("\n| ratio | 128 | 256 |\n|---|---|---|")
    for one, other in (
        ("native f32", "ONNX Runtime f32"),
        ("native f32", "candle f32"),
        ("native int8", "ONNX Runtime int8"),
        ("native int8", "native f32"),
    ):
        cells = [f"{max(speeds[one][pieces]) / max(speeds[other][pieces]):.2f}" for pieces in LENGTHS]
        print(f"| {one} / {other} | {' | '.join(cells)} |")


main()
