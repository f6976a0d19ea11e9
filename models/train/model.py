"""MiniLM with extended token types, and the heads that read names and attributions from it."""

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from data import MODES, NER_LABELS, ROLE_LABELS

LINKS = ["source", "cue", "continues"]
LINK_SIZE = 64
DISTANCES = 33  # signed, logarithmic
BERT = {  # what the parts of a layer are called in files
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "out": "attention.output.dense", "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
}


class Layer(nn.Module):
    def __init__(self, size, heads, inner, dropout, attention_dropout):
        super().__init__()
        self.heads, self.p, self.attention_p = heads, dropout, attention_dropout
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm1 = nn.LayerNorm(size, eps=1e-12)
        self.up = nn.Linear(size, inner)
        self.down = nn.Linear(inner, size)
        self.norm2 = nn.LayerNorm(size, eps=1e-12)

    def forward(self, x, mask):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        # Plain products: the backward pass of the fused ones takes three times as long here.
        a = q @ k.transpose(2, 3) * (d // self.heads) ** -0.5
        a = torch.softmax(a if mask is None else a + mask, -1, dtype=a.dtype)
        if self.attention_p:
            a = F.dropout(a, self.attention_p, self.training)
        a = self.out((a @ v).transpose(1, 2).reshape(b, n, d))
        x = self.norm1(x + a)
        y = self.down(F.gelu(self.up(x)))
        return self.norm2(x + (F.dropout(y, self.p, self.training) if self.p else y))


def forward_backward(scores, mask, trans, start, end):
    """Of each window: the logarithm of the sum over all label sequences [b], probabilities of labels
    [b,n,l], mean counts of transitions [b,l,l]. In probabilities, scaled at each word (Rabiner 1989)."""
    b, n, _ = scores.shape
    peak = scores.amax(2)
    seen, moves = (scores - peak[..., None]).exp(), trans.exp()
    keep = mask[..., None] > 0
    alpha = start.exp() * seen[:, 0]
    alphas, scales = [], []
    for i in range(n):
        step = alpha @ moves * seen[:, i] if i else alpha
        scale = step.sum(1, keepdim=True)
        scale = torch.where(keep[:, i], scale, 1.0)
        alpha = torch.where(keep[:, i], step / scale, alpha)
        alphas.append(alpha)
        scales.append(scale)
    z = (alpha @ end.exp())[:, None]
    beta = (end.exp() / z).expand(b, -1)
    betas, after = [beta], []
    for i in range(n - 1, 0, -1):
        after.append(seen[:, i] * beta / scales[i] * mask[:, i, None])
        beta = torch.where(keep[:, i], after[-1] @ moves.T, beta)
        betas.append(beta)
    alphas, scales = torch.stack(alphas, 1), torch.cat(scales, 1)
    log_z = ((scales.log() + peak) * mask).sum(1) + z[:, 0].log()
    nodes = alphas * torch.stack(betas[::-1], 1) * mask[..., None]
    pairs = torch.zeros(b, *trans.shape)
    if n > 1:
        pairs = moves * (alphas[:, :-1].transpose(1, 2) @ torch.stack(after[::-1], 1))
    return log_z, nodes, pairs


class LogZ(torch.autograd.Function):
    """The gradient of the logarithm of the sum is what the marginals are: no graph of a step a word."""

    @staticmethod
    def forward(ctx, scores, mask, trans, start, end):
        log_z, nodes, pairs = forward_backward(scores, mask, trans, start, end)
        last = nodes[torch.arange(len(nodes)), mask.sum(1).long() - 1]
        ctx.save_for_backward(nodes, pairs, last)
        return log_z

    @staticmethod
    def backward(ctx, grad):
        nodes, pairs, last = ctx.saved_tensors
        each = grad[:, None]
        return (
            nodes * each[..., None], None, (pairs * each[..., None]).sum(0),
            (nodes[:, 0] * each).sum(0), (last * each).sum(0),
        )


class Crf(nn.Module):
    """A linear chain; forbidden transitions are -1e4 and stay so."""

    def __init__(self, labels):
        super().__init__()
        n = len(labels)
        self.transitions = nn.Parameter(torch.zeros(n, n))
        self.start = nn.Parameter(torch.zeros(n))
        self.end = nn.Parameter(torch.zeros(n))
        opens = torch.tensor([l[0] in "OBS" for l in labels])
        closes = torch.tensor([l[0] in "OES" for l in labels])
        legal = closes[:, None] & opens[None, :]
        for i, a in enumerate(labels):
            for j, b in enumerate(labels):
                if a[0] in "BI" and b[0] in "IE" and a[2:] == b[2:]:
                    legal[i, j] = True
        # A window may begin or end inside a span.
        self.register_buffer("forbidden", torch.where(legal, 0.0, -1e4))

    def parts(self):
        return self.transitions + self.forbidden, self.start, self.end

    def log_z(self, scores, mask):
        """Of each window, the logarithm of the sum over all label sequences. scores [b,n,l], mask [b,n]."""
        return LogZ.apply(scores, mask, *self.parts())

    def gold_score(self, scores, gold, mask):
        """Of each window, the score of its gold labels. gold [b,n]."""
        trans = self.transitions + self.forbidden
        score = self.start[gold[:, 0]] + scores[:, 0].gather(1, gold[:, :1])[:, 0]
        picked = scores.gather(2, gold[..., None])[..., 0][:, 1:]
        moves = trans[gold[:, :-1], gold[:, 1:]]
        score = score + ((picked + moves) * mask[:, 1:]).sum(1)
        last = mask.sum(1).long() - 1
        return score + self.end[gold.gather(1, last[:, None])[:, 0]]

    def expected_score(self, scores, nodes, moves, mask):
        """Of each window, the mean score of sequences that a teacher draws: nodes [b,n,l] are its
        probabilities of labels, moves [b,l,l] its mean counts of transitions."""
        last = mask.sum(1).long() - 1
        ends = nodes[torch.arange(len(nodes)), last]
        # A forbidden transition is never drawn.
        return (
            (nodes * scores * mask[..., None]).sum((1, 2))
            + (moves * self.transitions).sum((1, 2))
            + nodes[:, 0] @ self.start
            + ends @ self.end
        )

    @torch.no_grad()
    def marginals(self, scores, mask):
        """Probabilities of labels [b,n,l] and mean counts of transitions [b,l,l]."""
        return forward_backward(scores, mask, *self.parts())[1:3]


class Model(nn.Module):
    def __init__(self, base=None, layers=6, size=384, heads=12, inner=1536, dropout=0.1, attention_dropout=0.0):
        super().__init__()
        self.p = dropout
        self.words = nn.Embedding(30522, size)
        self.positions = nn.Embedding(512, size)
        self.types = nn.Embedding(16, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList(Layer(size, heads, inner, dropout, attention_dropout) for _ in range(layers))
        self.ner = nn.Linear(size, len(NER_LABELS))
        self.roles = nn.Linear(size, len(ROLE_LABELS))
        self.ner_crf, self.roles_crf = Crf(NER_LABELS), Crf(ROLE_LABELS)
        self.link_from = nn.Linear(size, LINK_SIZE * len(LINKS))
        self.link_to = nn.Linear(size, LINK_SIZE * len(LINKS))
        self.link_distance = nn.Parameter(torch.zeros(len(LINKS), DISTANCES))
        self.link_none = nn.Linear(size, len(LINKS))
        self.mode = nn.Linear(2 * size, len(MODES))
        if base:
            self.load_base(base)

    def load_base(self, folder):
        t = load_file(f"{folder}/model.safetensors")
        t = {k.removeprefix("bert."): v.float() for k, v in t.items()}
        with torch.no_grad():
            self.words.weight.copy_(t["embeddings.word_embeddings.weight"])
            self.positions.weight.copy_(t["embeddings.position_embeddings.weight"])
            # Every new type begins as the old type 0, so that nothing changes at first.
            self.types.weight.copy_(t["embeddings.token_type_embeddings.weight"][:1].expand(16, -1))
            self.norm.weight.copy_(t["embeddings.LayerNorm.weight"])
            self.norm.bias.copy_(t["embeddings.LayerNorm.bias"])
            self.load_layers(t, BERT)

    def load_layers(self, tensors, names):
        """All layers, by what the parts of one are called."""
        for i, layer in enumerate(self.layers):
            get = lambda part, kind: tensors[f"encoder.layer.{i}.{names[part]}.{kind}"]
            for kind in "weight", "bias":
                qkv = torch.cat([get(part, kind) for part in ("query", "key", "value")])
                getattr(layer.qkv, kind).copy_(qkv)
                for part in "out", "norm1", "up", "down", "norm2":
                    getattr(getattr(layer, part), kind).copy_(get(part, kind))

    def encode(self, pieces, types, lengths):
        b, n = pieces.shape
        x = self.words(pieces) + self.positions(torch.arange(n)) + self.types(types)
        x = F.dropout(self.norm(x), self.p, self.training)
        mask = None
        if int(lengths.min()) < n:
            padding = (torch.arange(n)[None, :] >= lengths[:, None])[:, None, None, :]
            mask = torch.zeros(padding.shape, dtype=autocast_dtype()).masked_fill(padding, -1e4)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def link_scores(self, rows, words, kind):
        """Scores [rows, words + 1] of what each row's content is linked to; last is “nothing”.
        rows: word indices of contents; words: vectors [n, size] of one window."""
        part = slice(kind * LINK_SIZE, (kind + 1) * LINK_SIZE)
        q = F.linear(words[rows], self.link_from.weight[part], self.link_from.bias[part])
        k = F.linear(words, self.link_to.weight[part], self.link_to.bias[part])
        far = torch.arange(len(words))[None, :] - rows[:, None]
        bucket = distance_bucket(far)
        s = q @ k.T / LINK_SIZE**0.5 + self.link_distance[kind][bucket]
        none = F.linear(words[rows], self.link_none.weight[kind : kind + 1], self.link_none.bias[kind : kind + 1])
        return torch.cat([s, none], 1)

    def mode_scores(self, content, cue):
        return self.mode(torch.cat([content, cue], -1))


def autocast_dtype():
    """What products are computed in now."""
    return torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32


def distance_bucket(far):
    """0..=32: exact up to 4 either side, then doubling in half steps; 16 is the word itself."""
    size = far.abs().clamp(min=1).float()
    log = torch.where(far.abs() <= 4, far.abs().float(), 4 + (2 * torch.log2(size / 4)).floor())
    return 16 + far.sign() * log.clamp(max=16).long()
