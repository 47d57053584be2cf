"""Which instant is meant when a person says a day and a time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm.wall_time import appointment, day_exists, instant, local_day, span

ZONES = sorted(available_timezones() - {"localtime"})
FIRST, LAST = date(2010, 1, 1), date(2037, 12, 31)
DAYS = st.dates(FIRST, LAST)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
MISSING = {("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Fakaofo", date(2011, 12, 30))}


def is_skipped(day: date, at: time, zone: str) -> bool:
    """A wall time is skipped when reading it back as the earlier and the later offset both give another time."""
    asked = datetime.combine(day, at)
    return all(
        asked.replace(fold=fold, tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        != asked
        for fold in (0, 1)
    )


@given(day=DAYS, at=TIMES, zone=st.sampled_from(ZONES))
def test_a_wall_time_is_read_from_the_clock_at_its_instant_unless_skipped(day: date, at: time, zone: str) -> None:
    moment = instant(day, at, zone)
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    assert moment.tzinfo is UTC
    assert (local == datetime.combine(day, at)) is not is_skipped(day, at, zone)


@given(day=DAYS, at=TIMES, zone=st.sampled_from(ZONES))
def test_the_same_time_on_a_later_day_is_a_later_instant(day: date, at: time, zone: str) -> None:
    step = instant(day + timedelta(days=1), at, zone) - instant(day, at, zone)
    assert timedelta(0) <= step <= timedelta(days=2)
    assert step > timedelta(hours=20) or not day_exists(day, zone)


def clock_changes(zone: str) -> list[date]:
    """Every day from 2010 to 2037 on which the zone's offset is not the same at both ends."""
    info, one = ZoneInfo(zone), timedelta(days=1)
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]
    offsets = [datetime.combine(day, time(0), info).utcoffset() for day in (*days, LAST)]
    return [day for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after] or [
        FIRST + one,
    ]


@pytest.mark.parametrize(
    "zone",
    [
        "Africa/Cairo",
        "Africa/Casablanca",
        "America/New_York",
        "America/Nuuk",
        "Asia/Beirut",
        "Asia/Pyongyang",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Pacific/Apia",
    ],
)
def test_every_clock_change_gives_each_quarter_of_an_hour_one_instant(zone: str) -> None:
    quarters = [time(minute // 60, minute % 60) for minute in range(0, 24 * 60, 15)]
    for day in clock_changes(zone):
        for at in quarters:
            moment = instant(day, at, zone)
            local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
            assert local >= datetime.combine(day, at), "a skipped time moves later, never earlier"
            assert local == datetime.combine(day, at) or is_skipped(day, at, zone)


def test_a_time_at_office_hours_keeps_its_date_in_every_zone_and_year() -> None:
    wrong = {
        (zone, day)
        for zone in ZONES
        for day in (
            date(year, month, first) for year in range(2010, 2038) for month in (3, 10, 12) for first in (28, 30)
        )
        if local_day(instant(day, time(9), zone), zone) != day
    }
    assert wrong == MISSING


def test_a_skipped_time_moves_later_by_the_gap() -> None:
    assert instant(date(2026, 3, 8), time(2, 30), "America/New_York") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_a_repeated_time_is_the_first_of_the_two() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert instant(date(2026, 11, 1), time(1, 30), "America/New_York") == first
    assert instant(date(2026, 11, 1), time(1, 30, fold=1), "America/New_York") == first


def test_the_day_that_samoa_skipped_gives_the_next_days_instant() -> None:
    assert not day_exists(date(2011, 12, 30), "Pacific/Apia")
    assert instant(date(2011, 12, 30), time(10), "Pacific/Apia") == instant(
        date(2011, 12, 31), time(10), "Pacific/Apia"
    )
    assert day_exists(date(2011, 12, 29), "Pacific/Apia")


def test_a_wall_time_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        instant(date(2026, 1, 5), time(9, tzinfo=UTC), "Europe/Paris")


def test_an_appointment_keeps_the_wall_time_and_carries_its_instant() -> None:
    booked = appointment(date(2026, 7, 7), time(9), "Europe/Paris", 30)
    assert (booked.day, booked.at, booked.zone) == (date(2026, 7, 7), time(9), "Europe/Paris")
    assert span(booked) == (datetime(2026, 7, 7, 7, tzinfo=UTC), datetime(2026, 7, 7, 7, 30, tzinfo=UTC))
