"""What is found in a document.

All positions count Unicode code points, half-open, into the text as it was given, so a slice of
the Python string is what a span says. All objects are immutable, compare by their contents, and
can be pickled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, overload

Kind = Literal["direct", "indirect", "mixed"]
"""How a quotation renders the words."""

Mode = Literal["speech", "writing", "thought", "other"]
"""What was done with the words."""

Form = Literal["name", "nominal", "pronoun"]
"""The grammatical form of a mention."""

Reference = Literal["explicit", "anaphoric", "implicit"]
"""How the speaker is made known: by a name, by a pronoun or description, or not at all."""

EntityType = Literal["person", "organization", "group", "location", "document", "other"]
"""What an entity is."""

Label = Literal["PER", "ORG", "LOC", "MISC"]
"""The named-entity labels of CoNLL-2003."""


class Span(NamedTuple):
    """A part of a text, from ``start`` up to but not including ``end``, in code points.

    >>> Span(4, 9).of("the 🙂 boat")
    '🙂 boa'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that it covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, repr=False)
class Speaker:
    """Who said something: an entity of the document."""

    id: str
    """Unique in the document."""
    name: str
    """The fullest name that the document uses, or a description."""
    type: EntityType | None
    """What it is, where known."""
    named: bool
    """Whether ``name`` is a name, not a description."""
    aliases: tuple[str, ...] = ()
    """What else the document calls it."""

    def to_dict(self) -> dict[str, Any]:
        """The speaker as a record has it."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "named": self.named,
            "aliases": list(self.aliases),
        }

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Speaker {self.id}: {self.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Addressee:
    """To whom something was said."""

    id: str
    name: str

    def to_dict(self) -> dict[str, Any]:
        """The addressee as a record has it."""
        return {"id": self.id, "name": self.name}

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Addressee {self.id}: {self.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Quotation:
    """Somebody's words, or a report of them.

    >>> from dixit import Pipeline
    >>> text = "“The harbour will reopen in May,” Mayor Ilse Brandt said on Tuesday."
    >>> quotation = Pipeline().extract(text)[0]
    >>> quotation
    <Quotation q1: Ilse Brandt, “The harbour will reopen in May”>
    >>> quotation.kind, quotation.mode, quotation.reference
    ('direct', 'speech', 'explicit')
    >>> [span.of(text) for span in quotation.content + quotation.cue + quotation.source]
    ['The harbour will reopen in May', 'said', 'Mayor Ilse Brandt']
    >>> quotation.to_dict()["speaker"]["name"]
    'Ilse Brandt'
    """

    doc: str
    """The document's id."""
    id: str
    """Unique in the document."""
    text: str
    """The words; ``" … "`` stands between the parts of an interrupted quotation."""
    kind: Kind | None
    marked: bool | None
    """Whether it stands in quotation marks, or another marking such as a dash."""
    mode: Mode | None
    content: tuple[Span, ...]
    """Where the words are, without the outer marks."""
    cue: tuple[Span, ...]
    """The expression that signals them (“said”); empty if there is none."""
    source: tuple[Span, ...]
    """The mention of the speaker that goes with them; empty if there is none."""
    source_form: Form | None
    speaker: Speaker | None
    """Who said it; ``None`` where the document does not tell."""
    addressees: tuple[Addressee, ...]
    reference: Reference | None
    confidence: float
    """From 0 to 1."""
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The document's other fields."""

    def to_dict(self) -> dict[str, Any]:
        """The record, as a line of the program's JSON has it: same keys, same order."""
        record: dict[str, Any] = {
            "doc": self.doc,
            "id": self.id,
            "text": self.text,
            "kind": self.kind,
            "marked": self.marked,
            "mode": self.mode,
            "content": [list(span) for span in self.content],
            "cue": [list(span) for span in self.cue],
            "source": [list(span) for span in self.source],
            "source_form": self.source_form,
            "speaker": None if self.speaker is None else self.speaker.to_dict(),
            "addressees": [addressee.to_dict() for addressee in self.addressees],
            "reference": self.reference,
            "confidence": self.confidence,
        }
        if self.meta:
            record["meta"] = dict(self.meta)
        return record

    def to_json(self) -> str:
        """The line that the program writes, without its end."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    def __str__(self) -> str:
        return f"{self.speaker or 'somebody'}: {self.text}"

    def __repr__(self) -> str:
        return f"<Quotation {self.id}: {self.speaker or 'somebody'}, “{_short(self.text)}”>"


@dataclass(frozen=True, slots=True, repr=False)
class NamedEntity:
    """A name in the text, as the named-entity model found it."""

    span: Span
    type: Label
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """The name as the program's documents have it."""
        return {"span": list(self.span), "type": self.type, "confidence": self.confidence}

    def __repr__(self) -> str:
        return f"<NamedEntity {self.type} {self.span.start}-{self.span.end}>"


@dataclass(frozen=True, slots=True, repr=False)
class Document(Sequence[Quotation]):
    """A document that was read: the sequence of its quotations.

    >>> from dixit import Pipeline
    >>> document = Pipeline().extract("Ada Lund said the ferry was late.", id="ferry")
    >>> document
    <Document ferry: 1 quotation>
    >>> for quotation in document:
    ...     print(quotation)
    Ada Lund: the ferry was late
    >>> [name.span.of(document.text) for name in document.named_entities]
    ['Ada Lund']
    """

    id: str
    text: str
    """As it was given."""
    quotations: tuple[Quotation, ...]
    """In text order."""
    named_entities: tuple[NamedEntity, ...] = ()
    """In text order."""
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The other fields of the dictionary that was given."""

    def to_dicts(self) -> list[dict[str, Any]]:
        """The records, one for each quotation."""
        return [quotation.to_dict() for quotation in self.quotations]

    def __len__(self) -> int:
        return len(self.quotations)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Quotation]:
        return iter(self.quotations)

    @overload
    def __getitem__(self, index: int) -> Quotation: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Quotation, ...]: ...
    def __getitem__(self, index: int | slice) -> Quotation | tuple[Quotation, ...]:
        return self.quotations[index]

    def __repr__(self) -> str:
        count = len(self.quotations)
        return f"<Document {self.id}: {count} quotation{'' if count == 1 else 's'}>"


def _short(text: str, most: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
