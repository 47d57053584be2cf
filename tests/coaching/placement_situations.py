"""Situations in which a 1:1 is to be placed, anywhere and on any day, and what a time has to fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

from hypothesis import strategies as st

from bot.coaching.meeting import Appointment
from bot.coaching.records import PersonId, WorkingHours
from bot.coaching.rhythm.free_times import Constraints, Diary, Pairing
from bot.coaching.rhythm.standing_place import choose_standing
from bot.coaching.rhythm.wall_time import instant, local_day, span
from bot.coaching.rhythm.working_days import DaysOff

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime"}))
DAYS = st.dates(date(2010, 1, 1), date(2037, 10, 1))
REP = PersonId("rep")


def days_off_near(middle: date) -> st.SearchStrategy[DaysOff]:
    near = st.integers(-10, 45).map(lambda n: middle + timedelta(days=n))
    leave = st.tuples(near, st.integers(0, 14)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
    return st.builds(
        DaysOff,
        holidays=st.frozensets(near, max_size=6),
        leave=st.lists(leave, max_size=2).map(tuple),
    )


@st.composite
def working_hours(draw: st.DrawFn) -> WorkingHours:
    opens = draw(st.integers(0, 20))
    return WorkingHours(
        weekdays=tuple(sorted(draw(st.frozensets(st.integers(0, 4), min_size=1)))),
        opens=time(opens, draw(st.sampled_from((0, 15, 30)))),
        closes=time(draw(st.integers(opens + 2, 23)), 30),
        minutes=draw(st.sampled_from((30, 45, 60))),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[date, Pairing, Constraints]:
    """A last held day, a standing place and what it has to fit into, anywhere and any day."""
    last_held = draw(DAYS)
    hours = draw(working_hours())
    zone, rep_zone = draw(ZONES), draw(ZONES)
    (standing,) = choose_standing(hours, zone, [(REP, rep_zone)], on=last_held)
    around = st.datetimes(datetime.combine(last_held, time(0)), datetime.combine(last_held, time(0)) + timedelta(40))
    busy = draw(st.lists(st.tuples(around, st.integers(1, 48)), max_size=4))
    constraints = Constraints(
        hours=hours,
        manager=Diary(zone, draw(days_off_near(last_held))),
        rep=Diary(rep_zone, draw(days_off_near(last_held))),
        busy=tuple((at.replace(tzinfo=UTC), at.replace(tzinfo=UTC) + timedelta(hours=length)) for at, length in busy),
        reserved=(Pairing(PersonId("other"), hours.weekdays[0], hours.opens),),
    )
    return last_held, standing, constraints


def assert_fits(booked: Appointment, constraints: Constraints) -> None:
    start, end = span(booked)
    hours = constraints.hours
    assert booked.day.weekday() in hours.weekdays
    assert hours.opens <= booked.at
    assert datetime.combine(booked.day, booked.at) + timedelta(minutes=hours.minutes) <= datetime.combine(
        booked.day,
        hours.closes,
    )
    assert booked.starts_at == instant(booked.day, booked.at, constraints.manager.zone)
    for who in (constraints.manager, constraints.rep):
        assert who.off.is_working(local_day(start, who.zone)), "never on a day off of either, on their own calendar"
    assert all(end <= from_ or until <= start for from_, until in constraints.busy)


def fits(booked: Appointment, constraints: Constraints) -> bool:
    try:
        assert_fits(booked, constraints)
    except AssertionError:
        return False
    end_day = local_day(span(booked)[1] - timedelta(seconds=1), constraints.rep.zone)
    return constraints.rep.off.is_working(end_day) and local_day(booked.starts_at, booked.zone) == booked.day
