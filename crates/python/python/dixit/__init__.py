"""Dixit reads news, novels and whole corpora and says who said what.

>>> import dixit
>>> text = "“The harbour will reopen in May,” Mayor Ilse Brandt said on Tuesday."
>>> for quotation in dixit.Pipeline().extract(text):
...     print(quotation.speaker, "-", quotation.text)
Ilse Brandt - The harbour will reopen in May

:class:`Pipeline` is the principal type: :meth:`Pipeline.extract` reads one text,
:meth:`Pipeline.pipe` many of them on all cores, :meth:`Pipeline.extract_batch` the rows of an Arrow
table. :mod:`dixit.spark` and :mod:`dixit.ray` put it to work in a cluster.
"""

from dixit import ray, spark
from dixit._errors import DocumentError, Error
from dixit._native import __version__
from dixit._pipeline import Pipeline, Text
from dixit._records import (
    Addressee,
    Document,
    EntityType,
    Form,
    Kind,
    Label,
    Mode,
    NamedEntity,
    Quotation,
    Reference,
    Span,
    Speaker,
)
from dixit._schema import SCHEMA, Schema

__all__ = [
    "SCHEMA",
    "Addressee",
    "Document",
    "DocumentError",
    "EntityType",
    "Error",
    "Form",
    "Kind",
    "Label",
    "Mode",
    "NamedEntity",
    "Pipeline",
    "Quotation",
    "Reference",
    "Schema",
    "Span",
    "Speaker",
    "Text",
    "__version__",
    "ray",
    "spark",
]
