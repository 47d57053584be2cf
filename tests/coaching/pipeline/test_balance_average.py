"""Whether one coverage multiple for everybody would be too much, right or not enough for a rep."""

import pytest

from bot.coaching.pipeline.balance import Balance, balance
from bot.coaching.pipeline.coverage_average import against_average, average_need, fit_sentence
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


@pytest.mark.parametrize(
    ("fit", "need", "said"),
    [
        ("too much", 2.0, "would ask too much of you: your own number is 2.0x, and the 3-4x rule isn't it."),
        ("right", 2.95, "would be about right for you: your own number is 3.0x."),
        ("right", 4.04, "would be about right for you: your own number is 4.0x."),
        ("not enough", 4.05, "would ask too little of you: your own number is 4.1x, and the 3-4x rule isn't it."),
    ],
)
def test_a_rep_reads_the_own_number_and_nothing_of_the_average(fit, need, said):
    assert fit_sentence(fit, need) == f"One multiple for everybody {said}"


def test_nothing_is_said_where_either_is_unknown():
    assert fit_sentence(None, 2.0) == ""
    assert fit_sentence("right", None) == ""
