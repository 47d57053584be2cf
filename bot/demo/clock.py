"""The bot's clock in the demo: the sandbox's, asked over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime, timedelta
from typing import Any

import httpx

FOLLOW_SECONDS = 0.25


class FollowedClock:
    """Says what the sandbox's clock says, as of the last ``sync`` and how fast it runs."""

    def __init__(self, sandbox_url: str, start: datetime) -> None:
        self._client = httpx.AsyncClient(base_url=sandbox_url, trust_env=False, timeout=5)
        self._base = start
        self._anchor = time.monotonic()
        self._speed = 0.0

    def now(self) -> datetime:
        return self._base + timedelta(seconds=(time.monotonic() - self._anchor) * self._speed)

    async def sync(self, next_due: datetime | None = None, *, idle: bool = False) -> bool:
        """Ask what time it is, and say what the bot waits for; True if the clock was moved meanwhile."""
        waiting = {} if next_due is None else {"next_due": next_due.isoformat()}
        answer = (await self._client.get("/sandbox/clock", params={**waiting, "idle": int(idle)})).json()
        told = datetime.fromisoformat(answer["now"])
        moved = told - self.now() > timedelta(seconds=2)
        self._base, self._anchor, self._speed = max(told, self.now()), time.monotonic(), float(answer["speed"])
        return moved

    async def tell_coming(self, events: list[dict[str, Any]]) -> None:
        """Let the page say what is coming, and for whom."""
        await self._client.post("/sandbox/coming", json={"events": events})

    async def close(self) -> None:
        await self._client.aclose()


class Follower:
    """Keeps a clock in step for as long as the bot runs, and tells the page what is ``coming``.

    After a jump ``catch_up`` does what a bot that never slept would have done meanwhile, before anything falls due:
    ``resting`` keeps it from that.
    """

    def __init__(
        self,
        clock: FollowedClock,
        next_due: Callable[[], Awaitable[datetime | None]],
        coming: Callable[[], Awaitable[list[dict[str, Any]]]],
        *,
        resting: Callable[[], AbstractAsyncContextManager[None]],
        catch_up: Callable[[], Awaitable[object]],
    ) -> None:
        self._clock = clock
        self._next_due = next_due
        self._coming = coming
        self._resting = resting
        self._catch_up = catch_up
        self._told: list[dict[str, Any]] = []

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            async with self._resting():
                await self._follow()
            with suppress(TimeoutError):
                async with asyncio.timeout(FOLLOW_SECONDS):
                    await stop.wait()

    async def _follow(self) -> None:
        due = await self._next_due()
        idle = due is None or due > self._clock.now()
        events = await self._coming()
        moved = False
        with suppress(httpx.HTTPError):  # the sandbox is closing, or busy: ask again
            if events != self._told:
                await self._clock.tell_coming(events)
                self._told = events
            moved = await self._clock.sync(due, idle=idle)
        if moved:
            await self._catch_up()
