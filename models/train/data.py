"""Labelled corpora as word-piece sequences with labels at the first piece of each word.

The features here (case shape, inside marks, paragraph start) are computed once more in
`crates/tokenize/src/pieces.rs`; `features.json`, written by `export.py`, holds both together.
"""

import json
import random
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

NER = ["PER", "ORG", "LOC", "MISC"]
ROLES = ["content", "cue", "source"]
MODES = ["speech", "writing", "thought", "other"]
OPENING, CLOSING, STRAIGHT = "“„«", "”»", '"'
REMOVED = "“”\""


def labels_of(types):
    return ["O"] + [f"{p}-{t}" for t in types for p in "BIES"]


def shape(word):
    """0 no capitals, 1 Title, 2 CAPITALS, 3 mixed."""
    upper = [c.isupper() for c in word if c.isalpha()]
    if not any(upper):
        return 0
    if all(upper) and len(upper) > 1:
        return 2
    if word[0].isupper() and not any(c.isupper() for c in word[1:]):
        return 1
    return 3


@dataclass
class Sequence:
    """One document: pieces, and labels for the words that they begin."""

    id: str
    pieces: list  # word-piece ids
    types: list  # token type of each piece
    words: list  # index of the first piece of each word
    spans: list  # code-point span of each word
    text: str
    ner: list = None
    roles: list = None
    links: list = field(default_factory=list)  # (content words, cue word, source word, mode)
    taught: dict = field(default_factory=dict)  # a teacher's scores of words, by head


def read_sequence(tokenizer, doc):
    text = doc["text"]
    encoding = tokenizer.encode(text, add_special_tokens=False)
    pieces, types, words, spans = [], [], [], []
    inside, at = False, 0
    starts, ends = [], []
    for index, ((start, end), piece) in enumerate(zip(encoding.offsets, encoding.tokens)):
        if piece.startswith("##") and words:
            spans[-1] = (spans[-1][0], end)
        else:
            words.append(index)
            spans.append((start, end))
    word = -1
    flags = []
    for start, end in spans:
        new_line = at == 0
        while at < end:
            c = text[at]
            if c == "\n":
                inside, new_line = False, True
            elif at < start:
                pass
            elif c in OPENING:
                inside = True
            elif c in CLOSING:
                inside = False
            elif c in STRAIGHT:
                inside = not inside
            at += 1
        flags.append(shape(text[start:end]) + 4 * inside + 8 * new_line)
    first = set(words)
    for index in range(len(encoding.ids)):
        word += index in first
        pieces.append(encoding.ids[index])
        types.append(flags[word] if word >= 0 else 0)
    return Sequence(doc["id"], pieces, types, words, spans, text)


class Finder:
    """Which words a code-point span touches."""

    def __init__(self, spans):
        self.starts = [s for s, _ in spans]
        self.ends = [e for _, e in spans]

    def words(self, start, end):
        from bisect import bisect_left, bisect_right

        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end) - 1
        return (first, last) if first <= last else None


def paint(labels, first, last, name, names):
    """BIES over words first..=last, unless one of them has a label already."""
    if any(labels[first : last + 1]):
        return False
    if first == last:
        labels[first] = names.index(f"S-{name}")
    else:
        labels[first] = names.index(f"B-{name}")
        for i in range(first + 1, last):
            labels[i] = names.index(f"I-{name}")
        labels[last] = names.index(f"E-{name}")
    return True


NER_LABELS = labels_of(NER)
ROLE_LABELS = labels_of(ROLES)
EDGE = set(" \t\n\r“”‘’\"'«»„.,;:!?–—-…()[]")


def strip(text, start, end):
    while start < end and text[start] in EDGE:
        start += 1
    while start < end and text[end - 1] in EDGE:
        end -= 1
    return start, end


def label_ner(seq, doc):
    seq.ner = [0] * len(seq.words)
    find = Finder(seq.spans)
    for mention in doc["mentions"]:
        words = find.words(*mention["span"])
        if words:
            paint(seq.ner, *words, mention["type"], NER_LABELS)


def label_roles(seq, doc, modes):
    seq.roles = [0] * len(seq.words)
    find = Finder(seq.spans)
    if "spans" in doc:
        for span in sorted(doc["spans"], key=lambda s: s["span"][0] - s["span"][1]):
            words = find.words(*strip(seq.text, *span["span"]))
            if words:
                paint(seq.roles, *words, span["type"], ROLE_LABELS)
        return
    for quotation in doc["quotations"]:
        firsts = {}
        for role in ROLES:
            firsts[role] = []
            for start, end in quotation[role]:
                words = find.words(*strip(seq.text, start, end)) if start < end else None
                if words and paint(seq.roles, *words, role, ROLE_LABELS):
                    firsts[role].append(words[0])
        if firsts["content"]:
            mode = modes.get((doc["id"], quotation["id"]))
            seq.links.append(
                (
                    firsts["content"],
                    firsts["cue"][0] if firsts["cue"] else -1,
                    firsts["source"][0] if firsts["source"] else -1,
                    MODES.index(mode) if mode else -1,
                )
            )


def without_marks(doc):
    """The document with its double quotation marks removed and every span shifted."""
    text, shift, removed = [], [0], 0
    for c in doc["text"]:
        if c in REMOVED:
            removed += 1
        else:
            text.append(c)
        shift.append(removed)
    move = lambda span: [span[0] - shift[span[0]], span[1] - shift[span[1]]]
    out = dict(doc, text="".join(text))
    if "quotations" in doc:
        out["quotations"] = [
            dict(q, **{r: [move(s) for s in q[r]] for r in ROLES}) for q in doc["quotations"]
        ]
    for key in "mentions", "spans":
        if key in doc:
            out[key] = [dict(m, span=move(m["span"])) for m in doc[key]]
    return out


def read_corpus(path):
    with open(path, encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    for doc in docs:
        if "spans" in doc:
            doc["spans"] = [{"span": s, "type": r} for r in ROLES for s in doc["spans"].get(r, [])]
    return docs


def load(tokenizer, path, modes={}, unlabelled=False):
    """Pairs (with marks, without marks) of labelled sequences."""
    out = []
    for doc in read_corpus(path):
        pair = []
        if unlabelled:
            doc = {"id": doc["id"], "text": doc["text"]}
        for variant in (doc, without_marks(doc)):
            if pair and variant["text"] == doc["text"]:
                pair.append(pair[0])
                continue
            seq = read_sequence(tokenizer, variant)
            if "quotations" in doc or "spans" in doc:
                label_roles(seq, variant, modes)
            elif not unlabelled:
                label_ner(seq, variant)
            pair.append(seq)
        out.append(pair)
    return out


def modes_of(path):
    return {
        (doc["id"], q["id"]): q["mode"]
        for doc in read_corpus(path)
        for q in doc["quotations"]
        if q.get("mode") and q.get("ok", True)
    }


@dataclass
class Window:
    pieces: list
    types: list
    words: list
    ner: list
    roles: list
    links: list
    taught: dict


def links_within(links, first, last):
    """A teacher's link scores [contents, kinds, words + 1] for the words first..last, and which of them
    begin the contents; what the teacher did not see is as good as impossible."""
    begins = [w for w in range(first, last) if w in links]
    out = np.full((len(begins), 3, last - first + 1), -1e4, np.float32)
    for row, word in zip(out, begins):
        begin, found = links[word]
        end = begin + found.shape[1] - 1
        low, high = max(first, begin), min(last, end)
        row[:, low - first : high - first] = found[:, low - begin : high - begin]
        row[:, -1] = found[:, -1]
    return [w - first for w in begins], out


def windows(seq, length, rng):
    """Cuts a document into windows of at most `length` pieces at word boundaries."""
    out, first, total = [], 0, len(seq.words)
    size = length - 2
    while first < total:
        last = first
        begin = seq.words[first]
        budget = size if first or rng is None else rng.randint(size // 2, size)
        while last < total and (
            (seq.words[last + 1] if last + 1 < total else len(seq.pieces)) - begin <= budget
        ):
            last += 1
        last = max(last, first + 1)
        stop = seq.words[last] if last < total else len(seq.pieces)
        stop = min(stop, begin + size)
        pos = {w: i for i, w in enumerate(range(first, last))}
        links = [
            ([pos[w] for w in c if w in pos], pos.get(cue, -2 if cue >= 0 else -1),
             pos.get(src, -2 if src >= 0 else -1), mode)
            for c, cue, src, mode in seq.links
        ]
        out.append(
            Window(
                [101] + seq.pieces[begin:stop] + [102],
                [0] + seq.types[begin:stop] + [0],
                [seq.words[w] - begin + 1 for w in range(first, last)],
                seq.ner[first:last] if seq.ner else None,
                seq.roles[first:last] if seq.roles else None,
                [link for link in links if link[0]],
                {
                    head: links_within(scores, first, last) if head == "links" else scores[first:last]
                    for head, scores in seq.taught.items()
                },
            )
        )
        first = last
    return out


def load_tokenizer(folder):
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
