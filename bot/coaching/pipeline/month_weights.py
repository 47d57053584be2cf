"""How much of a year's goal falls on each of its months (specification, section 7.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.coaching.pipeline.fiscal_calendar import DAY, working_days, year_months
from bot.coaching.settings import Settings

WonBetween = Callable[[date, date], float]
"""Dollars won from the first to the second day, both included."""


def month_weights(
    months: Sequence[tuple[date, date]],
    won: WonBetween,
    known_since: date | None,
    as_of: date,
    settings: Settings,
) -> tuple[tuple[float, ...], bool]:
    """Return each month's share of the year, and whether the same months of the last 2 full years are half of it.

    ``months`` are the 12 of a fiscal year. A year is full when it is over on ``as_of``. A month that cost more in
    credits than it won counts as nothing won. Without 2 full years, or without anything won in them, only working days
    count.
    """
    days = [working_days(*month) for month in months]
    by_days = tuple(number / sum(days) for number in days)
    running = min(months[0][0], year_months(as_of + DAY, settings)[0][0])
    if known_since is None or known_since > running.replace(year=running.year - settings.plan_years):
        return by_days, False
    past = [0.0] * len(months)
    for years in range(1, settings.plan_years + 1):
        earlier = year_months(running.replace(year=running.year - years), settings)
        past = [before + won(*month) for before, month in zip(past, earlier, strict=True)]
    past = [max(0.0, amount) for amount in past]
    if sum(past) <= 0:
        return by_days, False
    return tuple((own + amount / sum(past)) / 2 for own, amount in zip(by_days, past, strict=True)), True


def part_of(
    part: tuple[date, date],
    whole: tuple[date, date],
    won: WonBetween,
    known_since: date | None,
    as_of: date,
    settings: Settings,
) -> float:
    """Return what share of ``whole`` falls on ``part``: days, both included, that lie inside one fiscal year.

    A month that is cut off counts by its working days. Without 2 full years on record all of it is by working days;
    0 where nothing falls on the whole.
    """
    months = year_months(whole[1], settings)
    weights, seasonal = month_weights(months, won, known_since, as_of, settings)
    if not seasonal:
        days = working_days(*whole)
        return working_days(*part) / days if days else 0.0
    share, total = (
        sum(weight * _inside(month, days) for month, weight in zip(months, weights, strict=True))
        for days in (part, whole)
    )
    return share / total if total else 0.0


def _inside(month: tuple[date, date], days: tuple[date, date]) -> float:
    """Return how much of a month's work, 0..1, falls on ``days``."""
    first, last = max(month[0], days[0]), min(month[1], days[1])
    return working_days(first, last) / working_days(*month) if first <= last else 0.0
