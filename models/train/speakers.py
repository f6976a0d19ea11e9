"""Learns who says the direct quotations of novels, from the candidates that the program finds.

    cargo run --release -p dixit-speaker --example candidates CORPORA/pdnc.train.jsonl train.f32
    cargo run --release -p dixit-speaker --example candidates CORPORA/pdnc.dev.jsonl dev.f32
    python speakers.py train.f32 dev.f32 ../../crates/speaker/data/ranker.txt

A network of two small layers scores every candidate; the loss is the cross entropy of the speaker
among the candidates. Passes after the first also see what the pass before gave to the candidates of
the turns around; for that, the training novels get their shares from networks that have not seen
them. The features are described where they are made: crates/speaker/src/candidates.rs.
"""

import argparse

import numpy as np

AROUND = 17
SECOND = 16


def read(path):
    """Questions: dictionaries with the candidates' drafts and features `[candidates, features]`."""
    numbers = np.fromfile(path, dtype="<f4")
    questions, at = [], 0
    while at < len(numbers):
        doc, quotation, turn, paragraph, goes_on, speaker, reference, count, width = (
            numbers[at : at + 9].astype(int)
        )
        at += 9
        rows = numbers[at : at + count * (width + 1)].reshape(count, width + 1)
        at += count * (width + 1)
        questions.append(
            dict(doc=doc, turn=turn, paragraph=paragraph, goes_on=goes_on, speaker=speaker,
                 reference=reference, drafts=rows[:, 0].astype(int).tolist(), own=rows[:, 1:])
        )
    return questions


def neighbours(questions, shares):
    """As `neighbours` of crates/speaker/src/candidates.rs."""
    turns = {}
    for index, question in enumerate(questions):
        turns.setdefault((question["doc"], question["turn"]), []).append(index)
    known = [dict(zip(q["drafts"], s.tolist())) for q, s in zip(questions, shares)]
    rows = []
    for index, question in enumerate(questions):
        doc, here = question["doc"], question["turn"]
        members = turns[doc, here]
        place = members.index(index)

        def near(a, b):
            a, b = turns.get((doc, a)), turns.get((doc, b))
            if not a or not b:
                return 0.0
            gap = abs(questions[a[0]]["paragraph"] - questions[b[0]]["paragraph"])
            return (1.0, 1.0, 0.5, 0.25)[gap] if gap < 4 else 0.0

        def share(other):
            if other is None:
                return np.zeros(len(question["drafts"]), "f4")
            return np.array([known[other].get(d, 0.0) for d in question["drafts"]], "f4")

        def turn(offset, last):
            found = turns.get((doc, here + offset))
            return share(None if not found else found[-1] if last else found[0])

        back = [turn(-n, True) for n in (1, 2, 3, 4)]
        ahead = [turn(n, False) for n in (1, 2, 3, 4)]
        near_back, near_ahead = near(here, here - 1), near(here, here + 1)
        nearer_back = near_back * near(here - 1, here - 2)
        nearer_ahead = near_ahead * near(here + 1, here + 2)
        behind = turns.get((doc, here + 1))
        next_goes_on = questions[behind[0]]["goes_on"] if behind else 0
        around = sum(turn(n, True) for n in range(-8, 9) if n) / 8
        columns = [
            *back[:3], *ahead[:3],
            back[0] * near_back, back[1] * nearer_back,
            ahead[0] * near_ahead, ahead[1] * nearer_ahead,
            back[0] * question["goes_on"], ahead[0] * next_goes_on,
            share(members[place - 1] if place else None),
            share(members[place + 1] if place + 1 < len(members) else None),
            around, back[3] * nearer_back, ahead[3] * nearer_ahead,
        ]
        assert len(columns) == AROUND
        rows.append(np.stack(columns, 1))
    return rows


class Network:
    """Two rectified layers and a score; Adam, and an average of the weights over the steps."""

    def __init__(self, inputs, first, random):
        def normal(*shape, scale):
            return random.normal(0, scale, shape).astype("f4")

        self.weights = [
            normal(inputs, first, scale=np.sqrt(2 / inputs)), np.zeros(first, "f4"),
            normal(first, SECOND, scale=np.sqrt(2 / first)), np.zeros(SECOND, "f4"),
            normal(SECOND, scale=0.25),
        ]
        self.mean = [np.zeros_like(w) for w in self.weights]
        self.square = [np.zeros_like(w) for w in self.weights]
        self.average = [w.copy() for w in self.weights]
        self.steps = 0

    def scores(self, rows):
        a, b, c, d, e = self.average
        return np.maximum(np.maximum(rows @ a + b, 0) @ c + d, 0) @ e

    def step(self, rows, mask, right, rate, decay, dropout, random):
        a, b, c, d, e = self.weights
        first = np.maximum(rows @ a + b, 0)
        kept = (random.random(first.shape, dtype="f4") > dropout) / (1 - dropout)
        first *= kept
        second = np.maximum(first @ c + d, 0)
        scores = np.where(mask, second @ e, -1e9)
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        shares[np.arange(len(right)), right] -= 1
        loss = shares * mask / len(right)
        to_second = loss[..., None] * e * (second > 0)
        to_first = (to_second @ c.T) * (first > 0) * kept
        flat = lambda x: x.reshape(-1, x.shape[-1])
        gradients = [
            flat(rows).T @ flat(to_first), to_first.sum((0, 1)),
            flat(first).T @ flat(to_second), to_second.sum((0, 1)),
            (second * loss[..., None]).sum((0, 1)),
        ]
        self.steps += 1
        for i, gradient in enumerate(gradients):
            self.mean[i] = 0.9 * self.mean[i] + 0.1 * gradient
            self.square[i] = 0.999 * self.square[i] + 0.001 * gradient**2
            mean = self.mean[i] / (1 - 0.9**self.steps)
            square = self.square[i] / (1 - 0.999**self.steps)
            step = mean / (np.sqrt(square) + 1e-8) + decay * self.weights[i]
            self.weights[i] = self.weights[i] - rate * step
            self.average[i] = 0.998 * self.average[i] + 0.002 * self.weights[i]


def fit(questions, inputs, options, seed):
    random = np.random.default_rng(seed)
    usable = [
        (rows, question["drafts"].index(question["speaker"]))
        for question, rows in zip(questions, inputs)
        if question["speaker"] in question["drafts"]
    ]
    most = max(len(rows) for rows, _ in usable)
    width = usable[0][0].shape[1]
    rows = np.zeros((len(usable), most, width), "f4")
    mask = np.zeros((len(usable), most), bool)
    right = np.array([place for _, place in usable])
    for i, (own, _) in enumerate(usable):
        rows[i, : len(own)] = own
        mask[i, : len(own)] = True
    network = Network(width, options.hidden, random)
    order = np.arange(len(usable))
    total = options.epochs * (len(order) // options.batch)
    for _ in range(options.epochs):
        random.shuffle(order)
        for start in range(0, len(order) - options.batch + 1, options.batch):
            batch = order[start : start + options.batch]
            done = network.steps / total
            rate = options.rate * min(1, network.steps / 200) * (1 - 0.95 * done)
            network.step(rows[batch], mask[batch], right[batch], rate, 1e-3, 0.1, random)
    return network


def weigh(network, inputs):
    shares = []
    for rows in inputs:
        scores = network.scores(rows) if len(rows) else np.zeros(0, "f4")
        scores = np.exp(scores - scores.max()) if len(scores) else scores
        shares.append((scores / max(scores.sum(), 1e-30)).astype("f4"))
    return shares


def report(name, questions, shares):
    right = np.array([
        len(s) > 0 and q["drafts"][int(s.argmax())] == q["speaker"]
        for q, s in zip(questions, shares)
    ])
    reference = np.array([q["reference"] for q in questions])
    parts = " / ".join(f"{100 * right[reference == r].mean():.1f}" for r in range(3))
    print(f"{name}: {100 * right.mean():.1f}; explicit / anaphoric / implicit {parts}", flush=True)


def write(path, networks):
    with open(path, "w") as out:
        out.write("# Weights of the speakers' ranker, made by models/train/speakers.py.\n")
        for network in networks:
            for weights in network.average:
                matrix = weights.reshape(-1, weights.shape[-1])
                out.write(f"{matrix.shape[0]} {matrix.shape[1]}\n")
                for row in matrix:
                    out.write(" ".join(f"{x:.5g}" for x in row) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("dev")
    parser.add_argument("out")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    options = parser.parse_args()
    train, dev = read(options.train), read(options.dev)
    inputs = {"train": [q["own"] for q in train], "dev": [q["own"] for q in dev]}
    fold = np.array([q["doc"] % options.folds for q in train])
    networks = []
    for number in range(options.passes):
        network = fit(train, inputs["train"], options, number)
        networks.append(network)
        shares = {"dev": weigh(network, inputs["dev"])}
        report(f"pass {number}, dev", dev, shares["dev"])
        if number + 1 < options.passes:
            held_out = [None] * len(train)
            for k in range(options.folds):
                inside = [i for i in range(len(train)) if fold[i] != k]
                outside = [i for i in range(len(train)) if fold[i] == k]
                part = fit([train[i] for i in inside], [inputs["train"][i] for i in inside],
                           options, 100 + number * 10 + k)
                for i, s in zip(outside, weigh(part, [inputs["train"][i] for i in outside])):
                    held_out[i] = s
            report(f"pass {number}, train, held out", train, held_out)
            shares["train"] = held_out
            for name, questions in (("train", train), ("dev", dev)):
                inputs[name] = [
                    np.concatenate([q["own"], rows, s[:, None]], 1)
                    for q, rows, s in zip(questions, neighbours(questions, shares[name]),
                                          shares[name])
                ]
    write(options.out, networks)


if __name__ == "__main__":
    main()
