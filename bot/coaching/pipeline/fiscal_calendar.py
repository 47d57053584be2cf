"""Fiscal months, quarters and years (specification, sections 4 and 7.4)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from bot.coaching.settings import Settings

MONTH, QUARTER, YEAR = 1, 3, 12
DAY = timedelta(days=1)

PERIOD_WORDS = {MONTH: "month", QUARTER: "quarter", YEAR: "year"}


def block(day: date, months: int, settings: Settings) -> tuple[date, date]:
    """Return first and last day of the fiscal month, quarter or year (1, 3 or 12 ``months``) around ``day``."""
    shift = settings.fiscal_year_start_month - 1
    number = day.year * 12 + day.month - 1 - shift
    first = number - number % months + shift
    return _first_of(first), _first_of(first + months) - DAY


def year_months(day: date, settings: Settings) -> tuple[tuple[date, date], ...]:
    """Return first and last day of the 12 months of the fiscal year around ``day``."""
    months = []
    start, last = block(day, YEAR, settings)
    while start <= last:
        month = block(start, MONTH, settings)
        months.append(month)
        start = month[1] + DAY
    return tuple(months)


def months_of(start: date, end: date) -> int | None:
    """Return how many whole calendar months a period has; None where it doesn't begin and end with one."""
    if start.day != 1 or (end + DAY).day != 1:
        return None
    return (end.year - start.year) * 12 + end.month - start.month + 1


def working_days(start: date, end: date) -> int:
    """Return how many of the days, both included, aren't on a weekend."""
    return max(0, int(np.busday_count(start, end + DAY)))


def _first_of(month_number: int) -> date:
    """Return the first day of a month counted from year 0."""
    return date(month_number // 12, month_number % 12 + 1, 1)
