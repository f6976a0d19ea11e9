#!/usr/bin/env python3
"""Makes a corpus for measurements: invented news and posts, the same for the same arguments.

synthetic.py DOCUMENTS SENTENCES [SEED] > corpus.jsonl
A document has about SENTENCES sentences of about 20 word pieces.
"""
import json
import random
import sys

FIRST = "Ilse Joris Amara Piet Zoë Emil Inès Ruairí Hana Tomás Leila Nadia Oskar Yusuf Marta".split()
LAST = "Brandt Haak Okonjo Verhoeven Lindqvist Brož Nakata Öztürk Castellan Dupree Iwu Salgado".split()
PLACE = "Lindhaven Marrow Bay|Castel Nuovo|Port Avery|Tannwick|the Upper Valley".split("|")
ROLE = "mayor|spokeswoman for the Harbour Board|farmer|union leader|teacher|judge|captain".split("|")
FACT = """the ferry would stay at its pier until May
the works would cost the town around €41 million
nobody had asked the people who live there
the bridge could carry heavier trains than before
a third of the harvest had been lost to the frost
the report of the inspectors had been sitting in a drawer since autumn
schools in the district were short of forty teachers""".split("\n")
WORDS = """We have waited long enough, and we will not wait another winter
There is simply not enough water there at low tide
I’ll believe it when I see it
This is the best news that we have had in years
My grandmother could have told them that""".split("\n")
CUE = "said told_reporters warned insisted announced admitted added".split()
PLAIN = """Rain fell on the old market square for most of the week.
The council meets again on the first Thursday of the month.
Fishing boats from three villages share the narrow channel.
Two of the four cranes date from before the war.""".split("\n")


def sentence(rng, person):
    cue = rng.choice(CUE).replace("_", " ")
    kind = rng.randrange(6)
    if kind == 0:
        return f"“{rng.choice(WORDS)},” {person} {cue}."
    if kind == 1:
        return f"{person.split()[-1]}, a {rng.choice(ROLE)} from {rng.choice(PLACE)}, {cue} that {rng.choice(FACT)}."
    if kind == 2:
        return f"“{rng.choice(WORDS)},” she said. “{rng.choice(WORDS)}.”"
    if kind == 3:
        return f"According to {person}, {rng.choice(FACT)}."
    return rng.choice(PLAIN)


def document(rng, number, sentences):
    people = [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(3)]
    text = []
    for index in range(max(1, rng.randint(sentences * 3 // 4, sentences * 5 // 4))):
        text.append(sentence(rng, rng.choice(people)))
        text.append("\n\n" if index % 4 == 3 else " ")
    return {"id": f"d{number}", "text": "".join(text).strip(), "place": rng.choice(PLACE)}


def main():
    count, sentences = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    for number in range(count):
        line = json.dumps(document(rng, number, sentences), ensure_ascii=False, separators=(",", ":"))
        print(line)


if __name__ == "__main__":
    main()
