"""How a year's goal spreads over its months (specification, section 7.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.coaching.pipeline.fiscal_calendar import DAY, year_months
from bot.coaching.pipeline.month_weights import WonBetween, month_weights
from bot.coaching.said import say
from bot.coaching.settings import Settings

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
    weights, seasonal = month_weights(months, won, known_since, as_of, settings)
    over = [end <= as_of for _, end in months]
    amounts = [won(*month) if is_over else 0.0 for month, is_over in zip(months, over, strict=True)]
    left = max(0.0, goal - sum(amounts))
    ahead = sum(weight for weight, is_over in zip(weights, over, strict=True) if not is_over)
    plan = tuple(
        MonthPlan(start, end, amount if is_over else left * weight / ahead, is_over)
        for (start, end), amount, weight, is_over in zip(months, amounts, weights, over, strict=True)
    )
    sentence = say("Each month gets its part of what is left of the year's goal, by its working days.")
    if seasonal:
        sentence = say(
            "Each month gets its part of what is left of the year's goal, half by its working days and half by what "
            "you won in that month of the last {n} years.",
            n=settings.plan_years,
        )
    return YearPlan(goal, plan, seasonal, sentence)
