"""Which activities go with more outcomes, told no surer than the record is (specification, section 7.3)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Literal

import numpy as np

from bot.coaching.basis.rates import DAYS_PER_WEEK, Rate
from bot.coaching.said import Said, say, say_many
from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import fixed, half_up, units, whole

PLAIN = 1.05

Did = Literal["started", "were given", "moved"]
WERE_GIVEN: Did = "were given"  # no words: a key


class Grade(StrEnum):
    NOT_SHOWN = "not shown yet"  # no words: a key
    LIKELY = "likely"
    CLEAR = "clear"


GRADES = tuple(Grade)
"""From the least to the most that may be said."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """One rep's weekly counts, oldest first, both of the same weeks."""

    activity: Sequence[int]
    outcomes: Sequence[int]


@dataclass(frozen=True, slots=True)
class Split:
    """What reps' weeks with much and with little of an activity brought, summed over reps.

    ``high`` and ``low`` are outcomes of the two kinds of weeks, ``weeks`` all that could be compared; ``above`` and
    ``below`` are the two sums whose ratio is RR, exact so that no order of reps makes a difference.
    """

    high: int
    low: int
    weeks: int
    above: Fraction
    below: Fraction

    def __add__(self, other: Split) -> Split:
        return Split(
            self.high + other.high,
            self.low + other.low,
            self.weeks + other.weeks,
            self.above + other.above,
            self.below + other.below,
        )

    def __sub__(self, other: Split) -> Split:
        return self + Split(-other.high, -other.low, -other.weeks, -other.above, -other.below)


NOTHING = Split(0, 0, 0, Fraction(), Fraction())


@dataclass(frozen=True, slots=True)
class Effect:
    """``ratio`` is RR: outcomes per week in weeks with much of the activity over those with little of it.

    ``se`` is the standard error of its logarithm; both are None where one of the two kinds has no outcome.
    ``weeks`` and ``outcomes`` are those that could be compared.
    """

    ratio: float | None
    se: float | None
    weeks: int
    outcomes: int
    grade: Grade


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a sentence: more ``activity`` ("demos"), and what "you" ``did`` to ``outcomes``: started, deals."""

    activity: str
    did: Did
    outcomes: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a planned number of activities brings from the day after ``made_on`` to ``through``; an 80% range."""

    made_on: date
    through: date
    expected: float
    low: float
    high: float
    sentence: str


def delay_weeks(days: Iterable[int]) -> int | None:
    """Return the usual delay from an activity to its outcome in whole weeks, by the median; None without any pair."""
    known = [max(0, day) for day in days]
    return half_up(float(np.median(known)) / DAYS_PER_WEEK) if known else None


def effect(reps: Iterable[Weeks], delay: int, settings: Settings = DEFAULTS) -> Effect:
    """Return the rate ratio over all ``reps``, each split at the own median; outcomes come ``delay`` weeks later.

    A week counts as much when its activity is above the rep's median. Reps are pooled by Mantel and Haenszel, which
    is the plain ratio of sums where every rep's weeks split evenly, and where they don't keeps a rep with many
    outcomes from passing for an effect. A rep whose weeks are all alike says nothing.
    Raises ValueError when the two counts of a rep aren't of the same weeks, or the delay is negative.
    """
    return effect_of(sum((split(rep, delay) for rep in reps), NOTHING), settings)


def split(rep: Weeks, delay: int) -> Split:
    """Return one rep's part of an effect, nothing where the weeks are all alike. Raises as ``effect`` does."""
    if len(rep.activity) != len(rep.outcomes) or delay < 0:
        raise ValueError("activity and outcomes have to be counts of the same weeks, and a delay isn't negative")
    activity = np.asarray(rep.activity[: max(0, len(rep.activity) - delay)], dtype=np.int64)
    later = np.asarray(rep.outcomes[delay:], dtype=np.int64)
    if not len(activity):
        return NOTHING
    much = activity > np.median(activity)
    if not much.any():
        return NOTHING
    high, low = int(later[much].sum()), int(later[~much].sum())
    weeks_high, weeks = int(much.sum()), len(activity)
    return Split(high, low, weeks, Fraction(high * (weeks - weeks_high), weeks), Fraction(low * weeks_high, weeks))


def effect_of(all_of_them: Split, settings: Settings = DEFAULTS) -> Effect:
    """Return the effect that the parts of several reps show together."""
    high, low, weeks = all_of_them.high, all_of_them.low, all_of_them.weeks
    if high == 0 or low == 0:
        return Effect(None, None, weeks, high + low, Grade.NOT_SHOWN)
    ratio, se = float(all_of_them.above / all_of_them.below), math.sqrt(1 / high + 1 / low)
    return Effect(ratio, se, weeks, high + low, grade(ratio, se, weeks, high + low, settings))


def grade(ratio: float, se: float, weeks: int, outcomes: int, settings: Settings = DEFAULTS) -> Grade:
    """Return how surely a ratio is above 1."""
    enough = weeks >= settings.predict_min_weeks and outcomes >= settings.predict_min_outcomes
    if enough and ratio / math.exp(settings.z_80 * se) > 1:
        return Grade.CLEAR
    return Grade.LIKELY if ratio / math.exp(settings.safe_z * se) > 1 else Grade.NOT_SHOWN


def own_effect(own: Effect, team: Effect, settings: Settings = DEFAULTS) -> Effect:
    """Return the rep's ratio, drawn to the team's as far as the own weeks leave open.

    Without own outcomes in both kinds of weeks nothing is shown of the rep; without a team's ratio the own stands.
    The grade is never above the better of the two: what neither record shows, their mean doesn't show either.
    """
    if own.ratio is None or own.se is None or team.ratio is None:
        return own
    own_weight, team_weight = own.se**-2, settings.predict_rate_sd**-2
    mean = (own_weight * math.log(own.ratio) + team_weight * math.log(team.ratio)) / (own_weight + team_weight)
    ratio, se = math.exp(mean), (own_weight + team_weight) ** -0.5
    mixed = grade(ratio, se, own.weeks, own.outcomes, settings)
    best = max(own.grade, team.grade, key=GRADES.index)
    return Effect(ratio, se, own.weeks, own.outcomes, min(mixed, best, key=GRADES.index))


def sentence(known: Effect, words: Wording, delay: int = 0) -> str:
    """Return what is said to the rep of outcomes ``delay`` weeks later; what isn't shown yet is claimed by nobody."""
    if known.ratio is None or known.grade is Grade.NOT_SHOWN:
        return say(
            "Whether more {activity} go with more {outcomes} for you isn't shown yet.",
            activity=words.activity,
            outcomes=words.outcomes,
        )
    digits = 1 if known.ratio >= PLAIN else 2
    times = fixed(half_up(known.ratio * 10**digits) / 10**digits, digits)
    many = say("{times} times as many {outcomes}", times=times, outcomes=words.outcomes)
    if delay:
        many = say_many("{many} a week later", "{many} {n} weeks later", delay, many=many)
    if known.grade is Grade.CLEAR:
        return say("{effect}; that's clear from your weeks.", effect=_did(words, many))
    return say("{effect}; that's likely, not proven.", effect=_did(words, many))


def _did(words: Wording, many: Said) -> Said:
    if words.did == WERE_GIVEN:
        return say("In weeks with more {activity} you were given {many}", activity=words.activity, many=many)
    if words.did == "moved":
        return say("In weeks with more {activity} you moved {many}", activity=words.activity, many=many)
    return say("In weeks with more {activity} you started {many}", activity=words.activity, many=many)


def planned_for(number: float, days: int, usual_per_week: float | None, settings: Settings = DEFAULTS) -> float:
    """Return how many a goal of ``number`` within ``days`` plans for the next 28 days.

    After its day the usual ones go on; where those aren't known, or it is due later, it goes on evenly.
    """
    window = settings.forecast_days
    if usual_per_week is None or days >= window:
        return number * window / max(1, days)
    return number + usual_per_week * (window - days) / DAYS_PER_WEEK


def forecast(
    planned: float,
    rate: Rate,
    as_of: date,
    nouns: tuple[str, str],
    *,
    widening: float = 1.0,
    settings: Settings = DEFAULTS,
) -> Forecast | None:
    """Return what ``planned`` activities bring in the next 28 days; None where the rate or its record is unknown.

    ``nouns`` are what activities and outcomes are called: "demos", "starts". ``widening`` comes from the forecast
    record. The sentence shows the whole numbers inside the range.
    """
    if rate.value is None or rate.successes <= 0 or planned < 0:
        return None
    expected = planned * rate.value
    spread = settings.z_80 * math.sqrt(expected + expected**2 / rate.successes) * widening
    low, high = max(0.0, expected - spread), expected + spread
    shown = half_up(expected)
    least, most = min(math.ceil(low), shown), max(math.floor(high), shown)
    return Forecast(
        made_on=as_of,
        through=as_of + timedelta(days=settings.forecast_days),
        expected=expected,
        low=low,
        high=high,
        sentence=say(
            "{activities} in the next {days} days: about {outcomes} ({least} to {most}) if they go like your usual "
            "ones.",
            activities=units(half_up(planned), nouns[0]),
            days=settings.forecast_days,
            outcomes=_counted(shown, nouns[1]),
            least=least,
            most=most,
        ),
    )


def _counted(number: int, outcomes: str) -> Said:
    """Return how many outcomes: starts are counted in every language, what a playbook names in its own."""
    if outcomes == "starts":
        return say_many("{n} start", "{n} starts", number, n=whole(number))
    return units(number, outcomes)
