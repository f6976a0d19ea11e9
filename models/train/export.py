"""Writes a trained checkpoint as the files that the program embeds: `model.safetensors` (Hugging
Face names; matrices in 8 bits with one scale an output row), `tokenizer.json`, `features.json`."""

import argparse
import json
import random

import numpy as np
import torch
from safetensors.numpy import save_file
from torch.nn import functional as F

import data
from decode import read
from model import Model

# Taken off the scores that open a content. Chosen on polnear.dev: precision rises by 1.5 points,
# recall falls by 0.5.
OPENING_PENALTY = 0.4

# Our own sentences, with what data.py makes of them: the program's features must be the same.
FEATURES = [
    "“We open in May,” said Zoë O’Hara-Lind.\nMcAllister (NATO) wrote: \"It’s 3.5 °C – brrr!\"",
    "Ça va? «Très bien», dit-elle.\r\n\r\nI don't know… 😀 the END.",
    "“This paragraph is never closed.\nThis one begins anew, İstanbul ﬁnale.",
]


@torch.no_grad()
def direct_examples(model, tokenizer, path, limit=None):
    """Mean content vectors of quotations that were direct (1) or indirect (0), marks removed."""
    rows, kinds = [], []
    for doc in data.read_corpus(path)[:limit]:
        doc = data.without_marks(doc)
        seq = data.read_sequence(tokenizer, doc)
        if not seq.words:
            continue
        _, _, vectors = read(model, seq, 256, 32)
        find = data.Finder(seq.spans)
        for q in doc["quotations"]:
            if q["kind"] == "mixed":
                continue
            words = [find.words(s, e) for s, e in q["content"] if s < e]
            words = [w for w in words if w]
            if words:
                rows.append(np.concatenate([vectors[a : b + 1] for a, b in words]).mean(0))
                kinds.append(float(q["kind"] == "direct"))
    return torch.tensor(np.array(rows)), torch.tensor(kinds)


def fit_direct(model, tokenizer, corpora, limit):
    rows, kinds = direct_examples(model, tokenizer, f"{corpora}/polnear.train.jsonl", limit)
    weight = torch.zeros(384, requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200)

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(rows @ weight + bias, kinds) + 1e-3 * weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    held, gold = direct_examples(model, tokenizer, f"{corpora}/polnear.dev.jsonl", limit)
    right = (((held @ weight + bias) > 0) == (gold > 0.5)).float().mean().item()
    print(f"direct or indirect without marks: {right:.4f} of {len(gold)} development contents right")
    return weight.detach(), bias.detach()


def quantised(name, matrix, out):
    scale = np.abs(matrix).max(1) / 127
    scale[scale == 0] = 1
    out[name] = np.clip(np.rint(matrix / scale[:, None]), -127, 127).astype(np.int8)
    out[name + ".scale"] = scale.astype(np.float32)


def tensors(model, direct):
    state = {k: v.float().numpy() for k, v in model.state_dict().items()}
    out = {}
    quantised("embeddings.word_embeddings.weight", state["words.weight"], out)
    out["embeddings.position_embeddings.weight"] = state["positions.weight"].astype(np.float16)
    out["embeddings.token_type_embeddings.weight"] = state["types.weight"]
    out["embeddings.LayerNorm.weight"] = state["norm.weight"]
    out["embeddings.LayerNorm.bias"] = state["norm.bias"]
    for i in range(len(model.layers)):
        p, mine = f"encoder.layer.{i}.", f"layers.{i}."
        for n, name in enumerate(("query", "key", "value")):
            rows = slice(n * 384, (n + 1) * 384)
            quantised(f"{p}attention.self.{name}.weight", state[mine + "qkv.weight"][rows], out)
            out[f"{p}attention.self.{name}.bias"] = state[mine + "qkv.bias"][rows].copy()
        for name, own in (("attention.output", "out"), ("intermediate", "up"), ("output", "down")):
            quantised(f"{p}{name}.dense.weight", state[f"{mine}{own}.weight"], out)
            out[f"{p}{name}.dense.bias"] = state[f"{mine}{own}.bias"]
        for name, own in (("attention.output", "norm1"), ("output", "norm2")):
            out[f"{p}{name}.LayerNorm.weight"] = state[f"{mine}{own}.weight"]
            out[f"{p}{name}.LayerNorm.bias"] = state[f"{mine}{own}.bias"]
    for name in "ner", "roles", "link_from", "link_to", "link_none":
        out[f"heads.{name}.weight"] = state[f"{name}.weight"]
        out[f"heads.{name}.bias"] = state[f"{name}.bias"]
    opening = [data.ROLE_LABELS.index("B-content"), data.ROLE_LABELS.index("S-content")]
    out["heads.roles.bias"] = out["heads.roles.bias"].copy()
    out["heads.roles.bias"][opening] -= OPENING_PENALTY
    for name in "ner_crf", "roles_crf":
        out[f"heads.{name}.transitions"] = state[f"{name}.transitions"] + state[f"{name}.forbidden"]
        out[f"heads.{name}.start"] = state[f"{name}.start"]
        out[f"heads.{name}.end"] = state[f"{name}.end"]
    out["heads.link_distance"] = state["link_distance"]
    out["heads.content_mode.weight"] = state["mode.weight"][:, :384].copy()
    out["heads.content_mode.bias"] = state["mode.bias"]
    out["heads.cue_mode.weight"] = state["mode.weight"][:, 384:].copy()
    out["heads.cue_mode.bias"] = np.zeros(len(data.MODES), np.float32)
    out["heads.direct.weight"] = direct[0].numpy()[None, :]
    out["heads.direct.bias"] = direct[1].numpy()
    return {k: np.ascontiguousarray(v) for k, v in out.items()}


def features(tokenizer):
    cases = []
    for text in FEATURES:
        seq = data.read_sequence(tokenizer, {"id": "", "text": text})
        cases.append(
            {"text": text, "ids": seq.pieces, "types": seq.types, "first_pieces": seq.words, "spans": seq.spans}
        )
    return cases


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--corpora", required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--limit", type=int, help="documents for the direct head, to try things")
    args = parser.parse_args()
    torch.set_num_threads(2)
    tokenizer = data.load_tokenizer(args.base)
    model = Model()
    model.load_state_dict(torch.load(args.checkpoint))
    direct = fit_direct(model, tokenizer, args.corpora, args.limit)
    save_file(tensors(model, direct), f"{args.out}/model.safetensors", {"format": "dixit-small-1"})
    raw = json.load(open(f"{args.base}/tokenizer.json", encoding="utf-8"))
    raw["truncation"] = raw["padding"] = None
    with open(f"{args.out}/tokenizer.json", "w", encoding="utf-8") as file:
        json.dump(raw, file, ensure_ascii=False, separators=(",", ":"))
    with open(f"{args.out}/features.json", "w", encoding="utf-8") as file:
        json.dump(features(tokenizer), file, ensure_ascii=False)


if __name__ == "__main__":
    main()
