"""News articles made by dice, of invented people and places: something to measure with.

    python articles.py 2000 > articles.jsonl
"""

from __future__ import annotations

import json
import random
import sys

FIRST = "Ada Bram Chiara Dov Élise Farid Greta Hamza Ines Jonas Kaya Léon Mirela Nils Oona Paz".split()
LAST = "Abernathy Brož Castellan Duarte Eklund Farrow Grünwald Haddad Ivanić Jansen Kowal Lund".split()
ROLES = [
    "mayor", "harbour master", "union leader", "spokeswoman", "county engineer", "shop owner",
    "head teacher", "police chief", "opposition councillor", "farmer",
]
PLACES = "Lindhaven Osterby Port Callum Vell Marrow Quay Tessin Ravensmoor Kilbrae Sankt Aldo".split()
THINGS = [
    "the old bridge", "the ferry line", "the night bus", "the water works", "the new school",
    "the fish market", "the tram depot", "the town library", "the flood wall", "the clinic",
]
CLAIMS = [
    "{thing} would close before the winter",
    "{thing} had cost far more than the €{n} million that were planned",
    "nobody in {place} had been asked about {thing}",
    "repairs to {thing} would take at least {n} months",
    "the council would vote on {thing} again in spring",
    "{thing} was safe, whatever people in {place} believed",
]
WORDS = [
    "We have waited {n} years for {thing}, and we will not wait another",
    "Nobody told us about {thing}",
    "I’ll believe it when I see it",
    "It isn’t the money 🙂 — it is the promise that was broken",
    "People here remember what was said about {thing}",
    "There is no plan, and there never was one",
]
PLAIN = [
    "Rain fell on {place} for the third day in a row.",
    "Work on {thing} began {n} years ago and has stopped twice.",
    "The report has {n}0 pages and was published without notice.",
    "Shops along the quay stayed shut, and few people were in the streets.",
    "A second meeting is planned for the end of the month in {place}.",
]
VERBS = "said told_reporters added warned argued insisted explained announced".split()


def article(dice: random.Random) -> str:
    """One article: 8 to 40 sentences in paragraphs."""

    def fill(pattern: str) -> str:
        return pattern.format(
            thing=dice.choice(THINGS), place=dice.choice(PLACES), n=dice.randint(2, 19)
        )

    people = [(f"{dice.choice(FIRST)} {dice.choice(LAST)}", dice.choice(ROLES)) for _ in range(4)]
    known: set[str] = set()

    def who() -> str:
        name, role = dice.choice(people)
        if name in known:
            return dice.choice([name.split()[-1], f"the {role}"])
        known.add(name)
        return f"{role.capitalize()} {name}" if dice.random() < 0.5 else f"{name}, the {role},"

    def sentence() -> str:
        kind = dice.random()
        verb = dice.choice(VERBS).replace("_", " ")
        if kind < 0.25:
            return f"“{fill(dice.choice(WORDS))},” {who()} {verb}."
        if kind < 0.35:
            return f"{fill(dice.choice(WORDS))}, {who()} {verb}."
        if kind < 0.6:
            return f"{who()} {verb.split()[0]} that {fill(dice.choice(CLAIMS))}."
        return fill(dice.choice(PLAIN))

    paragraphs = []
    for _ in range(dice.randint(4, 12)):
        sentences = [sentence() for _ in range(dice.randint(2, 4))]
        paragraphs.append(" ".join(one[0].upper() + one[1:] for one in sentences))
    return dice.choice(["\n", "\r\n", "\n\n"]).join(paragraphs)


def articles(count: int, seed: int = 1) -> list[dict[str, str]]:
    """The same ones for the same seed."""
    dice = random.Random(seed)
    return [{"id": f"article-{number}", "text": article(dice)} for number in range(count)]


if __name__ == "__main__":
    for document in articles(int(sys.argv[1])):
        print(json.dumps(document, ensure_ascii=False))
