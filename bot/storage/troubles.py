"""What keeps the bot from working with Slack: one row per trouble, which says since when, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports import Trouble
from bot.storage.sql import insert_once
from bot.storage.tables import trouble


class StoredTroubles:
    """The repository of troubles. Each change is a compare-and-set, so of replicas at the same moment one makes it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, key: str, now: datetime, again_within: timedelta) -> Trouble:
        if await insert_once(self._connection, trouble, {"key": key, "began_at": now}):
            return Trouble(key, now)
        known = await self._one(key)
        if known.over_at is None:
            return known
        began_at = known.began_at if now - known.over_at < again_within else now
        again = update(trouble).where(trouble.c.key == key, trouble.c.over_at == known.over_at)
        await self._connection.execute(again.values(began_at=began_at, over_at=None))
        return await self._one(key)

    async def end(self, key: str, now: datetime) -> Trouble | None:
        lasting = update(trouble).where(trouble.c.key == key, trouble.c.over_at.is_(None))
        ended = await self._connection.execute(lasting.values(over_at=now))
        return await self._one(key) if ended.rowcount else None

    async def open(self) -> tuple[Trouble, ...]:
        lasting = select(trouble).where(trouble.c.over_at.is_(None)).order_by(trouble.c.key)
        return tuple(Trouble(*row) for row in await self._connection.execute(lasting))

    async def _one(self, key: str) -> Trouble:
        return Trouble(*(await self._connection.execute(select(trouble).where(trouble.c.key == key))).one())
