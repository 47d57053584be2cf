"""What an activity leads to, and how fast new deals come."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.rates import rate, starts_per_week
from bot.coaching.settings import Settings

SETTINGS = Settings()
TODAY = date(2026, 3, 31)


def test_six_starts_from_40_calls_against_a_pool_of_a_fifth():
    known = rate(6, 40, 0.20, SETTINGS)
    assert known.value == pytest.approx(11 / 65)
    assert known.successes == 11
    assert known.flags == ()


def test_without_a_pool_the_rate_is_plain_and_unproven_below_five_outcomes():
    assert rate(4, 40, None, SETTINGS).flags == ("unproven",)
    assert rate(5, 40, None, SETTINGS).flags == ()
    assert rate(5, 40, None, SETTINGS).value == 0.125


@pytest.mark.parametrize("pool", [None, 0.0, -1.0])
def test_without_pool_and_activities_nothing_is_known(pool):
    assert rate(0, 0, pool, SETTINGS).value is None


def test_a_rep_without_activities_has_the_pools_rate():
    assert rate(0, 0, 0.2, SETTINGS).value == pytest.approx(0.2)


def test_the_pace_is_starts_of_13_weeks():
    assert starts_per_week(26, None, TODAY, SETTINGS) == 2
    assert starts_per_week(26, TODAY - timedelta(days=400), TODAY, SETTINGS) == 2


def test_a_short_tenure_divides_by_its_own_weeks_but_at_least_four():
    assert starts_per_week(12, TODAY - timedelta(weeks=6), TODAY, SETTINGS) == 2
    assert starts_per_week(12, TODAY - timedelta(days=3), TODAY, SETTINGS) == 3
    assert starts_per_week(12, TODAY + timedelta(days=3), TODAY, SETTINGS) == 3


@given(st.integers(0, 500), st.integers(0, 5000), st.floats(0.001, 5))
def test_a_shrunk_rate_lies_between_the_own_and_the_pools(outcomes, activities, pool):
    known = rate(outcomes, activities, pool, SETTINGS).value
    assert known is not None
    own = outcomes / activities if activities else float("inf") if outcomes else pool
    assert min(own, pool) - 1e-9 <= known <= max(own, pool) + 1e-9
