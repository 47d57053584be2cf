"""Says what came of some played weeks, over the whole organisation: nobody is named and nobody compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingState
from bot.coaching.wording import count
from bot.demo.stage import Stage
from bot.sandbox.people import SandboxPerson

ENDED = frozenset({MeetingState.HELD, MeetingState.EXCUSED, MeetingState.MISSED})
LEFT_BEHIND = frozenset({GoalState.DECLINED, GoalState.OBSOLETE})


@dataclass(slots=True)
class Meetings:
    """1:1s by what became of them. ``moved`` ones live on at their new time and are counted there."""

    states: Counter[str] = field(default_factory=Counter)
    moved: int = 0

    def add(self, meeting: Meeting, now: datetime) -> None:
        if meeting.state is MeetingState.MOVED:
            self.moved += 1
        elif meeting.state in ENDED:
            self.states[meeting.state] += 1
        elif meeting.state in OPEN_STATES and meeting.appointment.starts_at <= now:
            self.states["open"] += 1

    @property
    def due(self) -> int:
        return self.states.total()


@dataclass(slots=True)
class Goals:
    """Goals along their way: each count is split by the next one without a rest."""

    offered: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    approved: Counter[str] = field(default_factory=Counter)
    changed: int = 0

    def add(self, goal: CoachingGoal, history: Iterable[CoachingGoal]) -> None:
        versions = tuple(history)
        accepted = [version for version in versions if version.state is GoalState.ACCEPTED]
        if not accepted:
            self.offered[goal.state] += 1
            return
        self.offered["accepted"] += 1
        self.changed += accepted[0].terms != versions[0].terms
        if all(version.state is not GoalState.ACTIVE for version in versions):
            self.accepted["left behind" if goal.state in LEFT_BEHIND else goal.state] += 1
            return
        self.accepted["approved"] += 1
        self.approved[goal.state] += 1


async def summary(demo: Stage, start: datetime, weeks: int, acts: int) -> str:
    """Return the text to print after the weeks have been played."""
    now = demo.bot.clock.now()
    meetings, goals, managers = Meetings(), Goals(), set()
    async with demo.bot.database.transaction() as tx:
        for person in await tx.people.all():
            managers.add(person.manager_id)
            for meeting in await tx.meetings.of_rep(person.id):
                meetings.add(meeting, now)
            for goal in await tx.goals.of_rep(person.id):
                goals.add(goal, await tx.goals.history(goal.id))
    leaders = len(managers - {None})
    when = f"{count(weeks, 'week')} from {start.day} {start:%B %Y}"
    who = f"{count(len(demo.people) - leaders, 'rep')} and {count(leaders, 'manager')}, who acted {count(acts, 'time')}"
    lines = [
        f"{when}: {who}",
        "",
        *_meeting_lines(meetings),
        "",
        *_goal_lines(goals),
        "",
        *_message_lines(demo.sandbox.journal.entries, demo.people),
    ]
    return "\n".join(lines)


def _meeting_lines(meetings: Meetings) -> list[str]:
    states = meetings.states
    return [
        _line("1:1s due", meetings.due),
        _line("  held", states[MeetingState.HELD], _share(states[MeetingState.HELD], meetings.due)),
        _line("  excused", states[MeetingState.EXCUSED], "with a reason that the rep can read"),
        _line("  not held", states[MeetingState.MISSED], "nobody said that they were, and held is never assumed"),
        _line("  not closed yet", states["open"], "the manager is asked"),
        _line("moved", meetings.moved, "each counts above, once, at its new time when that has come"),
    ]


def _goal_lines(goals: Goals) -> list[str]:
    offered, accepted, approved = goals.offered, goals.accepted, goals.approved
    return [
        _line("goals offered", offered.total(), "at a fork where only the rep can say yes"),
        _line("  accepted", offered["accepted"], f"{goals.changed} of them in the rep's own terms"),
        _line("  not now", offered[GoalState.DECLINED], "each with a reason, none held against anybody"),
        _line("  withdrawn", offered[GoalState.OBSOLETE], "their 1:1 wasn't held, or the goal was overtaken"),
        _line("  not answered", offered[GoalState.OFFERED], "no commitment, no change"),
        _line("goals accepted", accepted.total()),
        _line("  approved", accepted["approved"], "by the manager, with one button"),
        _line("  not approved yet", accepted[GoalState.ACCEPTED]),
        _line("  sent back", accepted[GoalState.SENT_BACK], "with words; the rep's turn"),
        _line("  given up", accepted["left behind"]),
        _line("goals approved", approved.total()),
        _line("  kept", approved[GoalState.KEPT]),
        _line("  partly kept", approved[GoalState.PARTLY]),
        _line("  missed", approved[GoalState.MISSED]),
        _line("  no longer relevant", approved[GoalState.OBSOLETE], "said the rep"),
        _line("  under way", approved[GoalState.ACTIVE], "their day is still to come, or just past"),
    ]


def _message_lines(entries: Iterable[dict[str, Any]], people: Iterable[SandboxPerson]) -> list[str]:
    """Count what was new to read: a message that is rewritten pings nobody."""
    zones = {person.id: ZoneInfo(person.tz) for person in people}
    weekly: Counter[tuple[str, date]] = Counter()
    for entry in entries:
        if entry.get("method") == "chat.postMessage":
            day = datetime.fromisoformat(entry["at"]).astimezone(zones[entry["to"]]).isocalendar()
            weekly[entry["to"], date.fromisocalendar(day.year, day.week, 1)] += 1
    if not weekly:
        return [_line("messages", 0)]
    average = weekly.total() / len(weekly)
    return [_line("messages", weekly.total(), f"to each person {average:.1f} a week, at most {max(weekly.values())}")]


def _line(what: str, number: int, why: str = "") -> str:
    return f"  {what:<22}{number:4}   {why}".rstrip()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%} of those due" if whole else ""
