"""What falls due around a 1:1, each by the clocks of whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import chain
from typing import NamedTuple

from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingId
from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import instant
from bot.coaching.rhythm.working_days import DaysOff, next_working_day, working_days_before
from bot.services.access import person_or_refuse
from bot.services.office import MORNING, Office, local_day
from bot.services.ports import Duty, DutyKind, Transaction

EVENING = time(17)
ASKED, READ = 2, 1
"""Working days before a 1:1 on which the rep is asked, and on which both read the agenda."""

ASKED_AT_MOST = timedelta(days=14)
"""Before a 1:1 the rep isn't asked earlier than this."""

LAPSE_AFTER = 3
"""Working days of the manager's that a 1:1 may stand unclosed before it counts as missed: held is never assumed."""

NEAR = timedelta(days=2)
"""So long before a 1:1 what falls due after it is written: two looks at everybody fall in it, so that one may fail."""


class Held(NamedTuple):
    """A 1:1 and the two who hold it."""

    meeting: Meeting
    rep: Person
    manager: Person


class DueAround:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def duties(self, tx: Transaction, meeting: Meeting, rep: Person, manager: Person) -> list[Duty]:
        """Return what falls due around a 1:1, and of what comes after it nothing while it isn't ``NEAR``.

        The agenda is frozen when the first of the two is to read it.
        """
        appointment = meeting.appointment
        off = await self._office.days_off(tx, rep, manager)
        asked = _morning_before(appointment, rep, ASKED, off)
        read = min(_morning_before(appointment, reader, READ, off) for reader in (rep, manager))
        due_at = {
            # What is said weeks before a leave is stale by its end: then both come on one morning, the questions first.
            DutyKind.PROMPT: asked if appointment.starts_at - asked <= ASKED_AT_MOST else read,
            DutyKind.PUBLISH: read,
            DutyKind.START: appointment.starts_at,
        }
        if appointment.starts_at - self._office.clock.now() <= NEAR:
            due_at |= await self._after(tx, appointment, manager)
        return _about(meeting, due_at)

    async def locked_to_begin(self, tx: Transaction, meeting_id: MeetingId) -> Meeting | None:
        """Return a 1:1 that is about to begin, locked, with what falls due after it written; None when there is none.

        So none goes on that nothing would close. What is due is written before the 1:1 is locked, as everywhere: who
        writes its times anew at the same moment waits for the lock with them in hand.
        """
        meeting = await tx.meetings.get(meeting_id)
        if meeting is not None and meeting.state in OPEN_STATES:
            manager = await person_or_refuse(tx, meeting.manager)
            await tx.duties.put(*_about(meeting, await self._after(tx, meeting.appointment, manager)))
        meeting = await tx.meetings.get(meeting_id, lock=True)
        if meeting is None or meeting.state not in OPEN_STATES:
            await tx.duties.withdraw(meeting_id)  # somebody closed it until the lock was there
        return meeting

    async def time_anew(self, tx: Transaction, open_ones: Sequence[Held], others: Sequence[Duty]) -> None:
        """Write once more what falls due around open 1:1s, and nothing of one that somebody closes at the same moment.

        ``others`` are written along. A 1:1 is locked only after its duties, as where a duty is being done, and those of
        many are written in an order that is the same for all who do it.
        """
        in_order = sorted(open_ones, key=lambda one: one.meeting.id)
        around = {one.meeting.id: await self.duties(tx, *one) for one in in_order}
        changed = await tx.duties.put(*chain.from_iterable(around.values()), *others)
        anew = [one for one, duties in around.items() if not changed.isdisjoint(each.key for each in duties)]
        still_open = await tx.meetings.locked_open(anew)
        for over in (one for one in anew if one not in still_open):
            await tx.duties.withdraw(over)

    async def _after(self, tx: Transaction, appointment: Appointment, manager: Person) -> dict[DutyKind, datetime]:
        """Return when the manager is asked about a 1:1 that nobody closed, and when it counts as missed.

        It is the manager's word, so the rep's days off are no matter: else a long leave would hold up the next 1:1.
        """
        off = await self._office.days_off(tx, manager)
        working_days = [next_working_day(appointment.day, off)]
        while len(working_days) < LAPSE_AFTER:
            working_days.append(next_working_day(working_days[-1], off))
        return {
            DutyKind.ASK_TO_CLOSE: instant(working_days[0], MORNING, manager.timezone),
            DutyKind.LAPSE: instant(working_days[-1], EVENING, manager.timezone),
        }

    async def reading_time(self, tx: Transaction, meeting: Meeting, reader: Person) -> datetime:
        """Return when one of the two is to get the agenda: nine on their own morning, a working day before."""
        off = await self._office.days_off(
            tx, await person_or_refuse(tx, meeting.rep), await person_or_refuse(tx, meeting.manager)
        )
        return _morning_before(meeting.appointment, reader, READ, off)


def _about(meeting: Meeting, due_at: Mapping[DutyKind, datetime]) -> list[Duty]:
    return [Duty(f"{kind}:{meeting.id}", kind, meeting.id, when) for kind, when in due_at.items()]


def _morning_before(appointment: Appointment, reader: Person, days: int, off: DaysOff) -> datetime:
    """Return nine in the morning, working days before the 1:1, by the reader's own calendar and clocks."""
    day = local_day(appointment.starts_at, reader)
    return instant(working_days_before(day, days, off), MORNING, reader.timezone)
