"""Looks now and then whether something keeps the bot from working with Slack, so that people who can mend it hear."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

EVERY_SECONDS = 30.0
DEAF_AFTER_SECONDS = 300.0
"""So long without a connection from Slack before anybody is told: longer than a restart of theirs or ours."""


class Troubles(Protocol):
    async def look(self) -> None: ...
    async def deaf(self) -> None: ...
    async def hears(self) -> None: ...


class Undelivered(Protocol):
    async def look(self) -> None: ...


class Lookout:
    """A part of the process. ``connected`` says how many ways in from Slack are open; durations are in seconds."""

    def __init__(
        self,
        troubles: Troubles,
        undelivered: Undelivered,
        connected: Callable[[], int],
        *,
        wake: Callable[[], None],
        every: float = EVERY_SECONDS,
        deaf_after: float = DEAF_AFTER_SECONDS,
    ) -> None:
        self._troubles = troubles
        self._undelivered = undelivered
        self._connected = connected
        self._wake = wake
        self._every = every
        self._deaf_after = deaf_after
        self._heard = time.monotonic()
        self._told_deaf: bool | None = None  # a new process doesn't know what the one before it told

    async def look(self) -> None:
        """Look once, and wake delivery: there may be something to tell."""
        await self._undelivered.look()
        await self._troubles.look()
        now = time.monotonic()
        if self._connected():
            self._heard = now
            if self._told_deaf is not False:
                await self._troubles.hears()
                self._told_deaf = False
        elif now - self._heard >= self._deaf_after:
            await self._troubles.deaf()
            self._told_deaf = True
        self._wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Look until ``stop``. Raises what the database raises; whoever runs it begins anew."""
        while not stop.is_set():
            await self.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await stop.wait()
