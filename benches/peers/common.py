"""What the peers share: the windows, the weights, and how they are asked for rounds."""

import json
import sys

import numpy

HEAD = 32
LENGTHS = (128, 256)
# Word pieces in a round.
PIECES = 4096
# Where a peer leaves the last layer's vectors of the first window.
STATES = "{name}-{pieces}.npy"


def windows(pieces, total):
    """Ids and token types, [windows, pieces]; the Rust peers make the same."""
    at = numpy.arange(pieces)[None, :]
    window = numpy.arange(max(total // pieces, 1))[:, None]
    ids = 1000 + (at + 31 * window) * 7919 % 20_000
    types = at * 5 % 16 + 0 * window
    return ids.astype(numpy.int32), types.astype(numpy.int32)


def load(path):
    """The tensors of the encoder in f32, by their Hugging Face names."""
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        data = file.read()
    kinds = {"F32": numpy.float32, "F16": numpy.float16, "I8": numpy.int8}
    stored = {
        name: numpy.frombuffer(data[slice(*about["data_offsets"])], kinds[about["dtype"]]).reshape(about["shape"])
        for name, about in header.items()
        if name != "__metadata__"
    }
    tensors = {}
    for name, values in stored.items():
        if name.endswith(".scale") or name.startswith("heads."):
            continue
        values = values.astype(numpy.float32)
        if f"{name}.scale" in stored:
            values = values * stored[f"{name}.scale"][:, None]
        plain = name.removeprefix("bert.")
        if plain.startswith(("encoder.encoder.", "encoder.embeddings.")):
            plain = plain.removeprefix("encoder.")
        tensors[plain] = values
    return tensors


def answer(seconds):
    """For each length that is asked for on standard input: seconds by the clock and of the CPU."""
    print("ready", flush=True)
    for line in sys.stdin:
        clock, cpu = seconds(int(line))
        print(clock, cpu, flush=True)
