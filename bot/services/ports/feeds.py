"""The secret addresses of people's calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.coaching.records import PersonId


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """The secret address of a person's calendar; ``digest`` is the SHA-256 of the secret, in hex."""

    person: PersonId
    digest: str
    made_at: datetime


class CalendarFeeds(Protocol):
    async def of_person(self, person: PersonId) -> CalendarFeed | None: ...
    async def by_digest(self, digest: str) -> CalendarFeed | None: ...
    async def put(self, feed: CalendarFeed) -> None:
        """Insert or replace the person's address."""

    async def remove(self, person: PersonId) -> bool:
        """Return whether there was one."""
