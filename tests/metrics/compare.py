"""Random gold and predicted documents, measured by `dixit evaluate` and by two libraries.

usage: compare.py DIXIT FOLDER [SEEDS]

Every figure has to agree to twelve decimals.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

from scorch import scores
from seqeval.metrics import classification_report

LABELS = ["PER", "ORG", "LOC", "MISC"]
WORDS = ["Zoë", "Łódź", "🙂", "“so”", "Brandt", "quay", "said", "é"]


def close(a, b):
    return abs(a - b) < 1e-12


def sentence(rng):
    return [rng.choice(WORDS) for _ in range(rng.randint(3, 25))]


def names(rng, length):
    """Names that do not overlap, as (first token, one past the last, label)."""
    found, at = [], 0
    while at < length:
        size = rng.randint(1, 3)
        if rng.random() < 0.3 and at + size <= length:
            found.append((at, at + size, rng.choice(LABELS)))
            at += size
        else:
            at += 1
    return found


def perturbed(rng, gold, length):
    """Some names lost, some with another end or label, some made up."""
    found, at = [], 0
    for start, end, label in gold:
        luck = rng.random()
        if luck < 0.15:
            continue
        if luck < 0.3:
            label = rng.choice(LABELS)
        elif luck < 0.4 and end < length:
            end += 1
        if start >= at:
            found.append((start, end, label))
            at = end
    return found


def tags(found, length):
    out = ["O"] * length
    for start, end, label in found:
        out[start] = f"B-{label}"
        for index in range(start + 1, end):
            out[index] = f"I-{label}"
    return out


def document(rng, number):
    tokens = sentence(rng)
    text, places = "", []
    for token in tokens:
        places.append((len(text), len(text) + len(token)))
        text += token + " "
    gold = names(rng, len(tokens))
    predicted = perturbed(rng, gold, len(tokens))

    def spans(found):
        return [{"span": [places[s][0], places[e - 1][1]], "type": label} for s, e, label in found]

    # Quotations: words after the names, one each, so that ids and places agree on both sides.
    base = len(text)
    count, speakers = rng.randint(0, 14), rng.randint(1, 5)
    gold_quotations, predicted_quotations, clusters = [], [], []
    for index in range(count):
        word = f"wörd{index}"
        text += f"“{word}”, "
        start = base + 1
        span = [start, start + len(word)]
        base = len(text)
        who = rng.randrange(speakers)
        quotation = {"id": f"q{index}", "kind": "direct", "content": [span]}
        gold_quotations.append({**quotation, "speaker": f"g{who}"})
        luck = rng.random()
        if luck < 0.1:
            clusters.append((who, None))
            continue
        said = None if luck < 0.2 else who if luck < 0.75 else rng.randrange(6)
        clusters.append((who, said))
        predicted_quotations.append({**quotation, "speaker": None if said is None else f"p{said}"})

    def entities(letter):
        return [{"id": f"{letter}{index}", "name": f"{letter}{index}"} for index in range(6)]

    identity = f"d{number}"
    return (
        {"id": identity, "text": text, "named_entities": spans(gold), "quotations": gold_quotations, "entities": entities("g")},
        {"id": identity, "text": text, "named_entities": spans(predicted), "quotations": predicted_quotations, "entities": entities("p")},
        tags(gold, len(tokens)),
        tags(predicted, len(tokens)),
        clusters,
    )


def clustering(clusters, side):
    """Clusters of all documents; who is not attributed stands alone."""
    groups = {}
    for number, items in enumerate(clusters):
        for index, item in enumerate(items):
            label = item[side]
            key = (number, label) if label is not None else (number, "alone", index)
            groups.setdefault(key, set()).add((number, index))
    return list(groups.values())


def measure(dixit, folder, gold, predicted):
    paths = []
    for name, documents in [("gold", gold), ("predicted", predicted)]:
        path = Path(folder) / f"{name}.jsonl"
        path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
        paths.append(str(path))
    command = [dixit, "evaluate", "--gold", paths[0], "--pred", paths[1], "--format", "json", "--bootstrap", "0"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {(figure["measure"], figure["group"]): figure for figure in report["figures"]}


def main(dixit, folder, seeds):
    compared = 0

    def same(what, ours, theirs):
        nonlocal compared
        compared += 1
        if not close(ours or 0.0, float(theirs)):
            sys.exit(f"{what}: {ours!r} is not {float(theirs)!r}")

    for seed in range(seeds):
        rng = random.Random(seed)
        made = [document(rng, number) for number in range(rng.randint(1, 30))]
        gold, predicted, gold_tags, predicted_tags, clusters = (list(part) for part in zip(*made))
        figures = measure(dixit, folder, gold, predicted)

        report = classification_report(gold_tags, predicted_tags, output_dict=True, zero_division=0)
        groups = [(label, label) for label in LABELS if label in report] + [("all", "micro avg")]
        for group, name in groups:
            figure = figures.get(("entity exact", group))
            if figure is None:
                continue
            for ours, theirs in [("precision", "precision"), ("recall", "recall"), ("value", "f1-score")]:
                same(f"seed {seed}, entities {group}, {ours}", figure[ours], report[name][theirs])

        key, response = clustering(clusters, 0), clustering(clusters, 1)
        if not key:
            continue
        for name, score in [("MUC", scores.muc), ("B3", scores.b_cubed), ("CEAF-e", scores.ceaf_e)]:
            recall, precision, f1 = score(key, response)
            figure = figures[(name, "all")]
            same(f"seed {seed}, {name} recall", figure["recall"], recall)
            same(f"seed {seed}, {name} precision", figure["precision"], precision)
            same(f"seed {seed}, {name} F1", figure["value"], f1)
        same(f"seed {seed}, CoNLL", figures[("CoNLL", "all")]["value"], scores.conll2012(key, response))
    print(f"{compared} figures of {seeds} random corpora agree with seqeval and scorch")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 40)
