"""One document: the program's records as Python objects."""

from __future__ import annotations

import json
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT, Records

import dixit

HARBOUR = (ROOT / "data/samples/harbour.txt").read_bytes().decode()


def test_the_sample_gives_the_programs_bytes(
    pipeline: dixit.Pipeline, program: Callable[..., str]
) -> None:
    found = pipeline.extract(HARBOUR, id="harbour")
    lines = program("extract", str(ROOT / "data/samples/harbour.txt"), "--format", "records")
    assert [quotation.to_json() for quotation in found] == lines.splitlines()
    assert [quotation.to_dict() for quotation in found] == [json.loads(one) for one in lines.splitlines()]
    assert len(found) > 5


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ({"modes": "all"}, ["--modes", "all"]),
        ({"modes": ["thought", "other"]}, ["--modes", "thought,other"]),
        ({"min_confidence": 0.9}, ["--min-confidence", "0.9"]),
        ({"precision": "f32"}, ["--precision", "f32"]),
    ],
)
def test_options_are_the_programs(
    options: dict[str, object], arguments: list[str], program: Callable[..., str]
) -> None:
    found = dixit.Pipeline(**options).extract(HARBOUR, id="harbour")  # type: ignore[arg-type]
    sample = str(ROOT / "data/samples/harbour.txt")
    lines = program("extract", sample, "--format", "records", *arguments)
    assert [quotation.to_json() for quotation in found] == lines.splitlines()


def test_names_are_the_programs(pipeline: dixit.Pipeline, program: Callable[..., str]) -> None:
    sample = str(ROOT / "data/samples/harbour.txt")
    document = json.loads(program("extract", sample, "--format", "documents"))
    names = pipeline.extract(HARBOUR).named_entities
    assert [name.to_dict() for name in names] == document["named_entities"]
    assert "Ilse Brandt" in [name.span.of(HARBOUR) for name in names]


UNICODE = [
    "🙂🙂 “The café is open,” Zoë Abernathy said. 🙂",
    "👩🏽‍🚀 met us.\r\n“It works,”\r\nsaid Ada Lund.\r\n",
    "Cafe\u0301 owner Rene\u0301 Bram said: “Ça va\u0301, it’s open.”",
    "\ufeffAda Lund told reporters that the ferry — №5 — was late.",
    "𝒜da. Dov Kowal said the 𝓫𝓻𝓲𝓭𝓰𝓮 was shut.",
]


@pytest.mark.parametrize("text", UNICODE)
def test_a_slice_of_the_text_is_the_quotation(pipeline: dixit.Pipeline, text: str) -> None:
    document = pipeline.extract(text)
    assert document.text is text
    assert len(document) >= 1, "nothing found"
    for quotation in document:
        parts = [text[start:end] for start, end in quotation.content]
        assert " … ".join(parts) == quotation.text
        assert quotation.speaker is not None
        source = "".join(span.of(text) for span in quotation.source)
        assert quotation.speaker.name in source
        assert all(span.of(text) for span in quotation.cue + quotation.source)


def test_anything_can_be_read(pipeline: dixit.Pipeline) -> None:
    for text in ["", " ", "\0", "“", "”“" * 500, "a" * 10_000, "\r\n" * 99, "🙂" * 999]:
        document = pipeline.extract(text)
        assert isinstance(document.quotations, tuple)
        assert document and len(document) == len(document.quotations)


def test_a_lone_surrogate_names_document_and_place(pipeline: dixit.Pipeline) -> None:
    with pytest.raises(dixit.DocumentError, match="“news-7”.*surrogate at code point 2") as caught:
        pipeline.extract("ab\ud800c", id="news-7")
    assert caught.value.document == "news-7"
    assert isinstance(caught.value, ValueError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.document) == (str(caught.value), "news-7")
    with pytest.raises(dixit.DocumentError):
        pipeline.extract("text", id="\udfff")


def test_objects_read_well(pipeline: dixit.Pipeline) -> None:
    document = pipeline.extract(HARBOUR, id="harbour")
    first = document[0]
    assert repr(document) == f"<Document harbour: {len(document)} quotations>"
    assert repr(first).startswith("<Quotation q1: Ilse Brandt, “The port city of Lindhaven will")
    assert "\n" not in repr(first) and len(repr(first)) < 120
    assert first.speaker is not None
    assert repr(first.speaker) == f"<Speaker {first.speaker.id}: Ilse Brandt>"
    assert str(first).startswith("Ilse Brandt: The port city")
    assert document[-1] in document and document[0:2] == document.quotations[:2]


def test_objects_are_values(pipeline: dixit.Pipeline) -> None:
    document = pipeline.extract(HARBOUR, id="harbour")
    again = dixit.Pipeline(jobs=1).extract(HARBOUR, id="harbour")
    assert document == again and hash(document) == hash(again)
    assert pickle.loads(pickle.dumps(document)) == document
    with pytest.raises(AttributeError):
        document[0].text = "other words"  # type: ignore[misc]


def test_wrong_settings_say_what_is_right() -> None:
    with pytest.raises(ValueError, match="unknown mode “loud” .*speech, writing, thought, other"):
        dixit.Pipeline(modes=["loud"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="one of int8, f32"):
        dixit.Pipeline(precision="f16")  # type: ignore[arg-type]
    for wrong in (-0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match="from 0 to 1"):
            dixit.Pipeline(min_confidence=wrong)
    with pytest.raises(ValueError, match="0 for one a core"):
        dixit.Pipeline(jobs=-1)
    with pytest.raises(TypeError, match="bytes: give a str"):
        dixit.Pipeline().extract(b"text")  # type: ignore[arg-type]


def test_a_pipeline_shows_and_pickles_how_it_was_set_up() -> None:
    pipeline = dixit.Pipeline(jobs=3, modes=["speech"], min_confidence=0.25)
    assert repr(pipeline) == "<Pipeline: 3 jobs, speech from 0.25, int8>"
    assert repr(pickle.loads(pickle.dumps(pipeline))) == repr(pipeline)
    assert "speech, writing, thought, other from 0.0" in repr(dixit.Pipeline(modes="all"))


def test_threads_share_a_pipeline(pipeline: dixit.Pipeline) -> None:
    alone = pipeline.extract(HARBOUR)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(pipeline.extract, [HARBOUR] * 16)) == {alone}


def _in_a_child(pipeline: dixit.Pipeline) -> dixit.Document:
    return pipeline.extract(HARBOUR)


_PARENTS = dixit.Pipeline(jobs=2)


def _with_the_parents(_: int) -> dixit.Document:
    return _PARENTS.extract(HARBOUR)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_child_processes_read(method: str) -> None:
    alone = _PARENTS.extract(HARBOUR)
    with multiprocessing.get_context(method).Pool(2) as processes:
        # Sent along, and (after a fork) found where the parent left it.
        assert processes.map(_in_a_child, [_PARENTS] * 4, chunksize=1) == [alone] * 4
        assert processes.map(_with_the_parents, range(4), chunksize=1) == [alone] * 4


def test_the_model_is_loaded_once_a_process() -> None:
    def memory() -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))

    first = dixit.Pipeline(jobs=1)
    first.extract(HARBOUR)
    before = memory()
    others = [dixit.Pipeline(jobs=1) for _ in range(8)]
    # One copy of the weights alone has more than 20 MB.
    assert memory() - before < 20_000, "kB"
    assert others[7].extract(HARBOUR) == first.extract(HARBOUR)


def test_the_wheel_needs_nothing(expected: Records) -> None:
    from importlib.metadata import metadata

    assert metadata("dixit").get_all("Requires-Dist") is None
    assert dixit.__version__ == metadata("dixit")["Version"]
