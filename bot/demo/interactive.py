"""The demo that a person plays in the browser: a local Slack, the real bot, and a clock the page can move."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from bot.demo.clock import Follower
from bot.demo.stage import Stage, stage
from scheduler.runner import stopped_by_signals

PORT = 8765


async def show(start: datetime, port: int = PORT) -> None:
    """Serve the demo until it is stopped with Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="cadence-demo-") as folder:
        async with (
            stage(Path(folder), start, speed=1, port=port, health_port=0, tick_seconds=0.5) as demo,
            stopped_by_signals() as stop,
        ):
            await demo.bot.cases.roster.plan_all()
            follower = Follower(demo.clock, demo.bot.next_due)
            async with demo.bot.runner(parts=(follower,)):
                print(await invitation(demo), flush=True)
                await stop.wait()


async def invitation(demo: Stage) -> str:
    """Say where the page is and who to be first: the rep whose questions come next, and that rep's manager."""
    async with demo.bot.database.transaction() as tx:
        open_ones = [await tx.meetings.open_of(person.id) for person in await tx.people.all()]
        soonest = min((m for m in open_ones if m is not None), key=lambda meeting: meeting.appointment.starts_at)
        rep, manager = await tx.people.get(soonest.rep), await tx.people.get(soonest.manager)
    rep_name = "" if rep is None else rep.name
    manager_name = "" if manager is None else manager.name
    return "\n".join(
        (
            "",
            f"  Your local Slack is open at {demo.sandbox.url}",
            "",
            f"  1. Be {rep_name}, a rep. Press 'Next event' until the questions before the 1:1 come, and answer them.",
            f"  2. Be {manager_name}, the manager. 'Next event' brings the agenda to both of you.",
            "  3. At the time of the 1:1 the rep gets the forks: say yes to one. The manager approves it, then closes",
            "     the 1:1 as held. On Monday the rep is asked how it goes. Try /pipeline, /1on1, /goals and /awesome.",
            "",
            "  Stop with Ctrl-C; nothing is kept.",
            "",
        ),
    )
