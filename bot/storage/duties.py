"""What falls due, and the guard against what comes twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports import Duty, DutyKind
from bot.storage.sql import insert_once, upsert
from bot.storage.tables import DutyState, duty, inbox


class StoredDuties:
    """The repository of duties."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, one: Duty) -> None:
        row = {
            "key": one.key,
            "kind": one.kind,
            "subject": one.subject,
            "due_at": one.due_at,
            "state": DutyState.WAITING,
        }
        waiting = duty.c.state == DutyState.WAITING
        await upsert(self._connection, duty, [row], replace=("due_at",), where=waiting)

    async def withdraw(self, subject: str, kinds: frozenset[DutyKind] | None = None) -> None:
        """Waiting for one that is claimed could last for ever: who claimed it may be waiting for a row of ours."""
        waiting = select(duty.c.key).where(duty.c.subject == subject, duty.c.state == DutyState.WAITING)
        if kinds is not None:
            waiting = waiting.where(duty.c.kind.in_(sorted(kinds)))
        await self._connection.execute(delete(duty).where(duty.c.key.in_(waiting.with_for_update(skip_locked=True))))

    async def claim(self, now: datetime, limit: int) -> tuple[Duty, ...]:
        kept = duty.c
        query = (
            select(kept.key, kept.kind, kept.subject, kept.due_at)
            .where(kept.state == DutyState.WAITING, kept.due_at <= now)
            .order_by(kept.due_at, kept.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed = tuple(Duty(*row) for row in await self._connection.execute(query))
        if claimed:
            these = update(duty).where(kept.key.in_([one.key for one in claimed]))
            await self._connection.execute(these.values(state=DutyState.DONE))
        return claimed

    async def next_due(self) -> datetime | None:
        query = select(duty.c.due_at).where(duty.c.state == DutyState.WAITING).order_by(duty.c.due_at).limit(1)
        return await self._connection.scalar(query)


class StoredInbox:
    """Remembers the keys of what came in."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def first_time(self, key: str, at: datetime) -> bool:
        return await insert_once(self._connection, inbox, {"key": key, "received_at": at})
