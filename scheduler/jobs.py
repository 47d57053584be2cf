"""The one job: ask every second or so what is due. That is in the database, so a late or second tick does no harm."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.services.ports import Clock
from bot.services.watch import UNWATCHED, Watch

log = logging.getLogger(__name__)

Tick = Callable[[], Awaitable[int]]


class Ticks(Protocol):
    async def run_due(self, now: datetime) -> int:
        """Do a batch of what is due at ``now`` and commit; returns how much that was, 0 when nothing is left."""


class DueWork:
    """One tick: batch after batch until nothing is due. Never two at once; ``hold`` lets none begin any more."""

    def __init__(
        self,
        ticks: Ticks,
        clock: Clock,
        *,
        wake: Callable[[], None],
        watch: Watch = UNWATCHED,
    ) -> None:
        self._ticks = ticks
        self._clock = clock
        self._wake = wake
        self._watch = watch
        self._running = asyncio.Lock()
        self._held = False
        self._last_good = time.monotonic()

    async def __call__(self) -> int:
        """Return how many duties were done. Calls ``wake`` after each batch, for there may be messages to send."""
        done = 0
        async with self._running:
            while not self._held and (batch := await self._ticks.run_due(self._clock.now())):
                done += batch
                self._wake()
            self._last_good = time.monotonic()
        self._watch.ticked()
        if done:
            log.info("tick.done", extra={"duties": done})
        return done

    def seconds_since_good(self) -> float:
        """Return how long ago a tick last ended well: health asks."""
        return time.monotonic() - self._last_good

    @asynccontextmanager
    async def resting(self) -> AsyncIterator[None]:
        """Let the tick under way end, and none begin meanwhile."""
        async with self._running:
            yield

    async def hold(self) -> None:
        """Let the batch under way end, and none begin."""
        self._held = True
        async with self._running:
            pass


def schedule(scheduler: AsyncIOScheduler, tick: Tick, *, seconds: float) -> None:
    """Call ``tick`` every ``seconds``, late rather than never, and never twice at once."""

    async def run() -> None:  # APScheduler awaits only what is a coroutine function itself, and no object with __call__
        await tick()

    scheduler.add_job(
        run,
        "interval",
        seconds=seconds,
        id="due_work",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,  # the default is 1 s, after which APScheduler drops the run
    )
