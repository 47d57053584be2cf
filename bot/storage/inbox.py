"""Remembers what came in, so that nothing counts twice, and keeps what was written down until it is worked off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports import Received
from bot.storage.sql import insert_new, insert_once
from bot.storage.tables import inbox

_WAITS = inbox.c.body.is_not(None)


class StoredInbox:
    """The repository of what came in."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def first_time(self, key: str, at: datetime) -> bool:
        return await insert_once(self._connection, inbox, {"key": key, "received_at": at})

    async def write_down(self, *received: Received) -> frozenset[str]:
        """In the order of their keys, so that two who write some of the same wait in turn."""
        in_order = sorted(received, key=lambda one: one.key)
        rows = [{"key": one.key, "received_at": one.at, "body": one.body} for one in in_order]
        return frozenset(await insert_new(self._connection, inbox, rows))

    async def work_off(self, key: str) -> bool:
        """Two who do it at once wait for one another here, and the second has come too late."""
        done = update(inbox).where(inbox.c.key == key, _WAITS).values(body=None)
        return (await self._connection.execute(done)).rowcount == 1

    async def waiting(self, before: datetime) -> tuple[Received, ...]:
        query = select(inbox).where(_WAITS, inbox.c.received_at <= before).order_by(inbox.c.received_at, inbox.c.key)
        return tuple(Received(row.key, row.body, row.received_at) for row in await self._connection.execute(query))

    async def forget(self, before: datetime) -> int:
        old = delete(inbox).where(inbox.c.received_at < before, ~_WAITS)
        return (await self._connection.execute(old)).rowcount
