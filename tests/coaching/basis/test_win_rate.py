"""How often a rep wins, as far as few deals can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.win_rate import prior_weight, sentence, shrunk_win_rate
from bot.coaching.settings import Settings

SETTINGS = Settings()


def test_six_of_ten_against_a_pool_of_30_percent_is_40_percent():
    rate = shrunk_win_rate(6, 10, 20, 0.30, SETTINGS)
    assert rate.value == pytest.approx(0.40)
    assert (rate.low, rate.high) == (pytest.approx(0.293, abs=5e-4), pytest.approx(0.517, abs=5e-4))
    assert rate.own == pytest.approx(1 / 3)


def test_the_sentence_says_how_much_of_it_is_the_reps_own():
    said = sentence(shrunk_win_rate(6, 10, 20, 0.30, SETTINGS), "your team's record")
    assert said == (
        "You win about 40 of 100 (29 to 52); a third of that comes from your own 10 deals, "
        "the rest from your team's record until you have more."
    )


def test_a_rep_without_closed_deals_gets_exactly_the_pools_rate():
    assert shrunk_win_rate(0, 0, 20, 0.3, SETTINGS).value == 0.3
    assert "all of that comes from your team's record" in sentence(
        shrunk_win_rate(0, 0, 20, 0.3, SETTINGS), "your team's record"
    )


def test_fewer_than_eight_reps_with_ten_deals_is_too_few_to_estimate():
    assert prior_weight([5] * 7, [10] * 7, SETTINGS) == 20
    assert prior_weight([5] * 7 + [9] * 50, [10] * 7 + [9] * 50, SETTINGS) == 20
    assert prior_weight([5] * 8, [10] * 8, SETTINGS) == 200


def test_reps_who_differ_no_more_than_chance_lean_fully_on_the_pool():
    assert prior_weight([25] * 10, [100] * 10, SETTINGS) == 200


def test_reps_who_differ_strongly_stand_on_their_own():
    assert prior_weight([10, 90] * 5, [100] * 10, SETTINGS) == 5


def test_the_estimate_is_the_anova_one():
    # p = .5; MSB = 10 * 100 * .1^2 / 9, MSW = 10 * 100 * .24 / 990, nb = 100
    tau2 = (10 / 9 - 240 / 990) / 100
    assert prior_weight([40, 60] * 5, [100] * 10, SETTINGS) == pytest.approx(0.25 / tau2 - 1)


@pytest.mark.parametrize("won", [0, 20])
def test_all_won_or_all_lost_gives_the_largest_weight(won):
    assert prior_weight([won] * 9, [20] * 9, SETTINGS) == 200


@given(
    st.lists(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=30),
    st.floats(0, 1),
)
def test_rates_stay_within_their_intervals_and_intervals_within_0_and_1(reps, pool):
    m = prior_weight([won for won, _ in reps], [closed for _, closed in reps], SETTINGS)
    assert 5 <= m <= 200
    for won, closed in reps:
        rate = shrunk_win_rate(won, closed, m, pool, SETTINGS)
        assert 0 <= rate.low <= rate.value + 1e-12
        assert rate.value - 1e-12 <= rate.high <= 1
        assert sentence(rate, "everybody else's record").endswith(".")
