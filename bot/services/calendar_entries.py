"""Keeps people's own calendars and their 1:1s the same: what we plan is written there, what they move there counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.coaching import wording
from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingState
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.free_times import Diary
from bot.coaching.rhythm.placement import bounds
from bot.coaching.rhythm.wall_time import span
from bot.coaching.said import say
from bot.services import access, pairs
from bot.services.absence import Absence
from bot.services.moving import Moving
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.ports.calendars import Entry, EntryState, Invitation, Shown, Taken
from bot.services.posting import tell
from bot.views import calendar as view
from bot.views.message import Message
from bot.views.speaking import said_to

CALLED_OFF = frozenset({MeetingState.EXCUSED, MeetingState.MOVED})
NOT_BEGUN = OPEN_STATES - {MeetingState.STARTED}


@dataclass(frozen=True, slots=True)
class Writing:
    """An entry to be made or brought up to date; ``ref`` is "" for a new one."""

    invitation: Invitation
    owner: PersonId
    ref: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Removal:
    """An entry to be cancelled: its 1:1 doesn't take place."""

    entry: Entry
    owner: str


class CalendarEntriesKeeping:
    """Decides what is to be written and what becomes of what was found; going over the network is for others."""

    def __init__(self, office: Office, moving: Moving, absence: Absence, provider: str) -> None:
        self._office = office
        self._moving = moving
        self._absence = absence
        self._provider = provider

    async def people(self) -> Mapping[str, PersonId]:
        """Return whose calendars are looked at, by address: everybody who can have a 1:1."""
        async with self._office.store.transaction() as tx:
            reps = await pairs.everybody(tx)
            managers = {rep.manager_id for rep in reps}
            there = [one for one in await tx.people.all() if one.id in managers]
            return {one.email: one.id for one in (*reps, *there) if one.email}

    async def to_do(self) -> tuple[Writing | Removal, ...]:
        """Return what in the calendars isn't as it should be, by what was written before."""
        async with self._office.store.transaction() as tx:
            now = self._office.clock.now()
            entries = {one.event: one for one in await tx.calendar_entries.all_there(self._provider)}
            todo: list[Writing | Removal] = []
            for meeting in await tx.meetings.all_open():
                entry = entries.pop(meeting.event, None) or await tx.calendar_entries.get(meeting.event)
                if meeting.appointment.starts_at <= now or meeting.state not in NOT_BEGUN:
                    continue
                if entry is None or entry.sequence < meeting.sequence:
                    todo.append(await self._writing(tx, meeting, "" if entry is None else entry.ref))
            for entry in entries.values():
                removal = await self._ended(tx, entry, now)
                todo += [] if removal is None else [removal]
            return tuple(todo)

    async def written(self, writing: Writing, ref: str) -> None:
        """Keep that an entry shows a 1:1 as it was when it was written."""
        async with self._office.store.transaction() as tx:
            one = writing.invitation
            await tx.calendar_entries.put(
                Entry(one.uid, self._provider, writing.owner, ref, writing.sequence, one.starts_at)
            )

    async def removed(self, removal: Removal) -> None:
        async with self._office.store.transaction() as tx:
            await tx.calendar_entries.put(replace(removal.entry, state=EntryState.OVER))

    async def to_look_at(self) -> tuple[tuple[Entry, str], ...]:
        """Return the entries of 1:1s to come, each with its owner's address."""
        async with self._office.store.transaction() as tx:
            now = self._office.clock.now()
            coming = [one for one in await tx.calendar_entries.all_there(self._provider) if one.starts_at > now]
            return tuple([(one, (await access.person_or_refuse(tx, one.owner)).email) for one in coming])

    async def found(self, seen: Entry, shown: Shown | None) -> None:
        """Follow what a person did to an entry: a move inside the cadence counts, any other is answered.

        Nothing is done when the 1:1 or its entry changed since it was ``seen``.
        """
        if shown is not None and shown.starts_at == seen.starts_at:
            return
        async with self._office.store.transaction() as tx:
            entry = await tx.calendar_entries.get(seen.event)
            meeting = next((one for one in await tx.meetings.all_open() if one.event == seen.event), None)
            if meeting is not None:
                meeting = await tx.meetings.get(meeting.id, lock=True)
            if entry != seen or meeting is None or meeting.sequence != seen.sequence or meeting.state not in NOT_BEGUN:
                return
            rep = await access.person_or_refuse(tx, meeting.rep)
            manager = await access.person_or_refuse(tx, meeting.manager)
            if shown is None:
                await tx.calendar_entries.put(replace(entry, state=EntryState.DELETED))
                await self._ask(tx, manager, meeting, said_to(manager, view.deleted_there, meeting, rep))
                return
            await tx.people.hold(rep.id, manager.id)
            chosen = _appointment(shown, manager)
            why_not = await self._why_not(tx, chosen, rep, manager)
            if why_not:
                # Written once more at the time it has: nobody is to stand there alone.
                await tx.calendar_entries.put(replace(entry, sequence=-1))
                message = said_to(manager, view.not_moved, meeting, rep, shown.starts_at, why_not)
                await self._ask(tx, manager, meeting, message)
                return
            moved = await self._moving.follow(tx, meeting, chosen)
            await tx.calendar_entries.put(replace(entry, sequence=moved.sequence, starts_at=chosen.starts_at))

    async def take_in(self, said: Mapping[PersonId, tuple[Taken, ...]]) -> Mapping[PersonId, tuple[Taken, ...]]:
        """Keep when people can't meet; returns all that is known by now, of everybody."""
        async with self._office.store.transaction() as tx:
            await tx.taken_times.replace(said)
            return await tx.taken_times.all()

    async def make_way(self, known: Mapping[PersonId, tuple[Taken, ...]]) -> None:
        """Move what falls into somebody's time out of office; planning must know of these times already."""
        async with self._office.store.transaction() as tx:
            meetings = [one for one in await tx.meetings.all_open() if one.state in NOT_BEGUN]
        for meeting in meetings:
            who = next((one for one in (meeting.rep, meeting.manager) if _is_away(known.get(one, ()), meeting)), None)
            if who is not None:
                await self._move_off(meeting, who)

    async def _move_off(self, meeting: Meeting, who: PersonId) -> None:
        async with self._office.store.transaction() as tx:
            now = await tx.meetings.get(meeting.id, lock=True)
            if now is not None and now.state in NOT_BEGUN:
                person = await access.person_or_refuse(tx, who)
                await self._absence.move_off(tx, now, say("{who}'s calendar says out of office then.", who=person.name))

    async def _writing(self, tx: Transaction, meeting: Meeting, ref: str) -> Writing:
        rep = await access.person_or_refuse(tx, meeting.rep)
        manager = await access.person_or_refuse(tx, meeting.manager)
        when = meeting.appointment
        title = said_to(manager, view.invitation, manager, rep)  # it stands in the manager's calendar
        invitation = Invitation(meeting.event, manager.email, rep.email, rep.name, title, when.starts_at, when.minutes)
        return Writing(invitation, manager.id, ref, meeting.sequence)

    async def _ended(self, tx: Transaction, entry: Entry, now: datetime) -> Removal | None:
        """Return what to remove of a 1:1 that is no longer open; one that was held or missed stays where it was."""
        last = await tx.meetings.latest_of(entry.event)
        if last is not None and last.state in CALLED_OFF and entry.starts_at > now:
            return Removal(entry, (await access.person_or_refuse(tx, entry.owner)).email)
        await tx.calendar_entries.put(replace(entry, state=EntryState.OVER))
        return None

    async def _why_not(self, tx: Transaction, chosen: Appointment, rep: Person, manager: Person) -> str:
        """Return why a 1:1 can't be at a time, "" where it can: what people agreed on needn't be in working hours."""
        last = await tx.meetings.last_held(rep.id)
        if chosen.starts_at <= self._office.clock.now():
            return say("That time is over.")
        if last is not None:
            first, latest = bounds(last.appointment.day)
            if chosen.day < first:
                return say(
                    "That is less than a week after the last one: {day} is the first day that can be.",
                    day=wording.day(first),
                )
            if chosen.day > latest:
                return say(
                    "That is more than a month after the last one: {day} is the last day that can be.",
                    day=wording.day(latest),
                )
        for person in (rep, manager):
            off = await self._office.days_off(tx, person)
            if not Diary(person.timezone, off).allows(span(chosen)):
                return say("{who} doesn't work on that day.", who=person.name)
        return ""

    async def _ask(self, tx: Transaction, manager: Person, meeting: Meeting, message: Message) -> None:
        when = await self._office.at_work(tx, manager)
        await tell(tx, manager, "calendar", f"calendar:{meeting.id}", message, when)


def _appointment(shown: Shown, manager: Person) -> Appointment:
    local = shown.starts_at.astimezone(ZoneInfo(manager.timezone))
    return Appointment(local.date(), local.time(), manager.timezone, shown.starts_at, shown.minutes)


def _is_away(taken: tuple[Taken, ...], meeting: Meeting) -> bool:
    start, end = span(meeting.appointment)
    return any(one.away and one.start < end and start < one.end for one in taken)
