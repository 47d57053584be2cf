"""Plays weeks of the demo organisation in minutes, with simulated people, and says what came of it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import work_off
from bot.demo.simulated import Simulated
from bot.demo.stage import Stage, stage
from bot.demo.summary import summary
from bot.demo.transcript import Transcript


async def play(start: datetime, weeks: int, transcript: Path | None, *, seed: int = 1) -> str:
    """Play from ``start`` (aware) and return the summary to print."""
    with tempfile.TemporaryDirectory(prefix="cadence-demo-") as folder, ExitStack() as open_files:
        async with stage(Path(folder), start, speed=0, sends_in_flight=16) as demo:
            by_id = {person.id: person for person in demo.people}
            if transcript is not None:
                file = open_files.enter_context(transcript.open("w", encoding="utf-8"))
                demo.sandbox.journal.subscribe(Transcript(file, by_id).write)
            simulated = Simulated(demo.sandbox, by_id, forgetful=demo.people[1].id, seed=seed)
            simulated.watch()
            await demo.bot.sockets.start()
            try:
                await demo.bot.cases.rounds.plan_all()
                await _run(demo, simulated, start + timedelta(weeks=weeks))
            finally:
                await demo.bot.sockets.close()
            return await summary(demo, start, weeks, simulated.acts)


async def _run(demo: Stage, simulated: Simulated, end: datetime) -> None:
    """Move from one event to the next: what the bot waits for, or what somebody is about to do.

    What the bot's own work made due by now is the next event.
    """
    while True:
        await work_off(demo.bot)
        dues = (await demo.bot.next_due(), simulated.due)
        due = min((moment for moment in dues if moment is not None), default=end)
        if due >= end:
            return
        demo.sandbox.clock.set(max(due, demo.sandbox.clock.now()))
        await demo.clock.sync()
        await simulated.act()
