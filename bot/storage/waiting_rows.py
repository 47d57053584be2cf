"""Lets rows wait, so that many of a kind are written by one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Executable, Insert, ScalarResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncResult

from bot.storage import bulk

Row = Mapping[str, Any]


class WaitingRows:
    """What the repositories need of a connection. Rows of an INSERT that gives nothing back wait.

    They are written before the next statement of another kind, so that whoever asks finds them; ``write`` is for the
    end of the transaction.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.dialect: Dialect = connection.dialect
        self._waiting: dict[Insert, list[Row]] = {}

    async def execute(self, statement: Executable, values: Row | Sequence[Row] | None = None) -> Any:
        if isinstance(statement, Insert) and isinstance(values, list):
            self._waiting.setdefault(statement, []).extend(values)
            return None
        await self.write()
        return await self._connection.execute(statement, values)

    async def scalar(self, statement: Executable, values: Row | None = None) -> Any:
        await self.write()
        return await self._connection.scalar(statement, values)

    async def scalars(self, statement: Executable, values: Row | None = None) -> ScalarResult[Any]:
        await self.write()
        return await self._connection.scalars(statement, values)

    async def stream(self, statement: Executable) -> AsyncResult[Any]:
        await self.write()
        return await self._connection.stream(statement)

    async def write(self) -> None:
        """Write what waits, in the order in which it came, a kind at a time."""
        while self._waiting:
            statement = next(iter(self._waiting))
            await bulk.write(self._connection, statement, self._waiting.pop(statement))
