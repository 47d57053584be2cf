"""A connection to SQLite that makes one trip to its thread per statement, where aiosqlite's cursors make four.

A trip costs more than most statements do: cursor, execute, fetch and close together halve what the bot computes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple, Self

import aiosqlite

KEPT_ROWS = 64
"""What aiosqlite would fetch at a time; everything is fetched at once here."""


class _Done(NamedTuple):
    description: Any
    rowcount: int
    lastrowid: int | None
    rows: list[Any]


class OneTripConnection(aiosqlite.Connection):
    """Await it to connect, as any connection of aiosqlite."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, KEPT_ROWS)
        self._thread.daemon = True  # as SQLAlchemy has it: a connection that hangs keeps no process from ending

    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # what SQLAlchemy enters, and nobody else
        return OneTripCursor(self)

    async def run(self, statement: str, parameters: Any, *, many: bool) -> _Done:
        """Execute a statement and fetch all of its rows."""
        done: _Done = await self._execute(self._run, statement, parameters, many=many)  # type: ignore[no-untyped-call]
        return done

    def _run(self, statement: str, parameters: Any, *, many: bool) -> _Done:
        cursor = self._conn.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(statement, parameters)
            rows = cursor.fetchall() if cursor.description else []
            return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
        finally:
            cursor.close()


class OneTripCursor:
    """Looks to SQLAlchemy like a cursor of aiosqlite, and holds all rows from the start."""

    arraysize = 1

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._done = _Done(None, -1, None, [])

    @property
    def description(self) -> Any:
        return self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        self._done = await self._connection.run(statement, parameters, many=False)
        return self

    async def executemany(self, statement: str, parameters: Any) -> Self:
        self._done = await self._connection.run(statement, parameters, many=True)
        return self

    async def fetchall(self) -> list[Any]:
        return self._done.rows

    async def close(self) -> None:
        """Nothing is open: the rows are here."""
