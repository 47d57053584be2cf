"""Moves a 1:1 to another free time that one of its two picks."""

from __future__ import annotations

from typing import Any

from bot.coaching.meeting import Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.records import Person
from bot.coaching.rhythm.free_times import NoSlotError
from bot.coaching.said import say
from bot.errors import StaleError
from bot.services import access
from bot.services.closing import Closing
from bot.services.ended import still_open
from bot.services.forks import Forks
from bot.services.office import Office
from bot.services.planning import Planning
from bot.services.ports import Transaction
from bot.services.posting import show_move
from bot.views import moving as view

ALL_FREE = 1000
"""More than any month has: what the form offered three of may have become the fourth meanwhile."""


class TakenError(StaleError):
    """The time that ``asker`` picked is no longer free; ``slots`` are, and none may be."""

    def __init__(self, meeting: Meeting, slots: tuple[Appointment, ...], asker: Person) -> None:
        super().__init__(view.TAKEN)
        self.meeting = meeting
        self.slots = slots
        self.asker = asker


class Moving:
    def __init__(self, office: Office, planning: Planning, closing: Closing, forks: Forks) -> None:
        self._office = office
        self._planning = planning
        self._closing = closing
        self._forks = forks

    async def form(self, meeting_id: MeetingId, user: str) -> dict[str, Any]:
        """Return the modal with three free times, for either of the two."""
        async with self._office.store.transaction() as tx:
            asker, meeting = await self._movable(tx, meeting_id, user)
            return view.move_modal(meeting, await self._three(tx, meeting), asker)

    async def move(self, meeting_id: MeetingId, user: str, starts_at: str, words: str) -> None:
        """Move to one of the free times; what the rep answered moves along, and both read the new date.

        ``starts_at`` is the ISO instant of the chosen time. Raises TakenError with fresh times when it was taken
        meanwhile. A move that the manager picks keeps the day it was due: it is still the same 1:1. One that the rep
        picks is due on its new day, for it is no delay of the manager's.
        """
        async with self._office.store.transaction() as tx:
            asker, meeting = await self._movable(tx, meeting_id, user)
            await tx.people.hold(meeting.rep, meeting.manager)
            slots = await self._planning.slots(tx, meeting, ALL_FREE)
            chosen = next((slot for slot in slots if slot.starts_at.isoformat() == starts_at), None)
            if chosen is None:
                raise TakenError(meeting, await self._three(tx, meeting), asker)
            await self._move(tx, meeting, chosen, words.strip(), by=asker)

    async def follow(self, tx: Transaction, meeting: Meeting, chosen: Appointment) -> Meeting:
        """Move a 1:1, locked and its two held, to where one of them put it in the calendar; both hear of it."""
        return await self._move(tx, meeting, chosen, say("It was moved in the calendar."), by=None)

    async def _move(
        self, tx: Transaction, meeting: Meeting, chosen: Appointment, words: str, *, by: Person | None
    ) -> Meeting:
        closed = await self._closing.close(tx, meeting, MeetingState.MOVED, words, moved_to=chosen)
        await self._forks.withdraw_open(tx, closed, say("The 1:1 was moved; this comes again at its new time."))
        rep = await access.person_or_refuse(tx, closed.rep)
        manager = await access.person_or_refuse(tx, closed.manager)
        moved = await self._planning.book(
            tx,
            rep,
            manager,
            chosen,
            chosen.day if by == rep else meeting.due,
            meeting.interval,
            meeting.answers,
            meeting.answered_at,
            instead_of=meeting,
        )
        await show_move(self._office, tx, closed, moved, by=by)
        return moved

    async def _movable(self, tx: Transaction, meeting_id: MeetingId, user: str) -> tuple[Person, Meeting]:
        """Return who asks and the open 1:1, locked. Once it has begun only the manager moves it."""
        asker = await access.known(tx, user)
        meeting = still_open(await access.shared_meeting(tx, asker, meeting_id, lock=True))
        if asker.id != meeting.manager and meeting.appointment.starts_at <= self._office.clock.now():
            manager = await access.person_or_refuse(tx, meeting.manager)
            raise StaleError(
                say(
                    "This 1:1 has begun. If you don't meet, {manager} can still move it: say so there.",
                    manager=manager.name,
                )
            )
        return asker, meeting

    async def _three(self, tx: Transaction, meeting: Meeting) -> tuple[Appointment, ...]:
        try:
            return await self._planning.slots(tx, meeting)
        except NoSlotError:
            return ()
