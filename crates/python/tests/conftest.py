"""What the tests share: the program that they compare with, and documents to read."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from articles import articles

import dixit

ROOT = Path(__file__).parents[3]
Records = list[dict[str, Any]]
ROUNDS = range(int(os.environ.get("ROUNDS", "1")))
"""How often the tests that kill somebody run."""


@pytest.fixture(scope="session")
def pipeline() -> dixit.Pipeline:
    return dixit.Pipeline(jobs=2)


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    """Runs the program; the path is in DIXIT_PROGRAM (see tests/python.sh)."""
    path = os.environ.get("DIXIT_PROGRAM", str(ROOT / "target/debug/dixit"))

    def run(*arguments: str, documents: Iterable[dict[str, Any]] = ()) -> str:
        lines = "".join(json.dumps(document) + "\n" for document in documents)
        done = subprocess.run(
            [path, *arguments], input=lines.encode(), stdout=subprocess.PIPE, check=True
        )
        return done.stdout.decode()

    return run


@pytest.fixture(scope="session")
def documents() -> list[dict[str, str]]:
    return articles(36)


@pytest.fixture(scope="session")
def expected(program: Callable[..., str], documents: list[dict[str, str]]) -> Records:
    """What the program finds in `documents`."""
    lines = program("extract", "-", "--input-format", "jsonl", "-q", documents=documents)
    records = [json.loads(line) for line in lines.splitlines()]
    assert len(records) > 5 * len(documents)
    return records


def record(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a table as a record of the program."""
    row = dict(row)
    assert row.pop("meta") is None
    for spans in ("content", "cue", "source"):
        row[spans] = [[span["start"], span["end"]] for span in row[spans]]
    return row


def in_order(records: Records, documents: list[dict[str, str]]) -> Records:
    """Records as the program gives them, from an engine that gives them in any order."""
    places = {document["id"]: place for place, document in enumerate(documents)}
    return sorted(records, key=lambda one: (places[one["doc"]], int(one["id"][1:])))
