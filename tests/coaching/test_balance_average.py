"""Whether one coverage multiple for everybody would be too much, right or not enough for a rep."""

import pytest

from bot.coaching.balance import Balance, balance
from bot.coaching.coverage_average import against_average, average_need
from tests.coaching.balance_builders import END, SETTINGS, a_ground, open_deal


def of(*deals) -> Balance:
    return balance(a_ground(*deals), "quarter", END, None, SETTINGS)


def test_the_average_weighs_reps_by_their_live_pipeline():
    young, old = of(open_deal(20, 300_000.0)), of(open_deal(50, 100_000.0))
    expected = 300_000 * 0.2 / 0.7 + 100_000 * 0.05 / 0.25
    assert average_need([young, old]) == pytest.approx(400_000 / expected)


def test_stale_deals_and_reps_without_pipeline_leave_the_average_alone():
    some = of(open_deal())
    assert average_need([some, of()]) == pytest.approx(some.need)
    assert average_need([some, of(open_deal(58, 1e6, stale=True))]) == pytest.approx(some.need)


def test_without_live_pipeline_or_anything_expected_of_it_there_is_no_average():
    assert average_need([]) is None
    assert average_need([of(), of()]) is None
    assert average_need([of(open_deal(60))]) is None


@pytest.mark.parametrize(
    ("own", "average", "fit"),
    [
        (2.0, 2.31, "too much"),
        (2.0, 2.3, "right"),
        (2.0, 2.0, "right"),
        (2.3, 2.0, "right"),
        (2.31, 2.0, "not enough"),
        (None, 2.0, None),
        (2.0, None, None),
    ],
)
def test_a_band_of_15_percent_around_the_average_is_right(own, average, fit):
    assert against_average(own, average, SETTINGS) == fit
