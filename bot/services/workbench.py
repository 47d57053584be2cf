"""What a new goal of a rep is made of and tested against, as of the rep's today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.choices import Choice, choices
from bot.coaching.commitment import HELD_BY_REP, CoachingGoal, GoalState
from bot.coaching.meeting import Meeting
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.records import Person, PersonId
from bot.coaching.said import say
from bot.errors import NotAllowedError, StaleError, UserError
from bot.services import access
from bot.services.office import Office, local_day
from bot.services.ports import Transaction

GONE = say(
    "That isn't open to you any more: a deal, a gap or the playbook has changed. Type /goals new to see what is."
)


@dataclass(frozen=True, slots=True)
class Workbench:
    """All that a new goal of one rep is made of and tested against, as of the rep's today.

    ``held`` take a place, ``open`` are those and the ones still to be answered. ``meeting`` is where it belongs to.
    """

    asker: Person
    rep: Person
    today: date
    numbers: Numbers
    known: tuple[Choice, ...]
    held: tuple[CoachingGoal, ...]
    open: tuple[CoachingGoal, ...]
    meeting: Meeting
    next_meeting: date | None

    @property
    def own(self) -> bool:
        return self.asker.id == self.rep.id

    def choice(self, key: str) -> Choice:
        """Raises StaleError when it isn't offered any more."""
        found = next((choice for choice in self.known if choice.key == key), None)
        if found is None:
            raise StaleError(GONE)
        return found


async def workbench(
    office: Office, tx: Transaction, user: str, about: PersonId | None, *, lock: bool = False
) -> Workbench:
    """Return what a goal of the rep is made of; ``lock`` lets others who commit for this rep wait."""
    asker, rep = await _whose(tx, user, about)
    meeting = await tx.meetings.open_of(rep.id) or next(iter(await tx.meetings.of_rep(rep.id)), None)
    if meeting is None:
        raise UserError(say("Goals begin with the first 1:1, and none is planned yet. It comes by itself."))
    if lock:
        await tx.meetings.get(meeting.id, lock=True)
        await tx.people.hold(rep.id)
    today = local_day(office.clock.now(), rep)
    numbers = numbers_of(await office.shelf.book(tx, today), rep)
    open_ = await tx.goals.of_rep(rep.id, states=HELD_BY_REP | {GoalState.OFFERED})
    next_meeting = await _next_meeting(tx, meeting, today)
    return Workbench(
        asker=asker,
        rep=rep,
        today=today,
        numbers=numbers,
        known=choices(numbers, office.playbook, open_, next_meeting, office.maths),
        held=tuple(goal for goal in open_ if goal.state in HELD_BY_REP),
        open=open_,
        meeting=meeting,
        next_meeting=next_meeting,
    )


async def _whose(tx: Transaction, user: str, about: PersonId | None) -> tuple[Person, Person]:
    asker = await access.known(tx, user)
    if about is not None and about != asker.id:
        rep = await tx.people.get(about)
        if rep is None or rep.manager_id != asker.id:
            raise NotAllowedError(say("You can propose a goal only to somebody who reports to you."))
        return asker, rep
    if asker.manager_id is None:
        raise UserError(say("Say to whom you propose it: name one of your reps, like /goals new @name."))
    return asker, asker


async def _next_meeting(tx: Transaction, meeting: Meeting, today: date) -> date | None:
    """Return the day of the coming 1:1; while one goes on, the day the cadence asks for after it."""
    if meeting.appointment.day > today:
        return meeting.appointment.day
    decision = await tx.cadences.latest(meeting.rep)
    return None if decision is None else today + timedelta(days=decision.interval)
