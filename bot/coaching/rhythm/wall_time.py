"""The one instant that a local wall time stands for, through every clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.coaching.meeting import Appointment

NOON = time(12)


def instant(day: date, at: time, zone: str) -> datetime:
    """Return the one instant (aware, UTC) at which clocks in ``zone`` (IANA name) read ``at`` on ``day``.

    A time that a clock change skips moves later by the gap; a time that happens twice means the first
    (PEP 495, ``fold=0``). A whole day that a zone skipped (Samoa, 2011-12-30) gives the next day's instant.
    Raises ValueError for an ``at`` with a zone of its own, ZoneInfoNotFoundError for an unknown zone.
    """
    if at.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    return _instant(day, at, ZoneInfo(zone))


@lru_cache(maxsize=4096)  # a whole team has its mornings at few instants; new rules for a zone are another ZoneInfo
def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def local_day(moment: datetime, zone: str) -> date:
    """Return the date that calendars in ``zone`` show at ``moment`` (aware)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day_exists(day: date, zone: str) -> bool:
    """Return whether ``zone`` had that day: Samoa and Tokelau had no 2011-12-30."""
    return local_day(instant(day, NOON, zone), zone) == day


def appointment(day: date, at: time, zone: str, minutes: int) -> Appointment:
    """Return the wall time with its instant. ``day`` and ``at`` stay as asked, also when clocks skip them."""
    return Appointment(day=day, at=at, zone=zone, starts_at=instant(day, at, zone), minutes=minutes)


def span(booked: Appointment) -> tuple[datetime, datetime]:
    """Return the instants (aware, UTC) from which and until which the appointment takes time."""
    return booked.starts_at, booked.starts_at + timedelta(minutes=booked.minutes)
