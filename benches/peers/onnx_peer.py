"""ONNX Runtime on the bundled weights: `run.py` starts this and asks it for rounds."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from common import HEAD, PIECES, STATES, answer, load, windows

MICROSOFT = "com.microsoft"


def graph(tensors, path):
    """BERT in ONNX Runtime's fused operators: what its optimiser for transformers makes of one."""
    hidden = tensors["embeddings.LayerNorm.weight"].shape[0]
    layers = sum(name.endswith("intermediate.dense.weight") for name in tensors)
    constants, nodes = [], []

    def constant(name, values):
        values = numpy.ascontiguousarray(values, dtype=numpy.float32)
        constants.append(numpy_helper.from_array(values, name))
        return name

    def tensor(name):
        return constant(name, tensors[name])

    def node(kind, inputs, output, domain=MICROSOFT, more=(), **attributes):
        outputs = [output, *more]
        nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, name=output, **attributes))
        return output

    def norm(name, x, update, bias, output):
        scale, shift = tensor(f"{name}.weight"), tensor(f"{name}.bias")
        return node("SkipLayerNormalization", [x, update, scale, shift, bias], output, epsilon=1e-12)

    tables = [f"embeddings.{part}_embeddings.weight" for part in ("word", "position", "token_type")]
    scale, shift = "embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"
    inputs = ["ids", "types", *map(tensor, tables), tensor(scale), tensor(shift)]
    x = node("EmbedLayerNormalization", inputs, "embedded", more=["no_mask"], epsilon=1e-12)
    for index in range(layers):
        layer = f"encoder.layer.{index}"
        parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        weights = numpy.concatenate([tensors[f"{part}.weight"] for part in parts]).T
        biases = numpy.concatenate([tensors[f"{part}.bias"] for part in parts])
        weights, biases = constant(f"{layer}.qkv", weights), constant(f"{layer}.qkv_bias", biases)
        context = node("Attention", [x, weights, biases], f"{layer}.context", num_heads=hidden // HEAD)

        def product(name, x, output):
            weights = constant(f"{name}.weight", tensors[f"{name}.weight"].T)
            return node("MatMul", [x, weights], output, domain="")

        out, up, down = f"{layer}.attention.output", f"{layer}.intermediate", f"{layer}.output"
        update = product(f"{out}.dense", context, f"{layer}.attended")
        x = norm(f"{out}.LayerNorm", update, x, tensor(f"{out}.dense.bias"), f"{layer}.middle")
        inner = product(f"{up}.dense", x, f"{layer}.up")
        inner = node("BiasGelu", [inner, tensor(f"{up}.dense.bias")], f"{layer}.gelu")
        update = product(f"{down}.dense", inner, f"{layer}.down")
        name = "states" if index + 1 == layers else f"{layer}.states"
        x = norm(f"{down}.LayerNorm", update, x, tensor(f"{down}.dense.bias"), name)
    shape = ["batch", "pieces"]
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "bert",
            [helper.make_tensor_value_info(name, TensorProto.INT32, shape) for name in ("ids", "types")],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, [*shape, hidden])],
            constants,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=10,
    )
    onnx.save(model, path)


class Setting:
    """One way to run a model: so many sessions of so many threads, windows in such batches."""

    def __init__(self, model, sessions, threads, batch):
        self.model, self.batch = model, batch
        self.name = f"{Path(model).stem}, {sessions} × {threads} threads, batches of {batch}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.sessions = [
            onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            for _ in range(sessions)
        ]
        self.pool = ThreadPoolExecutor(sessions)

    def states(self, session, ids, types):
        return session.run(["states"], {"ids": ids, "types": types})[0]

    def seconds(self, pieces, total=PIECES):
        ids, types = windows(pieces, total)
        share = len(ids) // len(self.sessions)

        def work(index):
            for first in range(index * share, (index + 1) * share, self.batch):
                last = min(first + self.batch, (index + 1) * share)
                self.states(self.sessions[index], ids[first:last], types[first:last])

        start, cpu = time.perf_counter(), time.process_time()
        list(self.pool.map(work, range(len(self.sessions))))
        return time.perf_counter() - start, time.process_time() - cpu


def main():
    weights, folder, precision, threads = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    real = str(folder / "f32.onnx")
    graph(load(weights), real)
    models = [real]
    if precision == "int8":
        models = []
        for name, kind in (("signed", QuantType.QInt8), ("unsigned", QuantType.QUInt8)):
            for channels in (False, True):
                path = str(folder / f"{name}{'-per-channel' if channels else ''}.onnx")
                options = {"DefaultTensorType": TensorProto.FLOAT}
                quantize_dynamic(real, path, weight_type=kind, per_channel=channels, extra_options=options)
                models.append(path)
    # The fastest model and setting for each length is found first, and only that one is measured.
    settings = [
        Setting(model, sessions, threads // sessions, batch)
        for model in models
        for sessions, batch in ((1, 8), (1, 16), (threads, 1), (threads, 4), (threads, 8))
    ]
    best = {}
    for pieces in (128, 256):
        def speed(setting):
            setting.seconds(pieces, PIECES // 4)
            return min(setting.seconds(pieces, PIECES // 2)[1] for _ in range(3))

        best[pieces] = min(settings, key=speed)
        print(f"ONNX Runtime {onnxruntime.__version__} {precision}, {pieces} pieces: {best[pieces].name}",
              file=sys.stderr, flush=True)
        ids, types = windows(pieces, pieces)
        states = best[pieces].states(best[pieces].sessions[0], ids, types)[0]
        numpy.save(folder / STATES.format(name=f"onnx-{precision}", pieces=pieces), states)
    answer(lambda pieces: best[pieces].seconds(pieces))


main()
