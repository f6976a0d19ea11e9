"""The documentation's examples run, and the types hold."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import dixit

MODULES = ["", "._errors", "._pipeline", "._records", "._schema", ".ray", ".spark"]
PACKAGE = Path(dixit.__file__).parent
HERE = ROOT / "crates/python"
FLAGS = doctest.ELLIPSIS


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"dixit{module}"), optionflags=FLAGS)
    assert result.failed == 0 and result.attempted > 0


def test_examples_in_the_readme() -> None:
    result = doctest.testfile(str(HERE / "README.md"), module_relative=False, optionflags=FLAGS)
    assert result.failed == 0 and result.attempted > 0


def test_types() -> None:
    assert (PACKAGE / "py.typed").exists() and (PACKAGE / "_native.pyi").exists()
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(HERE / "pyproject.toml")]
    # What is installed, as users' checkers see it, and what is written on top of it.
    written = [str(ROOT / "examples/python"), str(HERE / "tests"), str(HERE / "benches")]
    for checked in (["-p", "dixit"], written):
        assert subprocess.run([*mypy, *checked], cwd=HERE / "tests").returncode == 0


def test_the_stub_names_what_is_there() -> None:
    import ast

    from dixit import _native

    stub = ast.parse((PACKAGE / "_native.pyi").read_text())
    named: dict[str, set[str]] = {}
    for node in stub.body:
        if isinstance(node, ast.ClassDef):
            named[node.name] = {
                member.name for member in node.body if isinstance(member, ast.FunctionDef)
            }
        elif isinstance(node, ast.FunctionDef):
            named[node.name] = set()
    there = {name for name in vars(_native) if not name.startswith("__")}
    assert there == set(named)
    for name, members in named.items():
        assert all(hasattr(getattr(_native, name), member) for member in members)
        public = {member for member in vars(getattr(_native, name)) if member[0] != "_"} if members else set()
        assert public <= members


def test_the_public_names_are_documented() -> None:
    for name in dixit.__all__:
        if isinstance(getattr(dixit, name), type):
            assert getattr(dixit, name).__doc__, name
