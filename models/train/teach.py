"""Reads texts with a teacher and keeps its scores of every word for contents, cues and sources, and the
links of every word that it takes for the beginning of a content, or their mean with what another read
(two that differ read better together than either); or with an exported model and keeps its
scores for names, so that what learns on from it forgets none. (A teacher learned names from Reuters alone:
a model that learned them from it on other texts lost many.)"""

import argparse
import time

import numpy as np
import torch

import data
from exported import state_of
from model import LINKS, Model
from teacher import Teacher


def cut(seq, length, margin):
    """(first word, word from which the scores count, behind the last word) of overlapping windows."""
    out, first, n = [], 0, len(seq.words)
    while first < n:
        begin = seq.words[first]
        last = first
        while last < n and (seq.words[last + 1] if last + 1 < n else len(seq.pieces)) - begin <= length - 2:
            last += 1
        last = max(last, first + 1)
        skip = first
        while first and skip < last - 1 and seq.words[skip] - begin < margin:
            skip += 1
        out.append((first, skip, last))
        if last >= n:
            break
        first = last
        while first > 0 and seq.words[last] - seq.words[first] < 2 * margin:
            first -= 1
    return out


BEGINS = [i for i, label in enumerate(data.ROLE_LABELS) if label in ("B-content", "S-content")]


def links(model, words, begins, first):
    """By word of the document: where the window begins, and the link scores [kinds, words + 1]."""
    if not begins:
        return {}
    rows = torch.tensor(begins)
    found = torch.stack([model.link_scores(rows, words, kind) for kind in range(len(LINKS))], 1)
    return {first + i: (first, row.numpy().astype(np.float16)) for i, row in zip(begins, found)}


def between(ours, theirs):
    return ((ours.astype(np.float32) + theirs) / 2).astype(np.float16)


def mean(ours, theirs):
    """Of two readings of one sequence: the mean of scores is the geometric mean of what they give labels and links."""
    links = theirs.get("links", {}).items()
    return {
        "roles": between(ours["roles"], theirs["roles"]),
        "links": {word: (first, between(ours["links"][word][1], row)) for word, (first, row) in links},
    }


@torch.no_grad()
def scores(model, head, seqs, length, margin, pieces, name, beside=None):
    """For each sequence the scores of a head, [words, labels], 16 bits; and links, with roles: of the words that
    another reading `beside` took for beginnings, or of those that this one does."""
    read = getattr(model, head)
    out = [{head: np.zeros((len(s.words), read.out_features), np.float16)} for s in seqs]
    todo = []
    for i, seq in enumerate(seqs):
        for first, skip, last in cut(seq, length, margin):
            begin = seq.words[first]
            stop = seq.words[last] if last < len(seq.words) else len(seq.pieces)
            todo.append((min(stop, begin + length - 2) - begin, i, first, skip, last, begin))
    todo.sort(reverse=True)
    begun, done, total = time.time(), 0, sum(t[0] for t in todo)
    at = 0
    while at < len(todo):
        size = todo[at][0] + 2
        batch = todo[at : at + max(1, pieces // size)]
        at += len(batch)
        ids = torch.zeros(len(batch), size, dtype=torch.long)
        types = torch.zeros(len(batch), size, dtype=torch.long)
        for row, (n, i, _, _, _, begin) in enumerate(batch):
            ids[row, : n + 2] = torch.tensor([101] + seqs[i].pieces[begin : begin + n] + [102])
            types[row, 1 : n + 1] = torch.tensor(seqs[i].types[begin : begin + n])
        lengths = torch.tensor([b[0] + 2 for b in batch])
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model.encode(ids, types, lengths)
        hidden = hidden.float()
        for row, (n, i, first, skip, last, begin) in enumerate(batch):
            words = hidden[row, torch.tensor([seqs[i].words[w] - begin + 1 for w in range(first, last)])]
            found = read(words)
            out[i][head][skip:last] = found[skip - first :].numpy()
            if head == "roles":
                if beside:
                    # A word where windows overlap: in the window that they took.
                    begins = [w - first for w, link in beside[i].get("links", {}).items() if link[0] == first]
                else:
                    best = found.argmax(1).tolist()
                    begins = [w for w in range(skip - first, len(best)) if best[w] in BEGINS]
                out[i].setdefault("links", {}).update(links(model, words, begins, first))
            done += n
        if at % 50 < len(batch):
            print(f"{name}: {done}/{total} pieces, {(time.time() - begun) / 60:.1f} min", flush=True)
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--teacher", help="the folder of MPNet, where the checkpoint is of a teacher")
    parser.add_argument("--checkpoint", help="of what reads")
    parser.add_argument("--beside", help="what another read in the same texts: the mean of both is kept")
    parser.add_argument("--names", help="a folder with an exported model, to keep its names instead")
    parser.add_argument("--out", required=True)
    parser.add_argument("--read", nargs="+", default=["polnear"], help="corpora")
    parser.add_argument("--limit", type=int, default=None)
    args = parser.parse_args()
    if args.names and args.beside:
        parser.error("--beside is for contents, cues and sources, not for --names")
    torch.set_num_threads(2)
    tokenizer = data.load_tokenizer(args.base)
    if args.names:
        head, model = "ner", Model()
        model.load_state_dict(state_of(args.names, model))
    else:
        head, model = "roles", Teacher(args.teacher, args.base) if args.teacher else Model()
        model.load_state_dict(torch.load(args.checkpoint))
    model.eval()
    crf = getattr(model, f"{head}_crf").state_dict()
    theirs = torch.load(args.beside, weights_only=False) if args.beside else None
    if theirs:
        crf = {k: (v + theirs["crfs"][head][k]) / 2 for k, v in crf.items()}
    taught = {}
    for name in args.read:
        pairs = data.load(tokenizer, f"{args.corpora}/{name}.train.jsonl", unlabelled=True)[: args.limit]
        # A text without marks has one variant.
        both = [pair[0] is not pair[1] for pair in pairs]
        seqs = [seq for pair, two in zip(pairs, both) for seq in pair[: 1 + two]]
        beside = theirs and [heads for pair, two in zip(theirs["scores"][name], both) for heads in pair[: 1 + two]]
        found = scores(model, head, seqs, 320, 24, 8192, name, beside)
        found = map(mean, found, beside) if beside else iter(found)
        taught[name] = [[next(found), next(found)] if two else [next(found)] * 2 for two in both]
    torch.save({"scores": taught, "crfs": {head: crf}}, args.out)


if __name__ == "__main__":
    main()
