"""What a rep can make a goal of today: what the company's model has and what serves something of the rep's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.aspirations.worth import for_number
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.commitment import CoachingGoal, Fork, GoalTerms
from bot.coaching.four_ps.priorities import Priority
from bot.coaching.goals.goal_test import Situation, goal_path, last_day
from bot.coaching.numbers import Numbers
from bot.coaching.offers import gap_offer, practice, verifier_offers
from bot.coaching.pipeline.achievable import most_by
from bot.coaching.pipeline.balance import closable
from bot.coaching.pipeline.period_words import THE
from bot.coaching.playbook import ActivityKind, Playbook, Skill
from bot.coaching.said import say
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up

USUAL = timedelta(weeks=4)
"""How long a goal runs where the next 1:1 is too near or too far for it."""

SHORTEST = timedelta(days=DAYS_PER_WEEK)
FRIDAY = 4

SERVED = {
    Driver.STARTS: say("starts, a driver on your path"),
    Driver.WIN_RATE: say("win rate, a driver on your path"),
    Driver.SIZE: say("size, a driver on your path"),
    Driver.CYCLE: say("cycle, a driver on your path"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A goal that would be valid now, with a number and a day that fit; no yes has been said to it.

    ``key`` stays the same from one day to the next. ``serves`` names what it helps, and ``most`` is the largest number
    that fits until its day (7.4), None where nothing is known of that.
    """

    key: str
    terms: GoalTerms
    serves: str
    most: int | None = None


def choices(
    numbers: Numbers,
    playbook: Playbook,
    held: Sequence[CoachingGoal],
    next_meeting: date | None,
    settings: Settings,
) -> tuple[Choice, ...]:
    """Return the goals a rep could make, those that earn a deal's verifier first, then what fills a gap, then skills.

    ``held`` are the rep's goals that take a place: none of them is offered again. Each is due by the latest its topic
    allows: a verifier by the next 1:1, anything else in a few weeks.
    """
    today = numbers.ground.as_of
    situation = Situation(playbook, today, "", next_meeting)

    def due(fork: Fork) -> date:
        return usual_day(fork, situation, settings)

    found = [
        *_verifiers(numbers, playbook, due(Fork.VERIFIER), held),
        *_finding(numbers, playbook, due(Fork.GAP), held),
        *_skills(numbers, playbook, due(Fork.ASPIRATION), held),
    ]
    return tuple({choice.key: choice for choice in found}.values())


def usual_day(fork: Fork, situation: Situation, settings: Settings) -> date:
    """Return a sensible day for a goal to be due: at the next 1:1 where that is far enough away, never at a weekend."""
    latest, today = last_day(fork, situation, settings), situation.today
    if fork is Fork.VERIFIER:
        wish = latest
    elif situation.next_meeting is not None and today + SHORTEST <= situation.next_meeting <= latest:
        wish = situation.next_meeting
    else:
        wish = min(latest, today + USUAL)
    workday = wish - timedelta(days=max(0, wish.weekday() - FRIDAY))
    return workday if workday > today else wish


def most_fitting(numbers: Numbers, playbook: Playbook, item: str, due: date) -> int | None:
    """Return how many of an item fit until a day (7.4); None where nothing is known of that."""
    finding = numbers.finding
    if finding is None or finding.reach is None or due <= numbers.ground.as_of:
        return None
    if not any(kind.finds and kind.name == item for kind in playbook.activities):
        return None
    return most_by(finding.reach, (due - numbers.ground.as_of).days / DAYS_PER_WEEK)


def key_of(terms: GoalTerms) -> str:
    """Return a short name for what a goal is about, the same for the same item and deal."""
    about = f"{terms.fork.value}\n{terms.item}\n{terms.deal or ''}"
    return f"{terms.fork.value}-{hashlib.sha256(about.encode()).hexdigest()[:12]}"


def _verifiers(numbers: Numbers, playbook: Playbook, due: date, held: Sequence[CoachingGoal]) -> Iterator[Choice]:
    for offer in verifier_offers(numbers.winnable, playbook, due, held):
        deal = offer.terms.title[: -len(f": {offer.terms.item}")]
        yield Choice(key_of(offer.terms), offer.terms, say("a verifier of {deal}", deal=deal))


def _finding(numbers: Numbers, playbook: Playbook, due: date, held: Sequence[CoachingGoal]) -> Iterator[Choice]:
    if numbers.finding is None:
        return
    gap = closable(numbers.horizons)
    favourite = numbers.finding.activity
    kinds = (favourite, *(kind for kind in playbook.activities if kind.finds and kind is not favourite))
    for kind in kinds:
        # How many of the others are usual isn't known one by one: then the number is what is more than usual.
        finding = numbers.finding if kind is favourite else replace(numbers.finding, activity=kind, usual=0, reach=None)
        offer = gap_offer(numbers.horizons, finding, numbers.ground, playbook, due, held)
        if offer is not None and gap is not None:
            most = most_fitting(numbers, playbook, kind.name, due)
            fits = most if kind is favourite else _on_top(numbers, most, due)
            yield Choice(
                key_of(offer.terms), _cut(offer.terms, fits), say("the gap of {period}", period=THE[gap.name]), most
            )
        elif gap is None:
            yield from _more_starts(numbers, playbook, kind, due, held)


def _on_top(numbers: Numbers, most: int | None, due: date) -> int | None:
    """Return how many fit on top of what is usual; None where nothing is known of it."""
    reach = numbers.finding.reach if numbers.finding is not None else None
    if reach is None or most is None:
        return None
    return max(1, most - half_up(reach.usual * (due - numbers.ground.as_of).days / DAYS_PER_WEEK))


def _cut(terms: GoalTerms, most: int | None) -> GoalTerms:
    if most is None or terms.number <= most:
        return terms
    worth = terms.worth and for_number(terms.worth, terms.number, most)
    return replace(terms, number=most, worth=worth)


def _more_starts(
    numbers: Numbers, playbook: Playbook, kind: ActivityKind, due: date, held: Sequence[CoachingGoal]
) -> Iterator[Choice]:
    """Without a gap, a finding activity serves the driver "starts" while that has room."""
    path = goal_path(playbook, kind.name)
    driver = Driver.STARTS
    if not path or _is_held(kind.name, held) or not _has_room(numbers, driver):
        return
    weeks = (due - numbers.ground.as_of).days / DAYS_PER_WEEK
    reach = numbers.finding.reach if numbers.finding is not None else None
    usual = 0 if reach is None else half_up(reach.usual * weeks)
    priority = _priority(numbers, driver)
    terms = GoalTerms(
        fork=Fork.ASPIRATION,
        title=kind.name,
        item=kind.name,
        path=path,
        number=max(1, usual + 1),
        unit=kind.unit,
        due=due,
        plan="",
        why=priority.sentence if priority is not None else say("It works on how many deals you start."),
    )
    yield Choice(key_of(terms), terms, SERVED[driver], most_fitting(numbers, playbook, kind.name, due))


def _skills(numbers: Numbers, playbook: Playbook, due: date, held: Sequence[CoachingGoal]) -> Iterator[Choice]:
    """The skills behind the month's drivers first."""
    order = [priority.driver for priority in numbers.priorities]
    ranked = sorted(playbook.skills, key=lambda skill: order.index(d) if (d := _driver(skill)) in order else len(order))
    for skill in ranked:
        driver, path = _driver(skill), goal_path(playbook, skill.name)
        if driver is None or not path or _is_held(skill.name, held) or not _has_room(numbers, driver):
            continue
        terms = practice(skill, path, _priority(numbers, driver), numbers.ground, numbers.finding, due)
        yield Choice(key_of(terms), terms, SERVED[driver])


def _has_room(numbers: Numbers, driver: Driver) -> bool:
    """Whether a driver can get better; where no record shows any of them, each may."""
    return not numbers.caps or numbers.caps.get(driver, 0.0) > 0


def _priority(numbers: Numbers, driver: Driver) -> Priority | None:
    return next((priority for priority in numbers.priorities if priority.driver is driver), None)


def _driver(skill: Skill) -> Driver | None:
    return next((driver for driver in Driver if driver.value == skill.driver), None)


def _is_held(item: str, held: Sequence[CoachingGoal]) -> bool:
    return any(goal.terms.item == item and goal.terms.deal is None for goal in held)
