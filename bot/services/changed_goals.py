"""What a rep may change of a goal before saying yes to it (specification, section 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.coaching.aspirations.worth import for_number
from bot.coaching.commitment import CoachingGoal, Fork, GoalTerms
from bot.coaching.goals.goal_test import Situation, check
from bot.coaching.pipeline.achievable import most_by
from bot.coaching.records import Person
from bot.coaching.said import joined, say
from bot.errors import BadFieldsError
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.views.languages import called

WEEK = timedelta(weeks=1)

SERVES = {
    Fork.VERIFIER: say("a verifier of your deal"),
    Fork.GAP: say("a gap of your pipeline"),
    Fork.ASPIRATION: say("a driver on your path"),
}
"""What a goal of each topic was offered for, which no change of its number, day or plan takes away."""


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a rep says yes to in place of what was offered; None for a number or day that can't be read."""

    number: int | None
    due: date | None
    plan: str


async def changed_terms(office: Office, tx: Transaction, asker: Person, goal: CoachingGoal, new: NewTerms) -> GoalTerms:
    """Return a goal's terms as the rep wants them, with what they are worth. Raises BadFieldsError."""
    terms = replace(goal.terms, number=new.number or 0, due=new.due or date.min, plan=new.plan.strip())
    await _check_terms(office, tx, asker, goal, terms)
    if terms.number != goal.terms.number and terms.worth is not None:
        terms = replace(terms, worth=for_number(terms.worth, goal.terms.number, terms.number))
    return terms


async def _check_terms(office: Office, tx: Transaction, asker: Person, was: CoachingGoal, terms: GoalTerms) -> None:
    """Raise BadFieldsError for what the rep changed and section 8 doesn't let stand, with the nearest that would.

    What can't be changed was tested when it was offered. A number or day that stood before is never too much.
    """
    situation = await _situation(office, tx, asker, was, terms)
    failures = {failure.field: failure for failure in check(terms, situation, settings=office.maths)}
    faults: dict[str, str] = {
        field: joined((failures[field].sentence, failures[field].remedy))
        for field in ("number", "due")
        if field in failures
    }
    if terms.due == was.terms.due > situation.today:
        faults.pop("due", None)
    if terms.number < 1:
        faults["number"] = say("Give a whole number of at least 1: a goal has to be countable.")
    if terms.due == date.min:
        faults["due"] = say("Choose a day: {remedy}", remedy=failures["due"].remedy)
    if not terms.plan:
        faults["plan"] = say("Say when and where you'll do it: a plan is what makes it happen.")
    if faults:
        raise BadFieldsError(faults)


async def _situation(office: Office, tx: Transaction, asker: Person, was: CoachingGoal, terms: GoalTerms) -> Situation:
    today = local_day(office.clock.now(), asker)
    most = await _most(office, tx, asker, terms, today)
    if most is not None and terms.due >= was.terms.due:
        most = max(most, was.terms.number)
    return Situation(
        office.playbook, today, SERVES[terms.fork], await _next_meeting(tx, was, today), most=most, called=called
    )


async def _most(office: Office, tx: Transaction, asker: Person, terms: GoalTerms, today: date) -> int | None:
    """Return how many fit until the due day (7.4); None where nothing is known of it."""
    if not any(kind.finds and kind.name == terms.item for kind in office.playbook.activities):
        return None
    finding = (await office.shelf.book(tx, today)).finding.of(asker.id)
    if finding is None or finding.reach is None or terms.due <= today:
        return None
    return most_by(finding.reach, (terms.due - today) / WEEK)


async def _next_meeting(tx: Transaction, goal: CoachingGoal, today: date) -> date | None:
    """Return the day of the 1:1 after the goal's own; while that is still open, the day the cadence asks for."""
    meeting = await tx.meetings.open_of(goal.rep)
    if meeting is None or meeting.id != goal.meeting:
        return None if meeting is None else meeting.appointment.day
    decision = await tx.cadences.latest(goal.rep)
    if decision is None:
        return None
    return max(meeting.appointment.day, today) + timedelta(days=decision.interval)
