"""Writes many rows of one INSERT in one statement, with as little computing a row as each driver allows.

Values are converted a column at a time, and what many rows share once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC as ZERO
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Dialect,
    Executable,
    Insert,
    Text,
    Time,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from bot.storage.types import UTC

Row = Mapping[str, Any]
Values = Sequence[Any]
"""Those of one column, in the rows' order."""


async def write(connection: AsyncConnection, statement: Insert, rows: Sequence[Row]) -> None:
    """Insert ``rows``, which all name the same columns, in their order; the statement gives nothing back."""
    if connection.dialect.name == "sqlite":
        line = _line_for_sqlite(connection.dialect, statement, tuple(rows[0]))
        await connection.exec_driver_sql(line.text, line.values(rows))
        return
    for some in _without_repetition(statement, rows):
        whole = _columns_for_postgresql(connection.dialect, statement, tuple(some[0]))
        await connection.execute(whole.statement, whole.values(some))


class _Line:
    """What SQLite's driver executes for each row: the text, and how rows become the parameters in their order."""

    def __init__(self, dialect: Dialect, statement: Insert, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.text = str(compiled)
        in_order: tuple[str, ...] = tuple(getattr(compiled, "positiontup", None) or ())
        self._converters = [(name, _converter(compiled.binds[name].type, dialect)) for name in in_order]
        self._same: Row = {name: compiled.params[name] for name in in_order if name not in names}
        """Values of the statement's own."""

    def values(self, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """Return what the driver is given for each row."""
        same = self._same
        columns = (
            convert([same[name]] * len(rows) if name in same else [row[name] for row in rows])
            for name, convert in self._converters
        )
        return list(zip(*columns, strict=True))


class _Columns:
    """The statement for rows that come as a JSON list for each column: psycopg takes long for each row of many."""

    def __init__(self, dialect: Dialect, statement: Insert, names: tuple[str, ...]) -> None:
        kinds = {name: statement.table.c[name].type for name in names}
        self.statement: Executable = statement.from_select(
            list(names), select(*(_each_of(_parameter(name), kind) for name, kind in kinds.items()))
        )
        self._converters = [(name, _to_json_able(kind, dialect)) for name, kind in kinds.items()]

    def values(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the statement's parameters."""
        return {_parameter(name): _to_json(convert([row[name] for row in rows])) for name, convert in self._converters}


@lru_cache(maxsize=64)
def _line_for_sqlite(dialect: Dialect, statement: Insert, names: tuple[str, ...]) -> _Line:
    return _Line(dialect, statement, names)


@lru_cache(maxsize=64)
def _columns_for_postgresql(dialect: Dialect, statement: Insert, names: tuple[str, ...]) -> _Columns:
    return _Columns(dialect, statement, names)


def _parameter(name: str) -> str:
    return f"all_{name}"


def _each_of(parameter: str, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Return a row's value of a column of which ``parameter`` has all as a JSON list, where null is no value."""
    values = cast(bindparam(parameter, type_=Text()), JSON())
    if isinstance(kind, JSON):
        return func.nullif(cast(func.json_array_elements(values), kind), cast(literal("null", Text()), kind))
    return cast(func.json_array_elements_text(values), kind)


def _converter(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Values], Values]:
    """Return what makes of a column's values what the driver is given."""
    if isinstance(kind, JSON):
        return lambda values: [None if value is None else _to_json(value) for value in values]
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return _as_they_are
    if _is_of_time(kind):
        return lambda values: _each_once(convert, values)
    return lambda values: list(map(convert, values))


def _to_json_able(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Values], Values]:
    if isinstance(kind, JSON):
        return _as_they_are
    if not _is_of_time(kind):
        return _converter(kind, dialect)
    convert = kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is

    def to_text(value: Any) -> str | None:
        return None if value is None else convert(value).isoformat()

    return lambda values: _each_once(to_text, values)


def _to_json(value: Any) -> str:
    """Return the JSON of a value, which the standard library would take four times as long for."""
    return to_json(value).decode()


def _as_they_are(values: Values) -> Values:
    return values


def _as_it_is(value: Any) -> Any:
    return value


def _is_of_time(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, UTC | Date | Time)


def _each_once(convert: Callable[[Any], Any], values: Values) -> Values:
    """Convert instants, days or wall times, of which many rows have the same."""
    different = set(values)
    if any(isinstance(one, datetime) and one.tzinfo not in {None, ZERO} for one in different):
        # An hour that comes twice has equal instants in one zone (PEP 495): ``set`` has left out one of them.
        return list(map(convert, values))
    converted = {value: convert(value) for value in different}
    return [converted[value] for value in values]


def _without_repetition(statement: Insert, rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows in lots without two of one key: PostgreSQL replaces no row twice in a statement."""
    names = [one.name for one in statement.table.primary_key]
    if names[0] not in rows[0]:
        yield rows
        return
    lot: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple([row[name] for name in names])
        if key in lot:
            yield list(lot.values())
            lot = {}
        lot[key] = row
    yield list(lot.values())
