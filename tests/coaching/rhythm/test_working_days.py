"""On which days a person works."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm.working_days import DaysOff, next_working_day, working_days_after, working_days_before

DAYS = st.dates(date(2010, 1, 1), date(2037, 12, 31))
FRIDAY, MONDAY = date(2026, 7, 3), date(2026, 7, 6)


@st.composite
def days_off(draw: st.DrawFn) -> DaysOff:
    near = st.dates(date(2026, 6, 1), date(2026, 8, 31))
    ranges = draw(st.lists(st.tuples(near, st.integers(0, 20)), max_size=3))
    return DaysOff(
        frozenset(draw(st.lists(near, max_size=10))),
        tuple((first, first + timedelta(days=length)) for first, length in ranges),
    )


def test_saturday_and_sunday_are_off() -> None:
    assert [DaysOff().is_working(MONDAY + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


def test_leave_includes_its_first_and_last_day() -> None:
    off = DaysOff(leave=((date(2026, 7, 7), date(2026, 7, 8)),))
    assert [off.is_working(date(2026, 7, day)) for day in (6, 7, 8, 9)] == [True, False, False, True]


def test_the_working_day_before_monday_is_friday_and_before_a_holiday_friday_thursday() -> None:
    assert working_days_before(MONDAY, 1, DaysOff()) == FRIDAY
    assert working_days_before(MONDAY, 1, DaysOff(holidays=frozenset({FRIDAY}))) == date(2026, 7, 2)
    assert working_days_before(MONDAY, 0, DaysOff()) == MONDAY


def test_a_weekend_can_be_other_days() -> None:
    off = DaysOff(weekend=frozenset({4, 5}))
    assert next_working_day(date(2026, 7, 2), off) == date(2026, 7, 5)


@given(day=st.dates(date(2026, 6, 1), date(2026, 8, 31)), n=st.integers(1, 10), off=days_off())
def test_the_nth_working_day_before_has_n_minus_one_working_days_between(day: date, n: int, off: DaysOff) -> None:
    found = working_days_before(day, n, off)
    between = [found + timedelta(days=k) for k in range(1, (day - found).days)]
    assert off.is_working(found)
    assert sum(map(off.is_working, between)) == n - 1


@given(day=st.dates(date(2026, 6, 1), date(2026, 8, 31)), n=st.integers(1, 10), off=days_off())
def test_counting_forward_and_back_again_ends_no_later_than_it_began(day: date, n: int, off: DaysOff) -> None:
    back = working_days_before(working_days_after(day, n, off), n, off)
    assert back <= day
    assert (back == day) is off.is_working(day)


@given(day=DAYS, one=days_off(), other=days_off())
def test_two_people_together_are_off_when_either_is(day: date, one: DaysOff, other: DaysOff) -> None:
    assert (one | other).is_working(day) is (one.is_working(day) and other.is_working(day))
