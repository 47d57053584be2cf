"""Coaching goals with every version of them, and the weekly reports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.meeting import MeetingId
from bot.coaching.records import PersonId
from bot.services.ports import Report
from bot.storage.sql import upsert
from bot.storage.tables import goal, goal_history, goal_report
from bot.storage.values import GOAL_TERMS


def _changing(one: CoachingGoal) -> dict[str, Any]:
    """What may differ from one version of a goal to the next."""
    return {
        "state": one.state,
        "version": one.version,
        "terms": GOAL_TERMS.write(one.terms),
        "changed_at": one.changed_at,
        "words": one.words,
        "done": one.done,
        "reported_at": one.reported_at,
        "active_since": one.active_since,
    }


def _whose(one: CoachingGoal) -> dict[str, Any]:
    return {"rep": one.rep, "manager": one.manager, "meeting": one.meeting}


def to_goal(row: Row[Any]) -> CoachingGoal:
    return CoachingGoal(
        id=row.id,
        rep=row.rep,
        manager=row.manager,
        meeting=row.meeting,
        state=row.state,
        version=row.version,
        terms=GOAL_TERMS.read(row.terms),
        changed_at=row.changed_at,
        words=row.words,
        done=row.done,
        reported_at=row.reported_at,
        active_since=row.active_since,
    )


NEWEST_FIRST = (goal.c.offered_at.desc(), goal.c.place, goal.c.id)
"""The choices of a 1:1 are put at one instant, and keep the order of its agenda by their ``place``."""


class StoredGoals:
    """The repository of coaching goals."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, goal_id: GoalId) -> CoachingGoal | None:
        found = (await self._connection.execute(select(goal).where(goal.c.id == goal_id))).one_or_none()
        return None if found is None else to_goal(found)

    async def add(self, one: CoachingGoal, *, by: PersonId | None) -> None:
        before = select(func.count()).select_from(goal).where(goal.c.meeting == one.meeting).scalar_subquery()
        row = {"id": one.id, "offered_at": one.changed_at, "place": before} | _whose(one) | _changing(one)
        await self._connection.execute(goal.insert().values(row))
        await self._keep_version(one, by)

    async def save(self, one: CoachingGoal, *, was: CoachingGoal, by: PersonId | None) -> bool:
        mine = (goal.c.id == was.id) & (goal.c.state == was.state) & (goal.c.version == was.version)
        result = await self._connection.execute(update(goal).where(mine).values(_whose(one) | _changing(one)))
        if result.rowcount != 1:
            return False
        await self._keep_version(one, by)
        return True

    async def of_rep(self, rep: PersonId, *, states: frozenset[GoalState] | None = None) -> tuple[CoachingGoal, ...]:
        query = select(goal).where(goal.c.rep == rep)
        if states is not None:
            query = query.where(goal.c.state.in_(sorted(states)))
        return await self._many(query.order_by(*NEWEST_FIRST))

    async def ids(self, states: frozenset[GoalState]) -> frozenset[GoalId]:
        query = select(goal.c.id).where(goal.c.state.in_(sorted(states)))
        return frozenset(await self._connection.scalars(query))

    async def of_meeting(self, meeting: MeetingId) -> tuple[CoachingGoal, ...]:
        """In the order in which they were offered."""
        query = select(goal).where(goal.c.meeting == meeting)
        return await self._many(query.order_by(goal.c.offered_at, goal.c.place, goal.c.id))

    async def awaiting(self, manager: PersonId) -> tuple[CoachingGoal, ...]:
        """Whoever has waited longest comes first."""
        query = select(goal).where(goal.c.manager == manager, goal.c.state == GoalState.ACCEPTED)
        return await self._many(query.order_by(goal.c.changed_at, goal.c.id))

    async def report(self, report: Report) -> None:
        row = {
            "goal": report.goal,
            "week": report.week,
            "result": report.result,
            "number": report.number,
            "reported_at": report.at,
        }
        await upsert(self._connection, goal_report, [row], replace=("result", "number", "reported_at"))

    async def reports(self, goal_id: GoalId) -> tuple[Report, ...]:
        """By week."""
        query = select(goal_report).where(goal_report.c.goal == goal_id).order_by(goal_report.c.week)
        found = await self._connection.execute(query)
        return tuple(Report(row.goal, row.week, row.result, row.number, row.reported_at) for row in found)

    async def history(self, goal_id: GoalId) -> tuple[CoachingGoal, ...]:
        kept = [column for column in goal_history.columns if column.name not in {"id", "goal", "said_by"}]
        query = (
            select(goal.c.id, goal.c.rep, goal.c.manager, goal.c.meeting, *kept)
            .join_from(goal_history, goal)
            .where(goal_history.c.goal == goal_id)
        )
        return await self._many(query.order_by(goal_history.c.id))

    async def _keep_version(self, one: CoachingGoal, by: PersonId | None) -> None:
        row = {"goal": one.id, "said_by": by} | _changing(one)
        await self._connection.execute(goal_history.insert().values(row))

    async def _many(self, query: Select[Any]) -> tuple[CoachingGoal, ...]:
        return tuple(map(to_goal, await self._connection.execute(query)))
