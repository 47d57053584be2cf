"""What falls due around a 1:1, each by the clocks of whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import chain
from typing import NamedTuple

from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting
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
"""Working days a 1:1 may stand unclosed before it counts as missed: held is never assumed."""


class Held(NamedTuple):
    """A 1:1 and the two who hold it."""

    meeting: Meeting
    rep: Person
    manager: Person


class DueAround:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def duties(self, tx: Transaction, meeting: Meeting, rep: Person, manager: Person) -> list[Duty]:
        """Return what falls due around a 1:1; the agenda is frozen when the first of the two is to read it."""
        appointment = meeting.appointment
        off = await self._office.days_off(tx, rep, manager)
        morning_after = instant(next_working_day(appointment.day, off), MORNING, manager.timezone)
        lapse_day = appointment.day
        for _ in range(LAPSE_AFTER):
            lapse_day = next_working_day(lapse_day, off)
        asked = _morning_before(appointment, rep, ASKED, off)
        read = min(_morning_before(appointment, reader, READ, off) for reader in (rep, manager))
        due_at = {
            # What is said weeks before a leave is stale by its end: then both come on one morning, the questions first.
            DutyKind.PROMPT: asked if appointment.starts_at - asked <= ASKED_AT_MOST else read,
            DutyKind.PUBLISH: read,
            DutyKind.START: appointment.starts_at,
            DutyKind.ASK_TO_CLOSE: morning_after,
            DutyKind.LAPSE: instant(lapse_day, EVENING, manager.timezone),
        }
        return [Duty(f"{kind}:{meeting.id}", kind, meeting.id, when) for kind, when in due_at.items()]

    async def time_anew(self, tx: Transaction, open_ones: Sequence[Held], others: Sequence[Duty]) -> None:
        """Write once more what falls due around open 1:1s, and nothing of one that somebody closes at the same moment.

        ``others`` are written along. A 1:1 is locked only after its duties, as where a duty is being done.
        """
        around = {one.meeting.id: await self.duties(tx, *one) for one in open_ones}
        changed = await tx.duties.put(*chain.from_iterable(around.values()), *others)
        for meeting, duties in around.items():
            if changed.isdisjoint(one.key for one in duties):
                continue  # as on most days
            now = await tx.meetings.get(meeting, lock=True)
            if now is None or now.state not in OPEN_STATES:
                await tx.duties.withdraw(meeting)

    async def reading_time(self, tx: Transaction, meeting: Meeting, reader: Person) -> datetime:
        """Return when one of the two is to get the agenda: nine on their own morning, a working day before."""
        off = await self._office.days_off(
            tx, await person_or_refuse(tx, meeting.rep), await person_or_refuse(tx, meeting.manager)
        )
        return _morning_before(meeting.appointment, reader, READ, off)


def _morning_before(appointment: Appointment, reader: Person, days: int, off: DaysOff) -> datetime:
    """Return nine in the morning, working days before the 1:1, by the reader's own calendar and clocks."""
    day = local_day(appointment.starts_at, reader)
    return instant(working_days_before(day, days, off), MORNING, reader.timezone)
