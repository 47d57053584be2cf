"""The secret addresses of people's calendars, of which only digests are kept."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import PersonId
from bot.services.ports import CalendarFeed
from bot.storage.sql import upsert
from bot.storage.tables import calendar_feed


class StoredCalendarFeeds:
    """The repository of calendar addresses, one per person."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_person(self, person: PersonId) -> CalendarFeed | None:
        return await self._one(calendar_feed.c.person == person)

    async def by_digest(self, digest: str) -> CalendarFeed | None:
        return await self._one(calendar_feed.c.digest == digest)

    async def put(self, feed: CalendarFeed) -> None:
        row = {"person": feed.person, "digest": feed.digest, "made_at": feed.made_at}
        await upsert(self._connection, calendar_feed, [row], replace=("digest", "made_at"))

    async def remove(self, person: PersonId) -> bool:
        gone = await self._connection.execute(delete(calendar_feed).where(calendar_feed.c.person == person))
        return gone.rowcount == 1

    async def _one(self, which: ColumnElement[bool]) -> CalendarFeed | None:
        found = (await self._connection.execute(select(calendar_feed).where(which))).one_or_none()
        return None if found is None else CalendarFeed(found.person, found.digest, found.made_at)
