"""What one run over a source holds on to: its lease, its notes, and in whose zone days are."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.services.office import Office
from bot.services.roster import is_zone
from bot.services.source import Account, Days, Source
from bot.services.sync_lease import Lease, Pulse
from bot.services.sync_notes import Notes

Pages = TypeVar("Pages")


@asynccontextmanager
async def closed(pages: AsyncIterator[Pages]) -> AsyncIterator[AsyncIterator[Pages]]:
    """Close a walk that is left in the middle, and with it the request under way."""
    try:
        yield pages
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


class Course:
    """``counted`` are the days whose activities were read, ``goals_read`` whether goals were: only these are shown."""

    def __init__(self, office: Office, source: Source, pulse: Pulse) -> None:
        self.office = office
        self.source = source
        self.name = source.name
        self.lease = Lease(office.store, source, pulse)
        self.notes = Notes(source.title)
        self.account = Account(office.clock.now())
        self.zones: dict[str, tzinfo] = {}
        self.counted: Days | None = None
        self.goals_read = False

    def zone(self, owner: str) -> tzinfo:
        return self.zones.get(owner, UTC)

    def today(self) -> date:
        zone = ZoneInfo(self.account.timezone) if is_zone(self.account.timezone) else UTC
        return self.account.now.astimezone(zone).date()
