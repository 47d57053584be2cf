"""Coaching goals as they are offered, agreed, reported on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.meeting import MeetingId
from bot.coaching.records import PersonId


@dataclass(frozen=True, slots=True)
class Report:
    """What a rep said of a goal in one week (``week`` is its Monday)."""

    goal: GoalId
    week: date
    result: str
    number: float | None
    at: datetime


class Goals(Protocol):
    async def get(self, goal: GoalId) -> CoachingGoal | None: ...
    async def add(self, goal: CoachingGoal, *, by: PersonId | None) -> None:
        """``by`` None is the bot, which offers."""

    async def save(self, goal: CoachingGoal, *, was: CoachingGoal, by: PersonId | None) -> bool:
        """Compare-and-set on state and version; keeps every version. ``goal.version`` is stored as given."""

    async def of_rep(self, rep: PersonId, *, states: frozenset[GoalState] | None = None) -> tuple[CoachingGoal, ...]:
        """Newest first; those offered at once, as in a 1:1, in the order in which they were offered."""

    async def of_meeting(self, meeting: MeetingId) -> tuple[CoachingGoal, ...]: ...
    async def ids(self, states: frozenset[GoalState]) -> frozenset[GoalId]:
        """Everybody's goals in these states."""

    async def awaiting(self, manager: PersonId) -> tuple[CoachingGoal, ...]:
        """Accepted by a rep, not yet approved by this manager."""

    async def report(self, report: Report) -> None:
        """Insert or replace the week's report."""

    async def reports(self, goal: GoalId) -> tuple[Report, ...]: ...
    async def history(self, goal: GoalId) -> tuple[CoachingGoal, ...]:
        """Every version and state, oldest first."""
