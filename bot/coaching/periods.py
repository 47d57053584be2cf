"""What is still to be won by when: goal periods and the three horizons (specification, sections 3, 4 and 7.4)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.coaching.cleaning import Exchange
from bot.coaching.records import PeriodGoal, PersonId, Records
from bot.coaching.settings import Settings
from bot.coaching.working_days import DaysOff

MONTH, QUARTER, YEAR = 1, 3, 12
DAY = timedelta(days=1)
WEEKENDS = DaysOff()

PERIOD_WORDS = {MONTH: "month", QUARTER: "quarter", YEAR: "year"}

WonBetween = Callable[[date, date], float]
"""Dollars won from the first to the second day, both included."""


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


def block(day: date, months: int, settings: Settings) -> tuple[date, date]:
    """Return first and last day of the fiscal month, quarter or year (1, 3 or 12 ``months``) around ``day``."""
    shift = settings.fiscal_year_start_month - 1
    number = day.year * 12 + day.month - 1 - shift
    first = number - number % months + shift
    return _first_of(first), _first_of(first + months) - DAY


def horizons(as_of: date, settings: Settings) -> tuple[date, date, date]:
    """Return the ends of the short, medium and long horizon: each strictly after the one before it."""
    short = block(as_of + DAY, MONTH, settings)[1]
    medium = block(short + DAY, QUARTER, settings)[1]
    return short, medium, block(medium + DAY, YEAR, settings)[1]


def months_of(start: date, end: date) -> int | None:
    """Return how many whole calendar months a period has; None where it doesn't begin and end with one."""
    if start.day != 1 or (end + DAY).day != 1:
        return None
    return (end.year - start.year) * 12 + end.month - start.month + 1


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
) -> Target | None:
    """Return what is to be won by ``end``, the end of a fiscal month, quarter or year (1, 3 or 12 ``months``).

    A goal ending that day counts, of several the one with most left to win. Without one it is a share of the
    quarter's goal, or of the year's: what was left of that when this period began, by working days (7.4). None
    where there is no such goal either.
    """
    known = tuple(goals)
    direct = _largest(end, known, won, as_of)
    if direct is not None:
        return direct
    longer = next((size for size in (QUARTER, YEAR) if size > months), None)
    if longer is None:
        return None
    whole = horizon_target(block(end, longer, settings)[1], longer, known, won, as_of, settings)
    return None if whole is None else _share(whole, end, months, won, as_of, settings)


def _share(whole: Target, end: date, months: int, won: WonBetween, as_of: date, settings: Settings) -> Target | None:
    start = max(block(end, months, settings)[0], whole.start)
    if start > end:
        return None
    left = max(0.0, whole.goal - _won(whole.start, min(start - DAY, as_of), won))
    days = working_days(start, whole.end)
    share = working_days(start, end) / days if days else 0.0
    return Target(start, end, left * share, _won(start, as_of, won), is_share=True)


def working_days(start: date, end: date) -> int:
    """Return how many of the days, both included, aren't on a weekend."""
    return sum(WEEKENDS.is_working(start + timedelta(days=day)) for day in range((end - start).days + 1))


def _largest(end: date, goals: Iterable[PeriodGoal], won: WonBetween, as_of: date) -> Target | None:
    targets = [
        Target(goal.start, goal.end, goal.amount, _won(goal.start, as_of, won)) for goal in goals if goal.end == end
    ]
    return max(targets, key=lambda target: target.remaining, default=None)


def _won(start: date, end: date, won: WonBetween) -> float:
    return won(start, end) if start <= end else 0.0


def _first_of(month_number: int) -> date:
    """Return the first day of a month counted from year 0."""
    return date(month_number // 12, month_number % 12 + 1, 1)
