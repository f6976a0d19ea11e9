"""Many documents: in order, bounded, interruptible, with the interpreter free."""

from __future__ import annotations

import itertools
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any

import pytest
from articles import articles
from conftest import Records

import dixit

SAID = "Ada Lund said the ferry was late."


def test_records_are_the_programs_in_order(
    pipeline: dixit.Pipeline, documents: list[dict[str, str]], expected: Records
) -> None:
    for jobs in (None, 3):
        found = list(pipeline.pipe(documents, jobs=jobs))
        assert [document.id for document in found] == [one["id"] for one in documents]
        assert [one for document in found for one in document.to_dicts()] == expected


def test_every_form_of_document(pipeline: dixit.Pipeline) -> None:
    found = list(
        pipeline.pipe(
            [
                SAID,
                ("second", SAID),
                (3, SAID),
                {"id": "fourth", "text": SAID, "outlet": "The Tide", "tags": ["a"]},
                MappingProxyType({"text": SAID}),
            ]
        )
    )
    assert [document.id for document in found] == ["0", "second", "3", "fourth", "4"]
    assert found[3].meta == {"outlet": "The Tide", "tags": ["a"]}
    assert all(document.meta == {} for document in found[:3] + found[4:])
    assert {document[0].text for document in found} == {"the ferry was late"}


def test_other_fields_travel_as_the_programs_do(
    pipeline: dixit.Pipeline, program: Callable[..., str]
) -> None:
    given: list[Any] = [
        {"id": "a", "text": SAID, "outlet": "The Tide", "tags": ["é", 1, None], "spans": []},
        {"id": "b", "text": SAID, "day": 3, "meta": {"day": 4, "page": {"n": 1}}},
        {"id": "c", "text": SAID, "meta": "front page"},
    ]
    lines = program("extract", "-", "--input-format", "jsonl", "-q", documents=given).splitlines()
    found = [one.to_json() for document in pipeline.pipe(given) for one in document]
    assert found == lines and '"meta":' in lines[0]


def test_a_dictionary_is_left_as_it_is(pipeline: dixit.Pipeline) -> None:
    given = {"id": "a", "text": SAID, "more": 1}
    list(pipeline.pipe([given]))
    assert given == {"id": "a", "text": SAID, "more": 1}


def test_endless_texts_are_drawn_so_many_ahead(pipeline: dixit.Pipeline) -> None:
    drawn = 0

    def endless() -> Iterator[str]:
        nonlocal drawn
        while True:
            drawn += 1
            yield SAID

    found = itertools.islice(pipeline.pipe(endless(), jobs=2), 100)
    for taken, document in enumerate(found, 1):
        assert document.id == str(taken - 1)
        assert drawn - taken <= 2 * 256


def test_texts_are_drawn_in_the_callers_thread(pipeline: dixit.Pipeline) -> None:
    # A cursor of SQLite refuses every other thread.
    database = sqlite3.connect(":memory:")
    database.execute("create table news (id integer, body text)")
    database.executemany("insert into news values (?, ?)", [(n, SAID) for n in range(50)])
    rows = database.execute("select id, body from news order by id")
    assert [document.id for document in pipeline.pipe(rows)] == [str(n) for n in range(50)]


def test_a_bad_document_is_raised_in_its_place(pipeline: dixit.Pipeline) -> None:
    given: list[Any] = [("a", SAID), ("b", "\ud800"), ("c", None), {"id": "d"}, ("e", SAID)]
    texts = pipeline.pipe(given)
    assert next(texts).id == "a"
    for name, why in [
        ("b", "surrogate at code point 0"),
        ("c", "of type NoneType: give a str"),
        ("d", "has no field “text”"),
    ]:
        with pytest.raises(dixit.DocumentError, match=why) as caught:
            next(texts)
        assert caught.value.document == name
    assert next(texts).id == "e"
    with pytest.raises(StopIteration):
        next(texts)
    with pytest.raises(StopIteration):
        next(texts)


def test_bad_documents_go_to_on_error(pipeline: dixit.Pipeline) -> None:
    failed: list[dixit.DocumentError] = []
    texts = [("a", SAID), ("b", "\ud800")] * 3
    found = list(pipeline.pipe(texts, on_error=failed.append))
    assert [document.id for document in found] == ["a"] * 3
    assert [error.document for error in failed] == ["b"] * 3

    def refuse(error: dixit.DocumentError) -> None:
        raise RuntimeError(error.document)

    with pytest.raises(RuntimeError, match="b"):
        list(pipeline.pipe(texts, on_error=refuse))


def test_an_error_of_the_texts_comes_after_the_documents_before_it(
    pipeline: dixit.Pipeline,
) -> None:
    def broken() -> Iterator[str]:
        yield from [SAID] * 5
        raise OSError("the disk is gone")

    texts = pipeline.pipe(broken())
    assert [next(texts).id for _ in range(5)] == list("01234")
    with pytest.raises(OSError, match="the disk is gone"):
        next(texts)
    with pytest.raises(StopIteration):
        next(texts)


def test_wrong_types_say_what_is_right(pipeline: dixit.Pipeline) -> None:
    with pytest.raises(TypeError, match="document 1 is of type int: give a str, a pair"):
        list(pipeline.pipe([SAID, 5]))  # type: ignore[list-item]
    with pytest.raises(TypeError, match="one text is for Pipeline.extract"):
        pipeline.pipe(SAID)
    with pytest.raises(TypeError, match="not iterable"):
        pipeline.pipe(5)  # type: ignore[arg-type]


def test_other_threads_run_meanwhile(pipeline: dixit.Pipeline) -> None:
    turns, stop = 0, threading.Event()

    def work() -> None:
        nonlocal turns
        while not stop.is_set():
            turns += 1

    thread = threading.Thread(target=work)
    long = "\n\n".join(document["text"] for document in articles(15))
    thread.start()
    try:
        seen = turns
        # One call that waits all the time: with the lock held, the other thread stood still.
        pipeline.extract(long)
        assert turns - seen > 1000
    finally:
        stop.set()
        thread.join()


def test_a_pipe_may_be_dropped_at_any_time(pipeline: dixit.Pipeline) -> None:
    for _ in range(20):
        next(pipeline.pipe(itertools.repeat(SAID)))
    assert len(list(pipeline.pipe([SAID] * 10))) == 10


ENDLESS = """
import itertools, dixit
print("begun", flush=True)
for document in dixit.Pipeline().pipe(itertools.repeat("Ada Lund said it was late. " * 50)):
    pass
"""
LONG = """
import dixit
pipeline = dixit.Pipeline(jobs=1)
print("begun", flush=True)
pipeline.extract("Ada Lund said it was late. " * 2_000_000)
"""
TABLE = """
import dixit, pyarrow
table = pyarrow.table({"id": range(100_000), "text": ["Ada Lund said it was late. " * 50] * 100_000})
print("begun", flush=True)
dixit.Pipeline().extract_batch(table)
"""


@pytest.mark.parametrize("script", [ENDLESS, LONG, TABLE], ids=["pipe", "extract", "table"])
def test_ctrl_c_ends_it(script: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "begun\n"
        threading.Event().wait(1.0)
        assert process.poll() is None, "it ended by itself"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT
