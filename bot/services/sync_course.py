"""What one run over a source holds on to: its lease, its notes, and in whose zone days are."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.errors import CadenceError, StaleError
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.ports.sync import SyncState
from bot.services.roster import is_zone
from bot.services.source import Account, Days, Source
from bot.services.sync_notes import Notes

LEASE_SECONDS = 600.0
"""Longer than one page may take with all its tries; renewed with each."""

Pages = TypeVar("Pages")


@asynccontextmanager
async def closed(pages: AsyncIterator[Pages]) -> AsyncIterator[AsyncIterator[Pages]]:
    """Close a walk that is left in the middle, and with it the request under way."""
    try:
        yield pages
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


class LeaseLostError(CadenceError):
    """Another process took the source over: it goes on there."""


class Course:
    """``counted`` are the days whose activities were read, ``goals_read`` whether goals were: only these are shown."""

    def __init__(self, office: Office, source: Source) -> None:
        self.office = office
        self.source = source
        self.name = source.name
        self.token = secrets.token_hex(8)
        self.notes = Notes(source.title)
        self.account = Account(office.clock.now())
        self.zones: dict[str, tzinfo] = {}
        self.counted: Days | None = None
        self.goals_read = False

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[None]:
        """Raises StaleError while another process reads the source."""
        async with self.office.store.transaction() as tx:
            if not await tx.syncs.take(self.name, self.token, LEASE_SECONDS):
                raise StaleError(  # no words: of the command line
                    f"{self.source.title} is being read right now, or was until that broke off: try again in "
                    f"{LEASE_SECONDS / 60:.0f} minutes at the most. `cadence doctor` says how it went."
                )  # no words: of the command line
        try:
            yield
        finally:
            async with self.office.store.transaction() as tx:
                await tx.syncs.release(self.name, self.token)

    async def save(self, tx: Transaction, state: SyncState) -> None:
        """Raises LeaseLostError, and so undoes the transaction, when the source is no longer ours to read."""
        if not await tx.syncs.save(state, self.token, LEASE_SECONDS):
            raise LeaseLostError(  # no words: of the command line
                f"Another process is reading {self.source.title} now: it goes on there."
            )

    async def renew(self, tx: Transaction) -> None:
        await self.save(tx, await tx.syncs.state(self.name))

    def zone(self, owner: str) -> tzinfo:
        return self.zones.get(owner, UTC)

    def today(self) -> date:
        zone = ZoneInfo(self.account.timezone) if is_zone(self.account.timezone) else UTC
        return self.account.now.astimezone(zone).date()
