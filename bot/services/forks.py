"""The forks in the road: the rep says yes, changes it, or says not now and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.coaching import wording
from bot.coaching.commitment import (
    HELD_BY_REP,
    MAX_ACTIVE,
    TRANSITIONS,
    CoachingGoal,
    GoalId,
    GoalState,
    Origin,
)
from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingId, MeetingState
from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import span
from bot.coaching.said import Said, say
from bot.errors import BadFieldsError, StaleError, TryLaterError, UserError
from bot.services import access
from bot.services.changed_goals import NewTerms, changed_terms
from bot.services.due_around import DueAround
from bot.services.ended import ENDED
from bot.services.news import News
from bot.services.office import Office, id_of, local_day
from bot.services.ports import Transaction
from bot.services.posting import show_approval, show_course, show_goal
from bot.views import forks as view

SETTLED = {
    GoalState.OFFERED: say("is open again in a newer version"),
    GoalState.DECLINED: say("was answered with not now"),
    GoalState.ACCEPTED: say("was accepted and waits for the manager"),
    GoalState.SENT_BACK: say("was sent back by the manager with words"),
    GoalState.ACTIVE: say("is agreed and active"),
    GoalState.KEPT: say("is done: kept"),
    GoalState.PARTLY: say("is closed: partly kept"),
    GoalState.MISSED: say("is closed: missed"),
    GoalState.OBSOLETE: say("was withdrawn"),
}
"""What became of a goal, as goes on after "the goal"."""

ANSWERABLE = frozenset({GoalState.OFFERED, GoalState.SENT_BACK})


class NoRoomError(UserError):
    """Two goals are held already (``held``), so ``goal`` finds no room; ``changed``: in terms of the rep's own."""

    def __init__(self, goal: CoachingGoal, held: tuple[CoachingGoal, ...], *, changed: bool) -> None:
        super().__init__(say("You already hold two goals, and more than two don't get done. Which one makes room?"))
        self.goal = goal
        self.held = held
        self.changed = changed


@dataclass(frozen=True, slots=True)
class GoalRef:
    """The goal a button or modal speaks of, in the version the person saw."""

    goal: GoalId
    version: int


class Forks:
    def __init__(self, office: Office, around: DueAround, news: News) -> None:
        self._office = office
        self._around = around
        self._news = news

    async def begin(self, meeting_id: MeetingId, user: str) -> None:
        """Start a 1:1 on its day when the two are ready before its time. Starting twice is the same as once."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            await self.locked(tx, meeting_id)
            meeting = await access.managed_meeting(tx, asker, meeting_id)
            if meeting.state not in OPEN_STATES:
                raise StaleError(ENDED[meeting.state])
            today = local_day(self._office.clock.now(), asker)
            if meeting.state is not MeetingState.STARTED and today < local_day(meeting.appointment.starts_at, asker):
                raise UserError(say("You can start it on its day. To hold it sooner, choose Move."))
            await self.start(tx, meeting)

    async def locked(self, tx: Transaction, meeting_id: MeetingId) -> Meeting | None:
        """Return a 1:1 for ``start``, locked and with what falls due after it written; None when there is none."""
        return await self._around.locked_to_begin(tx, meeting_id)

    async def start(self, tx: Transaction, meeting: Meeting) -> None:
        """Give both the course of the 1:1 with its forks in their place, and the manager the buttons to close it.

        It comes from ``locked``.
        """
        if meeting.state in (MeetingState.PLANNED, MeetingState.PROMPTED):
            raise TryLaterError(say("The agenda isn't published yet; the forks come after it."))
        if meeting.state is not MeetingState.PUBLISHED:
            return
        started = replace(meeting, state=MeetingState.STARTED)
        if not await tx.meetings.save(started, was=meeting):
            return
        now = self._office.clock.now()
        agenda = await tx.meetings.agenda(meeting.id)
        unanswered = await tx.goals.of_rep(meeting.rep, states=frozenset({GoalState.OFFERED}))
        for goal in unanswered:
            await self._withdraw(tx, goal, say("It stood open until the next 1:1, whose choices take its place."))
        for before in sorted({goal.meeting for goal in unanswered} - {meeting.id}):
            earlier = await tx.meetings.get(MeetingId(before), lock=True)
            if earlier is not None:
                await show_course(tx, earlier, now)
        held = await tx.goals.of_rep(meeting.rep, states=HELD_BY_REP)
        rep = await access.person_or_refuse(tx, meeting.rep)
        standing = () if agenda is None else await self._news.standing_offers(tx, rep, agenda.offers)
        offers = standing[: max(0, MAX_ACTIVE - len(held))]
        for place, terms in enumerate(offers):
            goal = CoachingGoal(
                id=GoalId(id_of("g", meeting.id, str(place))),
                rep=meeting.rep,
                manager=meeting.manager,
                meeting=meeting.id,
                state=GoalState.OFFERED,
                version=1,
                terms=terms,
                changed_at=now,
            )
            await tx.goals.add(goal, by=None)
        _, ends = span(meeting.appointment)
        await show_course(tx, started, now, first=True, late=self._office if now >= ends else None)

    async def accept(self, ref: GoalRef, user: str) -> None:
        """Record the rep's yes. Saying it twice is the same as once.

        Raises NotAllowedError, NoRoomError, and StaleError when the goal changed since the person saw it.
        """
        await self._answer(ref, user, GoalState.ACCEPTED)

    async def change(self, ref: GoalRef, user: str, new: NewTerms) -> None:
        """Record a yes to other terms. Raises BadFieldsError naming each field that can't stand."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await self._current(tx, asker, ref)
            terms = await changed_terms(self._office, tx, asker, goal, new)
            await self._settle(tx, goal, replace(goal, state=GoalState.ACCEPTED, terms=terms), asker)

    async def swap(self, ref: GoalRef, user: str, dropped: GoalRef | None, new: NewTerms | None) -> None:
        """Close one of the goals held as no longer relevant and say yes to another: both, or neither.

        ``new`` are terms of the rep's own. Raises BadFieldsError where no goal was chosen, and StaleError when either
        changed since the rep saw it.
        """
        if dropped is None:
            raise BadFieldsError({"drop": say("Choose which goal makes room, or cancel and keep both.")})
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            await self._lock_both(tx, asker, ref, dropped)
            goal = await access.own_goal(tx, asker, ref.goal)
            gone = await access.own_goal(tx, asker, dropped.goal)
            made_room = gone.state is GoalState.OBSOLETE and gone.version == dropped.version + 1
            if goal.state is GoalState.ACCEPTED and goal.version == ref.version + 1 and made_room:
                return  # the same form once more
            goal = await self._current(tx, asker, ref)
            terms = goal.terms if new is None else await changed_terms(self._office, tx, asker, goal, new)
            await self._drop(tx, asker, dropped, say("Dropped to make room for {title}.", title=goal.terms.title))
            await self._settle(tx, goal, replace(goal, state=GoalState.ACCEPTED, terms=terms), asker)

    async def _lock_both(self, tx: Transaction, asker: Person, *refs: GoalRef) -> None:
        """Lock the 1:1s of two goals, in an order of which nobody has the opposite."""
        goals = [await access.own_goal(tx, asker, ref.goal) for ref in refs]
        for meeting in sorted({goal.meeting for goal in goals}):
            await tx.meetings.get(MeetingId(meeting), lock=True)

    async def _drop(self, tx: Transaction, asker: Person, ref: GoalRef, why: str) -> None:
        """Close a goal that the rep holds; its 1:1, often an earlier one, must be locked."""
        now = self._office.clock.now()
        held = await access.own_goal(tx, asker, ref.goal)
        if held.version != ref.version or held.state not in HELD_BY_REP:
            raise StaleError(already(held))
        gone = replace(held, state=GoalState.OBSOLETE, version=held.version + 1, words=why, changed_at=now)
        if not await tx.goals.save(gone, was=held, by=asker.id):
            raise StaleError(
                say("The goal to drop changed at the same moment. Say yes once more to see how it stands.")
            )
        await show_goal(tx, gone, now)
        await show_approval(self._office, tx, gone)
        meeting = await tx.meetings.get(MeetingId(held.meeting))
        if meeting is not None:
            await show_course(tx, meeting, now)

    async def decline(self, ref: GoalRef, user: str, reason: str) -> None:
        """Record a not now with its reason, which is never counted against the rep."""
        if not reason.strip():
            raise BadFieldsError({"reason": say("Say in a few words what speaks against it now.")})
        await self._answer(ref, user, GoalState.DECLINED, reason.strip())

    async def form(self, ref: GoalRef, user: str, *, decline: bool = False) -> dict[str, Any]:
        """Return the modal for changing a goal, or for saying not now."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await self._current(tx, asker, ref)
            return view.decline_modal(goal) if decline else view.change_modal(goal)

    async def overtake(self, tx: Transaction, meeting: Meeting) -> None:
        """Take back unanswered choices of a 1:1 whose verifier has come, or whose deal is closed or gone.

        It must be locked.
        """
        open_ = [goal for goal in await tx.goals.of_meeting(meeting.id) if goal.state is GoalState.OFFERED]
        rep = await access.person_or_refuse(tx, meeting.rep)
        standing = await self._news.standing_offers(tx, rep, [goal.terms for goal in open_])
        gone = [goal for goal in open_ if goal.terms not in standing]
        for goal in gone:
            await self._withdraw(tx, goal, say("What it was for has come, or its deal is closed or gone."))
        if gone:
            await show_course(tx, meeting, self._office.clock.now())

    async def withdraw_open(self, tx: Transaction, meeting: Meeting, why: str) -> None:
        """Take back offers nobody answered, when their 1:1 was moved or excused: they come again with the next."""
        for goal in await tx.goals.of_meeting(meeting.id):
            if goal.state is GoalState.OFFERED and goal.terms.origin is Origin.MEETING:
                await self._withdraw(tx, goal, why)

    async def _withdraw(self, tx: Transaction, goal: CoachingGoal, why: str) -> None:
        now = self._office.clock.now()
        gone = replace(goal, state=GoalState.OBSOLETE, version=goal.version + 1, words=why, changed_at=now)
        if await tx.goals.save(gone, was=goal, by=None):
            await show_goal(tx, gone, now)

    async def _answer(self, ref: GoalRef, user: str, state: GoalState, words: str = "") -> None:
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            goal = await self._locked(tx, asker, ref)
            if goal.state is state and goal.version == ref.version + 1 and goal.words == words:
                return  # the same click once more: Slack or the finger sent it twice
            goal = await self._current(tx, asker, ref)
            await self._settle(tx, goal, replace(goal, state=state, words=words), asker)

    async def _locked(self, tx: Transaction, asker: Person, ref: GoalRef) -> CoachingGoal:
        """Return the goal with its 1:1 locked: two forks answered at the same moment wait for one another.

        Only then is it true how many the rep holds, and what the course of the 1:1 shows.
        """
        goal = await access.own_goal(tx, asker, ref.goal)
        await tx.meetings.get(MeetingId(goal.meeting), lock=True)
        return await access.own_goal(tx, asker, ref.goal)

    async def _current(self, tx: Transaction, asker: Person, ref: GoalRef) -> CoachingGoal:
        goal = await self._locked(tx, asker, ref)
        if goal.version != ref.version or goal.state not in ANSWERABLE:
            raise StaleError(already(goal))
        return goal

    async def _settle(self, tx: Transaction, was: CoachingGoal, goal: CoachingGoal, asker: Person) -> None:
        if goal.state not in TRANSITIONS[was.state]:
            raise StaleError(already(was))
        if goal.state is GoalState.ACCEPTED:
            if goal.terms.due < local_day(self._office.clock.now(), asker):
                raise UserError(
                    say("The day it was due by has passed. Choose Change it and give it a day you can keep.")
                )
            await tx.people.hold(asker.id)  # goals of other 1:1s, and new ones, wait for this yes too
            held = await tx.goals.of_rep(asker.id, states=HELD_BY_REP)
            others = tuple(other for other in held if other.id != goal.id)
            if len(others) >= MAX_ACTIVE:
                raise NoRoomError(goal, others, changed=goal.terms != was.terms)
        now = self._office.clock.now()
        settled = replace(goal, version=was.version + 1, changed_at=now)
        if not await tx.goals.save(settled, was=was, by=asker.id):
            raise StaleError(say("Somebody answered this at the same moment. The message shows how it stands now."))
        await show_goal(tx, settled, now)
        if settled.state is GoalState.ACCEPTED or was.state is GoalState.SENT_BACK:
            await show_approval(self._office, tx, settled)
        meeting = await tx.meetings.get(MeetingId(goal.meeting))
        if meeting is not None:
            await show_course(tx, meeting, now)


def already(goal: CoachingGoal) -> Said:
    """Say how a goal was settled, for somebody who clicked an old message."""
    when = say("{day}, {time} UTC", day=wording.day_of_year(goal.changed_at.date()), time=f"{goal.changed_at:%H:%M}")
    return say(
        "This was settled already: the goal {what} ({when}). Its message shows how it stands.",
        what=SETTLED[goal.state],
        when=when,
    )
