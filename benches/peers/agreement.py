"""How far the peers' vectors are from ONNX Runtime's in f32: `run.py` starts this at its end."""

import sys
from pathlib import Path

import numpy

from common import LENGTHS, STATES


def main():
    folder = Path(sys.argv[1])
    read = lambda name, pieces: numpy.load(folder / STATES.format(name=name, pieces=pieces))
    print("\nLargest difference (and root mean square) from ONNX Runtime's vectors in f32\n")
    print("| | 128 | 256 |\n|---|---|---|")
    for name in ("native-f32", "candle-f32", "native-int8", "onnx-int8"):
        cells = []
        for pieces in LENGTHS:
            difference = read(name, pieces) - read("onnx-f32", pieces)
            mean = numpy.sqrt((difference**2).mean())
            cells.append(f"{numpy.abs(difference).max():.1e} ({mean:.1e})")
        print(f"| {name} | {' | '.join(cells)} |")


main()
