"""What people's calendars are asked for, in the house's words: Google and Microsoft satisfy it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.coaching.records import PersonId
from bot.coaching.rhythm.free_times import Span


@dataclass(frozen=True, slots=True)
class Taken:
    """When somebody can't meet, from ``start`` until before ``end`` (aware); ``away``: out of office, not just busy."""

    start: datetime
    end: datetime
    away: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """A 1:1 as a calendar is to show it: ``owner`` and ``guest`` are addresses; ``uid`` stays the same for ever.

    Nothing of what the 1:1 is about stands in it.
    """

    uid: str
    owner: str
    guest: str
    guest_name: str
    title: str
    starts_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it stands in the calendar now."""

    starts_at: datetime
    minutes: int


class CalendarProvider(Protocol):
    """One connected calendar system. Each method raises SourceError, and each may be repeated without harm.

    ``name`` is its word in commands ("google"), ``title`` what people call it.
    """

    name: str
    title: str

    async def busy(
        self, emails: Collection[str], start: datetime, end: datetime
    ) -> Mapping[str, tuple[Taken, ...] | None]:
        """Return for each address when it is taken between two instants; None for one that can't be read."""

    async def put(self, invitation: Invitation, ref: str) -> str:
        """Make the entry in the owner's calendar, or bring the one called ``ref`` up to date; return its ref.

        ``ref`` is "" the first time. An entry that a person deleted is there again. The guest is told by the calendar.
        """

    async def remove(self, owner: str, ref: str) -> None:
        """Cancel an entry; one that is no longer there is no error."""

    async def look(self, owner: str, ref: str) -> Shown | None:
        """Return an entry as it stands, None for one that was deleted or cancelled."""

    async def close(self) -> None: ...


class EntryState(StrEnum):
    THERE = "there"
    DELETED = "deleted"  # by a person, in the calendar
    OVER = "over"  # held, missed or cancelled: nothing of it changes any more


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written of a 1:1 into its manager's calendar. ``sequence`` is the 1:1's when it was written."""

    event: str
    provider: str
    owner: PersonId
    ref: str
    sequence: int
    starts_at: datetime
    state: EntryState = EntryState.THERE


class CalendarEntries(Protocol):
    """The repository of what was written into calendars."""

    async def all_there(self, provider: str) -> tuple[Entry, ...]: ...
    async def get(self, event: str) -> Entry | None: ...
    async def put(self, entry: Entry) -> None:
        """Insert or replace by event."""


class TakenTimes(Protocol):
    """The repository of when people can't meet, as their calendars last said."""

    async def replace(self, taken: Mapping[PersonId, tuple[Taken, ...]]) -> None:
        """Forget what was known of each of these people, and keep this."""

    async def all(self) -> Mapping[PersonId, tuple[Taken, ...]]: ...


class Calendars(Protocol):
    """What people's own calendars say."""

    async def busy(self, person: PersonId, start: datetime, end: datetime) -> tuple[Span, ...]:
        """Return when somebody can't meet between two aware instants, each from its start until before its end.

        It is asked inside a transaction: an adapter answers from its own copy and never goes over the network. Who
        has no calendar here, or one that can't be read, is never busy: the 1:1 hours decide.
        """
