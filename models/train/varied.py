"""Articles with words changed for near ones, for a teacher to read: what it says of words that
nobody labelled is what a student can learn from (after the augmentation of Jiao et al. 2020).

    python varied.py --base BASE --corpus CORPORA/polnear.train.jsonl --times 2 > CORPORA/varied.train.jsonl
"""

import argparse
import json
import random
import re

import numpy as np
from safetensors.numpy import load_file

import data

COMMON = 2150  # pieces before this one are words of grammar, and “said”
RARE = 20000
NEAR = 8
WORD = re.compile(r"[^\W\d_]+")


class Near:
    """The nearest whole words, by the cosine of the base encoder's word vectors."""

    def __init__(self, base):
        vocab = data.load_tokenizer(base).get_vocab()
        known = sorted((id, w) for w, id in vocab.items() if COMMON <= id < RARE and w.isalpha() and len(w) > 2)
        ids, words = zip(*known)
        tensors = load_file(f"{base}/model.safetensors")
        table = next(v for k, v in tensors.items() if k.endswith("word_embeddings.weight")).astype(np.float32)
        table = table[list(ids)]
        table /= np.linalg.norm(table, axis=1, keepdims=True)
        self.near = {}
        for begin in range(0, len(table), 1024):
            cosines = table[begin : begin + 1024] @ table.T
            best = np.argpartition(-cosines, NEAR + 1, axis=1)[:, : NEAR + 1]
            for i, row in enumerate(best.tolist()):
                self.near[words[begin + i]] = [words[j] for j in row if j != begin + i]

    def change(self, word, rng):
        other = rng.choice(self.near[word.lower()])
        if word.isupper() and len(word) > 1:
            return other.upper()
        return other.capitalize() if word[0].isupper() else other


def varied(text, near, rng, share, names, dropped):
    """A name is changed everywhere or nowhere; other words by chance; some lines are left out."""
    lines = [line for line in text.split("\n") if rng.random() >= dropped]
    known = {}

    def change(match):
        word = match[0]
        if word.lower() not in near.near:
            return word
        if word[0].isupper():
            if word not in known:
                known[word] = near.change(word, rng) if rng.random() < names else word
            return known[word]
        return near.change(word, rng) if rng.random() < share else word

    return WORD.sub(change, "\n".join(lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.15, help="of words that are changed")
    parser.add_argument("--names", type=float, default=0.5, help="of names that are changed")
    parser.add_argument("--dropped", type=float, default=0.1, help="of lines that are left out")
    parser.add_argument("--unmarked", type=float, default=0.0, help="of texts that lose their quotation marks")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    near = Near(args.base)
    for time in range(args.times):
        for doc in data.read_corpus(args.corpus):
            text = varied(doc["text"], near, rng, args.share, args.names, args.dropped)
            out = {"id": f"{doc['id']}/{time}", "text": text}
            if args.unmarked and rng.random() < args.unmarked:
                out = data.without_marks(out)
            print(json.dumps(out, ensure_ascii=False))


if __name__ == "__main__":
    main()
