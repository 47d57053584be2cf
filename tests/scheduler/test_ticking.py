"""The runner ticks by itself: nobody but APScheduler calls what is due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.clock import SystemClock
from scheduler.jobs import DueWork
from scheduler.runner import Runner


class Noted:
    """Counts how often it is asked what is due."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []
        self.twice = asyncio.Event()

    async def run_due(self, now: datetime) -> int:
        self.asked.append(now)
        if len(self.asked) == 2:
            self.twice.set()
        return 0


async def test_a_running_process_asks_again_and_again_what_is_due() -> None:
    ticks = Noted()
    async with Runner(DueWork(ticks, SystemClock(), wake=lambda: None), tick_seconds=0.01), asyncio.timeout(5):
        await ticks.twice.wait()
    assert ticks.asked[0].tzinfo is UTC
