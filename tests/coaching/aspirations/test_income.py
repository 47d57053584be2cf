"""What more revenue is worth to the rep who wins it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.aspirations.income import income, worth_to_rep
from bot.coaching.records import CommissionBand

PLAN = (CommissionBand(0, 0.06), CommissionBand(1, 0.09))
QUOTA = 500_000
REVENUES = st.floats(-1e6, 5e6)
BANDS = st.tuples(st.floats(0, 3), st.floats(0, 0.5))
PLANS = st.lists(BANDS, min_size=1, max_size=5).map(lambda bands: tuple(CommissionBand(*band) for band in bands))
QUOTAS = st.none() | st.floats(-1e6, 1e6)


def test_550k_to_600k_above_a_quota_of_500k_is_worth_4500_to_the_rep():
    assert worth_to_rep(PLAN, QUOTA, 550_000, 600_000) == pytest.approx(4_500)


def test_each_band_pays_its_rate_on_the_revenue_within_it():
    assert income(PLAN, QUOTA, 400_000) == pytest.approx(24_000)
    assert income(PLAN, QUOTA, 500_000) == pytest.approx(30_000)
    assert income(PLAN, QUOTA, 600_000) == pytest.approx(39_000)


def test_a_plan_may_list_its_bands_in_any_order():
    assert income(PLAN[::-1], QUOTA, 600_000) == pytest.approx(39_000)


@pytest.mark.parametrize("quota", [None, 0, -1])
def test_without_a_quota_the_first_rate_is_paid_on_all(quota):
    assert income(PLAN, quota, 600_000) == pytest.approx(36_000)


def test_without_a_plan_only_revenue_is_known():
    assert income((), QUOTA, 600_000) is None
    assert worth_to_rep((), QUOTA, 550_000, 600_000) is None


def test_revenue_below_zero_pays_nothing():
    assert income(PLAN, QUOTA, -1) == 0
    assert income(PLAN, None, -1) == 0


@given(PLANS, QUOTAS, REVENUES, st.floats(0, 1e6))
def test_income_never_falls_with_revenue_nor_jumps(plan, quota, revenue, more):
    gained = worth_to_rep(plan, quota, revenue, revenue + more)
    assert gained is not None
    assert -1e-6 <= gained <= max(band.rate for band in plan) * more + 1e-6


@given(PLANS, QUOTAS, REVENUES, REVENUES, REVENUES)
def test_two_steps_are_worth_what_one_is(plan, quota, first, second, third):
    halves = (worth_to_rep(plan, quota, first, second), worth_to_rep(plan, quota, second, third))
    assert sum(half or 0 for half in halves) == pytest.approx(worth_to_rep(plan, quota, first, third), abs=1e-6)
