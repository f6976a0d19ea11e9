"""The state of a model that was exported, as training knows it."""

import numpy as np
import torch
from safetensors.numpy import load_file

import data
from export import OPENING_PENALTY


def state_of(folder, model):
    """`model` tells the forbidden transitions, which an export has no place for."""
    tensors = load_file(f"{folder}/model.safetensors")

    def get(name):
        value = tensors[name].astype(np.float32)
        scale = tensors.get(name + ".scale")
        return value if scale is None else value * scale[:, None]

    state = {
        "words.weight": get("embeddings.word_embeddings.weight"),
        "positions.weight": get("embeddings.position_embeddings.weight"),
        "types.weight": get("embeddings.token_type_embeddings.weight"),
        "norm.weight": get("embeddings.LayerNorm.weight"),
        "norm.bias": get("embeddings.LayerNorm.bias"),
        "link_distance": get("heads.link_distance"),
        "mode.weight": np.concatenate([get("heads.content_mode.weight"), get("heads.cue_mode.weight")], 1),
        "mode.bias": get("heads.content_mode.bias") + get("heads.cue_mode.bias"),
    }
    for i in range(len(model.layers)):
        theirs, own = f"encoder.layer.{i}.", f"layers.{i}."
        for kind in "weight", "bias":
            parts = [get(f"{theirs}attention.self.{n}.{kind}") for n in ("query", "key", "value")]
            state[f"{own}qkv.{kind}"] = np.concatenate(parts)
            for name, short in (("attention.output", "out"), ("intermediate", "up"), ("output", "down")):
                state[f"{own}{short}.{kind}"] = get(f"{theirs}{name}.dense.{kind}")
            for name, short in (("attention.output", "norm1"), ("output", "norm2")):
                state[f"{own}{short}.{kind}"] = get(f"{theirs}{name}.LayerNorm.{kind}")
    for name in "ner", "roles", "link_from", "link_to", "link_none":
        for kind in "weight", "bias":
            state[f"{name}.{kind}"] = get(f"heads.{name}.{kind}")
    for label in "B-content", "S-content":
        state["roles.bias"][data.ROLE_LABELS.index(label)] += OPENING_PENALTY
    for name in "ner_crf", "roles_crf":
        forbidden = getattr(model, name).forbidden.numpy()
        state[f"{name}.forbidden"] = forbidden
        state[f"{name}.transitions"] = np.where(forbidden < 0, 0, get(f"heads.{name}.transitions"))
        for end in "start", "end":
            state[f"{name}.{end}"] = get(f"heads.{name}.{end}")
    return {name: torch.tensor(np.ascontiguousarray(value)) for name, value in state.items()}
