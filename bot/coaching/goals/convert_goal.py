"""The nearest coaching goal to a draft that isn't one (specification, section 8)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.coaching.commitment import GoalTerms
from bot.coaching.goals.goal_test import Situation, check, goal_path, is_own, last_day
from bot.coaching.said import Said, say, say_many
from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import units, whole

DOLLARS = "dollars"
"""The unit of a draft about money."""

TOLERANCE = 1e-9
"""3 / 0.1 is a hair above 30 in binary; 30 calls are enough."""


@dataclass(frozen=True, slots=True)
class Way:
    """Something in the playbook that a rep could do instead.

    ``rate`` is what the rep gets from one of it, counted in the draft's unit (0.6); None where that is unknown, and
    then ``number`` of it are offered. ``most`` is the largest number that fits (7.4), None where unknown. ``title``
    is what it is called in a goal, without number or day: "send Acme a closure plan"; blank: number and unit.
    """

    item: str
    unit: str
    serves: str
    rate: float | None = None
    number: int = 1
    most: int | None = None
    title: str = ""


def acts_for(target: float, rate: float) -> int:
    """Return how many acts bring ``target`` outcomes at ``rate`` each. Raises ValueError for a rate not above 0."""
    if not rate > 0:
        raise ValueError(f"a rate of {rate} brings nothing")
    return max(1, math.ceil(target / rate - TOLERANCE))


def nearest_valid(
    terms: GoalTerms,
    situation: Situation,
    ways: Iterable[Way] = (),
    settings: Settings = DEFAULTS,
) -> tuple[GoalTerms, ...]:
    """Return the goals nearest to the draft that pass every test but the rep's yes, nearest first.

    A draft that is the rep's own and has a path keeps its item and gets a number and a day that fit; after it come
    the ``ways``, in their order, each with as many acts as its rate asks for and no more than fit. Worth isn't
    carried over: it was computed for something else. Empty where the rep has no room, or nothing passes.
    """
    asked = replace(situation, yes=None)
    found: list[GoalTerms] = []
    for candidate, where in _candidates(terms, asked, tuple(ways), settings):
        if candidate not in found and not check(candidate, where, settings=settings):
            found.append(candidate)
    return tuple(found)


def _candidates(
    terms: GoalTerms,
    situation: Situation,
    ways: tuple[Way, ...],
    settings: Settings,
) -> Iterator[tuple[GoalTerms, Situation]]:
    due = min(terms.due, last_day(terms.fork, situation, settings))
    if due <= situation.today:
        due = last_day(terms.fork, situation, settings)
    if is_own(terms, situation.playbook, situation.customer, situation.called):
        number = _fitting(max(1, terms.number), situation.most)
        if number == terms.number:
            yield replace(terms, due=due), situation
        else:
            title, found = re.subn(rf"(?<![\w.,]){terms.number}(?![\w.,])", str(number), terms.title, count=1)
            title = title if found else units(number, terms.unit)
            yield replace(terms, title=title, number=number, due=due, worth=None), situation
    for way in ways:
        wanted = way.number if way.rate is None or way.rate <= 0 else acts_for(max(1, terms.number), way.rate)
        number = _fitting(wanted, way.most)
        yield (
            replace(
                terms,
                title=way.title or units(number, way.unit),
                item=way.item,
                path=goal_path(situation.playbook, way.item),
                number=number,
                unit=way.unit,
                due=due,
                why=_why(terms, way, wanted, number),
                worth=None,
            ),
            replace(situation, serves=way.serves, most=way.most),
        )


def _why(terms: GoalTerms, way: Way, wanted: int, number: int) -> Said:
    if way.rate is None or way.rate <= 0 or terms.number < 1:
        return say("It serves {what}.", what=way.serves)
    outcomes, acts = _outcomes(terms.number, terms.unit), units(wanted, way.unit)
    if number == wanted:
        return say_many(
            "{outcomes} usually takes you {acts}.",
            "{outcomes} usually take you {acts}.",
            terms.number,
            outcomes=outcomes,
            acts=acts,
        )
    return say_many(
        "{outcomes} usually takes you {acts}; {fits} are what fits for now.",
        "{outcomes} usually take you {acts}; {fits} are what fits for now.",
        terms.number,
        outcomes=outcomes,
        acts=acts,
        fits=number,
    )


def _outcomes(number: int, unit: str) -> Said:
    """Return how many outcomes; money is counted in every language, a unit is the rep's own word."""
    return say_many("{n} dollar", "{n} dollars", number, n=whole(number)) if unit == DOLLARS else units(number, unit)


def _fitting(number: int, most: int | None) -> int:
    return number if most is None else max(1, min(number, most))
