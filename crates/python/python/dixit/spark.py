"""Dixit in the workers of Apache Spark.

.. code-block:: python

    quotations = df.select("id", "text").mapInArrow(dixit.spark.extract, schema=dixit.SCHEMA)

The package has to be installed where the workers run. Spark runs one Python worker for each task,
and as many tasks as an executor has cores, so a worker reads with one thread; use
:class:`Extract` to say otherwise. The model is loaded once a worker, and workers are reused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dixit._workers import Options, Worker

if TYPE_CHECKING:
    import pyarrow
    from typing_extensions import Unpack

__all__ = ["Extract", "extract"]


class Extract:
    """A function for ``DataFrame.mapInArrow``, with options.

    They are those of :class:`dixit.Pipeline` and of :meth:`dixit.Pipeline.extract_batch`; ``jobs``,
    the threads of a worker, is 1 unless told otherwise and belongs to ``spark.task.cpus``.

    .. code-block:: python

        extract = dixit.spark.Extract(modes="all", id_column="url", text_column="body")
        quotations = df.mapInArrow(extract, schema=dixit.SCHEMA)
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        self._worker = Worker(options)

    def __call__(self, batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            yield self._worker.read(batch)


def extract(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """For ``DataFrame.mapInArrow``: batches of documents (columns ``id`` and ``text``) in, batches
    of quotations (columns of :data:`dixit.SCHEMA`) out.

    >>> import dixit.spark, pyarrow
    >>> documents = pyarrow.record_batch({"id": [7], "text": ["Ada Lund said it was late."]})
    >>> [batch["text"].to_pylist() for batch in dixit.spark.extract([documents])]
    [['it was late']]
    """
    return Extract()(batches)
