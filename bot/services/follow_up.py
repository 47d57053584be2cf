"""Asks once a week how the goals go, and settles them when their day has passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.goals import kept
from bot.coaching.goals.counted import Counted, Said, counted
from bot.coaching.meeting import MeetingId
from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import instant
from bot.coaching.rhythm.working_days import DaysOff, next_working_day
from bot.coaching.said import say
from bot.errors import BadFieldsError, StaleError
from bot.services import access
from bot.services.forks import GoalRef, already
from bot.services.office import MORNING, Office, local_day
from bot.services.ports import Duty, DutyKind, Report, Transaction
from bot.services.posting import show_course, show_goal, tell
from bot.views import reminders as view
from bot.views.speaking import said_to

WEEK = timedelta(days=7)


class Result(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    OBSOLETE = "obsolete"


class FollowUp:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def schedule(self, tx: Transaction, rep: Person) -> None:
        """Put the next weekly question."""
        await tx.duties.put(await self.next_question(tx, rep))

    async def next_question(self, tx: Transaction, rep: Person) -> Duty:
        """Return when to ask next: Monday 9:00 in the rep's zone, or the first working day after it."""
        now = self._office.clock.now()
        today = local_day(now, rep)
        off = await self._office.days_off(tx, rep)
        monday = today - timedelta(days=today.weekday())
        due = _asked_at(monday, off, rep)
        if due <= now:
            monday += WEEK
            due = _asked_at(monday, off, rep)
        return Duty(f"remind:{rep.id}:{monday.isoformat()}", DutyKind.REMIND, rep.id, due)

    async def not_yet(self, tx: Transaction, rep: Person, question: Duty) -> Duty | None:
        """Return a week's question that came due with when it is to be asked, if that is later where the rep is now."""
        monday = date.fromisoformat(question.key.rpartition(":")[2])
        due = _asked_at(monday, await self._office.days_off(tx, rep), rep)
        return replace(question, due_at=due) if due > self._office.clock.now() else None

    async def remind(self, tx: Transaction, rep: Person) -> None:
        """Send one message about all active goals; nothing if there are none."""
        now = self._office.clock.now()
        today = local_day(now, rep)
        monday = today - timedelta(days=today.weekday())
        active = await tx.goals.of_rep(rep.id, states=frozenset({GoalState.ACTIVE}))
        asked = [goal for goal in active if not await self._settle_if_over(tx, goal, rep, monday)]
        when = await self._office.at_work(tx, rep)
        if asked and local_day(when, rep) < monday + WEEK:  # else it's so late that the next one comes with it
            await tell(
                tx,
                rep,
                "reminder",
                f"reminder:{monday.isoformat()}",
                said_to(rep, view.weekly, tuple(asked), monday, rep, await self._counts(tx, rep, asked)),
                when,
                lasts=timedelta(days=5),
            )
        await self.schedule(tx, rep)

    async def report(self, ref: GoalRef, user: str, week: date | None, result: Result, number: float | None) -> None:
        """Keep what the rep says of a goal in a week; the last word counts while the goal is active.

        ``week`` is its Monday, None the present one. Raises BadFieldsError when "partly" comes without a number,
        StaleError when the goal is no longer active.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            await self._keep(tx, asker, await access.own_goal(tx, asker, ref.goal), week, result, number)

    async def confirm(self, ref: GoalRef, user: str, week: date, number: float) -> None:
        """Keep what the records showed, as the rep confirms it; twice is the same as once.

        Raises StaleError when the rep said something else meanwhile: that holds.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await access.own_goal(tx, asker, ref.goal)
            shown = next((one for one in await tx.goals.history(goal.id) if one.version == ref.version), goal)
            if goal.state is GoalState.ACTIVE and goal.reported_at != shown.reported_at:
                if goal.done == number:
                    return
                raise StaleError(say("You have said how far it is since; the message shows it. Change it there."))
            result = Result.DONE if number >= goal.terms.number else Result.PARTLY
            await self._keep(tx, asker, goal, week, result, number)

    async def _keep(
        self,
        tx: Transaction,
        asker: Person,
        goal: CoachingGoal,
        week: date | None,
        result: Result,
        number: float | None,
    ) -> None:
        if goal.state is _FINAL.get(result):
            return  # the same click once more
        if goal.state is not GoalState.ACTIVE:
            raise StaleError(already(goal))
        done = _done(goal, result, number)
        meeting = await tx.meetings.get(MeetingId(goal.meeting), lock=True) if result in _FINAL else None
        now = self._office.clock.now()
        reported = replace(
            goal,
            state=_FINAL.get(result, GoalState.ACTIVE),
            version=goal.version + 1,
            done=done,
            reported_at=now,
            changed_at=now if result in _FINAL else goal.changed_at,  # still the day it was agreed
        )
        if not await tx.goals.save(reported, was=goal, by=asker.id):
            raise StaleError(say("The goal changed at the same moment. Report once more from its newest message."))
        today = local_day(now, asker)
        present = today - timedelta(days=today.weekday())
        week = week or present
        await tx.goals.report(Report(goal=goal.id, week=week, result=result, number=done, at=now))
        await show_goal(tx, reported, now)
        if meeting is not None:
            await show_course(tx, meeting, now)
        for monday in sorted({week, present}):
            if await tx.outbox.exists(f"reminder:{monday.isoformat()}:{asker.id}"):
                await self._show_week(tx, asker, monday, now)

    async def number_form(self, ref: GoalRef, user: str, result: Result, week: date) -> dict[str, Any]:
        """Return the modal that asks how many are done."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await access.own_goal(tx, asker, ref.goal)
            if goal.state is not GoalState.ACTIVE:
                raise StaleError(already(goal))
            count = (await self._counts(tx, asker, (goal,))).get(goal.id)
            return view.number_modal(goal, result, week, count)

    async def _counts(self, tx: Transaction, rep: Person, goals: Iterable[CoachingGoal]) -> dict[GoalId, Counted]:
        """Return how far each goal is by the records, where they show it."""
        today = local_day(self._office.clock.now(), rep)
        found = {}
        for goal in goals:
            since = goal.active_since or local_day(goal.changed_at, rep)
            said = await self._said(tx, goal, rep)
            done = await tx.facts.activities_of(rep.id, since)
            count = counted(goal.terms, self._office.playbook, done, since, today, said)
            if count is not None:
                found[goal.id] = count
        return found

    async def _said(self, tx: Transaction, goal: CoachingGoal, rep: Person) -> Said | None:
        """Return the number that the rep gave last; "not yet" gives none."""
        numbers = [one for one in await tx.goals.reports(goal.id) if one.result in _GIVES and one.number is not None]
        if not numbers:
            return None
        last = max(numbers, key=lambda one: one.at)
        return Said(last.number or 0.0, local_day(last.at, rep))

    async def _show_week(self, tx: Transaction, rep: Person, week: date, now: datetime) -> None:
        """Rewrite the week's message with what was reported."""
        goals = []
        for goal in await tx.goals.of_rep(rep.id):
            reports = await tx.goals.reports(goal.id)
            if goal.state is GoalState.ACTIVE or any(report.week == week for report in reports):
                goals.append(goal)
        active = [goal for goal in goals if goal.state is GoalState.ACTIVE]
        message = said_to(rep, view.weekly, tuple(goals), week, rep, await self._counts(tx, rep, active))
        await tell(tx, rep, "reminder", f"reminder:{week.isoformat()}", message, now, urgent=True)

    async def _settle_if_over(self, tx: Transaction, goal: CoachingGoal, rep: Person, monday: date) -> bool:
        """Close a goal whose day has passed once it was asked about since; in a week of leave nobody was."""
        if not await self._asked_since(tx, goal, rep, monday):
            return False
        now = self._office.clock.now()
        is_skill = goal.terms.item in {skill.name for skill in self._office.playbook.skills}
        points = kept.score(goal.done, goal.terms.number, is_skill=is_skill)
        state = kept.outcome(points, self._office.maths)
        settled = replace(goal, state=state, version=goal.version + 1, changed_at=now)
        meeting = await tx.meetings.get(MeetingId(goal.meeting), lock=True)
        if await tx.goals.save(settled, was=goal, by=None):
            await show_goal(tx, settled, now)
            if meeting is not None:
                await show_course(tx, meeting, now)
        return True

    async def _asked_since(self, tx: Transaction, goal: CoachingGoal, rep: Person, monday: date) -> bool:
        """Return whether the rep got the question of a week that began after the goal's day."""
        due, week = await self._due_day(tx, goal, rep), monday - WEEK
        while week > due and not await tx.outbox.is_posted(f"reminder:{week.isoformat()}:{rep.id}"):
            week -= WEEK
        return week > due

    async def _due_day(self, tx: Transaction, goal: CoachingGoal, rep: Person) -> date:
        """Return the day that counts: the one first approved, or the one it was moved to by agreement before that."""
        history = await tx.goals.history(goal.id)
        agreed = [
            (local_day(version.changed_at, rep), version.terms.due)
            for version in history
            if version.state is GoalState.ACTIVE
        ]
        return kept.due_day(agreed) if agreed else goal.terms.due


_GIVES = frozenset({Result.PARTLY, Result.DONE})
"""The answers that say how many."""

_FINAL = {Result.DONE: GoalState.KEPT, Result.OBSOLETE: GoalState.OBSOLETE}


def _asked_at(monday: date, off: DaysOff, rep: Person) -> datetime:
    day = monday if off.is_working(monday) else next_working_day(monday, off)
    return instant(day, MORNING, rep.timezone)


def _done(goal: CoachingGoal, result: Result, number: float | None) -> float | None:
    if result is Result.DONE:
        return float(max(goal.terms.number, number or 0))
    if result is Result.PARTLY and (number is None or number < 0):
        raise BadFieldsError(
            {"number": say("Say how many {unit} are done so far: a number from 0 up.", unit=goal.terms.unit)}
        )
    return number if result is Result.PARTLY else goal.done
