"""Which days a person works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A person's days off: public holidays, leave (first and last day, both included) and weekend (Monday 0).

    ``a | b`` is off whenever either is.
    """

    holidays: frozenset[date] = frozenset()
    leave: tuple[tuple[date, date], ...] = ()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def is_working(self, day: date) -> bool:
        return (
            day.weekday() not in self.weekend
            and day not in self.holidays
            and not (self.leave and any(first <= day <= last for first, last in self.leave))
        )

    def __or__(self, other: DaysOff) -> DaysOff:
        return DaysOff(self.holidays | other.holidays, self.leave + other.leave, self.weekend | other.weekend)


def working_days_before(day: date, n: int, off: DaysOff) -> date:
    """Return the ``n``-th working day before ``day``; 0 is ``day`` itself, whatever it is.

    Raises OverflowError when the calendar has no such day, which needs somebody who never works.
    """
    return _walk(day, n, off, -DAY)


def working_days_after(day: date, n: int, off: DaysOff) -> date:
    """Return the ``n``-th working day after ``day``; 0 is ``day`` itself. Raises as ``working_days_before``."""
    return _walk(day, n, off, DAY)


def next_working_day(day: date, off: DaysOff) -> date:
    """Return the first working day later than ``day``."""
    return working_days_after(day, 1, off)


@lru_cache(maxsize=4096)  # who lives in one country has the same days off, and a team meets on few days
def _walk(day: date, n: int, off: DaysOff, step: timedelta) -> date:
    while n > 0:
        day += step
        if off.is_working(day):
            n -= 1
    return day
