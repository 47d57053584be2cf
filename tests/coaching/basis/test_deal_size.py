"""How large a rep's typical deal is, and who may set it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.deal_size import sentence, size_cap, typical_deal_size
from bot.coaching.settings import Settings

SETTINGS = Settings()
AMOUNTS = st.lists(st.floats(0.01, 1e9), max_size=40)


def test_two_wins_and_a_pool_of_20k_make_18k():
    assert typical_deal_size([8_000, 12_000], [20_000], None, SETTINGS).value == pytest.approx(220_000 / 12)


def test_nineteen_wins_are_too_few_for_a_cap_and_twenty_are_enough():
    assert size_cap([float(n) for n in range(1, 20)], SETTINGS) is None
    assert size_cap([float(n) for n in range(20, 0, -1)], SETTINGS) == 19


def test_the_cap_is_at_the_position_rounded_up():
    assert size_cap([float(n) for n in range(1, 22)], SETTINGS) == 20
    assert size_cap([float(n) for n in range(1, 101)], SETTINGS) == 95


def test_a_giant_counts_as_the_cap_and_the_sentence_says_so():
    size = typical_deal_size([1_000_000, 10_000], [20_000], 20_000, SETTINGS)
    assert size.value == pytest.approx(230_000 / 12)
    assert sentence(size, "USD", "your team's record") == (
        "Your typical deal is $19k; one unusually large deal counts at the cap so that it can't set your plan."
    )


def test_the_variance_is_the_reps_own_from_ten_wins_on():
    pool = [100.0, 200.0]
    assert typical_deal_size([7.0] * 9, pool, None, SETTINGS).variance == pytest.approx(5_000)
    assert typical_deal_size([7.0] * 10, pool, None, SETTINGS).variance == 0


def test_without_a_pool_the_own_mean_stands_alone():
    assert typical_deal_size([8.0, 12.0], [], None, SETTINGS).value == 10


def test_without_any_win_there_is_no_size_and_the_sentence_says_so():
    size = typical_deal_size([], [], None, SETTINGS)
    assert (size.value, size.variance) == (0, 0)
    assert sentence(size, "USD", "your team's record").startswith("Nothing has been won yet")


@given(AMOUNTS, AMOUNTS)
def test_no_deal_lifts_the_typical_one_above_the_cap(own, pool):
    cap = size_cap([*own, *pool], SETTINGS)
    size = typical_deal_size(own, pool, cap, SETTINGS)
    assert size.value <= (cap or max([*own, *pool], default=0)) * (1 + 1e-9)
    assert size.variance >= 0
