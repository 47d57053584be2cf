"""A person's own word on when they are away, and what it does to their 1:1s."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.coaching.meeting import OPEN_STATES, Meeting
from bot.coaching.records import Leave, Person
from bot.coaching.rhythm.free_times import Diary
from bot.coaching.rhythm.wall_time import span
from bot.coaching.rhythm.working_days import DaysOff
from bot.services import access
from bot.services.absence import NOT_BEGUN
from bot.services.away_words import away
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.soon import follow_soon
from bot.views import away as view


@dataclass(frozen=True, slots=True)
class Leaves:
    """Somebody's own leave that isn't over, by first day; ``noted`` is what was just said, None for a question.

    ``concerned`` are the people whose 1:1 with this person falls into it and goes to another day.
    """

    person: Person
    leaves: tuple[Leave, ...]
    noted: Leave | None = None
    concerned: tuple[Person, ...] = ()


class Away:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def leaves(self, user: str) -> Leaves:
        """Return the asker's own leave."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            return Leaves(asker, await self._coming(tx, asker))

    async def note(self, user: str, words: str) -> Leaves:
        """Keep when the asker is away; 1:1s that fall into it go to another day at once, and both are told why.

        Said twice is the same as once; what lies wholly inside new days is part of them. Raises BadInputError for words
        that name no days.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            said = away(words, local_day(self._office.clock.now(), asker))
            return await self.keep(tx, asker, Leave(asker.id, said.first, said.last, said.reason))

    async def keep(self, tx: Transaction, person: Person, leave: Leave) -> Leaves:
        """Keep a leave of somebody, and let everybody it concerns be looked at."""
        for known in await tx.people.leave_of(person.id):
            if leave.first <= known.first and known.last <= leave.last:
                await tx.people.remove_leave(person.id, known.first, known.last)
                leave = leave if leave.reason else replace(leave, reason=known.reason)
        await tx.people.add_leave(leave)
        concerned = await self._concerned(tx, person, leave)
        await follow_soon(tx, self._office, person, *await tx.people.reports_of(person.id))
        return Leaves(person, await self._coming(tx, person), leave, concerned)

    async def withdraw(self, user: str, first: date, last: date) -> dict[str, Any]:
        """Forget a leave of the asker's and return the modal with those that are left; twice is the same as once.

        What was moved because of it stays where it is: both have read the new date.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            if await tx.people.remove_leave(asker.id, first, last):
                await follow_soon(tx, self._office, asker, *await tx.people.reports_of(asker.id))
            return view.withdrawn(first, last, await self._coming(tx, asker))

    async def _coming(self, tx: Transaction, person: Person) -> tuple[Leave, ...]:
        today = local_day(self._office.clock.now(), person)
        return tuple(leave for leave in await tx.people.leave_of(person.id) if leave.last >= today)

    async def fall_into(self, tx: Transaction, person: Person, leave: Leave) -> tuple[Meeting, ...]:
        """Return the 1:1s of somebody, as rep and as manager, that haven't begun and fall into a leave, by date.

        Where the person has said leave for their day already they don't count: they move anyway.
        """
        known = DaysOff(leave=tuple((one.first, one.last) for one in await tx.people.leave_of(person.id)))
        told = Diary(person.timezone, replace(known, weekend=frozenset()))
        return tuple([one for one in await self._within(tx, person, leave) if told.allows(span(one.appointment))])

    async def _concerned(self, tx: Transaction, person: Person, leave: Leave) -> tuple[Person, ...]:
        within = await self._within(tx, person, leave)
        others = [one.manager if one.rep == person.id else one.rep for one in within]
        found = [await access.person_or_refuse(tx, other) for other in others]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))

    async def _within(self, tx: Transaction, person: Person, leave: Leave) -> list[Meeting]:
        diary = Diary(person.timezone, DaysOff(leave=((leave.first, leave.last),), weekend=frozenset()))
        own = await tx.meetings.open_of(person.id)
        theirs = await tx.meetings.of_manager(person.id, states=OPEN_STATES)
        within = [one for one in (*([] if own is None else [own]), *theirs) if self._falls_into(one, diary)]
        return sorted(within, key=lambda one: one.appointment.starts_at)

    def _falls_into(self, meeting: Meeting, diary: Diary) -> bool:
        when = span(meeting.appointment)
        return meeting.state in NOT_BEGUN and self._office.clock.now() < when[1] and not diary.allows(when)
