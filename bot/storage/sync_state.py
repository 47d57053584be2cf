"""Which sources are connected and where reading each stands."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports.sync import Connection, SyncState
from bot.storage.kept_words import kept, read
from bot.storage.sql import database_now, insert_once, upsert
from bot.storage.tables import connection, sync

_NAMES = [field.name for field in fields(SyncState)]


class StoredConnections:
    """The repository of connections."""

    def __init__(self, database: AsyncConnection) -> None:
        self._database = database

    async def all(self) -> tuple[Connection, ...]:
        return tuple(one for one in await self._every() if not one.is_calendar)

    async def calendar(self) -> Connection | None:
        return next((one for one in await self._every() if one.is_calendar), None)

    async def _every(self) -> list[Connection]:
        return [Connection(*row) for row in await self._database.execute(select(connection).order_by("name"))]

    async def put(self, one: Connection) -> None:
        row = {
            "name": one.name,
            "options": dict(one.options),
            "secret": one.secret,
            "connected_at": one.connected_at,
        }
        await upsert(self._database, connection, [row], replace=("options", "secret", "connected_at"))

    async def remove(self, name: str) -> None:
        await self._database.execute(delete(connection).where(connection.c.name == name))


class StoredSyncState:
    """The half of ``Syncs`` that says how far a run has come and whose turn it is."""

    def __init__(self, database: AsyncConnection) -> None:
        self._database = database

    async def state(self, source: str) -> SyncState:
        query = select(*(sync.c[name] for name in _NAMES)).where(sync.c.source == source)
        found = (await self._database.execute(query)).one_or_none()
        return SyncState(source) if found is None else _to_state(found)

    async def take(self, source: str, token: str, seconds: float) -> bool:
        await insert_once(self._database, sync, _row(SyncState(source)))
        now = await database_now(self._database)
        free = or_(sync.c.lease_until.is_(None), sync.c.lease_until < now)
        mine = update(sync).where(sync.c.source == source, free)
        taken = await self._database.execute(mine.values(lease=token, lease_until=_later(now, seconds)))
        return bool(taken.rowcount)

    async def renew(self, source: str, token: str, seconds: float) -> bool:
        until = _later(await database_now(self._database), seconds)
        mine = update(sync).where(sync.c.source == source, sync.c.lease == token)
        return bool((await self._database.execute(mine.values(lease_until=until))).rowcount)

    async def broke_off(self, source: str) -> bool:
        now = await database_now(self._database)
        lapsed = exists().where(sync.c.source == source, sync.c.lease.is_not(None), sync.c.lease_until < now)
        return bool(await self._database.scalar(select(lapsed)))

    async def save(self, state: SyncState, token: str, seconds: float) -> bool:
        until = _later(await database_now(self._database), seconds)
        mine = update(sync).where(sync.c.source == state.source, sync.c.lease == token)
        saved = await self._database.execute(mine.values(_row(state) | {"lease_until": until}))
        return bool(saved.rowcount)

    async def release(self, source: str, token: str) -> None:
        mine = update(sync).where(sync.c.source == source, sync.c.lease == token)
        await self._database.execute(mine.values(lease=None, lease_until=None))


def _row(state: SyncState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in _NAMES} | {"notes": list(map(kept, state.notes))}


def _to_state(row: Row[Any]) -> SyncState:
    values = dict(zip(_NAMES, row, strict=True))
    return SyncState(**values | {"notes": tuple(map(read, values["notes"]))})


def _later(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)
