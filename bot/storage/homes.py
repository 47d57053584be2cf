"""Whose home tab no longer shows how things stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import PersonId
from bot.services.ports import Surface
from bot.storage.among import among
from bot.storage.sql import upsert
from bot.storage.tables import outbox, stale_home

_EVER_SHOWN = select(outbox.c.recipient).where(outbox.c.surface == Surface.HOME)
_SHOWN = select(outbox.c.recipient).where(among(outbox.c.key, "keys"))


class StoredHomes:
    """The repository of marks; a person has one at most, however often it was put.

    Marks are written at the end of the transaction, in one order: else two that mark one manager, after this and before
    that, would wait for one another.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._marked: set[PersonId] = set()
        self._everybody = False
        self._at: datetime | None = None

    async def mark(self, *people: PersonId, at: datetime) -> None:
        self._marked.update(people)
        self._at = at

    async def mark_all(self, at: datetime) -> None:
        self._everybody = True
        self._at = at

    async def take(self) -> PersonId | None:
        oldest = select(stale_home.c.person).order_by(stale_home.c.since, stale_home.c.person).limit(1)
        person: PersonId | None = await self._connection.scalar(oldest.with_for_update(skip_locked=True))
        if person is not None:
            await self.forget(person)
        return person

    async def forget(self, person: PersonId) -> None:
        await self._connection.execute(delete(stale_home).where(stale_home.c.person == person))

    async def write(self) -> None:
        """Write the marks of those who have opened their tab before.

        One that is there is replaced, so that nobody takes it before this transaction has ended.
        """
        if self._at is None:
            return
        if self._everybody:
            shown = await self._connection.scalars(_EVER_SHOWN)
        else:
            shown = await self._connection.scalars(_SHOWN, {"keys": [f"home:{person}" for person in self._marked]})
        rows = [{"person": one, "since": self._at} for one in sorted(shown)]
        await upsert(self._connection, stale_home, rows, replace=("since",))
