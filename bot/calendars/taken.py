"""When people can't meet, as their calendars last said, at hand for planning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.records import PersonId
from bot.services.ports.calendars import Taken

Span = tuple[datetime, datetime]


class TakenByCalendars:
    """A copy in memory, kept up to date by the keeper; empty where no calendar is connected."""

    def __init__(self) -> None:
        self._taken: Mapping[PersonId, tuple[Taken, ...]] = {}

    def set(self, taken: Mapping[PersonId, tuple[Taken, ...]]) -> None:
        self._taken = taken

    def is_empty(self) -> bool:
        return not self._taken

    async def busy(self, person: PersonId, start: datetime, end: datetime) -> tuple[Span, ...]:
        """Return what touches the time between two instants."""
        return tuple((one.start, one.end) for one in self._taken.get(person, ()) if one.start < end and start < one.end)
