"""Writes many rows of one INSERT in one statement, with as little computing a row as each driver allows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Executable, Insert, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.ext.asyncio import AsyncConnection

Row = Mapping[str, Any]


async def write(connection: AsyncConnection, statement: Insert, rows: Sequence[Row]) -> None:
    """Insert ``rows``, which all name the same columns, in their order; the statement gives nothing back."""
    if connection.dialect.name == "sqlite":
        line = _line_for_sqlite(connection.dialect, statement, tuple(rows[0]))
        await connection.exec_driver_sql(line.text, [line.values(row) for row in rows])
        return
    for some in _without_repetition(statement, rows):
        table_of_rows = _from_json(statement, tuple(some[0]))
        await connection.execute(table_of_rows, {"rows": json.dumps(some, default=_to_text)})


class _Line:
    """What the driver executes for each row: the text, and how a row's values become the parameters in their order."""

    def __init__(self, dialect: Dialect, statement: Insert, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.text = str(compiled)
        self._in_order: tuple[str, ...] = tuple(getattr(compiled, "positiontup", None) or ())
        self._same = {name: compiled.params[name] for name in self._in_order if name not in names}
        """Values of the statement's own."""
        processors = (
            compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._in_order
        )
        self._converts = [(place, convert) for place, convert in enumerate(processors) if convert is not None]

    def values(self, row: Row) -> tuple[Any, ...]:
        """Return what the driver is given for a row."""
        given = {**row, **self._same} if self._same else row
        values = [given[name] for name in self._in_order]
        for place, convert in self._converts:
            values[place] = convert(values[place])
        return tuple(values)


@lru_cache(maxsize=64)
def _line_for_sqlite(dialect: Dialect, statement: Insert, names: tuple[str, ...]) -> _Line:
    return _Line(dialect, statement, names)


@lru_cache(maxsize=64)
def _from_json(statement: Insert, names: tuple[str, ...]) -> Executable:
    """Return the statement for rows that come as one JSON parameter: psycopg takes long for each row of many."""
    columns = [column(name, statement.table.c[name].type) for name in names]
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text()), JSON())).table_valued(*columns, name="given")
    return statement.from_select(list(names), select(*rows.render_derived(with_types=True).c))


def _without_repetition(statement: Insert, rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows in lots without two of one key: PostgreSQL replaces no row twice in a statement."""
    names = [one.name for one in statement.table.primary_key]
    lot: dict[tuple[Any, ...], Row] = {}
    for number, row in enumerate(rows):
        key = tuple([row[name] for name in names]) if names[0] in row else (number,)
        if key in lot:
            yield list(lot.values())
            lot = {}
        lot[key] = row
    yield list(lot.values())


def _to_text(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone, and {value!r} has none")
        return value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"no column holds {type(value).__name__}")
