"""The manager's yes: approve a goal, or send it back with words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import MeetingId
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.errors import BadFieldsError, StaleError, UserError
from bot.services import access
from bot.services.forecasts import Forecasts
from bot.services.forks import GoalRef, already
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.posting import show_approval, show_course, show_goal
from bot.views import approvals as view


class Approvals:
    def __init__(self, office: Office, forecasts: Forecasts) -> None:
        self._office = office
        self._forecasts = forecasts

    async def approve(self, ref: GoalRef, user: str) -> None:
        """Make an accepted goal active. Approving twice is the same as once."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await self._locked(tx, asker, ref)
            if goal.state is GoalState.ACTIVE and goal.version == ref.version + 1:
                return
            rep = await access.person_or_refuse(tx, goal.rep)
            today = local_day(self._office.clock.now(), rep)
            if goal.state is GoalState.ACCEPTED and goal.terms.due < today:
                raise UserError(
                    say("The day it was due by has passed. Send it back and ask for a day that can be kept.")
                )
            active = replace(goal, state=GoalState.ACTIVE, active_since=today, words="")
            await self._settle(tx, ref, goal, active, asker)

    async def send_back(self, ref: GoalRef, user: str, words: str) -> None:
        """Return a goal to the rep as a new version with the manager's words."""
        if not words.strip():
            raise BadFieldsError({"words": say("Say what would make it a goal you both stand behind.")})
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await self._locked(tx, asker, ref)
            await self._settle(tx, ref, goal, replace(goal, state=GoalState.SENT_BACK, words=words.strip()), asker)

    async def form(self, ref: GoalRef, user: str) -> dict[str, Any]:
        """Return the modal for sending back."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await access.managed_goal(tx, asker, ref.goal)
            if goal.version != ref.version or goal.state is not GoalState.ACCEPTED:
                raise StaleError(already(goal))
            return view.send_back_modal(goal)

    async def _locked(self, tx: Transaction, asker: Person, ref: GoalRef) -> CoachingGoal:
        """Return the goal with its 1:1 locked, whose course shows it."""
        goal = await access.managed_goal(tx, asker, ref.goal)
        await tx.meetings.get(MeetingId(goal.meeting), lock=True)
        return await access.managed_goal(tx, asker, ref.goal)

    async def _settle(
        self,
        tx: Transaction,
        ref: GoalRef,
        was: CoachingGoal,
        goal: CoachingGoal,
        asker: Person,
    ) -> None:
        now = self._office.clock.now()
        if was.version != ref.version or was.state is not GoalState.ACCEPTED:
            raise StaleError(already(was))
        settled = replace(goal, version=was.version + 1, changed_at=now)
        if not await tx.goals.save(settled, was=was, by=asker.id):
            raise StaleError(say("The goal changed at the same moment. The message shows how it stands now."))
        if settled.state is GoalState.ACTIVE:
            await self._forecasts.keep_range(tx, settled)
        await show_goal(tx, settled, now)
        await show_approval(self._office, tx, settled)
        meeting = await tx.meetings.get(MeetingId(goal.meeting))
        if meeting is not None:
            await show_course(tx, meeting, now)
