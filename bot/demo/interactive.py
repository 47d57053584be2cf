"""The demo that a person plays in the browser: a local Slack, the real bot, and a clock the page can move."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.coaching.records import Records
from bot.demo.clock import Follower
from bot.demo.coming import Coming
from bot.demo.stage import Stage, stage
from bot.services.data_age import title_of
from scheduler.runner import stopped_by_signals

PORT = 8765


async def show(start: datetime, port: int = PORT, *, source: str | None = None) -> None:
    """Serve the demo until it is stopped with Ctrl-C; with a ``source``, over a local stand-in for that CRM."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a move of days is one long tick, and no fault
    if source is not None:
        print(f"\n  Reading the demo organisation from a local {title_of(source)}: a moment, please.", flush=True)
    with tempfile.TemporaryDirectory(prefix="cadence-demo-") as folder:
        async with playing(Path(folder), start, port=port, source=source) as demo, stopped_by_signals() as stop:
            print(await invitation(demo), flush=True)
            await stop.wait()


@asynccontextmanager
async def playing(
    folder: Path,
    start: datetime,
    *,
    port: int = 0,
    facts: Records | None = None,
    source: str | None = None,
    tick_seconds: float = 0.5,
) -> AsyncIterator[Stage]:
    """Open the stage and let the bot run on it by itself, as the page moves the clock."""
    setting = stage(
        folder, start, speed=1, port=port, facts=facts, source=source, health_port=0, tick_seconds=tick_seconds
    )
    async with setting as demo:
        await demo.bot.cases.rounds.plan_all()
        coming = Coming(demo.bot.settings.database_url)
        follower = Follower(
            demo.clock,
            demo.bot.next_due,
            coming.events,
            resting=demo.bot.due_work.resting,
            catch_up=demo.bot.syncing.run_due,
        )
        try:
            async with demo.bot.runner(parts=(follower,)):
                yield demo
        finally:
            await coming.close()


async def first_pair(demo: Stage) -> tuple[str, str]:
    """Return who to be first: the name of the rep whose 1:1 comes next, and that of the manager."""
    async with demo.bot.database.transaction() as tx:
        open_ones = [await tx.meetings.open_of(person.id) for person in await tx.people.all()]
        soonest = min((m for m in open_ones if m is not None), key=lambda meeting: meeting.appointment.starts_at)
        names = {person.id: person.name for person in await tx.people.all()}
    return names[soonest.rep], names[soonest.manager]


async def invitation(demo: Stage) -> str:
    """Say where the page is and what to do there."""
    rep_name, manager_name = await first_pair(demo)
    admins = [person.name for person in demo.people if person.is_admin]
    first = next((f"/#{person.id}" for person in demo.people if person.name == rep_name), "")
    return "\n".join(
        (
            "",
            f"  Your local Slack is open at {demo.sandbox.url}{first}",
            "",
            f"  1. Be {rep_name}, a rep. Press 'My next event': the questions before the 1:1 come. Answer them.",
            f"  2. Be {manager_name}, the manager. 'My next event' brings the agenda to both of you.",
            "  3. At the time of the 1:1 the rep gets the forks: say yes to one. The manager approves it, then closes",
            "     the 1:1 as held. On Monday the rep is asked how it goes. Try /pipeline, /1on1, /goals and /cadence.",
            *(f"  4. Be {name}, the admin: Home says how the CRM does and who of it isn't matched." for name in admins),
            "",
            "  Stop with Ctrl-C; nothing is kept.",
            "",
        ),
    )
