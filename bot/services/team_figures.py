"""What a manager sees of the whole team: hours a week, and for how many one average multiple would be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.coaching.four_ps.success import sentence
from bot.coaching.meeting import MeetingState
from bot.coaching.pipeline.coverage_average import Fit
from bot.coaching.records import Person
from bot.coaching.rhythm.cadence import hours_per_week
from bot.coaching.rhythm.follow_up import team_consistency
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.views import cadence, schedule


async def hours_a_week(tx: Transaction, office: Office, manager: Person) -> float:
    """Return the hours a week that a manager's 1:1s take, of those whose cadence is decided."""
    minutes = (await office.hours_of(tx, manager.id)).minutes
    decisions = [await tx.cadences.latest(rep.id) for rep in await tx.people.reports_of(manager.id)]
    return hours_per_week((minutes, decision.interval) for decision in decisions if decision is not None)


async def consistency_with(tx: Transaction, office: Office, manager: Person, reports: Iterable[Person]) -> str:
    """Return how steadily the manager holds the 1:1s with some reps: the bot holds the leader to it first."""
    intervals = {}
    for rep in reports:
        decision = await tx.cadences.latest(rep.id)
        if decision is not None:
            intervals[rep.id] = decision.interval
    meetings = await tx.meetings.of_manager(manager.id, states=frozenset(MeetingState))
    return team_consistency(meetings, intervals, local_day(office.clock.now(), manager)).sentence


async def team_figures(tx: Transaction, office: Office, manager: Person) -> tuple[str, ...]:
    """Return the sentences about the team as a whole; none names or counts out a rep."""
    book = await office.shelf.book(tx, local_day(office.clock.now(), manager))
    fits: Counter[Fit] = Counter()
    for rep in await tx.people.reports_of(manager.id):
        fit = book.coverage.fit(rep.id)
        if fit is not None:
            fits[fit] += 1
    hours = cadence.hours_line(await hours_a_week(tx, office, manager), office.maths.manager_hours_per_week)
    told = "" if book.success is None else sentence(book.success)
    return hours, schedule.fits_line(book.coverage.average, fits), schedule.success_line(told)
