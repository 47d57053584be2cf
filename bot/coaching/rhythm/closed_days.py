"""On which days the whole company is closed, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

LONGEST = 366
"""Days in one range: a longer one is a slip of the pen, and would leave no day for any 1:1."""

_DATE, _YEARLY = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{2}-\d{2}")
HOW = (  # no words: the operator's settings are told of in English
    "must be days such as 2026-12-24, 2026-12-24..2027-01-02 or, for every year, 12-24..01-02, divided by commas"
)

MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """First and last days, both included: ``once`` on dates, ``yearly`` by month and day, perhaps over New Year."""

    once: tuple[tuple[date, date], ...] = ()
    yearly: tuple[tuple[MonthDay, MonthDay], ...] = ()

    def within(self, years: Iterable[int]) -> frozenset[date]:
        """Return every closed day of what begins or ends in the given years."""
        return _within(self, tuple(years))


NEVER_CLOSED = ClosedDays()


def read_closed_days(text: str) -> ClosedDays:
    """Read what an admin wrote. Raises ValueError, which says how it is written, for anything else."""
    once, yearly = [], []
    for part in filter(None, (one.strip() for one in text.split(","))):
        first, _, last = part.partition("..")
        first, last = first.strip(), last.strip() or first.strip()
        if _DATE.fullmatch(first) and _DATE.fullmatch(last):
            once.append(_once(first, last))
        elif _YEARLY.fullmatch(first) and _YEARLY.fullmatch(last):
            yearly.append((_month_day(first), _month_day(last)))
        else:
            raise ValueError(HOW)
    return ClosedDays(tuple(once), tuple(yearly))


def _once(first: str, last: str) -> tuple[date, date]:
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise ValueError(HOW) from error
    if not timedelta() <= days[1] - days[0] < timedelta(days=LONGEST):
        raise ValueError(f"must be ranges of at most {LONGEST} days whose first day comes first")
    return days


def _month_day(text: str) -> MonthDay:
    month, day = (int(part) for part in text.split("-"))
    try:
        date(2001, month, day)  # a day that every year has
    except ValueError as error:
        raise ValueError(HOW) from error
    return month, day


@lru_cache(maxsize=64)
def _within(closed: ClosedDays, years: tuple[int, ...]) -> frozenset[date]:
    ranges = list(closed.once)
    for year in years:
        for first, last in closed.yearly:
            ranges.append((date(year, *first), date(year + (last < first), *last)))
    if closed.yearly and years:  # what began in the year before the first may reach into it
        ranges += [(date(min(years) - 1, *one), date(min(years), *two)) for one, two in closed.yearly if two < one]
    return frozenset(
        first + timedelta(days=number) for first, last in ranges for number in range((last - first).days + 1)
    )
