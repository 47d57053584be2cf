"""What people are to see, as the use cases put it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.coaching.records import PersonId
from bot.views.announcement import Announcement
from bot.views.message import Message


class Surface(StrEnum):
    MESSAGE = "message"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one person is to see under ``key``: one message in Slack for ever, rewritten as things change.

    Putting a second Outgoing with the same key replaces the first: it is posted once and updated afterwards.
    ``urgent`` answers to a person's click overtake batches. After ``expires_at`` a message not yet posted never is.

    It is posted in its reader's working hours only, but for what the reader waits for ``awaited_until`` an instant, and
    what would be of no use after ``latest``: that is said then, whatever the hour. Rewriting disturbs nobody.

    An ``Announcement`` gets its words when it is sent, in the language that its reader reads by then.
    """

    key: str
    to: PersonId
    kind: str
    message: Message | Announcement
    due_at: datetime
    urgent: bool = False
    expires_at: datetime | None = None
    awaited_until: datetime | None = None
    latest: datetime | None = None
    surface: Surface = Surface.MESSAGE


@dataclass(frozen=True, slots=True)
class Waiting:
    """When a message that was never posted is due, and when it has to be said even at night."""

    key: str
    due_at: datetime
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that never gets through: Slack answered ``error`` at ``at`` by the database's clock.

    Or it was TOO_LATE, then by the bot's.
    """

    key: str
    to: PersonId
    kind: str
    error: str
    at: datetime


TOO_LATE = "too_late"
"""The error of a message that was no longer worth saying before it could be posted."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """What Slack's answers to a message mean, and what helps.

    After one of ``stops`` nothing gets through until somebody acts; one of ``gone`` says that the person's account is
    deactivated. ``remedy`` is a sentence for an admin.
    """

    stops: frozenset[str]
    gone: frozenset[str]
    remedy: Callable[[str], str]


class Outbox(Protocol):
    async def put(self, outgoing: Outgoing) -> None: ...
    async def withdraw(self, key: str) -> None:
        """Give up a message not yet posted; one that was posted stays."""

    async def exists(self, key: str) -> bool:
        """Whether a message was ever put under this key and not withdrawn before it was posted."""

    async def depth(self) -> dict[str, int]:
        """How many messages are pending, sending and failed, each named also with 0."""

    async def is_posted(self, key: str) -> bool:
        """Whether Slack shows the message of this key: what is put again under it then rewrites it."""

    async def begun(self, person: PersonId, kinds: Collection[str], since: datetime, until: datetime) -> int:
        """How many messages of some kinds somebody got, or is to get, from an instant until before another.

        Each counts once, when it was first to be said, however often it is rewritten; what was never said doesn't.
        """

    async def hand_on(self, key: str, new: str, to: PersonId) -> None:
        """Let a message go on under another key as another person's, who is the same in Slack."""

    async def last(self, key: str) -> Message | None:
        """What was put last under a key; None where nothing was."""

    async def unsaid(self, key: str) -> Message | None:
        """The message of this key as it waits to be posted; None once it is, or where there is none."""

    async def waiting_for(
        self, people: Collection[PersonId], after: datetime
    ) -> Mapping[PersonId, tuple[Waiting, ...]]:
        """The messages for each of some people that were never posted and are due later than an instant, by key."""

    async def time_anew(self, waiting: Waiting, due_at: datetime) -> None:
        """Let a message that still waits just so be due at another instant."""

    async def given_up(self, now: datetime, within: timedelta) -> tuple[GivenUp, ...]:
        """Messages that failed for good or expired unsaid in the time ``within`` up to now; by key.

        A failure counts by the database's clock, and expiry by the bot's, which is ``now``.
        """

    async def lay_down(self, keys: Collection[str]) -> None:
        """Let messages that failed rest as withdrawn: put again, the same words are sent."""

    async def waiting_because(self, errors: Collection[str]) -> Mapping[str, int]:
        """How many messages wait to be tried again after each of these errors, to people who can be written to."""

    async def forget(self, before: datetime, *, keep: Callable[[str], bool]) -> int:
        """Delete messages that rest and were due before an instant, but for keys to keep; returns how many.

        A message put again under a forgotten key is posted anew. The App Home is never forgotten.
        """

    async def came_back(self, *, again: Callable[[str], bool]) -> int:
        """Note that the database came back from a backup; returns how many messages are rewritten for it.

        For a month every first post is then a suspect, for it may have been posted since the backup. Messages that
        were posted before, if ``again`` says so of their key, are shown once more as they are stored.
        """


class Homes(Protocol):
    """Whose home tab no longer shows how things stand."""

    async def mark(self, *people: PersonId, at: datetime) -> None:
        """Let those of the people who have opened their home tab see it anew; many marks are one."""

    async def mark_all(self, at: datetime) -> None:
        """Mark everybody who has opened it, as on each new day."""

    async def take(self) -> PersonId | None:
        """Return who was marked first and end the mark with this transaction; None when nobody is."""

    async def forget(self, person: PersonId) -> None:
        """End a person's mark."""
