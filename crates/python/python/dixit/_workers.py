"""What the workers of every cluster engine share."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, TypedDict

from dixit._pipeline import _pipeline
from dixit._records import Mode


class Options(TypedDict, total=False):
    """The options of a worker: those of :class:`dixit.Pipeline` and of
    :meth:`dixit.Pipeline.extract_batch`. ``jobs`` is 1 unless told otherwise."""

    jobs: int
    modes: tuple[Mode, ...] | Literal["all"]
    min_confidence: float
    precision: Literal["int8", "f32"]
    id_column: str
    text_column: str


class Worker:
    """Reads batches of documents in whatever process it finds itself in."""

    def __init__(self, options: Options) -> None:
        unknown = set(options) - set(Options.__annotations__)
        if unknown:
            known = ", ".join(Options.__annotations__)
            raise TypeError(f"unknown options {', '.join(sorted(unknown))} (there are {known})")
        modes = options.get("modes", ("speech", "writing"))
        self._settings = (
            # The engine runs a worker for every core that it has.
            options.get("jobs", 1),
            ("speech", "writing", "thought", "other") if modes == "all" else tuple(modes),
            options.get("min_confidence"),
            options.get("precision", "int8"),
        )
        self._columns = {
            "id_column": options.get("id_column", "id"),
            "text_column": options.get("text_column", "text"),
        }

    def read(self, batch: Any) -> Any:
        """The quotations of a batch of documents."""
        return pipeline(*self._settings).extract_batch(batch, **self._columns)


# One for each way of setting it up, as long as the process lives.
pipeline = lru_cache(maxsize=None)(_pipeline)
"""The process's pipeline: workers are reused, and threads and model with them."""
