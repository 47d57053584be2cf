"""The private calendar of each person's 1:1s: whom its secret address belongs to, and what stands in it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.records import Person, PersonId
from bot.coaching.said import say
from bot.errors import UserError
from bot.services import access
from bot.services.office import Office, new_id
from bot.services.ports import CalendarFeed, Transaction
from bot.services.posting import AWAITED, tell
from bot.views import calendar as view
from bot.views.speaking import said_to, speak_with

SECRET_BYTES = 24
FILE = "1on1.ics"
PAST = timedelta(days=90)
CANCELLED = timedelta(days=30)
"""So long a cancelled 1:1 stays in the feed as cancelled, for calendars that look rarely."""

CALLED_OFF = frozenset({MeetingState.EXCUSED, MeetingState.MOVED})
"""A last state that says it doesn't take place: a moved one is followed by another, unless nothing came of it."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One 1:1 in one person's calendar; ``uid`` is for ever, and ``sequence`` grows with each change of its time.

    ``zone`` is by whose wall time it was planned, ``other`` the name of whom the person meets; nothing else of the 1:1
    leaves, for an address may leak.
    """

    uid: str
    other: str
    starts_at: datetime
    zone: str
    minutes: int
    sequence: int
    changed_at: datetime
    cancelled: bool


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """``url`` is told once, when the address is made; None says that there is one since ``made_at``."""

    url: str | None
    made_at: datetime
    zone: str


Refused = Callable[[UserError], Awaitable[None]]
"""Is told why somebody can't be given a file, and what helps."""


class Files(Protocol):
    def give(self, user: str, name: str, content: bytes, words: str, refused: Refused) -> None:
        """Put a file into somebody's DM soon, with ``words`` in Slack's markup.

        It is an effect alone: a process that is killed meanwhile forgets it, and who misses the file asks again.
        """


@dataclass(frozen=True, slots=True)
class Outlets:
    """How calendars leave the house.

    ``address_of`` makes the web address of a secret, None without a public one; ``text_of`` writes one 1:1 as a file,
    which ``files`` gives to somebody.
    """

    address_of: Callable[[str], str] | None
    text_of: Callable[[CalendarEntry], bytes]
    files: Files


class CalendarFeeds:
    def __init__(self, office: Office, outlets: Outlets) -> None:
        self._office = office
        self._outlets = outlets

    async def address(self, user: str, *, anew: bool = False) -> FeedAddress:
        """Return the asker's own address, made at the first time and whenever ``anew``; the former one then ends.

        Raises UserError where calendars can't reach the bot.
        """
        if self._outlets.address_of is None:
            raise UserError(
                say(
                    "Calendars can't reach me yet. Ask your admin to set CADENCE_CALENDAR_URL, as docs/settings.md "
                    "says."
                )
            )
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            kept = await tx.calendar_feeds.of_person(asker.id)
            if kept is not None and not anew:
                return FeedAddress(None, kept.made_at, asker.timezone)
            secret, now = secrets.token_urlsafe(SECRET_BYTES), self._office.clock.now()
            await tx.calendar_feeds.put(CalendarFeed(asker.id, _digest(secret), now))
            return FeedAddress(self._outlets.address_of(secret), now, asker.timezone)

    async def end(self, user: str) -> None:
        """Let the asker's address answer nobody any more. Raises UserError when there is none."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            if not await tx.calendar_feeds.remove(asker.id):
                raise UserError(say("You have no calendar address. /1on1 calendar makes one."))

    async def entries(self, secret: str) -> tuple[CalendarEntry, ...] | None:
        """Return what stands in the calendar of an address, by start; None for one that isn't, or is no longer.

        Views speak its owner's language from here on.

        Who left or is deactivated in Slack has none.
        """
        async with self._office.store.transaction() as tx:
            feed = await tx.calendar_feeds.by_digest(_digest(secret))
            person = None if feed is None else await tx.people.get(feed.person)
            if person is None or not person.active or not await access.is_reachable(tx, person):
                return None
            speak_with(person)
            now = self._office.clock.now()
            meetings = await tx.meetings.with_person(person.id, now - PAST)
            return await self._entries(tx, person, latest_of_each(meetings), now)

    async def give_file(self, user: str) -> CalendarEntry:
        """Give the asker the file of the own next 1:1, which any calendar takes in; opened anew it moves the entry.

        It comes a moment later, and so does why it can't be had. Raises UserError when none is planned.
        """
        asker, entry = await self._next(user)

        async def refused(error: UserError) -> None:
            async with self._office.store.transaction() as tx:
                message = said_to(asker, view.file_refused, str(error))
                now = self._office.clock.now()
                key, until = f"file:{new_id('')}", now + AWAITED
                await tell(tx, asker, "refused", key, message, now, urgent=True, awaited_until=until)

        words = view.file_words(entry.other, entry.starts_at, entry.zone)
        self._outlets.files.give(user, FILE, self._outlets.text_of(entry), words, refused)
        return entry

    async def _next(self, user: str) -> tuple[Person, CalendarEntry]:
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            now = self._office.clock.now()
            meetings = latest_of_each(await tx.meetings.with_person(asker.id, now))
            for entry in await self._entries(tx, asker, meetings, now):
                if not entry.cancelled:
                    return asker, entry
            raise UserError(say("No 1:1 is planned for you now. /1on1 shows it as soon as there is one."))

    async def _entries(
        self, tx: Transaction, person: Person, meetings: Iterable[Meeting], now: datetime
    ) -> tuple[CalendarEntry, ...]:
        names: dict[PersonId, str] = {}
        entries = []
        for meeting in meetings:
            cancelled = meeting.state in CALLED_OFF
            if cancelled and meeting.closed_at is not None and meeting.closed_at < now - CANCELLED:
                continue
            other = meeting.manager if meeting.rep == person.id else meeting.rep
            if other not in names:
                names[other] = (await access.person_or_refuse(tx, other)).name
            entries.append(_entry(meeting, names[other], cancelled=cancelled))
        return tuple(entries)


def latest_of_each(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Return of each 1:1 what it is now, however often it moved, by starting instant."""
    latest: dict[str, Meeting] = {}
    for meeting in meetings:
        known = latest.get(meeting.event)
        if known is None or known.sequence < meeting.sequence:
            latest[meeting.event] = meeting
    return tuple(sorted(latest.values(), key=lambda one: (one.appointment.starts_at, one.id)))


def _entry(meeting: Meeting, other: str, *, cancelled: bool) -> CalendarEntry:
    when = meeting.appointment
    planned = meeting.planned_at or when.starts_at
    return CalendarEntry(
        uid=f"{meeting.event}@cadence",
        other=other,
        starts_at=when.starts_at,
        zone=when.zone,
        minutes=when.minutes,
        sequence=meeting.sequence + cancelled,
        changed_at=(meeting.closed_at or planned) if cancelled else planned,
        cancelled=cancelled,
    )


def _digest(secret: str) -> str:
    """Return what is kept of a secret: enough to know it again, and nothing to use it with."""
    return hashlib.sha256(secret.encode()).hexdigest()
