"""What people are to see: one row per key, holding the latest wish and what is known to be shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import PersonId
from bot.services.ports import TOO_LATE, GivenUp, Outgoing, Surface, Waiting
from bot.storage.among import among
from bot.storage.sql import database_now, insert_once, upsert
from bot.storage.tables import SendState, outbox, restoration, slack_account, unsettled
from bot.storage.values import ANNOUNCEMENT, announcement_to_json
from bot.views.announcement import Announcement, in_plain_words, made
from bot.views.languages import language_of
from bot.views.message import Message

_URGENT, _BATCH = 0, 1
_NEVER_POSTED = (outbox.c.state == SendState.PENDING) & outbox.c.ts.is_(None)
_WAITING = (
    select(outbox.c.recipient, outbox.c.key, outbox.c.due_at, outbox.c.latest_at)
    .where(among(outbox.c.recipient, "people"), _NEVER_POSTED, outbox.c.due_at > bindparam("after"))
    .order_by(outbox.c.key)
)
_AT_ONCE = 1000
"""Rows deleted by one statement: a database takes only so many parameters."""
RESTORED = timedelta(days=31)
"""So long after it came back a database is doubted: by then the 1:1s it knew as planned are over."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_RESTING = frozenset({SendState.SENT, SendState.FAILED, SendState.EXPIRED, SendState.WITHDRAWN})


UNSETTLED = (SendState.PENDING, SendState.SENDING, SendState.FAILED)


async def depth(connection: AsyncConnection) -> dict[str, int]:
    """Return how many messages are in each unsettled state."""
    query = select(outbox.c.state, func.count()).where(unsettled).group_by(outbox.c.state)
    counts = {state.value: count for state, count in await connection.execute(query)}
    return {state.value: counts.get(state.value, 0) for state in UNSETTLED}


def _schedule(one: Outgoing) -> dict[str, Any]:
    return {
        "lane": _URGENT if one.urgent else _BATCH,
        "due_at": one.due_at,
        "expires_at": one.expires_at,
        "awaited_until": one.awaited_until,
        "latest_at": one.latest,
        "wanted": True,
    }


def to_row(one: Outgoing) -> dict[str, Any]:
    """Return the row of a message that is new."""
    return {
        "key": one.key,
        "recipient": one.to,
        "kind": one.kind,
        "surface": one.surface,
        "revision": 1,
        "sent_revision": 0,
        "state": SendState.PENDING,
        "attempt": 0,
        "attempt_revision": 0,
        "begins_at": one.due_at,
        **_content(one.message),
        **_schedule(one),
    }


def _content(message: Message | Announcement) -> dict[str, Any]:
    """Return what a row holds of a message: its words, or the facts of which they are made when it is sent."""
    if isinstance(message, Announcement):
        return {"text": in_plain_words(message), "blocks": [], "announcement": announcement_to_json(message)}
    return {"text": message.text, "blocks": message.blocks, "announcement": None}


def to_content(row: Row[Any], locale: str) -> Message | Announcement:
    """Return the content of a row for somebody of whom Slack says this locale.

    Blocks beside the facts are newer: a version of the bot that doesn't know announcements has put them.
    """
    if row.announcement is not None and not row.blocks:
        return ANNOUNCEMENT.read(row.announcement)
    return Message(text=row.text, blocks=row.blocks, language=language_of(locale).code)


async def shown_nowhere(connection: AsyncConnection, people: Collection[PersonId]) -> None:
    """Forget where these people see what was said: the next change is posted, and home tabs are shown again."""
    if not people:
        return
    shown = among(outbox.c.recipient, "people") & outbox.c.ts.is_not(None)
    forgotten: dict[str, Any] = {"channel": None, "ts": None}
    messages = update(outbox).where(shown, outbox.c.surface == Surface.MESSAGE).values(forgotten)
    again = forgotten | {"state": SendState.PENDING, "sent_revision": 0, "attempt": 0, "not_before": None}
    homes = update(outbox).where(shown, outbox.c.surface == Surface.HOME).values(again)
    for statement in (messages, homes):
        await connection.execute(statement, {"people": tuple(people)})


class StoredOutbox:
    """The repository that services put messages into; ``deliveries`` sends from the same table."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, one: Outgoing) -> None:
        """Raises ValueError when the key already belongs to another person or surface."""
        row = to_row(one)
        while not await insert_once(self._connection, outbox, row) and not await self._replace(one):
            pass  # it was there, and was forgotten before it could be replaced

    async def withdraw(self, key: str) -> None:
        """While an attempt is under way nothing can be called back; if it fails, there is no other."""
        never_posted = (outbox.c.key == key) & outbox.c.ts.is_(None) & (outbox.c.sent_revision == 0)
        waits = outbox.c.state == SendState.PENDING
        state = case((waits, SendState.WITHDRAWN.value), else_=outbox.c.state)
        await self._connection.execute(update(outbox).where(never_posted).values(wanted=False, state=state))

    async def exists(self, key: str) -> bool:
        """A message withdrawn while an attempt is under way exists until that has failed: it may be in Slack."""
        return await self._is_there(key, or_(outbox.c.state != SendState.WITHDRAWN, outbox.c.ts.is_not(None)))

    async def depth(self) -> dict[str, int]:
        return await depth(self._connection)

    async def is_posted(self, key: str) -> bool:
        return await self._is_there(key, outbox.c.ts.is_not(None))

    async def begun(self, person: PersonId, kinds: Collection[str], since: datetime, until: datetime) -> int:
        begins = func.coalesce(outbox.c.begins_at, outbox.c.due_at)
        never = outbox.c.state.in_([SendState.WITHDRAWN, SendState.EXPIRED]) & outbox.c.ts.is_(None)
        theirs = (outbox.c.recipient == person) & outbox.c.kind.in_(sorted(kinds)) & ~never
        query = select(func.count()).where(theirs, begins >= since, begins < until)
        return (await self._connection.execute(query)).scalar_one()

    async def hand_on(self, key: str, new: str, to: PersonId) -> None:
        if not await self._is_there(new, outbox.c.key == new):
            await self._connection.execute(update(outbox).where(outbox.c.key == key).values(key=new, recipient=to))

    async def last(self, key: str) -> Message | None:
        return await self._shown(key)

    async def unsaid(self, key: str) -> Message | None:
        return await self._shown(key, _NEVER_POSTED)

    async def waiting_for(self, people: Collection[PersonId], after: datetime) -> dict[PersonId, tuple[Waiting, ...]]:
        found: dict[PersonId, list[Waiting]] = {one: [] for one in people}
        for recipient, *row in await self._connection.execute(_WAITING, {"people": people, "after": after}):
            found[recipient].append(Waiting(*row))
        return {one: tuple(waiting) for one, waiting in found.items()}

    async def time_anew(self, waiting: Waiting, due_at: datetime) -> None:
        as_it_was = (outbox.c.key == waiting.key) & _NEVER_POSTED & (outbox.c.due_at == waiting.due_at)
        await self._connection.execute(update(outbox).where(as_it_was).values(due_at=due_at, begins_at=due_at))

    async def forget(self, before: datetime, *, keep: Callable[[str], bool]) -> int:
        rests = outbox.c.state.in_(sorted(_RESTING)) & (outbox.c.surface == Surface.MESSAGE)
        old = select(outbox.c.id, outbox.c.key).where(rests, outbox.c.due_at < before)
        rows = (await self._connection.execute(old.with_for_update(skip_locked=True))).all()
        these = [row.id for row in rows if not keep(row.key)]
        for first in range(0, len(these), _AT_ONCE):
            await self._connection.execute(delete(outbox).where(outbox.c.id.in_(these[first : first + _AT_ONCE])))
        return len(these)

    async def came_back(self, *, again: Callable[[str], bool]) -> int:
        """The last attempt that is known bounds the gap: any made after the backup was later."""
        last = (await self._connection.execute(select(func.max(outbox.c.attempt_at)))).scalar_one()
        known = (await self._connection.execute(select(restoration))).one_or_none()
        now = await database_now(self._connection)
        since = [last or LONG_AGO] + ([known.known_until] if known and now - known.restored_at < RESTORED else [])
        row = {"id": 1, "known_until": min(since), "restored_at": now}
        await upsert(self._connection, restoration, [row], replace=("known_until", "restored_at"))
        shown = (outbox.c.state == SendState.SENT) & (outbox.c.surface == Surface.MESSAGE) & outbox.c.ts.is_not(None)
        rows = (await self._connection.execute(select(outbox.c.id, outbox.c.key).where(shown))).all()
        these = [row.id for row in rows if again(row.key)]
        pending = {"state": SendState.PENDING, "lane": _BATCH, "attempt": 0, "not_before": None, "wanted": True}
        for first in range(0, len(these), _AT_ONCE):
            mine = outbox.c.id.in_(these[first : first + _AT_ONCE])
            await self._connection.execute(update(outbox).where(mine).values(pending))
        return len(these)

    async def given_up(self, now: datetime, within: timedelta) -> tuple[GivenUp, ...]:
        failed = (outbox.c.state == SendState.FAILED) & (
            outbox.c.attempt_at >= await database_now(self._connection) - within
        )
        expired = (outbox.c.state == SendState.EXPIRED) & (outbox.c.expires_at >= now - within)
        query = select(outbox).where(unsettled, failed | expired).order_by(outbox.c.key)
        return tuple(
            GivenUp(row.key, row.recipient, row.kind, TOO_LATE, row.expires_at)
            if row.state is SendState.EXPIRED
            else GivenUp(row.key, row.recipient, row.kind, row.error or "", row.attempt_at)
            for row in await self._connection.execute(query)
        )

    async def lay_down(self, keys: Collection[str]) -> None:
        failed = outbox.c.key.in_(keys) & (outbox.c.state == SendState.FAILED)
        await self._connection.execute(update(outbox).where(failed).values(state=SendState.WITHDRAWN))

    async def waiting_because(self, errors: Collection[str]) -> Mapping[str, int]:
        query = (
            select(outbox.c.error, func.count().label("waiting"))
            .join(slack_account, slack_account.c.person == outbox.c.recipient)
            .where(unsettled, outbox.c.state == SendState.PENDING, outbox.c.error.in_(errors), ~slack_account.c.deleted)
            .group_by(outbox.c.error)
        )
        return {row.error: row.waiting for row in await self._connection.execute(query)}

    async def _shown(self, key: str, *such: ColumnElement[bool]) -> Message | None:
        """Return what is to be shown under a key, in its reader's language where its words are made only when sent."""
        query: Select[Any] = select(outbox.c.text, outbox.c.blocks, outbox.c.announcement, slack_account.c.locale)
        theirs = query.outerjoin_from(outbox, slack_account, slack_account.c.person == outbox.c.recipient)
        row = (await self._connection.execute(theirs.where(outbox.c.key == key, *such))).one_or_none()
        if row is None:
            return None
        locale = row.locale or ""
        return made(to_content(row, locale), language_of(locale))

    async def _is_there(self, key: str, such: ColumnElement[bool]) -> bool:
        query = select(outbox.c.id).where(outbox.c.key == key, such)
        return (await self._connection.execute(query)).one_or_none() is not None

    async def _replace(self, one: Outgoing) -> bool:
        query = select(outbox).where(outbox.c.key == one.key).with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return False
        if (row.recipient, row.surface) != (one.to, one.surface):
            msg = f"outbox key {one.key!r} is another person's or surface's"
            raise ValueError(msg)
        changes = _changes(row, one)
        if changes:
            await self._connection.execute(update(outbox).where(outbox.c.id == row.id).values(changes))
        return True


def _changes(row: Row[Any], one: Outgoing) -> dict[str, Any]:
    """What the second wish under a key changes in its row."""
    content = _content(one.message)
    same = content == {name: row._mapping[name] for name in content}  # noqa: SLF001 - a row's own documented way
    unsaid = {"begins_at": one.due_at} if row.ts is None and row.sent_revision == 0 else {}
    if same:
        if row.state in {SendState.SENT, SendState.FAILED}:
            return {}
        if row.state in {SendState.EXPIRED, SendState.WITHDRAWN}:
            return {"state": SendState.PENDING} | _schedule(one) | unsaid
        return _schedule(one) | unsaid
    changes = {"kind": one.kind, "revision": row.revision + 1} | content | _schedule(one) | unsaid
    if row.state in _RESTING:
        # A new payload is a new chance, also after a permanent failure, and starts its attempts anew.
        changes |= {"state": SendState.PENDING, "attempt": 0, "not_before": None, "error": None}
    return changes
