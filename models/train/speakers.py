"""Learns who says the direct quotations of novels, from the candidates that the program finds.

    candidates() { cargo run --release -p dixit-speaker --example candidates -- "$@"; }
    for part in train dev; do
      for corpus in pdnc litbank; do
        dixit extract CORPORA/$corpus.$part.jsonl --modes all --format documents -o $corpus.$part.jsonl
        candidates CORPORA/$corpus.$part.jsonl $corpus.$part.f32 $corpus.$part.jsonl
      done
      candidates CORPORA/pdnc.$part.jsonl cast.$part.f32 pdnc.$part.jsonl cast
    done
    python speakers.py ../../crates/speaker/data --train {cast,pdnc,litbank}.train.f32 --dev {cast,pdnc,litbank}.dev.f32

Whole novels with their cast given, the same with the cast that is found, and excerpts.

A network scores every candidate in rounds; in rounds after the first it also sees what the round
before gave to the same speaker in the turns around, and messages from there. All rounds are learned
together. The loss is the cross entropy of the speaker among the candidates. The features are
described where they are made, in crates/speaker/src/candidates; what a round sees of the turns
around is written there once more (turns.rs, ranker.rs), and `ranker.test.txt`, which this writes
beside the weights, holds both together.
"""

import argparse

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SLOTS = 10  # four turns before, four behind, before and behind in the turn
HEARD = (0, 1, 4, 5, 8, 9)
FIRST, SECOND, MESSAGE, ROUNDS = 96, 16, 8, 4
# The share of numbers that are left out while learning: of the hidden ones and of what is read.
DROPPED, UNREAD = 0.2, 0.1


def read(path):
    """For each document its questions: (turn, paragraph, goes_on, speaker, reference, drafts, own)."""
    numbers, docs, at = np.fromfile(path, dtype="<f4"), {}, 0
    while at < len(numbers):
        doc, _, turn, paragraph, goes_on, speaker, reference, count, width = (
            numbers[at : at + 9].astype(int).tolist()
        )
        at += 9
        rows = numbers[at : at + count * (width + 1)].reshape(count, width + 1)
        at += count * (width + 1)
        drafts = rows[:, 0].astype(int).tolist()
        docs.setdefault(doc, []).append((turn, paragraph, goes_on, speaker, reference, drafts, rows[:, 1:]))
    return list(docs.values())


def nearness(questions, turns, here):
    def between(a, b):
        a, b = turns.get(a), turns.get(b)
        if not a or not b:
            return 0.0
        gap = abs(questions[a[0]][1] - questions[b[0]][1])
        return (1.0, 1.0, 0.5, 0.25)[gap] if gap < 4 else 0.0

    b1, a1 = between(here, here - 1), between(here, here + 1)
    b2, a2 = b1 * between(here - 1, here - 2), a1 * between(here + 1, here + 2)
    b3, a3 = b2 * between(here - 2, here - 3), a2 * between(here + 2, here + 3)
    behind = turns.get(here + 1)
    return [b1, a1, b2, a2, b3, a3, questions[turns[here][0]][2], questions[behind[0]][2] if behind else 0]


def document(questions):
    """Features `own` [questions, candidates, features], `mask`, the `right` candidate or -1; `slots`
    [questions, candidates, SLOTS], places in the flattened candidates; `near` [questions, 8]."""
    n, most = len(questions), max(1, max(len(q[5]) for q in questions))
    width = max(q[6].shape[1] for q in questions)
    own, mask = np.zeros((n, most, width), "f4"), np.zeros((n, most), bool)
    slots, right = np.full((n, most, SLOTS), n * most), np.full(n, -1)
    near = np.zeros((n, 8), "f4")
    turns = {}
    for i, question in enumerate(questions):
        turns.setdefault(question[0], []).append(i)
    for i, (here, _, _, speaker, _, drafts, rows) in enumerate(questions):
        if drafts:
            own[i, : len(drafts)], mask[i, : len(drafts)] = rows, True
        if speaker in drafts:
            right[i] = drafts.index(speaker)
        members = turns[here]
        place = members.index(i)
        others = [turns[here - k][-1] if here - k in turns else None for k in (1, 2, 3, 4)]
        others += [turns[here + k][0] if here + k in turns else None for k in (1, 2, 3, 4)]
        others += [members[place - 1] if place else None,
                   members[place + 1] if place + 1 < len(members) else None]
        for slot, other in enumerate(others):
            theirs = questions[other][5] if other is not None else ()
            for j, draft in enumerate(drafts):
                if draft in theirs:
                    slots[i, j, slot] = other * most + theirs.index(draft)
        near[i] = nearness(questions, turns, here)
    return dict(own=torch.tensor(own), mask=torch.tensor(mask), right=torch.tensor(right),
                reference=np.array([q[4] for q in questions]), slots=torch.tensor(slots),
                near=torch.tensor(near))


def around(share, message, slots, near):
    """What a round sees of the round before."""
    n, most = share.shape
    given = torch.cat([share.reshape(-1), share.new_zeros(1)])[slots]
    b1, b2, b3, b4, a1, a2, a3, a4, _, _ = given.unbind(-1)
    w = [column[:, None] for column in near.unbind(1)]
    products = [
        b1 * w[0], a1 * w[1], b2 * w[2], a2 * w[3], b3 * w[4], a3 * w[5], b1 * w[6], a1 * w[7],
        b4 * w[2], a4 * w[3], b1 * (1 - w[6]), a1 * (1 - w[7]), b1 * a1, b2 * a2, b1 * b3, a1 * a3,
    ]
    best = torch.cat([share, share.new_zeros(n, 1)], 1).topk(2, 1)[0]
    first, second = best[:, :1].expand(n, most), best[:, 1:].expand(n, most)
    entropy = -(share * (share + 1e-9).log()).sum(1, keepdim=True).expand(n, most)
    other = torch.where(share >= first - 1e-9, second, first)
    own = [share, given[..., :8].sum(-1) / 8, entropy, other]
    message = torch.cat([message.reshape(n * most, -1), message.new_zeros(1, message.shape[-1])])
    heard = [message[slots[..., slot]] for slot in HEARD]
    last = torch.stack([share * share, (1 - share) * first], -1)
    return torch.cat([given, torch.stack(products, -1), torch.stack(own, -1), *heard, last], -1)


class Network(nn.Module):
    def __init__(self, width):
        super().__init__()
        inputs = [width] + [width + SLOTS + 16 + 4 + len(HEARD) * MESSAGE + 2] * (ROUNDS - 1)
        self.first = nn.ModuleList(nn.Linear(n, FIRST) for n in inputs)
        self.second = nn.ModuleList(nn.Linear(FIRST, SECOND) for _ in inputs)
        self.score = nn.ModuleList(nn.Linear(SECOND, 1) for _ in inputs)
        self.message = nn.ModuleList(nn.Linear(SECOND, MESSAGE) for _ in inputs)

    def forward(self, doc):
        """Scores [questions, candidates] of each round."""
        own = F.dropout(doc["own"], UNREAD, self.training)
        scores, seen = [], own
        for r in range(ROUNDS):
            hidden = F.dropout(F.relu(self.first[r](seen)), DROPPED, self.training)
            hidden = F.relu(self.second[r](hidden))
            scores.append(self.score[r](hidden)[..., 0].masked_fill(~doc["mask"], -1e9))
            share = torch.softmax(scores[-1], 1) * doc["mask"]
            message = torch.tanh(self.message[r](hidden))
            seen = torch.cat([own, around(share, message, doc["slots"], doc["near"])], -1)
        return scores


def part(doc, begin, end):
    """The questions from `begin` to `end`, as if nothing stood before and behind them."""
    most, total = doc["own"].shape[1], doc["own"].shape[0] * doc["own"].shape[1]
    size = (end - begin) * most
    slots = doc["slots"][begin:end]
    inside = (slots < total) & (slots >= begin * most) & (slots < end * most)
    cut = {k: doc[k][begin:end] for k in ("own", "mask", "right", "near")}
    return dict(cut, slots=torch.where(inside, slots - begin * most, torch.tensor(size)))


def parts(doc, size, offset):
    total = len(doc["right"])
    for begin in range(-offset, total, size):
        first, last = max(0, begin), min(total, begin + size)
        if last - first >= 4:
            yield part(doc, first, last)


def fit(docs, options, seed):
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = Network(docs[0]["own"].shape[-1])
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=0.05)
    average = {k: v.clone() for k, v in network.state_dict().items()}
    total = options.epochs * sum(-(-len(d["right"]) // options.size) for d in docs)
    step = 0
    for _ in range(options.epochs):
        batches = [p for d in docs for p in parts(d, options.size, int(random.integers(options.size)))]
        random.shuffle(batches)
        network.train()
        for batch in batches:
            known = batch["right"] >= 0
            if not known.any():
                continue
            losses = [F.cross_entropy(s[known], batch["right"][known]) for s in network(batch)]
            for group in optimizer.param_groups:
                group["lr"] = options.rate * min(1, step / 100) * max(0.03, 1 - step / total)
            optimizer.zero_grad()
            (losses[-1] + 0.5 * sum(losses[:-1])).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            with torch.no_grad():
                keep = min(0.995, (1 + step) / (10 + step))
                for k, v in network.state_dict().items():
                    average[k].lerp_(v, 1 - keep)
    network.load_state_dict(average)
    return network.eval()


@torch.no_grad()
def weigh(networks, doc):
    return sum(torch.softmax(n(doc)[-1], 1) * doc["mask"] for n in networks) / len(networks)


def report(name, docs, shares):
    right = np.concatenate([(s.argmax(1) == d["right"]).numpy() for d, s in zip(docs, shares)])
    known = np.concatenate([(d["right"] >= 0).numpy() for d in docs])
    reference = np.concatenate([d["reference"] for d in docs])
    parts = [known & (reference == r) for r in range(3)]
    by = " / ".join(f"{100 * right[part].mean():.1f}" for part in parts if part.any())
    print(f"{name}: {100 * right[known].mean():.1f} of {known.sum()} whose speaker is a candidate"
          f" ({100 * right.sum() / len(right):.1f} of all {len(right)}); {by}", flush=True)


def write(folder, networks, sample):
    with open(f"{folder}/ranker.txt", "w") as out:
        out.write("# Weights of the speakers' ranker, made by models/train/speakers.py.\n")
        out.write(f"{len(networks)} {ROUNDS}\n")
        for network in networks:
            for r in range(ROUNDS):
                for layers in network.first, network.second, network.score, network.message:
                    rows = layers[r].weight.data.T
                    out.write(f"{rows.shape[0]} {rows.shape[1]}\n")
                    for row in (*rows, layers[r].bias.data):
                        row.copy_(torch.tensor([float(f"{x:.3g}") for x in row.tolist()]))
                        out.write(" ".join(f"{x:.3g}" for x in row.tolist()) + "\n")
    doc = document(sample)
    with open(f"{folder}/ranker.test.txt", "w") as out:
        out.write("# Questions with made-up numbers and the shares that models/train/speakers.py gives.\n")
        for (turn, paragraph, goes_on, _, _, drafts, own), shares in zip(sample, weigh(networks, doc)):
            out.write(f"question {turn} {paragraph} {goes_on}\n")
            for draft, row, share in zip(drafts, own.tolist(), shares.tolist()):
                out.write(f"{draft} {share:.6f} " + " ".join(f"{x:g}" for x in row) + "\n")


def sample(width):
    """A dialogue of made-up numbers."""
    random = np.random.default_rng(5)
    questions, paragraph = [], 0
    for turn in range(7):
        paragraph += (1, 1, 2, 1, 5, 1, 1)[turn]
        for _ in range(2 if turn in (1, 5) else 1):
            drafts = random.permutation(6)[: (3, 4, 1, 5, 2, 4, 3)[turn]].tolist()
            own = (random.integers(-2, 5, (len(drafts), width)).clip(0) / 4).astype("f4")
            questions.append((turn, paragraph, int(turn in (2, 6)), drafts[0], 2, drafts, own))
    return questions


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--dev", nargs="+", required=True)
    parser.add_argument("--networks", type=int, default=4, help="0: only the figures of the folds")
    parser.add_argument("--folds", type=int, default=3, help="0 spares the figures on training novels")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--size", type=int, default=96, help="questions a batch")
    parser.add_argument("--rate", type=float, default=3e-3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    train = [[document(d) for d in read(path)] for path in options.train]
    held_out = [[None] * len(docs) for docs in train]
    for k in range(options.folds):
        # A novel is in one fold in every file.
        inside = [d for docs in train for i, d in enumerate(docs) if i % options.folds != k]
        networks = [fit(inside, options, 100 + k)]
        for docs, shares in zip(train, held_out):
            for i in range(k, len(docs), options.folds):
                shares[i] = weigh(networks, docs[i])
    if options.folds:
        for path, docs, shares in zip(options.train, train, held_out):
            report(f"{path}, each document by a network that has not seen it", docs, shares)
    if not options.networks:
        return
    networks = [fit([d for docs in train for d in docs], options, seed) for seed in range(options.networks)]
    for path in options.dev:
        docs = [document(d) for d in read(path)]
        report(path, docs, [weigh(networks, d) for d in docs])
    write(options.out, networks, sample(train[0][0]["own"].shape[-1]))


if __name__ == "__main__":
    main()
