"""Which small steps, for how many quarters, take a rep to the own "awesome"."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.aspirations.path_to_awesome import path_sentence, path_to_awesome
from bot.coaching.settings import Settings

SETTINGS = Settings()
STARTS, WIN_RATE, SIZE, CYCLE = Driver
TENS = dict.fromkeys(Driver, 0.10)
CAPS = st.dictionaries(st.sampled_from(Driver), st.floats(-0.05, 0.2))


def path(run_rate: float, awesome: float, caps=TENS, **known):
    found = path_to_awesome(run_rate, awesome, caps, SETTINGS, **known)
    assert found is not None
    return found


def changes(found) -> dict[Driver, float]:
    return {step.driver: step.change for step in found.steps}


def test_800k_to_a_million_takes_two_quarters_of_two_drivers():
    found = path(800_000, 1_000_000)
    assert found.quarters == 2
    assert changes(found) == {STARTS: pytest.approx(1.25**0.25 - 1), WIN_RATE: pytest.approx(1.25**0.25 - 1)}
    assert path_sentence(found, 22_500, "USD") == (
        "Awesome for you is $1.0M: 5.7% more starts and a 5.7% better win rate, two quarters in a row, "
        "gets you there; it is worth $23k to you."
    )


def test_without_a_plan_the_sentence_claims_nothing_for_the_rep():
    assert path_sentence(path(800_000, 1_000_000), None, "USD").endswith("two quarters in a row, gets you there.")


def test_one_quarter_would_need_more_than_the_caps_of_the_example_allow():
    assert path(800_000, 1_000_000, dict.fromkeys(Driver, 0.118)).quarters == 2
    wide = path_to_awesome(800_000, 1_000_000, dict.fromkeys(Driver, 0.119), Settings(quarterly_cap=0.2))
    assert wide is not None
    assert (wide.quarters, len(wide.steps)) == (1, 2)
    assert wide.steps[0].change == pytest.approx(0.118, abs=0.0005)


def test_a_step_of_exactly_the_cap_is_allowed():
    caps = {STARTS: 0.10, SIZE: 0.10}
    assert changes(path(100.0, 110.0, caps)) == {STARTS: pytest.approx(0.10)}
    assert changes(path(100.0, 110.1, caps)) == dict.fromkeys(caps, pytest.approx(1.101**0.5 - 1))


def test_room_above_ten_percent_isnt_used():
    assert len(path(100.0, 111.0, {STARTS: 0.5}).steps) == 1
    assert path(100.0, 111.0, {STARTS: 0.5}).quarters == 2


def test_the_largest_room_comes_first():
    found = path(100.0, 104.0, {STARTS: 0.05, WIN_RATE: 0.06, SIZE: 0.07, CYCLE: 0.02})
    assert changes(found) == {SIZE: pytest.approx(0.04)}


def test_a_cycle_gets_shorter_by_what_makes_up_for_the_same_growth():
    found = path(100.0, 110.0, {CYCLE: 0.10})
    assert changes(found) == {CYCLE: pytest.approx(1 - 1 / 1.1)}
    assert path_sentence(found, None, "USD") == (
        "Awesome for you is $110: a 9.1% shorter cycle, in one quarter, gets you there "
        "if the time freed by the shorter cycle goes into new starts."
    )


def test_a_win_rate_is_never_asked_to_pass_one():
    assert changes(path(100.0, 108.0, {WIN_RATE: 0.1, SIZE: 0.09}, win_rate=0.95)) == {SIZE: pytest.approx(0.08)}
    assert changes(path(100.0, 104.0, {WIN_RATE: 0.1}, win_rate=0.95)) == {WIN_RATE: pytest.approx(0.04)}
    assert path(100.0, 300.0, {WIN_RATE: 0.1}, win_rate=0.5).reaches == pytest.approx(200.0)


@pytest.mark.parametrize("run_rate", [1_000_000, 1_200_000])
def test_a_rep_who_is_there_is_asked_whats_next(run_rate):
    found = path(run_rate, 1_000_000)
    assert found.is_there
    assert found.steps == ()
    assert path_sentence(found, None, "USD").endswith("you're there: what's next?")


def test_out_of_reach_shows_what_eight_quarters_reach():
    found = path(100_000, 1_000_000)
    assert (found.quarters, found.arrives) == (8, False)
    assert found.reaches == pytest.approx(100_000 * 1.1**16)
    assert path_sentence(found, 9_000, "USD") == (
        "Awesome for you is $1.0M: 10% more starts and a 10% better win rate, eight quarters in a row, "
        "gets you to $459k, so awesome needs more time than that; it is worth $9.0k to you."
    )


def test_without_room_anywhere_no_step_is_made_up():
    found = path(100.0, 110.0, {})
    assert (found.steps, found.reaches) == ((), 100.0)
    assert "can't be said from your records yet" in path_sentence(found, None, "USD")


@pytest.mark.parametrize("run_rate", [0.0, -5.0])
def test_nothing_won_has_no_percentage_to_grow_by(run_rate):
    assert path_to_awesome(run_rate, 100.0, TENS, SETTINGS) is None


def test_eight_percent_takes_an_and_a_tiny_step_is_still_a_step():
    assert "an 8% better win rate" in path_sentence(path(100.0, 108.0, {WIN_RATE: 0.1}), None, "USD")
    assert "0.1% larger deals" in path_sentence(path(100.0, 100.001, {SIZE: 0.1}), None, "USD")


@given(st.floats(1, 1e7), st.floats(1.0001, 5), CAPS, st.none() | st.floats(0.01, 1))
def test_the_steps_compound_to_where_the_path_ends_and_keep_to_the_caps(run_rate, g, caps, win_rate):
    found = path(run_rate, run_rate * g, caps, win_rate=win_rate)
    per_quarter = math.prod(step.factor for step in found.steps)
    assert run_rate * per_quarter**found.quarters == pytest.approx(found.reaches)
    assert all(0 < step.change <= min(caps[step.driver], 0.10) + 1e-8 for step in found.steps)
    assert len({step.driver for step in found.steps}) == len(found.steps) <= 2
    assert found.quarters <= 8
    assert found.reaches <= found.awesome


@given(st.floats(1.0001, 5), CAPS)
def test_no_shorter_path_would_have_kept_to_the_caps(g, caps):
    found = path(1.0, g, caps)
    most = sorted((1 / (1 - min(x, 0.1)) if d is CYCLE else 1 + min(x, 0.1) for d, x in caps.items()), reverse=True)
    shorter = range(1, found.quarters if found.arrives else 9)
    assert all(
        most[drivers - 1] < g ** (1 / (drivers * quarters)) for quarters in shorter for drivers in (1, 2)[: len(most)]
    )
