"""How likely a rep is to make a goal, and how much one deal decides it."""

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.coaching.basis.ground_book import ground_for
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings
from bot.coaching.winning.hit import Stake, chance_of_goal, swings, usual_pace

ONE_MARKET = Settings(spread=0.0, chance_cap=1.0)
THREE_MARKETS = Settings()
EXAMPLE = (Stake(0.5, 80_000), Stake(0.4, 50_000), Stake(0.4, 30_000))
STAKES = st.lists(
    st.builds(Stake, st.floats(0, 1), st.integers(1, 40).map(lambda thousands: thousands * 1_000.0)),
    min_size=1,
    max_size=6,
)


def test_the_specifications_example_in_one_market() -> None:
    assert chance_of_goal(80_000, EXAMPLE, ONE_MARKET) == pytest.approx(0.58)
    assert swings(80_000, EXAMPLE, (0, 1, 2), ONE_MARKET) == pytest.approx((0.84, 0.20, 0.20))


def test_the_specifications_example_in_three_markets() -> None:
    assert chance_of_goal(80_000, EXAMPLE, THREE_MARKETS) == pytest.approx((0.340 + 0.580 + 0.794) / 3, abs=1e-3)
    assert round(chance_of_goal(80_000, EXAMPLE, THREE_MARKETS), 3) == 0.571


def test_a_goal_that_is_reached_is_certain_and_no_deal_decides_it() -> None:
    assert chance_of_goal(0, EXAMPLE, THREE_MARKETS) == 1.0
    assert chance_of_goal(-5, EXAMPLE, THREE_MARKETS) == 1.0
    assert swings(0, EXAMPLE, (0, 2), THREE_MARKETS) == (0.0, 0.0)


def test_without_deals_a_goal_is_out_of_reach() -> None:
    assert chance_of_goal(1_000, (), THREE_MARKETS) == 0.0


def test_no_chance_is_taken_for_certain_in_a_good_market() -> None:
    assert chance_of_goal(10, (Stake(1.0, 10),), THREE_MARKETS) == pytest.approx((0.6 + 0.95 + 0.95) / 3)


def test_swings_come_in_the_order_asked_for() -> None:
    assert swings(80_000, EXAMPLE, (2, 0), ONE_MARKET) == pytest.approx((0.20, 0.84))


@given(stakes=STAKES, need=st.integers(1, 120).map(lambda thousands: thousands * 1_000.0))
@hypothesis_settings(deadline=None)
def test_the_chance_is_that_of_every_outcome_counted_one_by_one(stakes: list[Stake], need: float) -> None:
    settings = Settings(spread=0.0, chance_cap=1.0, grid_cells=int(need / 1_000))  # a grid without rounding
    exact = 0.0
    for won in product((False, True), repeat=len(stakes)):
        odds = np.prod([s.chance if w else 1 - s.chance for s, w in zip(stakes, won, strict=True)])
        if sum(s.amount for s, w in zip(stakes, won, strict=True) if w) >= need:
            exact += float(odds)
    assert chance_of_goal(need, stakes, settings) == pytest.approx(exact, abs=1e-9)


@given(stakes=STAKES, need=st.floats(1, 1e5), which=st.integers(0, 5))
@hypothesis_settings(deadline=None)
def test_a_swing_is_what_winning_or_losing_that_deal_does(stakes: list[Stake], need: float, which: int) -> None:
    position = which % len(stakes)
    settings = Settings(spread=0.0, chance_cap=1.0)

    def decided(chance: float) -> float:
        return chance_of_goal(
            need, [*stakes[:position], Stake(chance, stakes[position].amount), *stakes[position + 1 :]], settings
        )

    (swing,) = swings(need, stakes, (position,), settings)
    assert swing == pytest.approx(decided(1.0) - decided(0.0), abs=1e-9)
    everyone = swings(need, stakes, tuple(range(len(stakes))), settings)
    assert everyone[position] == pytest.approx(swing, abs=1e-9)


@given(stakes=STAKES, need=st.floats(1, 1e5))
@hypothesis_settings(deadline=None)
def test_the_order_of_deals_changes_nothing(stakes: list[Stake], need: float) -> None:
    assert chance_of_goal(need, stakes, THREE_MARKETS) == pytest.approx(
        chance_of_goal(need, stakes[::-1], THREE_MARKETS), abs=1e-9
    )


def test_the_usual_pace_spreads_new_deals_over_the_days_left() -> None:
    ann = PersonId("ann")
    deals = tuple(
        Deal(DealId(str(n)), ann, "deal", DealStatus.OPEN, start=date(2026, 3, 1), amount=1_000.0) for n in range(26)
    )
    people = (Person(ann, "Ann", "ann@example.com", first_day=date(2020, 1, 1)),)
    ground = ground_for(ann, Records(people=people, deals=deals), date(2026, 3, 31), Settings())
    assert ground.starts_per_week == 2.0
    pace = usual_pace(ground, 14)
    assert [stake.chance for stake in pace] == [ground.curve.F(day) for day in (13, 9, 6, 2)]
    assert {stake.amount for stake in pace} == {ground.deal_size}
    assert usual_pace(ground, 0) == usual_pace(ground, -3) == ()
