"""Moves a planned 1:1 off a day on which one of the two doesn't work."""

from __future__ import annotations

from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.records import Person
from bot.coaching.rhythm.free_times import Diary, NoSlotError
from bot.coaching.rhythm.placement import bounds
from bot.coaching.rhythm.wall_time import span
from bot.coaching.said import joined, say
from bot.services import access
from bot.services.closing import Closing
from bot.services.office import Office
from bot.services.planning import Planning
from bot.services.ports import Transaction
from bot.services.posting import show_move

NOT_BEGUN = frozenset({MeetingState.PLANNED, MeetingState.PROMPTED, MeetingState.PUBLISHED})

LATE = say(
    "No day within a month of the last 1:1 is free for both, so it comes as soon as both can read the agenda at work."
)
CLOSED = say("The company is closed on that day.")


class Absence:
    def __init__(self, office: Office, planning: Planning, closing: Closing) -> None:
        self._office = office
        self._planning = planning
        self._closing = closing

    async def move_if_away(self, tx: Transaction, meeting: Meeting) -> bool:
        """Move a 1:1 that hasn't begun when one of the two is off by now; whether it was one.

        It goes to a new time inside the cadence, with what the rep answered, and both hear of it and why. Where a leave
        takes all of the month it goes to the first days back, and says so. Without any free time for more than a year
        it is excused, both are told, and the manager what would help.
        """
        away = await self.who_is_away(tx, meeting)
        if away is not None:
            rep = await access.person_or_refuse(tx, meeting.rep)
            manager = await access.person_or_refuse(tx, meeting.manager)
            closed = self._office.is_closed(meeting.appointment.day)
            why = CLOSED if closed else say("{who} is away on that day.", who=away.name)
            await self._move(tx, meeting, rep, manager, why)
        return away is not None

    async def who_is_away(self, tx: Transaction, meeting: Meeting) -> Person | None:
        """Return one of the two who is off at the time of a 1:1 that hasn't begun, if there is one."""
        _, ends = span(meeting.appointment)
        if meeting.state not in NOT_BEGUN or self._office.clock.now() >= ends:
            return None
        rep = await access.person_or_refuse(tx, meeting.rep)
        manager = await access.person_or_refuse(tx, meeting.manager)
        if await self._work(tx, meeting, rep, manager):
            return None
        away = [person for person in (rep, manager) if not await self._work(tx, meeting, person)]
        return away[0] if away else None

    async def _work(self, tx: Transaction, meeting: Meeting, *people: Person) -> bool:
        """Return whether none of the people is off at the time of a 1:1, each by their own clocks."""
        off = await self._office.days_off(tx, *people)
        return all(Diary(person.timezone, off).allows(span(meeting.appointment)) for person in people)

    async def move_off(self, tx: Transaction, meeting: Meeting, why: str) -> None:
        """Move a 1:1 that hasn't begun, and is locked, to another time for this reason; as ``move_if_away``."""
        rep = await access.person_or_refuse(tx, meeting.rep)
        await self._move(tx, meeting, rep, await access.person_or_refuse(tx, meeting.manager), why)

    async def _move(self, tx: Transaction, meeting: Meeting, rep: Person, manager: Person, why: str) -> None:
        await tx.people.hold(rep.id, manager.id)
        last = await tx.meetings.last_held(rep.id)
        try:
            found, interval = await self._planning.find_again(tx, rep, manager)
        except NoSlotError:
            closed = await self._closing.close(tx, meeting, MeetingState.EXCUSED, why)
            await self._closing.tell_excused(tx, closed, await self._planning.plan(tx, rep))
            return
        if last is not None and found.day > bounds(last.appointment.day)[1]:
            why = joined((why, LATE))
        closed = await self._closing.close(tx, meeting, MeetingState.MOVED, why, moved_to=found)
        moved = await self._planning.book(
            tx, rep, manager, found, found.day, interval, meeting.answers, meeting.answered_at, instead_of=meeting
        )
        await show_move(self._office, tx, closed, moved, by=None)
