"""The table of records, one quotation a row."""

from __future__ import annotations

from typing import Any

from dixit import _native


class Schema(str):
    """The columns of a table of records.

    It is a string, in Spark's language for schemas; it is an Arrow schema by Arrow's C interface,
    so that ``pyarrow.schema(dixit.SCHEMA)`` works; and :attr:`pyarrow` is the schema of pyarrow.

    >>> import dixit
    >>> dixit.SCHEMA[:35]
    'doc STRING, id STRING, text STRING,'
    >>> dixit.SCHEMA.names
    ['doc', 'id', 'text', 'kind', 'marked', 'mode', 'content', 'cue', 'source', 'source_form', \
'speaker', 'addressees', 'reference', 'confidence', 'meta']
    """

    __slots__ = ()

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        names, depth, begin = [], 0, True
        for part in self.replace("<", " < ").replace(">", " > ").replace(",", " , ").split():
            depth += {"<": 1, ">": -1}.get(part, 0)
            if begin and depth == 0:
                names.append(part)
            begin = part == "," and depth == 0
        return names

    @property
    def pyarrow(self) -> Any:
        """The ``pyarrow.Schema``; needs pyarrow."""
        import pyarrow

        return pyarrow.schema(self)

    def __arrow_c_schema__(self) -> object:
        return _native.schema_capsule()

    def __repr__(self) -> str:
        return f"<Schema: {', '.join(self.names)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Schema, (str(self),))


SCHEMA = Schema(_native.schema_ddl())
"""The columns of every table that Dixit makes: the fields of :class:`dixit.Quotation`, spans as
structs of ``start`` and ``end``, and ``meta``, which is null in tables made by
:meth:`dixit.Pipeline.extract_batch`."""
