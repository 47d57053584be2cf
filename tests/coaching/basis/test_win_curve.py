"""When opportunities are won and lost, and what an open one is worth."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.win_curve import HORIZON, WinCurve, aalen_johansen, assumed, mix
from bot.coaching.records import DealStatus

WON, OPEN, LOST = DealStatus.WON, DealStatus.OPEN, DealStatus.LOST

DEALS = st.lists(st.tuples(st.integers(-5, 1000), st.sampled_from(DealStatus)), max_size=60)


def curve_of(deals: list[tuple[int, DealStatus]]) -> WinCurve:
    return aalen_johansen([age for age, _ in deals], [outcome for _, outcome in deals])


EXAMPLE = curve_of([(5, WON), (8, OPEN), (10, LOST), (20, WON)])


def test_the_example_has_the_shares_of_the_specification():
    assert EXAMPLE.F(4) == 0
    assert EXAMPLE.F(5) == pytest.approx(0.25)
    assert EXAMPLE.L(9) == 0
    assert EXAMPLE.L(10) == pytest.approx(0.375)
    assert EXAMPLE.F(19) == pytest.approx(0.25)
    assert EXAMPLE.F_inf == pytest.approx(0.625)
    assert EXAMPLE.records == 4


def test_the_example_has_the_days_of_the_specification():
    assert [EXAMPLE.day(q) for q in (0.25, 0.5, 0.75)] == [5, 20, 20]
    assert EXAMPLE.typical_cycle() == 16.25
    assert EXAMPLE.stale_age() == 20


def test_an_open_deal_of_the_example_has_an_even_chance():
    assert EXAMPLE.chance(8, 12) == pytest.approx(0.5)
    assert EXAMPLE.chance(8, 11) == 0
    assert EXAMPLE.chance(8, 0) == 0


def test_an_open_deal_is_still_at_risk_on_the_day_of_its_age():
    assert curve_of([(5, WON), (5, OPEN)]).F(5) == pytest.approx(0.5)
    assert curve_of([(5, WON), (4, OPEN)]).F(5) == pytest.approx(1.0)


def test_a_deal_past_every_outcome_has_no_chance_left():
    everything_closed = curve_of([(5, WON), (10, LOST)])
    assert everything_closed.chance(10, 100) == 0
    assert everything_closed.chance(800, 10) == 0


def test_days_outside_the_curve_take_its_edges():
    assert EXAMPLE.F(-1) == 0
    assert EXAMPLE.F(5000) == EXAMPLE.F(HORIZON) == EXAMPLE.F_inf
    assert EXAMPLE.F(5.9) == EXAMPLE.F(5)


def test_what_closes_later_than_two_years_counts_on_the_last_day():
    late = curve_of([(900, WON), (901, LOST)])
    assert late.F(HORIZON - 1) == 0
    assert late.F_inf == pytest.approx(0.5)


@pytest.mark.parametrize("deals", [[], [(3, OPEN)], [(3, LOST)], [(0, LOST), (9, OPEN)]])
def test_without_wins_cycle_and_stale_age_are_unknown(deals):
    curve = curve_of(deals)
    assert curve.day(0.5) is None
    assert curve.typical_cycle() is None
    assert curve.stale_age() is None
    assert curve.chance(3, 30) == 0


def test_all_won_on_the_first_day_is_a_cycle_of_none():
    assert curve_of([(0, WON), (0, WON)]).typical_cycle() == 0


def test_the_assumed_curve_says_so_and_wins_a_quarter():
    curve = assumed()
    assert curve.flags == ("assumed",)
    assert curve.F(60) == pytest.approx(0.125)
    assert curve.L(60) == pytest.approx(0.375)
    assert pytest.approx(0.25, abs=1e-3) == curve.F_inf


def test_a_mix_weighs_the_rep_by_starts_and_the_pool_by_m():
    own, pool = curve_of([(5, WON)]), curve_of([(5, WON), (5, LOST)])
    assert mix(own, 10, pool, 30).F_inf == pytest.approx((10 + 30 * 0.5) / 40)
    assert np.array_equal(mix(own, 0, pool, 30).won, pool.won)
    assert mix(own, 1, assumed(), 20).flags == ("assumed",)


def test_a_curve_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        EXAMPLE.won[0] = 1


@given(DEALS, DEALS, st.integers(5, 200))
def test_curves_and_their_mixes_rise_and_never_share_out_more_than_everything(own, pool, m):
    for curve in (curve_of(own), mix(curve_of(own), len(own), curve_of(pool), m), mix(curve_of(own), 3, assumed(), m)):
        for shares in (curve.won, curve.lost):
            assert (np.diff(shares) >= -1e-12).all()
            assert shares.min() >= 0
        assert (curve.won + curve.lost).max() <= 1 + 1e-9


@given(DEALS, st.integers(0, 800), st.integers(-10, 800))
def test_a_chance_is_a_chance(deals, age, days):
    assert 0 <= curve_of(deals).chance(age, days) <= 1


@given(DEALS, st.randoms(use_true_random=False))
def test_the_order_of_deals_changes_nothing(deals, shuffle: random.Random):
    other = deals.copy()
    shuffle.shuffle(other)
    assert np.array_equal(curve_of(deals).won, curve_of(other).won)
    assert np.array_equal(curve_of(deals).lost, curve_of(other).lost)


@given(st.lists(st.tuples(st.integers(0, 700), st.sampled_from((WON, LOST))), min_size=1, max_size=40))
def test_without_open_deals_the_curve_is_plain_counting(deals):
    curve = curve_of(deals)
    for day in (0, 30, 365, 700):
        won = sum(outcome is WON and age <= day for age, outcome in deals)
        assert curve.F(day) == pytest.approx(won / len(deals))
