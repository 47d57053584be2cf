"""What is still to be won by when: goal periods and the three horizons (specification, sections 3, 4 and 7.4)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.coaching.basis.cleaning import Exchange
from bot.coaching.pipeline.fiscal_calendar import DAY, MONTH, PERIOD_WORDS, QUARTER, YEAR, block, months_of
from bot.coaching.pipeline.month_weights import WonBetween, part_of
from bot.coaching.records import PeriodGoal, PersonId, Records
from bot.coaching.settings import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """A goal from ``start`` to ``end``, both included, and what is ``won`` of it so far.

    ``is_share`` says that it is a longer goal's share and was not set for this very period.
    """

    start: date
    end: date
    goal: float
    won: float
    is_share: bool = False

    @property
    def remaining(self) -> float:
        """What is still to be won; below 0 once the goal is passed."""
        return self.goal - self.won

    @property
    def word(self) -> str:
        """The period's length as a word: "month", "quarter" or "year", or "period" where it is none of them."""
        return PERIOD_WORDS.get(months_of(self.start, self.end) or 0, "period")


def goals_of(rep: PersonId, records: Records, as_of: date, settings: Settings) -> tuple[PeriodGoal, ...]:
    """Return the rep's goals above 0 in the reporting currency at the day's rate; one without a rate is no goal."""
    exchange = Exchange(settings)
    found = []
    for goal in records.goals:
        if goal.rep != rep or not math.isfinite(goal.amount) or goal.amount <= 0 or goal.end < goal.start:
            continue
        rate = 1.0 if exchange.is_reporting(goal.currency) else exchange.rate(goal.currency, as_of)
        if rate is not None:
            found.append(replace(goal, amount=goal.amount * rate, currency=settings.currency))
    return tuple(sorted(found, key=lambda goal: (goal.end, goal.start, goal.amount)))


def horizons(as_of: date, settings: Settings) -> tuple[date, date, date]:
    """Return the ends of the short, medium and long horizon: each strictly after the one before it."""
    short = block(as_of + DAY, MONTH, settings)[1]
    medium = block(short + DAY, QUARTER, settings)[1]
    return short, medium, block(medium + DAY, YEAR, settings)[1]


def goal_period(goals: Iterable[PeriodGoal], won: WonBetween, as_of: date, settings: Settings) -> Target | None:
    """Return the nearest period still running or to come for which there is a goal.

    Periods of the usual length (quarters unless set otherwise) go first; None without any goal.
    """
    ahead = [goal for goal in goals if goal.end > as_of]
    usual = [goal for goal in ahead if months_of(goal.start, goal.end) == settings.goal_period_months]
    nearest = min((goal.end for goal in usual or ahead), default=None)
    return None if nearest is None else _largest(nearest, usual or ahead, won, as_of)


def horizon_target(
    end: date,
    months: int,
    goals: Iterable[PeriodGoal],
    won: WonBetween,
    as_of: date,
    settings: Settings,
    known_since: date | None = None,
) -> Target | None:
    """Return what is to be won by ``end``, the end of a fiscal month, quarter or year (1, 3 or 12 ``months``).

    A goal ending that day counts, of several the one with most left to win. Without one it is a share of the
    quarter's goal, or of the year's: what was left of that when this period began, by the months' weights (7.4).
    ``known_since`` is the first day the rep's closings are on record. None where there is no such goal either.
    """
    known = tuple(goals)
    direct = _largest(end, known, won, as_of)
    if direct is not None:
        return direct
    longer = next((size for size in (QUARTER, YEAR) if size > months), None)
    if longer is None:
        return None
    whole = horizon_target(block(end, longer, settings)[1], longer, known, won, as_of, settings, known_since)
    return None if whole is None else _share(whole, end, months, won, as_of, settings, known_since)


def _share(
    whole: Target,
    end: date,
    months: int,
    won: WonBetween,
    as_of: date,
    settings: Settings,
    known_since: date | None,
) -> Target | None:
    start = max(block(end, months, settings)[0], whole.start)
    if start > end:
        return None
    left = max(0.0, whole.goal - _won(whole.start, min(start - DAY, as_of), won))
    share = part_of((start, end), (start, whole.end), won, known_since, as_of, settings)
    return Target(start, end, left * share, _won(start, as_of, won), is_share=True)


def _largest(end: date, goals: Iterable[PeriodGoal], won: WonBetween, as_of: date) -> Target | None:
    targets = [
        Target(goal.start, goal.end, goal.amount, _won(goal.start, as_of, won)) for goal in goals if goal.end == end
    ]
    return max(targets, key=lambda target: target.remaining, default=None)


def _won(start: date, end: date, won: WonBetween) -> float:
    return won(start, end) if start <= end else 0.0
