"""The demo's bot follows the page's clock, and after a jump it catches up before anything falls due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.demo.clock import FollowedClock, Follower
from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import Sandbox
from scheduler.jobs import DueWork

START = datetime(2017, 10, 2, 7, tzinfo=UTC)


async def none_due() -> datetime | None:
    return None


async def nothing_coming() -> list[dict[str, Any]]:
    return []


async def test_after_a_jump_it_catches_up_before_anything_falls_due() -> None:
    """Else an agenda would say that the CRM couldn't be read for as long as the clock jumped."""
    sandbox = Sandbox((SandboxPerson("U0001", "Mara Quinn", "mara@example.com"),), (), now=START, speed=0)
    await sandbox.start()
    clock, done, stop = FollowedClock(sandbox.url, START), list[str](), asyncio.Event()

    class Duties:
        async def run_due(self, now: datetime) -> int:
            done.append(f"duties of {now.day}")
            return 0

    due_work = DueWork(Duties(), clock, wake=lambda: None)

    async def catch_up() -> None:
        duties = asyncio.create_task(due_work())
        await asyncio.sleep(0.02)
        done.append(f"caught up with {clock.now().day}")
        duties.add_done_callback(lambda _: stop.set())

    try:
        await clock.sync()
        sandbox.clock.set(START + timedelta(days=3))
        follower = Follower(clock, none_due, nothing_coming, resting=due_work.resting, catch_up=catch_up)
        async with asyncio.timeout(10):
            await follower.run(stop)
    finally:
        await clock.close()
        await sandbox.stop()
    assert done == ["caught up with 5", "duties of 5"]
