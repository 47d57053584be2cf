"""Asks for many rows by their keys with one parameter, so that a statement stays the same however many there are.

SQLAlchemy writes ``IN`` with a parameter for each key: building that takes longer than most of the statements do, the
database can't know the statement again, and it takes only so many.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator


class _Words(TypeDecorator[Collection[str]]):
    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Collection[str] | None], str]:  # noqa: ARG002
        return _to_json


def _to_json(words: Collection[str] | None) -> str:
    return json.dumps(list(words or ()))


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "among"

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002
        """Stand in a WHERE as it is: SQLite finds no row by an index where SQLAlchemy says ``= 1`` after it."""
        return self


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a text column is one of the words that the statement is given as its parameter ``name``."""
    return _Among(column, bindparam(name, type_=_Words()))


@compiles(_Among, "sqlite")
def _in_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, words = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({words}))"  # noqa: S608 - a column and a parameter's name


@compiles(_Among, "postgresql")
def _in_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, words = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({words} AS json))))"
