"""The forks in the road: the rep says yes, changes it, or says not now and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.coaching.aspirations.worth import for_number
from bot.coaching.commitment import (
    HELD_BY_REP,
    MAX_ACTIVE,
    TRANSITIONS,
    CoachingGoal,
    Fork,
    GoalId,
    GoalState,
    GoalTerms,
)
from bot.coaching.goals.goal_test import Situation, check
from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.pipeline.achievable import most_by
from bot.coaching.records import Person
from bot.errors import BadFieldsError, StaleError, TryLaterError, UserError
from bot.services import access
from bot.services.office import Office, local_day, new_id
from bot.services.ports import Transaction
from bot.services.posting import show_approval, show_closing, show_goal
from bot.views import forks as view

WEEK = timedelta(weeks=1)

SERVES = {
    Fork.VERIFIER: "a verifier of your deal",
    Fork.GAP: "a gap of your pipeline",
    Fork.ASPIRATION: "a driver on your path",
}
"""What a goal of each topic was offered for, which no change of its number, day or plan takes away."""

ANSWERABLE = frozenset({GoalState.OFFERED, GoalState.SENT_BACK})


class NoRoomError(UserError):
    """Two goals are held already (``held``), so ``goal`` finds no room."""

    def __init__(self, goal: CoachingGoal, held: tuple[CoachingGoal, ...]) -> None:
        super().__init__(
            "You already hold two goals, and more than two don't get done. Finish one, or report one as no longer "
            "relevant on Monday's message; then say yes to this one.",
        )
        self.goal = goal
        self.held = held


@dataclass(frozen=True, slots=True)
class GoalRef:
    """The goal a button or modal speaks of, in the version the person saw."""

    goal: GoalId
    version: int


class Forks:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def start(self, tx: Transaction, meeting: Meeting) -> None:
        """Open the forks at the time of the 1:1, and give the manager the buttons to close it."""
        if meeting.state in (MeetingState.PLANNED, MeetingState.PROMPTED):
            raise TryLaterError("The agenda isn't published yet; the forks come after it.")
        if meeting.state is not MeetingState.PUBLISHED:
            return
        started = replace(meeting, state=MeetingState.STARTED)
        if not await tx.meetings.save(started, was=meeting):
            return
        now = self._office.clock.now()
        agenda = await tx.meetings.agenda(meeting.id)
        for unanswered in await tx.goals.of_rep(meeting.rep, states=frozenset({GoalState.OFFERED})):
            await self._withdraw(tx, unanswered, "It stood open until the next 1:1, whose choices take its place.")
        held = await tx.goals.of_rep(meeting.rep, states=HELD_BY_REP)
        offers = () if agenda is None else agenda.offers[: max(0, MAX_ACTIVE - len(held))]
        for terms in offers:
            goal = CoachingGoal(
                id=GoalId(new_id("g")),
                rep=meeting.rep,
                manager=meeting.manager,
                meeting=meeting.id,
                state=GoalState.OFFERED,
                version=1,
                terms=terms,
                changed_at=now,
            )
            await tx.goals.add(goal, by=None)
            await show_goal(tx, goal, now)
        await show_closing(tx, started, now)

    async def accept(self, ref: GoalRef, user: str) -> None:
        """Record the rep's yes. Saying it twice is the same as once.

        Raises NotAllowedError, NoRoomError, and StaleError when the goal changed since the person saw it.
        """
        await self._answer(ref, user, GoalState.ACCEPTED)

    async def change(self, ref: GoalRef, user: str, number: int | None, due: date | None, plan: str) -> None:
        """Record a yes to other terms. Raises BadFieldsError naming each field that can't stand."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await self._current(tx, asker, ref)
            terms = replace(goal.terms, number=number or 0, due=due or date.min, plan=plan.strip())
            await self._check_terms(tx, asker, goal, terms)
            if terms.number != goal.terms.number and terms.worth is not None:
                terms = replace(terms, worth=for_number(terms.worth, goal.terms.number, terms.number))
            await self._settle(tx, goal, replace(goal, state=GoalState.ACCEPTED, terms=terms), asker)

    async def decline(self, ref: GoalRef, user: str, reason: str) -> None:
        """Record a not now with its reason, which is never counted against the rep."""
        if not reason.strip():
            raise BadFieldsError({"reason": "Say in a few words what speaks against it now."})
        await self._answer(ref, user, GoalState.DECLINED, reason.strip())

    async def form(self, ref: GoalRef, user: str, *, decline: bool = False) -> dict[str, Any]:
        """Return the modal for changing a goal, or for saying not now."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await self._current(tx, asker, ref)
            return view.decline_modal(goal) if decline else view.change_modal(goal)

    async def withdraw_open(self, tx: Transaction, meeting: Meeting, why: str) -> None:
        """Take back offers nobody answered, when their 1:1 was moved or excused: they come again with the next."""
        for goal in await tx.goals.of_meeting(meeting.id):
            if goal.state is GoalState.OFFERED:
                await self._withdraw(tx, goal, why)

    async def _withdraw(self, tx: Transaction, goal: CoachingGoal, why: str) -> None:
        now = self._office.clock.now()
        gone = replace(goal, state=GoalState.OBSOLETE, version=goal.version + 1, words=why, changed_at=now)
        if await tx.goals.save(gone, was=goal, by=None):
            await show_goal(tx, gone, now)

    async def _answer(self, ref: GoalRef, user: str, state: GoalState, words: str = "") -> None:
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await access.own_goal(tx, asker, ref.goal)
            if goal.state is state and goal.version == ref.version + 1:
                return  # the same click once more: Slack or the finger sent it twice
            goal = await self._current(tx, asker, ref)
            await self._settle(tx, goal, replace(goal, state=state, words=words), asker)

    async def _current(self, tx: Transaction, asker: Person, ref: GoalRef) -> CoachingGoal:
        goal = await access.own_goal(tx, asker, ref.goal)
        if goal.version != ref.version or goal.state not in ANSWERABLE:
            raise StaleError(already(goal))
        return goal

    async def _settle(self, tx: Transaction, was: CoachingGoal, goal: CoachingGoal, asker: Person) -> None:
        if goal.state not in TRANSITIONS[was.state]:
            raise StaleError(already(was))
        if goal.state is GoalState.ACCEPTED:
            if goal.terms.due < local_day(self._office.clock.now(), asker):
                raise UserError("The day it was due by has passed. Choose Change it and give it a day you can keep.")
            # Two forks answered at the same moment wait for one another here: only then is the count true.
            await tx.meetings.get(MeetingId(goal.meeting), lock=True)
            held = await tx.goals.of_rep(asker.id, states=HELD_BY_REP)
            others = tuple(other for other in held if other.id != goal.id)
            if len(others) >= MAX_ACTIVE:
                raise NoRoomError(goal, others)
        now = self._office.clock.now()
        settled = replace(goal, version=was.version + 1, changed_at=now)
        if not await tx.goals.save(settled, was=was, by=asker.id):
            raise StaleError("Somebody answered this at the same moment. The message shows how it stands now.")
        await show_goal(tx, settled, now)
        if settled.state is GoalState.ACCEPTED or was.state is GoalState.SENT_BACK:
            await show_approval(self._office, tx, settled)

    async def _check_terms(self, tx: Transaction, asker: Person, was: CoachingGoal, terms: GoalTerms) -> None:
        """Raise BadFieldsError for what the rep changed and section 8 doesn't let stand, with the nearest that would.

        What can't be changed was tested when it was offered. A number or day that stood before is never too much.
        """
        situation = await self._situation(tx, asker, was, terms)
        failures = {failure.field: failure for failure in check(terms, situation, settings=self._office.maths)}
        faults: dict[str, str] = {
            field: f"{failures[field].sentence} {failures[field].remedy}"
            for field in ("number", "due")
            if field in failures
        }
        if terms.due == was.terms.due > situation.today:
            faults.pop("due", None)
        if terms.number < 1:
            faults["number"] = "Give a whole number of at least 1: a goal has to be countable."
        if terms.due == date.min:
            faults["due"] = f"Choose a day: {failures['due'].remedy}"
        if not terms.plan:
            faults["plan"] = "Say when and where you'll do it: a plan is what makes it happen."
        if faults:
            raise BadFieldsError(faults)

    async def _situation(self, tx: Transaction, asker: Person, was: CoachingGoal, terms: GoalTerms) -> Situation:
        today = local_day(self._office.clock.now(), asker)
        most = await self._most(tx, asker, terms, today)
        if most is not None and terms.due >= was.terms.due:
            most = max(most, was.terms.number)
        return Situation(
            self._office.playbook, today, SERVES[terms.fork], await self._next_meeting(tx, was, today), most=most
        )

    async def _most(self, tx: Transaction, asker: Person, terms: GoalTerms, today: date) -> int | None:
        """Return how many fit until the due day (7.4); None where nothing is known of it."""
        if not any(kind.finds and kind.name == terms.item for kind in self._office.playbook.activities):
            return None
        finding = (await self._office.shelf.book(tx, today)).finding.of(asker.id)
        if finding is None or finding.reach is None or terms.due <= today:
            return None
        return most_by(finding.reach, (terms.due - today) / WEEK)

    async def _next_meeting(self, tx: Transaction, goal: CoachingGoal, today: date) -> date | None:
        """Return the day of the 1:1 after the goal's own; while that is still open, the day the cadence asks for."""
        meeting = await tx.meetings.open_of(goal.rep)
        if meeting is None or meeting.id != goal.meeting:
            return None if meeting is None else meeting.appointment.day
        decision = await tx.cadences.latest(goal.rep)
        if decision is None:
            return None
        return max(meeting.appointment.day, today) + timedelta(days=decision.interval)


def already(goal: CoachingGoal) -> str:
    """Say how a goal was settled, for somebody who clicked an old message."""
    what = {
        GoalState.OFFERED: "is open again in a newer version",
        GoalState.DECLINED: "was answered with not now",
        GoalState.ACCEPTED: "was accepted and waits for the manager",
        GoalState.SENT_BACK: "was sent back by the manager with words",
        GoalState.ACTIVE: "is agreed and active",
        GoalState.KEPT: "is done: kept",
        GoalState.PARTLY: "is closed: partly kept",
        GoalState.MISSED: "is closed: missed",
        GoalState.OBSOLETE: "was withdrawn",
    }[goal.state]
    when = f"{goal.changed_at:%d %b %Y, %H:%M} UTC"
    return f"This was settled already: the goal {what} ({when}). Its message shows how it stands."
