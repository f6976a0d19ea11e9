"""A teacher of base size: MPNet (Song et al. 2020) with our token types and heads."""

import math

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

from model import BERT, Model, autocast_dtype

FROZEN = 4  # layers that stay as they were
SPECIAL = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>", "[UNK]": "<unk>"}
PARTS = BERT | {
    "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v",
    "out": "attention.attn.o", "norm1": "attention.LayerNorm",
}


def buckets(size, number=32, far=128):
    """The bucket [size, size] of how far each key is from each query: exact near by, logarithmic
    far off, one half for either side."""
    back = torch.arange(size)[:, None] - torch.arange(size)[None, :]
    half, exact = number // 2, number // 4
    side = (back < 0).long() * half
    back = back.abs()
    log = torch.log(back.clamp(min=1).float() / exact) / math.log(far / exact) * (half - exact)
    return side + torch.where(back < exact, back, (exact + log.long()).clamp(max=half - 1))


class Teacher(Model):
    """Reads the same pieces; `base` is the folder of MPNet, `pieces` that of our tokenizer."""

    def __init__(self, base, pieces, attention_dropout=0.0):
        super().__init__(None, 12, 768, 12, 3072, 0.0, attention_dropout)
        self.words = nn.Embedding(30527, 768)
        self.positions = nn.Embedding(514, 768)
        self.relative = nn.Embedding(32, 12)
        for module in self.modules():
            if isinstance(module, nn.LayerNorm):
                module.eps = 1e-5
        self.register_buffer("ids", torch.zeros(30522, dtype=torch.long))
        self.register_buffer("buckets", buckets(512), persistent=False)
        for part in (self.words, self.positions, self.relative, self.norm, *self.layers[:FROZEN]):
            part.requires_grad_(False)
        theirs = Tokenizer.from_file(f"{base}/tokenizer.json").get_vocab()
        for piece, id in Tokenizer.from_file(f"{pieces}/tokenizer.json").get_vocab().items():
            self.ids[id] = theirs[SPECIAL.get(piece, piece)]
        self.load_mpnet(base)

    def load_mpnet(self, folder):
        t = {k.removeprefix("mpnet."): v.float() for k, v in load_file(f"{folder}/model.safetensors").items()}
        with torch.no_grad():
            self.words.weight.copy_(t["embeddings.word_embeddings.weight"])
            self.positions.weight.copy_(t["embeddings.position_embeddings.weight"])
            self.relative.weight.copy_(t["encoder.relative_attention_bias.weight"])
            self.types.weight.zero_()
            for kind in "weight", "bias":
                getattr(self.norm, kind).copy_(t[f"embeddings.LayerNorm.{kind}"])
            self.load_layers(t, PARTS)

    def encode(self, pieces, types, lengths):
        b, n = pieces.shape
        with torch.no_grad():
            x = self.norm(self.words(self.ids[pieces]) + self.positions(torch.arange(n) + 2))
            mask = self.relative.weight[self.buckets[:n, :n]].permute(2, 0, 1)[None]
            if int(lengths.min()) < n:
                padding = (torch.arange(n)[None, :] >= lengths[:, None])[:, None, None, :]
                mask = mask.expand(b, -1, -1, -1).masked_fill(padding, -1e4)
            mask = mask.to(autocast_dtype())
            for layer in self.layers[:FROZEN]:
                x = layer(x, mask)
        # Behind the layers that are frozen, so that no gradient has to go through them.
        x = x + self.types(types)
        for layer in self.layers[FROZEN:]:
            x = layer(x, mask)
        return x
