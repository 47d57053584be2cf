"""Ends or hands over what is open when somebody leaves or a rep gets another manager."""

from __future__ import annotations

from dataclasses import replace

from bot.coaching.commitment import HELD_BY_REP, CoachingGoal, GoalState
from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.services import access, pairs
from bot.services.closing import Closing
from bot.services.forks import Forks
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.posting import show_approval, show_course, show_end, show_goal, tell
from bot.views import commands as view
from bot.views.speaking import said_to


class Succession:
    def __init__(self, office: Office, closing: Closing, forks: Forks) -> None:
        self._office = office
        self._closing = closing
        self._forks = forks

    async def settle(self, tx: Transaction, rep: Person) -> Meeting | None:
        """Bring a rep's open 1:1 and goals in line with who is there: nothing to do for most people on most days.

        Returns the 1:1 that is open after it.
        """
        meeting = await tx.meetings.open_of(rep.id)
        if meeting is not None and await self.end_if_over(tx, meeting):
            meeting = None
        for goal in await self.stray_goals(tx, rep):
            if rep.active:
                await self._hand_over(tx, goal, rep)
            else:
                await self._end(tx, goal, say("{who} has left.", who=rep.name))
        return meeting

    async def stray_goals(self, tx: Transaction, rep: Person) -> tuple[CoachingGoal, ...]:
        """Return the goals of somebody who left, or those that another manager than the present one approves."""
        if not rep.active:
            return await tx.goals.of_rep(rep.id, states=HELD_BY_REP | {GoalState.OFFERED})
        if rep.manager_id is None or not (await access.person_or_refuse(tx, rep.manager_id)).active:
            return ()
        held = await tx.goals.of_rep(rep.id, states=HELD_BY_REP)
        return tuple(goal for goal in held if goal.manager != rep.manager_id)

    async def is_over(self, tx: Transaction, meeting: Meeting) -> bool:
        """Return whether the two of a 1:1 don't meet any more."""
        partner = await pairs.partner(tx, await access.person_or_refuse(tx, meeting.rep))
        return partner is None or partner.id != meeting.manager

    async def end_if_over(self, tx: Transaction, meeting: Meeting) -> bool:
        """Close a 1:1 whose two don't meet any more, with the reason; whether it was one."""
        if not await self.is_over(tx, meeting):
            return False
        rep = await access.person_or_refuse(tx, meeting.rep)
        manager = await access.person_or_refuse(tx, meeting.manager)
        closed = await self._closing.close(tx, meeting, MeetingState.EXCUSED, await _why(tx, rep, manager))
        await self._forks.withdraw_open(tx, closed, closed.closing_words)
        for reader in (rep, manager):
            if await tx.outbox.exists(f"next:{rep.id}:{reader.id}"):
                await show_end(tx, closed, reader, await self._office.at_work(tx, reader))
        return True

    async def _end(self, tx: Transaction, goal: CoachingGoal, why: str) -> None:
        now = self._office.clock.now()
        meeting = await tx.meetings.get(MeetingId(goal.meeting), lock=True)
        over = replace(goal, state=GoalState.OBSOLETE, version=goal.version + 1, words=why, changed_at=now)
        if not await tx.goals.save(over, was=goal, by=None):
            return
        if await tx.outbox.exists(f"approval:{goal.id}:{goal.manager}"):
            await show_approval(self._office, tx, over)
        if meeting is not None:
            await show_course(tx, meeting, now)

    async def _hand_over(self, tx: Transaction, goal: CoachingGoal, rep: Person) -> None:
        """Give a goal to the rep's present manager. The rep keeps it as it is; one that waits for approval waits on."""
        if rep.manager_id is None:
            return
        meeting = await tx.meetings.get(MeetingId(goal.meeting), lock=True)
        theirs = replace(goal, manager=rep.manager_id, version=goal.version + 1)
        if not await tx.goals.save(theirs, was=goal, by=None):
            return
        now = self._office.clock.now()
        before = await access.person_or_refuse(tx, goal.manager)
        if await tx.outbox.exists(f"approval:{goal.id}:{before.id}"):
            manager = await access.person_or_refuse(tx, theirs.manager)
            went = say("{rep} reports to {manager} now, and this goal went along.", rep=rep.name, manager=manager.name)
            record = said_to(before, view.refused, went)
            await tell(tx, before, "approval", f"approval:{goal.id}", record, now)
        await show_goal(tx, theirs, now)
        if theirs.state is GoalState.ACCEPTED:
            await show_approval(self._office, tx, theirs)
        if meeting is not None:
            await show_course(tx, meeting, now)


async def _why(tx: Transaction, rep: Person, manager: Person) -> str:
    for person in (rep, manager):
        if not person.active:
            return say("{who} has left.", who=person.name)
    if rep.manager_id is None:
        return say("The records name no manager of {rep} any more.", rep=rep.name)
    if rep.manager_id != manager.id:
        return say("{rep} has another manager now.", rep=rep.name)
    if not (await tx.invitations.reach()).includes(manager.id):
        return say("1:1s with {manager} are stopped for now; an admin can start them again.", manager=manager.name)
    return say("One of the two can't be reached in Slack any more.")
