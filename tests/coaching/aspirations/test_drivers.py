"""What getting a little better at each driver is worth."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.aspirations.drivers import Driver, Drivers, drivers_of, growth
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.records import Person, PersonId, Records
from bot.coaching.settings import Settings

EXAMPLE = Drivers(run_rate=600_000, starts_per_year=120, win_rate=0.30, deal_size=20_000, cycle=73)
SHARES = st.floats(-0.5, 0.5)


def test_one_point_of_win_rate_is_worth_20k_a_year():
    assert EXAMPLE.win_point_worth() == pytest.approx(20_000)


def test_one_more_start_is_worth_5k():
    assert EXAMPLE.start_worth() == pytest.approx(5_000)


def test_five_percent_more_starts_are_worth_30k_a_year():
    assert EXAMPLE.share_worth(0.05) == pytest.approx(30_000)


def test_a_shorter_cycle_brings_its_days_of_revenue_once():
    assert EXAMPLE.cycle_worth_once(0.10) == pytest.approx(600_000 / 365 * 7.3)


def test_a_shorter_cycle_filled_with_new_starts_brings_more_each_year():
    assert EXAMPLE.cycle_worth_refilled(0.10) == pytest.approx(600_000 / 9)


def test_a_driver_without_a_value_has_nothing_to_improve_on():
    unknown = Drivers(run_rate=600_000, starts_per_year=0, win_rate=0, deal_size=0, cycle=None)
    assert unknown.start_worth() is None
    assert unknown.win_point_worth() is None
    assert unknown.cycle_worth_once(0.1) is None
    assert unknown.cycle_worth_refilled(0.1) is None


def test_four_steps_of_ten_percent_make_48_percent_and_not_40():
    assert growth(0.1, 0.1, 0.1, 0.1) == pytest.approx(1.1**3 / 0.9)
    assert round(growth(0.1, 0.1, 0.1, 0.1), 2) == 1.48


@given(SHARES, SHARES, SHARES, SHARES)
def test_growth_together_is_the_product_of_each_alone(starts, win, size, cycle):
    alone = growth(x_starts=starts) * growth(x_win=win) * growth(x_size=size) * growth(x_cycle=cycle)
    assert growth(starts, win, size, cycle) == pytest.approx(alone)


@given(st.floats(0.001, 0.5))
def test_both_worths_agree_with_growth(x):
    assert EXAMPLE.share_worth(x) == pytest.approx(EXAMPLE.run_rate * (growth(x_starts=x) - 1))
    assert EXAMPLE.cycle_worth_refilled(x) == pytest.approx(EXAMPLE.run_rate * (growth(x_cycle=x) - 1))


def test_the_drivers_are_the_grounds_with_starts_per_year():
    rep = Person(PersonId("ann"), "Ann", "ann@example.com")
    ground = ground_for(rep.id, Records(people=(rep,)), date(2026, 3, 31), Settings())
    known = drivers_of(replace(ground, starts_per_week=7.0, deal_size=9.0), 5.0)
    assert known == Drivers(5.0, 365.0, 0.25, 9.0, ground.typical_cycle)


def test_ties_are_broken_in_the_order_starts_win_rate_size_cycle():
    assert [*Driver] == ["starts", "win rate", "size", "cycle"]
