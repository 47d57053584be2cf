"""Whether a rep's work is growing, steady or shrinking."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm.trend import (
    TrendInputs,
    Windows,
    trend,
    two_proportion_z,
    weekly,
    welch_z,
    windows,
    won_and_closed,
)
from bot.coaching.settings import Settings

SETTINGS = Settings()
TODAY = date(2026, 3, 31)
THREE, FOUR = (3,) * 13, (4,) * 13


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_from_three_to_four_starts_with_half_won_in_both_is_flat():
    known = trend(TrendInputs(starts=(THREE, FOUR), closings=((5, 10), (5, 10))), SETTINGS)
    assert known.word == "flat"
    assert dict(known.signals) == {"starts": pytest.approx(1.36, abs=5e-3), "win rate": 0}
    assert pytest.approx(0.96, abs=5e-3) == known.Z
    assert pytest.approx(53 / 40) == known.M


def test_a_clear_fall_is_negative_and_the_same_rise_positive():
    assert trend(TrendInputs(starts=((8,) * 13, FOUR)), SETTINGS).word == "negative"
    assert trend(TrendInputs(starts=(FOUR, (8,) * 13)), SETTINGS).word == "positive"


def test_a_clear_but_small_change_is_no_trend():
    many, fewer = (200,) * 13, (180,) * 13
    known = trend(TrendInputs(starts=(many, fewer)), SETTINGS)
    assert known.Z is not None
    assert known.Z < -1.645
    assert known.word == "flat"


def test_each_test_needs_enough_cases():
    nine, ten = ((0,) * 13, (9, *(0,) * 12)), ((0,) * 13, (10, *(0,) * 12))
    assert trend(TrendInputs(starts=nine), SETTINGS).signals == ()
    assert [name for name, _ in trend(TrendInputs(starts=ten), SETTINGS).signals] == ["starts"]
    nineteen, twenty = ((0,) * 13, (19, *(0,) * 12)), ((0,) * 13, (20, *(0,) * 12))
    assert trend(TrendInputs(activities=nineteen), SETTINGS).signals == ()
    assert [name for name, _ in trend(TrendInputs(activities=twenty), SETTINGS).signals] == ["activities"]
    assert trend(TrendInputs(closings=((4, 4), (5, 50))), SETTINGS).signals == ()
    assert len(trend(TrendInputs(closings=((4, 5), (5, 50))), SETTINGS).signals) == 1


def test_without_any_test_the_trend_is_flat_and_nothing_is_claimed():
    known = trend(TrendInputs(), SETTINGS)
    assert (known.word, known.Z, known.M) == ("flat", None, None)


def test_activities_alone_have_no_size_and_so_make_no_trend():
    known = trend(TrendInputs(activities=((40,) * 13, (2,) * 13)), SETTINGS)
    assert (known.word, known.M) == ("flat", 1)


def test_the_size_multiplies_starts_and_smoothed_win_rates():
    known = trend(TrendInputs(starts=(FOUR, THREE), closings=((6, 10), (3, 10))), SETTINGS)
    assert pytest.approx(40 / 53 * 4 / 7) == known.M


def test_all_won_and_all_lost_are_no_division_by_nothing():
    assert two_proportion_z(9, 9, 9, 9) == 0
    assert two_proportion_z(0, 9, 0, 9) == 0
    assert welch_z((0,) * 13, (0,) * 13) == 0


def test_uneven_weeks_weigh_by_their_own_variance_when_that_is_larger():
    assert welch_z(THREE, FOUR) == pytest.approx(1 / (7 / 13) ** 0.5)
    bursts = (*(0,) * 12, 52)
    assert 0 < welch_z(THREE, bursts) < welch_z(THREE, FOUR)


@pytest.mark.parametrize(
    ("days", "before"),
    [(180, None), (181, 91), (454, 91), (455, 365), (3_000, 365)],
)
def test_the_season_is_compared_once_the_records_reach_back_so_far(days, before):
    # A span of 182 or 456 days ends today and begins 181 or 455 days ago.
    expected = None if before is None else Windows(TODAY, ago(before))
    assert windows(TODAY, ago(days), SETTINGS) == expected


def test_without_records_there_is_nothing_to_compare():
    assert windows(TODAY, None, SETTINGS) is None
    assert windows(TODAY, ago(-5), SETTINGS) is None


def test_weeks_are_whole_and_end_on_the_day():
    days = [(ago(0), 1), (ago(6), 2), (ago(7), 4), (ago(90), 8), (ago(91), 16), (ago(-1), 32)]
    assert weekly(days, TODAY, SETTINGS) == (8, *(0,) * 10, 4, 3)


def test_closings_are_those_of_91_days():
    closings = [(ago(0), True), (ago(90), False), (ago(91), True), (ago(-1), True)]
    assert won_and_closed(closings, TODAY, SETTINGS) == (1, 2)


@pytest.mark.parametrize("per_week", [1.5, 8.0])
def test_reps_who_did_not_change_are_rarely_called_changed(per_week):
    draw = np.random.default_rng(2026)
    words = []
    for _ in range(1_000):
        starts = draw.poisson(per_week, (2, 13))
        closed = draw.poisson(per_week * 13 * 0.8, 2)
        won = draw.binomial(closed, 0.3)
        pairs = tuple((int(k), int(n)) for k, n in zip(won, closed, strict=True))
        known = TrendInputs(starts=(starts[0].tolist(), starts[1].tolist()), closings=(pairs[0], pairs[1]))
        words.append(trend(known, SETTINGS).word)
    assert words.count("negative") < 75
    assert words.count("positive") < 75


WEEKS = st.lists(st.integers(0, 60), min_size=13, max_size=13)
CLOSED = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(WEEKS, WEEKS, WEEKS, WEEKS, CLOSED, CLOSED)
def test_turning_time_round_turns_the_sign(a, b, c, d, e, f):
    forth = trend(TrendInputs((a, b), (c, d), (e, f)), SETTINGS)
    back = trend(TrendInputs((b, a), (d, c), (f, e)), SETTINGS)
    if forth.Z is not None:
        assert pytest.approx(-forth.Z, abs=1e-9) == back.Z
        assert pytest.approx(1 / forth.M) == back.M
