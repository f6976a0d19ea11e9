"""Texts in, who said what out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Union

from dixit import _native
from dixit._errors import DocumentError
from dixit._records import Document, Mode

Text = Union[str, tuple[object, str], Mapping[str, Any]]
"""A document for :meth:`Pipeline.pipe`: its text; a pair of its id and its text; or a dictionary
with ``text``, ``id`` and whatever else is to come back as :attr:`Document.meta`."""


class Pipeline:
    """Reads documents and says who said what in them.

    ``jobs`` is how many threads read; 0 stands for one a core. The results are the same whatever
    it is. ``modes`` are the modes of attribution that are given, or ``"all"``. Quotations less
    certain than ``min_confidence``, from 0 to 1, are left out; the default is 0.35, or 0 where
    every mode is asked for. ``precision`` is the arithmetic of the encoder: ``"int8"`` is the
    fastest, ``"f32"`` is 32-bit floating point.

    The model is inside the package and is loaded once a process, however many pipelines there
    are. Threads may share a pipeline. It survives a fork, and can be pickled: what travels is how
    it was set up.

    >>> import dixit
    >>> pipeline = dixit.Pipeline()
    >>> text = "“The harbour will reopen in May,” Mayor Ilse Brandt said on Tuesday."
    >>> for quotation in pipeline.extract(text):
    ...     print(quotation)
    Ilse Brandt: The harbour will reopen in May
    """

    __slots__ = ("_engine", "_settings")

    def __init__(
        self,
        *,
        jobs: int = 0,
        modes: Sequence[Mode] | Literal["all"] = ("speech", "writing"),
        min_confidence: float | None = None,
        precision: Literal["int8", "f32"] = "int8",
    ) -> None:
        if isinstance(modes, str):
            chosen = _MODES if modes == "all" else (modes,)
        else:
            chosen = tuple(modes)
        if min_confidence is not None and not 0.0 <= min_confidence <= 1.0:
            raise ValueError(f"min_confidence is {min_confidence}: give a number from 0 to 1")
        self._settings = (_threads(jobs), chosen, min_confidence, precision)
        self._engine = _native.Engine(*self._settings)

    @property
    def jobs(self) -> int:
        """How many threads read."""
        return self._engine.jobs

    def extract(self, text: str, *, id: str = "text") -> Document:
        """Reads one document.

        Raises :class:`dixit.DocumentError` where it cannot be read.

        >>> import dixit
        >>> dixit.Pipeline().extract("Ada Lund said the ferry was late.", id="ferry")[0].to_dict()
        {'doc': 'ferry', 'id': 'q1', 'text': 'the ferry was late', 'kind': 'indirect', \
'marked': False, 'mode': 'speech', 'content': [[14, 32]], 'cue': [[9, 13]], 'source': [[0, 8]], \
'source_form': 'name', 'speaker': {'id': 'e1', 'name': 'Ada Lund', 'type': 'person', \
'named': True, 'aliases': []}, 'addressees': [], 'reference': 'explicit', 'confidence': ...}
        """
        if not isinstance(text, str):
            raise TypeError(f"the text is of type {type(text).__name__}: give a str")
        return self._engine.read(str(id), text)

    def pipe(
        self,
        texts: Iterable[Text],
        *,
        jobs: int | None = None,
        on_error: Callable[[DocumentError], object] | None = None,
    ) -> Iterator[Document]:
        """Reads many documents with ``jobs`` threads, and gives them back in their order.

        A document is a text; a pair of id and text; or a dictionary with ``text`` and ``id``,
        whose other fields come back as ``meta``. A document without an id is called by its number,
        from 0.

        ``texts`` may be endless: a few documents for each thread are held at a time. It is drawn
        from in the thread that asks for results, so it may hold a database's cursor. Other
        threads of Python run meanwhile, and Ctrl-C is heard.

        A document that cannot be read goes to ``on_error`` as the
        :class:`dixit.DocumentError` that names it. Without ``on_error`` it is raised; the next
        call of ``next`` goes on with the document after it.

        >>> import dixit
        >>> texts = [("a", "Ada Lund said the ferry was late."), ("b", "Nobody spoke.")]
        >>> for document in dixit.Pipeline().pipe(texts, jobs=2):
        ...     print(document)
        <Document a: 1 quotation>
        <Document b: 0 quotations>
        """
        if isinstance(texts, (str, bytes)):
            raise TypeError("give an iterable of texts; one text is for Pipeline.extract")
        return self._engine.pipe(texts, None if jobs is None else _threads(jobs), on_error)

    def extract_batch(
        self, data: object, *, id_column: str = "id", text_column: str = "text"
    ) -> Any:
        """Reads the documents of an Arrow table, one a row; gives a table of their quotations.

        ``data`` is anything that speaks Arrow's C interface: a record batch, a table or a reader
        of pyarrow, a data frame of Polars, a result of DuckDB. Nothing is copied on the way in or
        out. ``id_column`` holds strings or whole numbers, ``text_column`` strings; a null text is
        a document in which nothing is said.

        The result has the columns of :data:`dixit.SCHEMA`, in the order of the rows that were
        given. It is a record batch of pyarrow for a record batch of pyarrow, a table of pyarrow for
        its tables and readers, and otherwise an object with ``__arrow_c_stream__`` and
        ``__arrow_c_array__``, which ``polars.DataFrame`` and ``pyarrow.table`` take as it is.

        >>> import dixit, pyarrow
        >>> documents = pyarrow.table({"id": ["a"], "text": ["Ada Lund said it was late."]})
        >>> dixit.Pipeline().extract_batch(documents).select(["doc", "text"]).to_pylist()
        [{'doc': 'a', 'text': 'it was late'}]
        """
        records = self._engine.extract_arrow(data, id_column, text_column)
        arrow = sys.modules.get("pyarrow")
        if arrow is not None and isinstance(data, arrow.RecordBatch):
            return arrow.record_batch(records)
        if arrow is not None and isinstance(data, (arrow.Table, arrow.RecordBatchReader)):
            return arrow.table(records)
        return records

    def __repr__(self) -> str:
        _, modes, _, precision = self._settings
        least = round(self._engine.min_confidence, 4)
        return f"<Pipeline: {self.jobs} jobs, {', '.join(modes)} from {least}, {precision}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _pipeline, self._settings


_MODES: tuple[Mode, ...] = ("speech", "writing", "thought", "other")


def _threads(jobs: int) -> int:
    if jobs < 0:
        raise ValueError(f"jobs is {jobs}: give the number of threads, or 0 for one a core")
    return jobs


def _pipeline(
    jobs: int,
    modes: Sequence[Mode],
    min_confidence: float | None,
    precision: Literal["int8", "f32"],
) -> Pipeline:
    return Pipeline(jobs=jobs, modes=modes, min_confidence=min_confidence, precision=precision)
