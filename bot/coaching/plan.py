"""How a year's goal spreads over its months (specification, section 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.periods import MONTH, YEAR, WonBetween, block, working_days
from bot.coaching.settings import Settings

DAY = timedelta(days=1)
MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """What a month is to bring; for one that ``is_over`` what it brought. Both days are included."""

    start: date
    end: date
    amount: float
    is_over: bool


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The year's 12 months; they add up to ``goal``, or to what was won where that is more.

    ``seasonal`` says that the months of the last two years count beside the working days.
    """

    goal: float
    months: tuple[MonthPlan, ...]
    seasonal: bool
    sentence: str

    @property
    def quarters(self) -> tuple[float, ...]:
        amounts = [month.amount for month in self.months]
        return tuple(
            sum(amounts[first : first + MONTHS_A_QUARTER]) for first in range(0, len(amounts), MONTHS_A_QUARTER)
        )


def year_plan(
    goal: float,
    won: WonBetween,
    known_since: date | None,
    as_of: date,
    settings: Settings,
) -> YearPlan:
    """Return the plan of the fiscal year that goes on after ``as_of``.

    What the months that are over didn't bring, or brought beyond their part, is spread over the others again.
    ``known_since`` is the first day closings are on record; a year that began before it is no full year.
    """
    months = year_months(as_of + DAY, settings)
    weights, seasonal = month_weights(months, won, known_since, settings)
    over = [end <= as_of for _, end in months]
    amounts = [won(*month) if is_over else 0.0 for month, is_over in zip(months, over, strict=True)]
    left = max(0.0, goal - sum(amounts))
    ahead = sum(weight for weight, is_over in zip(weights, over, strict=True) if not is_over)
    plan = tuple(
        MonthPlan(start, end, amount if is_over else left * weight / ahead, is_over)
        for (start, end), amount, weight, is_over in zip(months, amounts, weights, over, strict=True)
    )
    how = "by its working days"
    if seasonal:
        how = f"half by its working days and half by what you won in that month of the last {settings.plan_years} years"
    return YearPlan(goal, plan, seasonal, f"Each month gets its part of what is left of the year's goal, {how}.")


def year_months(day: date, settings: Settings) -> tuple[tuple[date, date], ...]:
    """Return first and last day of the 12 months of the fiscal year around ``day``."""
    months = []
    start, last = block(day, YEAR, settings)
    while start <= last:
        month = block(start, MONTH, settings)
        months.append(month)
        start = month[1] + DAY
    return tuple(months)


def month_weights(
    months: Sequence[tuple[date, date]],
    won: WonBetween,
    known_since: date | None,
    settings: Settings,
) -> tuple[tuple[float, ...], bool]:
    """Return each month's share of the year, and whether the same months of the last 2 full years are half of it.

    A month that cost more in credits than it won counts as nothing won. Without 2 full years, or without anything
    won in them, only working days count.
    """
    days = [working_days(*month) for month in months]
    by_days = tuple(number / sum(days) for number in days)
    first = months[0][0]
    if known_since is None or known_since > first.replace(year=first.year - settings.plan_years):
        return by_days, False
    past = [0.0] * len(months)
    for years in range(1, settings.plan_years + 1):
        earlier = year_months(first.replace(year=first.year - years), settings)
        past = [before + won(*month) for before, month in zip(past, earlier, strict=True)]
    past = [max(0.0, amount) for amount in past]
    if sum(past) <= 0:
        return by_days, False
    return tuple((own + amount / sum(past)) / 2 for own, amount in zip(by_days, past, strict=True)), True
