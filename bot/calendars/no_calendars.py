"""Nobody's calendar is connected: people are free in their 1:1 hours."""

from __future__ import annotations

from datetime import datetime

from bot.coaching.records import PersonId
from bot.coaching.rhythm.free_times import Span


class NoCalendars:
    """Satisfies ``ports.Calendars`` where the admin connected none."""

    async def busy(self, person: PersonId, start: datetime, end: datetime) -> tuple[Span, ...]:  # noqa: ARG002
        return ()
