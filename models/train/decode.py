"""Viterbi decoding and the development figures that guide a run (the program's own
`dixit evaluate` gives the figures that are published)."""

import numpy as np
import torch

import data


def viterbi(scores, crf):
    trans = (crf.transitions + crf.forbidden).detach().numpy()
    best = crf.start.detach().numpy() + scores[0]
    back = []
    for row in scores[1:]:
        all_ = best[:, None] + trans
        back.append(all_.argmax(0))
        best = all_.max(0) + row
    best = best + crf.end.detach().numpy()
    path = [int(best.argmax())]
    for b in reversed(back):
        path.append(int(b[path[-1]]))
    return path[::-1]


def spans_of(path, labels):
    """(name, first word, last word); a span cut by the document's edge is kept."""
    out, begun = [], None
    for i, l in enumerate(path):
        tag, name = labels[l][0], labels[l][2:]
        if tag in "BS":
            begun = i
        if tag in "ES":
            out.append((name, i if begun is None else begun, i))
            begun = None
    return out


@torch.no_grad()
def read(model, seq, length=384, margin=48):
    """Scores of every word: windows overlap, and each word is read where it has most context."""
    model.eval()
    n = len(seq.words)
    ner = np.zeros((n, len(data.NER_LABELS)), np.float32)
    roles = np.zeros((n, len(data.ROLE_LABELS)), np.float32)
    vectors = np.zeros((n, model.norm.weight.shape[0]), np.float32)
    first = 0
    while True:
        begin = seq.words[first]
        last = first
        while last < n and (seq.words[last + 1] if last + 1 < n else len(seq.pieces)) - begin <= length - 2:
            last += 1
        last = max(last, first + 1)
        stop = seq.words[last] if last < n else len(seq.pieces)
        stop = min(stop, begin + length - 2)
        ids = torch.tensor([[101] + seq.pieces[begin:stop] + [102]])
        types = torch.tensor([[0] + seq.types[begin:stop] + [0]])
        hidden = model.encode(ids, types, torch.tensor([ids.shape[1]]))[0].float()
        words = hidden[torch.tensor([seq.words[w] - begin + 1 for w in range(first, last)])]
        # The first `margin` pieces of a later window were read better by the one before.
        skip = first
        if first:
            while seq.words[skip] - begin < margin:
                skip += 1
        ner[skip:last] = model.ner(words)[skip - first :].float().numpy()
        roles[skip:last] = model.roles(words)[skip - first :].float().numpy()
        vectors[skip:last] = words[skip - first :].float().numpy()
        if last >= n:
            return ner, roles, vectors
        first = last
        while first > 0 and seq.words[last] - seq.words[first] < 2 * margin:
            first -= 1


def f1(tp, p, g):
    return round(200 * tp / max(1, p + g), 2)


def strict_roles(seqs, model):
    count = {r: [0, 0, 0] for r in data.ROLES}
    for seq in seqs:
        if not seq.words:
            continue
        _, roles, _ = read(model, seq)
        found = set(spans_of(viterbi(roles, model.roles_crf), data.ROLE_LABELS))
        gold = set(spans_of(seq.roles, data.ROLE_LABELS))
        for r in data.ROLES:
            a, b = {s for s in found if s[0] == r}, {s for s in gold if s[0] == r}
            count[r][0] += len(a & b)
            count[r][1] += len(a)
            count[r][2] += len(b)
    return {r: f1(*c) for r, c in count.items()}


def evaluate_dev(model, tokenizer, corpora):
    out = {}
    polnear = data.load(tokenizer, f"{corpora}/polnear.dev.jsonl")
    out["polnear"] = strict_roles([p[0] for p in polnear], model)
    out["unmarked"] = strict_roles([p[1] for p in polnear], model)
    riqua = data.load(tokenizer, f"{corpora}/riqua.dev.jsonl")
    out["riqua"] = strict_roles([p[0] for p in riqua], model)
    count = {t: [0, 0, 0] for t in data.NER + ["all"]}
    for seq, _ in data.load(tokenizer, f"{corpora}/conllpp.dev.jsonl"):
        ner, _, _ = read(model, seq)
        found = set(spans_of(viterbi(ner, model.ner_crf), data.NER_LABELS))
        gold = set(spans_of(seq.ner, data.NER_LABELS))
        for t in count:
            a = {s for s in found if t in (s[0], "all")}
            b = {s for s in gold if t in (s[0], "all")}
            count[t][0] += len(a & b)
            count[t][1] += len(a)
            count[t][2] += len(b)
    out["conllpp"] = {t: f1(*c) for t, c in count.items()}
    model.train()
    return out
