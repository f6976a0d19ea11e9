"""What can go wrong."""

from __future__ import annotations


class Error(Exception):
    """Dixit could not do what it was asked for."""


class DocumentError(Error, ValueError):
    """One document could not be read; others are not affected.

    ``document`` is its id.

    >>> from dixit import DocumentError, Pipeline
    >>> try:
    ...     Pipeline().extract("half a pair: \\ud83d", id="broken")
    ... except DocumentError as error:
    ...     print(error.document, "-", error)
    broken - document “broken” has a lone surrogate at code point 13, which is not a character: \
decode its bytes with errors="replace"
    """

    document: str

    def __init__(self, message: str, document: str) -> None:
        super().__init__(message, document)
        self.document = document

    def __str__(self) -> str:
        return str(self.args[0])
