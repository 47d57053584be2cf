"""On which days the company is closed, by what an admin wrote."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm.closed_days import HOW, LONGEST, ClosedDays, read_closed_days


def test_days_ranges_and_every_years_ranges_stand_side_by_side() -> None:
    closed = read_closed_days("2026-12-24..2026-12-26, 2027-05-14 ,07-04,")
    assert closed.within([2026]) == {date(2026, 12, day) for day in (24, 25, 26)} | {
        date(2027, 5, 14),
        date(2026, 7, 4),
    }
    assert read_closed_days(" ") == ClosedDays()


def test_a_yearly_range_reaches_over_new_year_from_the_year_before_as_well() -> None:
    closed = read_closed_days("12-31..01-02")
    assert closed.within([2027]) == {
        *(date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)),
        *(date(2027, 12, 31), date(2028, 1, 1), date(2028, 1, 2)),
    }


@given(first=st.dates(date(2000, 1, 1), date(2100, 1, 1)), length=st.integers(0, LONGEST - 1))
def test_what_is_written_of_a_range_is_what_is_closed(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    closed = read_closed_days(f"{first}..{last}").within([])
    assert (min(closed), max(closed), len(closed)) == (first, last, length + 1)


@pytest.mark.parametrize(
    "text",
    [
        "Christmas",
        "2026-13-01",
        "2026-12-24..12-26",
        "24.12.2026",
        "2026-12-24...2026-12-26",
        "02-29",
        "13-01",
        "2026-1-2",
    ],
)
def test_what_cant_be_read_says_how_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="must be days such as") as refused:
        read_closed_days(f"2026-12-24, {text}")
    assert str(refused.value) == HOW


@pytest.mark.parametrize("text", ["2026-12-26..2026-12-24", "2026-01-01..2027-01-02"])
def test_a_range_that_ends_before_it_begins_or_takes_more_than_a_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whose first day comes first"):
        read_closed_days(text)
