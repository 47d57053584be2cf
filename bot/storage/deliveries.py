"""The lease protocol of delivery: claim, send outside, then record what happened.

A lease belongs to one attempt at one revision. Recording checks both, so that a sender who woke up late after its
lease was taken over changes nothing. Leases run on the database's clock; what is due is decided by the bot's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports import Claimed, Surface
from bot.storage.outbox import RESTORED, depth, to_content
from bot.storage.sql import database_clock, database_now
from bot.storage.tables import SendState, outbox, person, restoration, slack_account, wanting

_BOX = outbox.c
_NEVER_POSTED = and_(_BOX.ts.is_(None), _BOX.sent_revision == 0)
_LEFT = "The person has left."
_MAY_DOUBLE = _BOX.surface == Surface.MESSAGE
"""Sending these again could show them twice, an update too: it posts anew where the old message is gone."""


def _free(clock: datetime) -> ColumnElement[bool]:
    """Nobody is sending it now and nothing says to wait."""
    waited = and_(_BOX.state == SendState.PENDING, or_(_BOX.not_before.is_(None), _BOX.not_before <= clock))
    return or_(waited, and_(_BOX.state == SendState.SENDING, _BOX.lease_until <= clock))


def _next(query: Select[Any], now: datetime, clock: datetime, limit: int) -> Select[Any]:
    """Limit a query of the outbox to what is to be sent next."""
    return (
        query.join_from(outbox, slack_account, slack_account.c.person == _BOX.recipient)
        .join(person, person.c.id == _BOX.recipient)
        .where(wanting, _free(clock), _BOX.due_at <= now, ~slack_account.c.deleted, person.c.active)
        .order_by(_BOX.lane, _BOX.due_at, _BOX.id)
        .limit(limit)
    )


class StoredDeliveries:
    """Each method opens its own short transaction with ``begin``."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._begin = begin

    async def claim(
        self,
        now: datetime,
        limit: int,
        lease_seconds: float,
        *,
        rewrites: int | None = None,
        posts: int | None = None,
    ) -> tuple[Claimed, ...]:
        async with self._begin() as connection:
            due = exists().where(wanting, _BOX.due_at <= now)
            look = select(
                database_clock(connection),
                due,
                exists().where(_BOX.recipient == person.c.id, _hopeless(now)),
                select(restoration.c.known_until).scalar_subquery(),
                select(restoration.c.restored_at).scalar_subquery(),
            )
            clock, is_due, is_hopeless, known_until, restored_at = (await connection.execute(look)).one()
            if is_hopeless:
                await _settle_hopeless(connection, now, clock)
            if not is_due:
                return ()
            query = _next(select(outbox, slack_account.c.slack_user, slack_account.c.locale), now, clock, limit)
            is_post = and_(_BOX.ts.is_(None), _BOX.surface == Surface.MESSAGE)
            for such, most in ((_BOX.ts.is_not(None), rewrites), (is_post, posts)):
                if most is not None and most < limit:
                    first = _next(select(_BOX.id), now, clock, most).where(such)
                    query = query.where(or_(not_(such), _BOX.id.in_(first)))
            rows = (await connection.execute(query.with_for_update(skip_locked=True, of=outbox))).all()
            if not rows:
                return ()
            lease = {
                "state": SendState.SENDING,
                "attempt": _BOX.attempt + 1,
                "attempt_revision": _BOX.revision,
                "attempt_at": clock,
                "lease_until": clock + timedelta(seconds=lease_seconds),
                "not_before": None,
            } | _doubt()
            await connection.execute(update(outbox).where(_BOX.id.in_([row.id for row in rows])).values(lease))
            claimed = tuple(map(_to_claimed, rows))
            if restored_at is None or clock - restored_at > RESTORED:
                return claimed
            return tuple(_doubted(one, known_until, restored_at) for one in claimed)

    async def sent(self, claimed: Claimed, channel: str, ts: str) -> bool:
        """A payload put meanwhile keeps the row pending: next time it is an update."""
        state = case((_BOX.revision == claimed.revision, SendState.SENT.value), else_=SendState.PENDING.value)
        done = {
            "channel": channel,
            "ts": ts,
            "sent_revision": claimed.revision,
            "state": state,
            "attempt": 0,
            "lease_until": None,
            "unsure_since": None,
            "unsure_until": None,
            "error": None,
        }
        return await self._record(claimed, done)

    async def retry_at(self, claimed: Claimed, seconds: float, error: str, *, sent_maybe: bool) -> bool:
        again = case((_BOX.wanted, SendState.PENDING.value), else_=SendState.WITHDRAWN.value)
        changes: dict[str, Any] = {"state": again, "lease_until": None, "error": error}
        if sent_maybe:
            changes |= _doubt()
        async with self._begin() as connection:
            clock = await database_now(connection)
            changes["not_before"] = clock + timedelta(seconds=seconds)
            return await _record(connection, claimed, changes)

    async def put_off(self, claimed: Claimed, due_at: datetime) -> bool:
        as_claimed = _BOX.due_at == claimed.due_at
        changes = {
            "state": case((_BOX.wanted, SendState.PENDING.value), else_=SendState.WITHDRAWN.value),
            "lease_until": None,
            "due_at": case((as_claimed, due_at), else_=_BOX.due_at),
            "begins_at": case((and_(as_claimed, _NEVER_POSTED), due_at), else_=_BOX.begins_at),
        }
        return await self._record(claimed, changes)

    async def give_up(self, claimed: Claimed, error: str) -> bool:
        """A payload put meanwhile is still tried: the old one may have been wrong. A withdrawn one isn't missed."""
        newer = and_(_BOX.revision != claimed.revision, _BOX.wanted)
        rests = case((_BOX.wanted, SendState.FAILED.value), else_=SendState.WITHDRAWN.value)
        changes = {
            "state": case((newer, SendState.PENDING.value), else_=rests),
            "attempt": case((newer, 0), else_=_BOX.attempt),
            "lease_until": None,
            "error": error,
        }
        return await self._record(claimed, changes)

    async def next_due(self) -> datetime | None:
        """Rows for people without a live account don't count: nothing can be done for them."""
        query = (
            select(func.min(_BOX.due_at))
            .join_from(outbox, slack_account, slack_account.c.person == _BOX.recipient)
            .join(person, person.c.id == _BOX.recipient)
            .where(wanting, ~slack_account.c.deleted, person.c.active)
        )
        async with self._begin() as connection:
            earliest: datetime | None = await connection.scalar(query)
            return earliest

    async def depth(self) -> dict[str, int]:
        async with self._begin() as connection:
            return await depth(connection)

    async def _record(self, claimed: Claimed, changes: dict[str, Any]) -> bool:
        async with self._begin() as connection:
            return await _record(connection, claimed, changes)


async def _record(connection: AsyncConnection, claimed: Claimed, changes: dict[str, Any]) -> bool:
    still_ours = and_(
        _BOX.id == claimed.id,
        _BOX.state == SendState.SENDING,
        _BOX.attempt == claimed.attempt,
        _BOX.attempt_revision == claimed.revision,
    )
    result = await connection.execute(update(outbox).where(still_ours).values(changes))
    return result.rowcount == 1


def _doubt() -> dict[str, Any]:
    """What remembers an attempt under way as one of which nobody knows whether Slack took it."""
    unknown = and_(_BOX.state == SendState.SENDING, _MAY_DOUBLE)
    return {
        "unsure_since": case((unknown, func.coalesce(_BOX.unsure_since, _BOX.attempt_at)), else_=_BOX.unsure_since),
        "unsure_until": case((unknown, _BOX.attempt_at), else_=_BOX.unsure_until),
    }


def _hopeless(now: datetime) -> ColumnElement[bool]:
    """It must not be sent any more: past its time, withdrawn by a sender that then died, or to a leaver."""
    past = and_(_NEVER_POSTED, or_(~_BOX.wanted, _BOX.expires_at <= now))
    return and_(wanting, or_(past, and_(~person.c.active, _BOX.due_at <= now)))


async def _settle_hopeless(connection: AsyncConnection, now: datetime, clock: datetime) -> None:
    """Lay to rest what must not be sent any more.

    The doubt is kept, so that a row put again later still looks before it posts. Rows that somebody is changing now are
    left for the next time: waiting for them would keep everybody's messages waiting.
    """
    query = (
        select(_BOX.id, _BOX.wanted, person.c.active)
        .join_from(outbox, person, person.c.id == _BOX.recipient)
        .where(_free(clock), _hopeless(now))
        .with_for_update(skip_locked=True, of=outbox)
    )
    for row in (await connection.execute(query)).all():
        state = SendState.EXPIRED if row.active and row.wanted else SendState.WITHDRAWN
        rest = {"state": state, "lease_until": None, "error": _BOX.error if row.active else _LEFT} | _doubt()
        await connection.execute(update(outbox).where(_BOX.id == row.id).values(rest))


def _to_claimed(row: Row[Any]) -> Claimed:
    """The claim as the row was before the lease was written."""
    crashed = row.attempt_at if row.surface is Surface.MESSAGE and row.state is SendState.SENDING else None
    return Claimed(
        id=row.id,
        key=row.key,
        to=row.recipient,
        kind=row.kind,
        surface=row.surface,
        content=to_content(row, row.locale or ""),
        revision=row.revision,
        attempt=row.attempt + 1,
        user=row.slack_user,
        channel=row.channel,
        ts=row.ts,
        suspect_since=row.unsure_since or crashed,
        suspect_until=crashed or row.unsure_until,
        due_at=row.due_at,
        awaited_until=row.awaited_until,
        latest=row.latest_at,
        locale=row.locale or "",
    )


def _doubted(claimed: Claimed, known_until: datetime, restored_at: datetime) -> Claimed:
    """Doubt a post in a database that came back: it may have been posted, or posted anew, since the backup."""
    if claimed.surface is not Surface.MESSAGE:
        return claimed
    return replace(
        claimed,
        suspect_since=min(claimed.suspect_since or known_until, known_until),
        suspect_until=max(claimed.suspect_until or restored_at, restored_at),
    )
