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
        dropped = self.attention_p if self.training else 0.0
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropped)
        a = self.out(a.transpose(1, 2).reshape(b, n, d))
        x = self.norm1(x + a)
        y = self.down(F.gelu(self.up(x)))
        return self.norm2(x + (F.dropout(y, self.p, self.training) if self.p else y))


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

    def log_z(self, scores, mask):
        """Of each window, the logarithm of the sum over all label sequences. scores [b,n,l], mask [b,n]."""
        trans = self.transitions + self.forbidden
        alpha = self.start + scores[:, 0]
        for i in range(1, scores.shape[1]):
            step = torch.logsumexp(alpha[:, :, None] + trans, 1) + scores[:, i]
            alpha = torch.where(mask[:, i, None] > 0, step, alpha)
        return torch.logsumexp(alpha + self.end, 1)

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
        trans = self.transitions + self.forbidden
        b, n, _ = scores.shape
        alphas = [self.start + scores[:, 0]]
        for i in range(1, n):
            step = torch.logsumexp(alphas[-1][:, :, None] + trans, 1) + scores[:, i]
            alphas.append(torch.where(mask[:, i, None] > 0, step, alphas[-1]))
        beta = self.end.expand(b, -1)
        betas = [beta]
        for i in range(n - 1, 0, -1):
            step = torch.logsumexp(trans + (scores[:, i] + beta)[:, None, :], 2)
            beta = torch.where(mask[:, i, None] > 0, step, beta)
            betas.append(beta)
        alpha, beta = torch.stack(alphas, 1), torch.stack(betas[::-1], 1)
        log_z = torch.logsumexp(alphas[-1] + self.end, 1)
        nodes = (alpha + beta - log_z[:, None, None]).exp() * mask[..., None]
        pairs = alpha[:, :-1, :, None] + trans + (scores[:, 1:] + beta[:, 1:])[:, :, None, :]
        pairs = (pairs - log_z[:, None, None, None]).exp() * mask[:, 1:, None, None]
        return nodes, pairs.sum(1)


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
            mask = (torch.arange(n)[None, :] < lengths[:, None])[:, None, None, :]
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


def distance_bucket(far):
    """0..=32: exact up to 4 either side, then doubling in half steps; 16 is the word itself."""
    size = far.abs().clamp(min=1).float()
    log = torch.where(far.abs() <= 4, far.abs().float(), 4 + (2 * torch.log2(size / 4)).floor())
    return 16 + far.sign() * log.clamp(max=16).long()
