"""How a year's goal spreads over its months, and spreads again after each of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.pipeline.fiscal_calendar import working_days, year_months
from bot.coaching.pipeline.month_weights import month_weights
from bot.coaching.pipeline.plan import year_plan
from bot.coaching.settings import Settings

SETTINGS = Settings()
FISCAL = Settings(fiscal_year_start_month=4)
NEW_YEARS_EVE = date(2025, 12, 31)
LONG_AGO = date(2020, 1, 1)
WORKING_DAYS_2026 = (22, 20, 22, 22, 21, 22, 23, 21, 22, 22, 21, 23)


def nothing_won(start: date, end: date) -> float:
    return 0.0


def won_a_day(start: date, end: date) -> float:
    return float((end - start).days + 1)


def won_in_march_and_june(start: date, end: date) -> float:
    """Return 30k for each March and 10k for each June up to 2025."""
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return sum({3: 30_000.0, 6: 10_000.0}.get(day.month, 0.0) for day in days if day.day == 1 and day.year < 2026)


def test_without_two_full_years_only_working_days_count():
    for known_since in (None, date(2024, 1, 2)):
        plan = year_plan(261_000, won_in_march_and_june, known_since, NEW_YEARS_EVE, SETTINGS)
        assert not plan.seasonal
        assert [month.amount for month in plan.months] == pytest.approx([1_000 * days for days in WORKING_DAYS_2026])
        assert plan.sentence == "Each month gets its part of what is left of the year's goal, by its working days."


def test_two_full_years_are_half_of_each_months_part():
    plan = year_plan(261_000, won_in_march_and_june, date(2024, 1, 1), NEW_YEARS_EVE, SETTINGS)
    assert plan.seasonal
    assert plan.months[0].amount == pytest.approx(22_000 / 2)
    assert plan.months[2].amount == pytest.approx(22_000 / 2 + 261_000 * 0.75 / 2)
    assert plan.months[5].amount == pytest.approx(22_000 / 2 + 261_000 * 0.25 / 2)
    assert plan.sentence == (
        "Each month gets its part of what is left of the year's goal, half by its working days and half by what you "
        "won in that month of the last 2 years."
    )


def test_years_without_anything_won_say_nothing_about_months():
    assert not year_plan(261_000, nothing_won, LONG_AGO, NEW_YEARS_EVE, SETTINGS).seasonal


def test_a_month_of_credits_counts_as_nothing_won():
    weights, seasonal = month_weights(
        year_months(date(2026, 1, 1), SETTINGS),
        lambda start, _: {1: -50.0, 2: 100.0}.get(start.month, 0.0),
        LONG_AGO,
        NEW_YEARS_EVE,
        SETTINGS,
    )
    assert seasonal
    assert weights[0] == pytest.approx(22 / 261 / 2)
    assert weights[1] == pytest.approx(20 / 261 / 2 + 1 / 2)


def test_quarters_are_three_months_each():
    plan = year_plan(261_000, nothing_won, None, NEW_YEARS_EVE, SETTINGS)
    assert plan.quarters == pytest.approx((64_000, 65_000, 66_000, 66_000))


def test_after_a_month_what_is_left_is_spread_again():
    plan = year_plan(261_000, lambda start, _: 0.0 if start.month > 1 else 2_000.0, None, date(2026, 1, 31), SETTINGS)
    january, february = plan.months[:2]
    assert (january.amount, january.is_over) == (2_000, True)
    assert february.amount == pytest.approx(259_000 * 20 / 239)
    assert not february.is_over


def test_a_running_month_keeps_its_part():
    middle = year_plan(261_000, nothing_won, None, date(2026, 1, 30), SETTINGS)
    assert middle.months[0].amount == pytest.approx(22_000)
    assert not middle.months[0].is_over


def test_on_the_last_day_the_next_year_is_planned():
    assert year_plan(100, nothing_won, None, date(2026, 12, 30), SETTINGS).months[0].start == date(2026, 1, 1)
    assert year_plan(100, nothing_won, None, date(2026, 12, 31), SETTINGS).months[0].start == date(2027, 1, 1)


def test_a_fiscal_year_begins_where_it_is_set_to():
    plan = year_plan(100, nothing_won, None, date(2026, 6, 29), FISCAL)
    assert (plan.months[0].start, plan.months[-1].end) == (date(2026, 4, 1), date(2027, 3, 31))
    assert [month.is_over for month in plan.months] == [True] * 2 + [False] * 10


@given(
    st.floats(0, 1e7),
    st.dates(date(2023, 1, 1), date(2030, 12, 31)),
    st.sampled_from((nothing_won, won_a_day, won_in_march_and_june)),
    st.none() | st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    st.sampled_from((SETTINGS, FISCAL)),
)
def test_months_and_quarters_add_up_to_the_year_or_to_what_was_won(goal, as_of, won, known_since, settings):
    plan = year_plan(goal, won, known_since, as_of, settings)
    over = sum(month.amount for month in plan.months if month.is_over)
    assert sum(month.amount for month in plan.months) == pytest.approx(max(goal, over))
    assert sum(plan.quarters) == pytest.approx(max(goal, over))
    assert len(plan.months) == 12
    assert all(month.amount >= 0 for month in plan.months)


@given(st.dates(date(2023, 1, 1), date(2030, 12, 31)), st.sampled_from((SETTINGS, FISCAL)))
def test_shares_of_a_year_add_up_to_one(day, settings):
    months = year_months(day, settings)
    for won in (nothing_won, won_a_day):
        assert sum(month_weights(months, won, LONG_AGO, day, settings)[0]) == pytest.approx(1)
    assert sum(working_days(*month) for month in months) == working_days(months[0][0], months[-1][1])
