"""That sums of amounts have no rounding in them, so that order and taking out make no difference."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.exact_sums import Sums, sums

AMOUNTS = st.lists(st.floats(-1e12, 1e12), max_size=30)
SPREAD_OUT = st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=8)


def test_a_tenth_ten_times_is_rounded_once_at_the_end():
    assert sums([0.1] * 10).amount == 1.0
    assert sums([1e16, 1.0, -1e16]).amount == 1.0


def test_nothing_has_no_mean_and_one_amount_no_variance():
    assert sums(()) == Sums()
    assert sums(()).mean is None
    assert sums([3.0]).mean == 3.0
    assert sums([3.0]).variance is None


def test_so_many_times_is_as_often_added():
    assert sums([2.5]) * 3 == sums([2.5, 2.5, 2.5])


@given(AMOUNTS, AMOUNTS)
def test_what_is_taken_out_again_leaves_exactly_the_rest(kept, taken):
    assert sums(kept) + sums(taken) == sums(taken + kept)
    assert sums(kept + taken) - sums(taken) == sums(kept)


@given(AMOUNTS.filter(lambda amounts: len(amounts) > 1))
def test_mean_and_variance_are_those_of_exact_fractions(amounts):
    known = sums(amounts)
    assert known.mean == statistics.mean(amounts)
    assert known.variance == pytest.approx(statistics.variance(amounts), rel=1e-12)


@given(SPREAD_OUT)
def test_the_largest_and_the_smallest_floats_add_up_as_the_exact_sum_does(amounts):
    try:
        expected = math.fsum(amounts)
    except OverflowError:
        return
    assert sums(amounts).amount == expected
