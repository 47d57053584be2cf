"""The lease by which one process at a time reads a source, kept up while that process lives."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.errors import CadenceError, StaleError, TryLaterError
from bot.services.ports import Store, Transaction
from bot.services.ports.sync import SyncState
from bot.services.source import Source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """A lease lasts for ``seconds`` and is renewed ``every`` so many, so that who died is soon taken over from."""

    seconds: float = 60.0
    every: float = 15.0


class LeaseLostError(CadenceError):
    """Another process took the source over: it goes on there."""


class Lease:
    """What is written of a source is checked against it in its own transaction, so that who slept writes nothing."""

    def __init__(self, store: Store, source: Source, pulse: Pulse) -> None:
        self.token = secrets.token_hex(8)
        self._store = store
        self._name, self._title = source.name, source.title
        self._pulse = pulse

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Raises StaleError while another process reads the source."""
        async with self._store.transaction() as tx:
            if not await tx.syncs.take(self._name, self.token, self._pulse.seconds):
                raise StaleError(  # no words: of the command line
                    f"{self._title} is being read right now, or was until that broke off: try again in a minute. "
                    "`cadence doctor` says how it went."
                )  # no words: of the command line
        done = asyncio.Event()
        beating = asyncio.create_task(self._beat(done))
        try:
            yield
        finally:
            done.set()
            await beating
            async with self._store.transaction() as tx:
                await tx.syncs.release(self._name, self.token)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """A transaction that is undone with LeaseLostError when the source is no longer ours to read."""
        async with self._store.transaction() as tx:
            yield tx
            if not await tx.syncs.renew(self._name, self.token, self._pulse.seconds):
                raise self._lost()

    async def save(self, tx: Transaction, state: SyncState) -> None:
        """Raises LeaseLostError, and so undoes the transaction, when the source is no longer ours to read."""
        if not await tx.syncs.save(state, self.token, self._pulse.seconds):
            raise self._lost()

    async def save_if_ours(self, tx: Transaction, state: SyncState) -> None:
        await tx.syncs.save(state, self.token, self._pulse.seconds)

    async def _beat(self, done: asyncio.Event) -> None:
        """Renew it until it is done with, however long the source takes for a page; lost, it is left alone."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pulse.every):
                    await done.wait()
                return
            with contextlib.suppress(TryLaterError):  # at the next beat; until then nobody may have taken it
                async with self._store.transaction() as tx:
                    if not await tx.syncs.renew(self._name, self.token, self._pulse.seconds):
                        log.warning("sync.lease_lost", extra={"source": self._name})
                        return

    def _lost(self) -> LeaseLostError:
        return LeaseLostError(  # no words: of the command line
            f"Another process is reading {self._title} now: it goes on there."
        )
