"""How often records are right beside their confidence, and the expected calibration error over ten bins of
equal width (Guo et al. 2017), for documents of PolNeAR with speakers:

    dixit extract CORPORA/polnear-speakers.dev.jsonl --min-confidence 0 --format documents -o said.jsonl
    python calibration.py CORPORA/polnear-speakers.dev.jsonl said.jsonl

A record is right where half of its content and of a gold one's are the same (IoU in code points) and its speaker has
one of the gold entity's names. Gold ones that are not usable, or no speech or writing, count neither way.
"""

import argparse
import json

BINS = 10


def read(path):
    with open(path, encoding="utf-8") as lines:
        return {doc["id"]: doc for doc in map(json.loads, lines)}


def points(spans):
    return {i for start, end in spans for i in range(start, end)}


def bare(name):
    return " ".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def judged(gold, said):
    """(confidence, right) of each record that counts."""
    names = {e["id"]: {bare(n) for n in [e["name"], *e.get("aliases", [])]} for e in gold["entities"]}
    found = {e["id"]: bare(e["name"]) for e in said["entities"]}
    contents = [(points(q["content"]), q) for q in gold["quotations"]]
    for record in said["quotations"]:
        own = points(record["content"])
        share, best = max(
            ((len(own & theirs) / max(1, len(own | theirs)), q) for theirs, q in contents),
            key=lambda pair: pair[0],
            default=(0, None),
        )
        matched = share >= 0.5
        if matched and not (best.get("ok", True) and best.get("mode") in ("speech", "writing")):
            continue
        speaker = found.get(record.get("speaker"))
        yield record["confidence"], matched and speaker in names.get(best.get("speaker"), ())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gold")
    parser.add_argument("said")
    args = parser.parse_args()
    gold = read(args.gold)
    bins = [[] for _ in range(BINS)]
    for id, said in read(args.said).items():
        for confidence, right in judged(gold[id], said):
            bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    total = sum(map(len, bins))
    error = 0.0
    print("| confidence | records | mean confidence | right |\n|---|---|---|---|")
    for k, records in enumerate(bins):
        if records:
            sure, right = (sum(column) / len(records) for column in zip(*records))
            error += len(records) / total * abs(sure - right)
            print(f"| {k / BINS:.1f}–{(k + 1) / BINS:.1f} | {len(records)} | {sure:.0%} | {right:.0%} |")
    print(f"\n{total} records, expected calibration error {100 * error:.1f} points")


if __name__ == "__main__":
    main()
