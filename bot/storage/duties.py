"""What falls due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.services.ports import Duty, DutyKind
from bot.storage.among import among
from bot.storage.sql import upsert
from bot.storage.tables import DutyState, duty, waiting

# What is locked is chosen in a CTE, for PostgreSQL might run a subquery with SKIP LOCKED more than once.
_OLDEST = (
    select(duty.c.key)
    .where(waiting, duty.c.due_at <= bindparam("now"))
    .order_by(duty.c.due_at, duty.c.key)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)
_ALIKE = _OLDEST.where(duty.c.kind == bindparam("such"), duty.c.subject.not_in(bindparam("but", expanding=True)))


def _claiming(which: Select[Any]) -> ReturningUpdate[Any]:
    oldest = which.cte("oldest")
    taken = update(duty).where(duty.c.key == oldest.c.key).values(state=DutyState.DONE)
    return taken.returning(duty.c.key, duty.c.kind, duty.c.subject, duty.c.due_at, duty.c.failures)


_CLAIM, _CLAIM_ALIKE = _claiming(_OLDEST), _claiming(_ALIKE)

_KNOWN = select(duty.c.key, duty.c.due_at, duty.c.state).where(among(duty.c.key, "keys"))
_RELEASE = update(duty).where(among(duty.c.key, "keys")).values(state=DutyState.WAITING)

_NEW: ColumnElement[datetime] = literal_column("excluded.due_at")
_MOVES = and_(
    duty.c.state == DutyState.WAITING,
    duty.c.due_at != _NEW,
    or_(duty.c.failures == 0, duty.c.due_at < _NEW),
)
"""A duty that is there takes the instant put anew."""


def _to_row(one: Duty) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "subject": one.subject,
        "due_at": one.due_at,
        "state": DutyState.WAITING,
        "failures": 0,
    }


class StoredDuties:
    """The repository of duties."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, *duties: Duty) -> frozenset[str]:
        """Several are looked at before they are written: most are there already, as they should be."""
        settled = await self._settled(duties) if len(duties) > 1 else frozenset()
        await self.add(*(one for one in duties if one.key not in settled))
        return frozenset(one.key for one in duties) - settled

    async def add(self, *duties: Duty) -> None:
        await upsert(self._connection, duty, [_to_row(one) for one in duties], replace=("due_at",), where=_MOVES)

    async def _settled(self, duties: Collection[Duty]) -> frozenset[str]:
        """Return the keys of those that are done or wait for just that instant."""
        found = await self._connection.execute(_KNOWN, {"keys": [one.key for one in duties]})
        known = {key: (due_at, state) for key, due_at, state in found}
        return frozenset(
            one.key
            for one in duties
            if one.key in known and (known[one.key][1] is DutyState.DONE or known[one.key][0] == one.due_at)
        )

    async def failing(self, kind: DutyKind) -> frozenset[str]:
        put_off = select(duty.c.subject).where(waiting, duty.c.kind == kind, duty.c.failures > 0)
        return frozenset(await self._connection.scalars(put_off))

    async def failures(self) -> dict[str, int]:
        put_off = select(duty.c.kind, func.count()).where(waiting, duty.c.failures > 0)
        found = await self._connection.execute(put_off.group_by(duty.c.kind))
        counts = {kind: count for kind, count in found}  # noqa: C416 - a dict of rows would be of any length
        return {kind.value: counts.get(kind, 0) for kind in DutyKind}

    async def put_off(self, failed: Duty, due_at: datetime) -> None:
        mine = update(duty).where(duty.c.key == failed.key, duty.c.state == DutyState.WAITING)
        await self._connection.execute(mine.values(due_at=due_at, failures=failed.failures + 1))

    async def withdraw(self, subject: str, kinds: frozenset[DutyKind] | None = None) -> None:
        """Waiting for one that is claimed could last for ever: who claimed it may be waiting for a row of ours."""
        theirs = select(duty.c.key).where(duty.c.subject == subject, waiting)
        if kinds is not None:
            theirs = theirs.where(duty.c.kind.in_(sorted(kinds)))
        await self._connection.execute(delete(duty).where(duty.c.key.in_(theirs.with_for_update(skip_locked=True))))

    async def claim(self, now: datetime, limit: int) -> tuple[Duty, ...]:
        return await self._claimed(_CLAIM, {"now": now, "most": limit})

    async def claim_alike(
        self, first: Duty, now: datetime, limit: int, *, but: Collection[str] = ()
    ) -> tuple[Duty, ...]:
        alike = {"now": now, "most": limit, "such": first.kind, "but": list(but)}
        return await self._claimed(_CLAIM_ALIKE, alike)

    async def release(self, *duties: Duty) -> None:
        await self._connection.execute(_RELEASE, {"keys": [one.key for one in duties]})

    async def _claimed(self, claim: ReturningUpdate[Any], values: dict[str, Any]) -> tuple[Duty, ...]:
        claimed = [Duty(*row) for row in await self._connection.execute(claim, values)]
        return tuple(sorted(claimed, key=lambda one: (one.due_at, one.key)))

    async def forget(self, before: datetime) -> int:
        done = delete(duty).where(duty.c.state == DutyState.DONE, duty.c.due_at < before)
        return (await self._connection.execute(done)).rowcount

    async def next_due(self) -> datetime | None:
        query = select(duty.c.due_at).where(waiting).order_by(duty.c.due_at).limit(1)
        return await self._connection.scalar(query)
