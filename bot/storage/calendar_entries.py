"""What was written into people's calendars, and when these last said that somebody can't meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import PersonId
from bot.services.ports.calendars import Entry, EntryState, Taken
from bot.storage.sql import upsert
from bot.storage.tables import calendar_entry, taken_time


def _to_entry(row: Row[Any]) -> Entry:
    return Entry(row.event, row.provider, row.owner, row.ref, row.sequence, row.starts_at, row.state)


class StoredCalendarEntries:
    """The repository of entries, one per 1:1 however often it moves."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all_there(self, provider: str) -> tuple[Entry, ...]:
        mine = (calendar_entry.c.provider == provider) & (calendar_entry.c.state == EntryState.THERE)
        query = select(calendar_entry).where(mine).order_by(calendar_entry.c.starts_at, calendar_entry.c.event)
        return tuple(map(_to_entry, await self._connection.execute(query)))

    async def get(self, event: str) -> Entry | None:
        query = select(calendar_entry).where(calendar_entry.c.event == event)
        found = (await self._connection.execute(query)).one_or_none()
        return None if found is None else _to_entry(found)

    async def put(self, entry: Entry) -> None:
        row = {
            "event": entry.event,
            "provider": entry.provider,
            "owner": entry.owner,
            "ref": entry.ref,
            "sequence": entry.sequence,
            "starts_at": entry.starts_at,
            "state": entry.state,
        }
        await upsert(self._connection, calendar_entry, [row], replace=row.keys() - {"event"})


class StoredTakenTimes:
    """The repository of when people can't meet."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def replace(self, taken: Mapping[PersonId, tuple[Taken, ...]]) -> None:
        if not taken:
            return
        await self._connection.execute(delete(taken_time).where(taken_time.c.person.in_(sorted(taken))))
        rows = [
            {"person": person, "starts_at": one.start, "ends_at": one.end, "away": one.away}
            for person, times in taken.items()
            for one in times
        ]
        if rows:
            await self._connection.execute(taken_time.insert(), rows)

    async def all(self) -> Mapping[PersonId, tuple[Taken, ...]]:
        found: defaultdict[PersonId, list[Taken]] = defaultdict(list)
        for row in await self._connection.execute(select(taken_time).order_by(taken_time.c.starts_at, taken_time.c.id)):
            found[row.person].append(Taken(row.starts_at, row.ends_at, row.away))
        return {person: tuple(times) for person, times in found.items()}
