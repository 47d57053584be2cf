"""What was asked of the doctor, and what the doctor found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports.checkups import Checkup, Finding
from bot.storage.kept_words import kept, read
from bot.storage.sql import insert_once
from bot.storage.tables import checkup


class StoredCheckups:
    """The repository of looks over the installation."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ask(self, one: Checkup) -> bool:
        row = {"key": one.key, "asked_at": one.asked_at, "asked_by": one.asked_by, "findings": []}
        return await insert_once(self._connection, checkup, row)

    async def waiting(self) -> tuple[Checkup, ...]:
        query = select(checkup).where(checkup.c.done_at.is_(None)).order_by(checkup.c.asked_at, checkup.c.key)
        return tuple(map(_to_checkup, await self._connection.execute(query)))

    async def latest(self) -> Checkup | None:
        query = select(checkup).where(checkup.c.done_at.is_not(None))
        return await self._first(query.order_by(checkup.c.done_at.desc(), checkup.c.key.desc()))

    async def finish(self, one: Checkup) -> bool:
        mine = update(checkup).where(checkup.c.key == one.key, checkup.c.done_at.is_(None))
        found = [[kept(each.about), each.good, kept(each.sentence)] for each in one.findings]
        if (await self._connection.execute(mine.values(done_at=one.done_at, findings=found))).rowcount != 1:
            return False
        await self._connection.execute(delete(checkup).where(checkup.c.done_at < one.done_at))
        return True

    async def _first(self, query: Select[Any]) -> Checkup | None:
        found = (await self._connection.execute(query.limit(1))).one_or_none()
        return None if found is None else _to_checkup(found)


def _to_checkup(row: Row[Any]) -> Checkup:
    return Checkup(
        row.key,
        row.asked_at,
        row.asked_by,
        row.done_at,
        tuple(Finding(read(about), good, read(said)) for about, good, said in row.findings),
    )
