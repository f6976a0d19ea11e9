"""Dixit in the workers of Ray Data.

.. code-block:: python

    quotations = ds.map_batches(dixit.ray.Extract, batch_format="pyarrow", concurrency=8)

The package has to be installed where the workers run. Ray gives an actor one core, so it reads
with one thread; ask for more of both with ``num_cpus=4, fn_constructor_kwargs={"jobs": 4}``. The
model is loaded once an actor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dixit._workers import Options, Worker

if TYPE_CHECKING:
    import pyarrow
    from typing_extensions import Unpack

__all__ = ["Extract"]


class Extract:
    """A class for ``Dataset.map_batches`` with ``batch_format="pyarrow"``: tables of documents
    (columns ``id`` and ``text``) in, tables of quotations (columns of :data:`dixit.SCHEMA`) out.

    Options, for ``fn_constructor_kwargs``, are those of :class:`dixit.Pipeline` and of
    :meth:`dixit.Pipeline.extract_batch`; ``jobs``, the threads of an actor, is 1 unless told
    otherwise and belongs to ``num_cpus``.

    >>> import dixit.ray, pyarrow
    >>> documents = pyarrow.table({"id": [7], "text": ["Ada Lund said it was late."]})
    >>> dixit.ray.Extract()(documents)["text"].to_pylist()
    ['it was late']
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        self._worker = Worker(options)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        return self._worker.read(batch)
