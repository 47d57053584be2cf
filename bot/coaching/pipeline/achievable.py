"""How much more of an activity fits a rep, step by step (specification, section 7.4)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.coaching.said import Said, say, say_many
from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import half_up, month, number
from bot.coaching.wording import whole as whole_number

FROM_ZERO_SHARE = 0.25
ROUNDING = 1e-9
WHOLE_FROM = 10
MONTHS_A_YEAR = 12
PAIR = 2
NUMBERS = (
    say("two"),
    say("three"),
    say("four"),
    say("five"),
    say("six"),
    say("seven"),
    say("eight"),
    say("nine"),
    say("ten"),
    say("eleven"),
    say("twelve"),
)


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
        unknown = say(
            "What fits you can't be said yet: you've done none in the last {n} weeks, and no record shows what a start "
            "is.",
            n=settings.usual_weeks,
        )
        return Steps(required, (), None, unknown)
    if required <= now.most + ROUNDING:
        return Steps(required, (required,), _month(as_of, 0), _fits(now, required))
    up = 1 + settings.monthly_step
    levels = [now.most if now.from_zero else min(now.most, now.usual * up)]
    while levels[-1] < required - ROUNDING:
        levels.append(min(required, levels[-1] * up))
    meets_in = _month(as_of, len(levels) - 1)
    return Steps(required, tuple(levels), meets_in, _climbs(now, required, levels[0], len(levels) - 1))


def month_sentence(known: Steps) -> str:
    """Return in which month the requirement is met; blank where that isn't known."""
    if known.meets_in is None:
        return ""
    if len(known.levels) == 1:
        return say("That meets what the plan asks for in {month} already.", month=month(known.meets_in))
    return say("A tenth more each month meets what the plan asks for in {month}.", month=month(known.meets_in))


def _climbs(now: Reach, required: float, first: float, further: int) -> Said:
    """Return how far the requirement is from this month's target: so many steps ``further``."""
    away = say_many(
        "the {required} the plan asks for is one monthly step away",
        "the {required} the plan asks for is {n} monthly steps away",
        further,
        required=_shown(required),
        n=_number(further),
    )
    if now.from_zero:
        return say(
            "{record}, so {first} is a start that fits; {away}.", record=_record(now), first=_shown(first), away=away
        )
    return say(
        "{record}, so {first} is a stretch that fits; {away}.", record=_record(now), first=_shown(first), away=away
    )


def _fits(now: Reach, required: float) -> Said:
    record = _usual(now) if not now.from_zero and required <= now.usual else _record(now)
    return say("{record}, so the {required} the plan asks for fits.", record=record, required=_shown(required))


def _record(now: Reach) -> Said:
    if now.from_zero:
        return say("You start again from zero") if now.best > 0 else say("You start from zero")
    return say("You've done {n} a week before", n=_shown(now.best)) if now.best > now.usual else _usual(now)


def _usual(now: Reach) -> Said:
    return say("You do {n} a week", n=_shown(now.usual))


def _shown(value: float) -> Said:
    return whole_number(value) if value >= WHOLE_FROM else number(value)


def _number(steps: int) -> Said:
    """Return a number as a word up to twelve."""
    place = steps - PAIR
    return NUMBERS[place] if 0 <= place < len(NUMBERS) else whole_number(steps)


def _mean(weeks: Sequence[float]) -> float:
    return math.fsum(weeks) / len(weeks) if weeks else 0.0


def _month(day: date, later: int) -> date:
    number = day.year * MONTHS_A_YEAR + day.month - 1 + later
    return date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)
