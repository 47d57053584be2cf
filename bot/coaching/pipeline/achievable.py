"""How much more of an activity fits a rep, step by step (specification, section 7.4)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import half_up

FROM_ZERO_SHARE = 0.25
ROUNDING = 1e-9
WHOLE_FROM = 10
MONTHS_A_YEAR = 12
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a rep does a week: ``usual`` (8-week mean) and ``best`` (4-week mean), and the ``most`` that fits now.

    ``most`` is None where the rep starts from zero and nobody shows what a start is.
    """

    usual: float
    best: float
    most: float | None

    @property
    def from_zero(self) -> bool:
        return self.usual <= 0


@dataclass(frozen=True, slots=True)
class Steps:
    """A week's target for this month and each month after it, up to the one that meets the requirement.

    ``meets_in`` is the first day of that month. Empty and None where nothing says where to start.
    """

    required: float
    levels: tuple[float, ...]
    meets_in: date | None
    sentence: str


def reach(weeks: Sequence[float], pool_weeks: Iterable[float] = (), settings: Settings = DEFAULTS) -> Reach:
    """Return what fits, from weekly counts, oldest first, the last one being the last whole week.

    At most the larger of the own best four weeks running (of 26) and 1.10 times the usual eight, and never over 1.25
    times the usual. From zero it is the 25th percentile of ``pool_weeks``, the usual weeks of those who do it at all.
    With fewer weeks on record the means are over those there are.
    """
    known = list(weeks[-settings.best_weeks_of :])
    usual = _mean(known[-settings.usual_weeks :])
    windows = max(1, len(known) - settings.best_weeks + 1)
    best = max(_mean(known[first : first + settings.best_weeks]) for first in range(windows))
    if usual > 0:
        most = min(max(best, settings.achievable_own * usual), settings.achievable_top * usual)
        return Reach(usual, best, most)
    doing = [number for number in pool_weeks if number > 0]
    return Reach(usual, best, float(np.quantile(doing, FROM_ZERO_SHARE)) if doing else None)


def whole(per_week: float, weeks: float) -> int:
    """Return the largest whole number in so many weeks, at least 1: less can't be committed to."""
    return max(1, math.floor(per_week * weeks + ROUNDING))


def most_by(now: Reach, weeks: float) -> int | None:
    """Return the largest number that fits so many weeks, which always has room for one more than usual.

    None where nobody shows what a start is.
    """
    return None if now.most is None else max(half_up(now.usual * weeks) + 1, whole(now.most, weeks))


def achievable_rate(now: float, room: float) -> float:
    """Return the most a rate may be aimed at: ``room`` (7.2, a share of today's value) above ``now``."""
    return now * (1 + room)


def steps(now: Reach, required: float, as_of: date, settings: Settings = DEFAULTS) -> Steps:
    """Return this month's target a week and the monthly steps, of at most 10%, to a higher requirement.

    A requirement that fits is this month's target. Else this month's is a step above the usual weeks, or the most
    that fits where the rep starts from zero.
    """
    if now.most is None:
        reason = f"you've done none in the last {settings.usual_weeks} weeks, and no record shows what a start is"
        return Steps(required, (), None, f"What fits you can't be said yet: {reason}.")
    if required <= now.most + ROUNDING:
        return Steps(required, (required,), _month(as_of, 0), _fits(now, required))
    up = 1 + settings.monthly_step
    levels = [now.most if now.from_zero else min(now.most, now.usual * up)]
    while levels[-1] < required - ROUNDING:
        levels.append(min(required, levels[-1] * up))
    meets_in = _month(as_of, len(levels) - 1)
    further = len(levels) - 1
    number = NUMBERS[further] if further < len(NUMBERS) else f"{further:,}"
    away = f"the {_shown(required)} the plan asks for is {number} monthly {'step' if further == 1 else 'steps'} away"
    return Steps(
        required,
        tuple(levels),
        meets_in,
        f"{_record(now)}, so {_shown(levels[0])} is a {'start' if now.from_zero else 'stretch'} that fits; {away}.",
    )


def month_sentence(known: Steps) -> str:
    """Return in which month the requirement is met; blank where that isn't known."""
    if known.meets_in is None:
        return ""
    if len(known.levels) == 1:
        return f"That meets what the plan asks for in {known.meets_in:%B %Y} already."
    return f"A tenth more each month meets what the plan asks for in {known.meets_in:%B %Y}."


def _fits(now: Reach, required: float) -> str:
    fits = f"the {_shown(required)} the plan asks for fits"
    if not now.from_zero and required <= now.usual:
        return f"You do {_shown(now.usual)} a week, so {fits}."
    return f"{_record(now)}, so {fits}."


def _record(now: Reach) -> str:
    if now.from_zero:
        return "You start again from zero" if now.best > 0 else "You start from zero"
    if now.best > now.usual:
        return f"You've done {_shown(now.best)} a week before"
    return f"You do {_shown(now.usual)} a week"


def _shown(number: float) -> str:
    return f"{half_up(number):,}" if number >= WHOLE_FROM else f"{half_up(number * 10) / 10:g}"


def _mean(weeks: Sequence[float]) -> float:
    return math.fsum(weeks) / len(weeks) if weeks else 0.0


def _month(day: date, later: int) -> date:
    number = day.year * MONTHS_A_YEAR + day.month - 1 + later
    return date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)
