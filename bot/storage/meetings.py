"""1:1s and their frozen agendas."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import PersonId
from bot.coaching.said import say
from bot.errors import StaleError
from bot.storage.among import among
from bot.storage.tables import meeting
from bot.storage.values import PRE_READ


def _to_row(one: Meeting) -> dict[str, Any]:
    when = one.appointment
    return {
        "id": one.id,
        "rep": one.rep,
        "manager": one.manager,
        "state": one.state,
        "due": one.due,
        "day": when.day,
        "wall_time": when.at,
        "zone": when.zone,
        "starts_at": when.starts_at,
        "minutes": when.minutes,
        "version": one.version,
        "answers": [list(answer) for answer in one.answers],
        "answered_at": one.answered_at,
        "published_at": one.published_at,
        "closed_at": one.closed_at,
        "closing_words": one.closing_words,
        "interval_days": one.interval,
        "occurrence": one.occurrence or None,
        "sequence": one.sequence,
        "planned_at": one.planned_at,
    }


def to_meeting(row: Row[Any]) -> Meeting:
    return Meeting(
        id=row.id,
        rep=row.rep,
        manager=row.manager,
        state=row.state,
        due=row.due,
        appointment=Appointment(row.day, row.wall_time, row.zone, row.starts_at, row.minutes),
        version=row.version,
        answers=tuple((topic, words) for topic, words in row.answers),
        answered_at=row.answered_at,
        published_at=row.published_at,
        closed_at=row.closed_at,
        closing_words=row.closing_words,
        interval=row.interval_days,
        occurrence=row.occurrence or "",
        sequence=row.sequence,
        planned_at=row.planned_at,
    )


MEETINGS = select(*(column for column in meeting.columns if column.name != "agenda"))
_OPEN = MEETINGS.where(meeting.c.state.in_(sorted(OPEN_STATES)))
_BY_ID = MEETINGS.where(meeting.c.id == bindparam("wanted"))
_LOCKED = _BY_ID.with_for_update(key_share=True)
_LOCKED_OPEN = (
    select(meeting.c.id)
    .where(among(meeting.c.id, "meetings"), meeting.c.state.in_(sorted(OPEN_STATES)))
    .order_by(meeting.c.id)
    .with_for_update(key_share=True)
)
_INSERT = meeting.insert()
_OPEN_OF = _OPEN.where(meeting.c.rep == bindparam("wanted"))


class StoredMeetings:
    """The repository of 1:1s."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, meeting_id: MeetingId, *, lock: bool = False) -> Meeting | None:
        """``lock`` holds other replicas back until this transaction ends; SQLite holds everybody back anyway."""
        return await self._one(_LOCKED if lock else _BY_ID, {"wanted": meeting_id})

    async def locked_open(self, meetings: Collection[MeetingId]) -> frozenset[MeetingId]:
        """In the order of their ids, so that two who lock some of the same wait in turn."""
        if not meetings:
            return frozenset()
        return frozenset(await self._connection.scalars(_LOCKED_OPEN, {"meetings": meetings}))

    async def add(self, one: Meeting) -> None:
        """Raises StaleError when the rep has an open 1:1 already; the transaction is then of no further use."""
        try:
            await self._connection.execute(_INSERT, [_to_row(one)])
        except IntegrityError as error:
            if self._is_second_open(error):
                raise StaleError(say("This rep already has an open 1:1. Close or move that one first.")) from error
            raise

    async def save(self, one: Meeting, *, was: Meeting) -> bool:
        mine = (meeting.c.id == was.id) & (meeting.c.state == was.state) & (meeting.c.version == was.version)
        row = _to_row(one) | {"version": was.version + 1}
        result = await self._connection.execute(update(meeting).where(mine).values(row))
        return result.rowcount == 1

    async def exist(self) -> bool:
        return await self._connection.scalar(select(meeting.c.id).limit(1)) is not None

    async def open_of(self, rep: PersonId) -> Meeting | None:
        return await self._one(_OPEN_OF, {"wanted": rep})

    async def all_open(self) -> tuple[Meeting, ...]:
        return await self._many(_OPEN.order_by(meeting.c.starts_at, meeting.c.id))

    async def last_held(self, rep: PersonId) -> Meeting | None:
        """The held 1:1 with the latest starting instant."""
        held = MEETINGS.where(meeting.c.rep == rep, meeting.c.state == MeetingState.HELD)
        return await self._one(held.order_by(meeting.c.starts_at.desc(), meeting.c.id.desc()).limit(1))

    async def of_rep(self, rep: PersonId) -> tuple[Meeting, ...]:
        query = MEETINGS.where(meeting.c.rep == rep)
        return await self._many(query.order_by(meeting.c.starts_at.desc(), meeting.c.id.desc()))

    async def latest_of(self, event: str) -> Meeting | None:
        query = MEETINGS.where(or_(meeting.c.id == event, meeting.c.occurrence == event))
        return await self._one(query.order_by(meeting.c.sequence.desc()).limit(1))

    async def of_manager(self, manager: PersonId, *, states: frozenset[MeetingState]) -> tuple[Meeting, ...]:
        query = MEETINGS.where(meeting.c.manager == manager, meeting.c.state.in_(sorted(states)))
        return await self._many(query.order_by(meeting.c.starts_at, meeting.c.id))

    async def with_person(self, person: PersonId, since: datetime) -> tuple[Meeting, ...]:
        mine = or_(meeting.c.rep == person, meeting.c.manager == person)
        query = MEETINGS.where(mine, meeting.c.starts_at >= since)
        return await self._many(query.order_by(meeting.c.starts_at, meeting.c.id))

    async def freeze_agenda(self, meeting_id: MeetingId, agenda: PreRead) -> None:
        """The first agenda stays: freezing again changes nothing."""
        unfrozen = update(meeting).where(meeting.c.id == meeting_id, meeting.c.agenda.is_(None))
        await self._connection.execute(unfrozen.values(agenda=PRE_READ.write(agenda)))

    async def agenda(self, meeting_id: MeetingId) -> PreRead | None:
        stored = await self._connection.scalar(select(meeting.c.agenda).where(meeting.c.id == meeting_id))
        return None if stored is None else PRE_READ.read(stored)

    async def last_agenda(self, rep: PersonId) -> PreRead | None:
        frozen = select(meeting.c.agenda).where(meeting.c.rep == rep, meeting.c.agenda.is_not(None))
        stored = await self._connection.scalar(
            frozen.order_by(meeting.c.starts_at.desc(), meeting.c.id.desc()).limit(1)
        )
        return None if stored is None else PRE_READ.read(stored)

    async def _one(self, query: Select[Any], values: dict[str, Any] | None = None) -> Meeting | None:
        found = (await self._connection.execute(query, values)).one_or_none()
        return None if found is None else to_meeting(found)

    async def _many(self, query: Select[Any]) -> tuple[Meeting, ...]:
        return tuple(map(to_meeting, await self._connection.execute(query)))

    @staticmethod
    def _is_second_open(error: IntegrityError) -> bool:
        # PostgreSQL names the index; SQLite names its columns, and "rep" alone is in no other unique key.
        said = str(error.orig)
        return "uq_meeting_open_rep" in said or "UNIQUE constraint failed: meeting.rep" in said
