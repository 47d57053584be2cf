"""Plays weeks of the demo organisation in minutes, with simulated people, and says what came of it."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import Bot, settle
from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.demo.simulated import Simulated
from bot.demo.stage import Stage, stage
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
                await demo.bot.cases.roster.plan_all()
                await _run(demo, simulated, start + timedelta(weeks=weeks))
            finally:
                await demo.bot.sockets.close()
            return await summary(demo.bot, start, weeks, simulated.acts)


async def _run(demo: Stage, simulated: Simulated, end: datetime) -> None:
    """Move from one event to the next: what the bot waits for, or what somebody is about to do."""
    while True:
        await settle(demo.bot)
        dues = (await demo.bot.next_due(), simulated.due)
        due = min((moment for moment in dues if moment is not None), default=end)
        if due >= end:
            return
        demo.sandbox.clock.set(max(due, demo.sandbox.clock.now()))
        await demo.clock.sync()
        await simulated.act()


async def summary(bot: Bot, start: datetime, weeks: int, acts: int) -> str:
    """Count over the whole organisation; nobody is named and nobody compared."""
    now = bot.clock.now()
    meetings: Counter[MeetingState] = Counter()
    goals: Counter[GoalState] = Counter()
    offered = accepted = approved = due = 0
    async with bot.database.transaction() as tx:
        for person in await tx.people.all():
            for meeting in await tx.meetings.of_rep(person.id):
                meetings[meeting.state] += 1
                due += meeting.appointment.starts_at <= now and meeting.state is not MeetingState.MOVED
            for goal in await tx.goals.of_rep(person.id):
                history = {version.state for version in await tx.goals.history(goal.id)}
                goals[goal.state] += 1
                offered += 1
                accepted += GoalState.ACCEPTED in history
                approved += GoalState.ACTIVE in history
    lines = [
        f"{weeks} weeks from {start:%d %B %Y}, {acts} acts of simulated people",
        f"  1:1s due        {due:4}",
        f"       held       {meetings[MeetingState.HELD]:4}",
        f"       moved      {meetings[MeetingState.MOVED]:4}",
        f"       excused    {meetings[MeetingState.EXCUSED]:4}",
        f"       missed     {meetings[MeetingState.MISSED]:4}   (nobody said whether they were held)",
        f"  goals offered   {offered:4}",
        f"        accepted  {accepted:4}   by the rep, who alone can say yes",
        f"        approved  {approved:4}   by the manager",
        f"        kept      {goals[GoalState.KEPT]:4}",
        f"        partly    {goals[GoalState.PARTLY]:4}",
        f"        active    {goals[GoalState.ACTIVE]:4}   still under way",
        f"        not now   {goals[GoalState.DECLINED]:4}   each with a reason, none held against anybody",
    ]
    return "\n".join(lines)
