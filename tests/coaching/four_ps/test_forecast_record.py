"""How well earlier forecasts held, and how wide the next ones are to be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.four_ps.forecast_record import KeptChance, KeptForecast, brier, forecast_record

MADE, THROUGH = date(2026, 5, 1), date(2026, 5, 29)


def kept(held: int, missed: int, still_running: int = 0) -> list[KeptForecast]:
    happened = [5.0] * held + [9.0] * missed + [None] * still_running
    return [KeptForecast(MADE, THROUGH, 2.0, 8.0, one) for one in happened]


@pytest.mark.parametrize(("happened", "held"), [(None, None), (1.9, False), (2, True), (8, True), (8.1, False)])
def test_a_range_holds_when_what_happened_lies_in_it(happened, held):
    assert KeptForecast(MADE, THROUGH, 2.0, 8.0, happened).held is held


@pytest.mark.parametrize(
    ("held", "missed", "words"),
    [
        (0, 0, "It takes 8 forecasts to say how well they hold; none is over yet."),
        (1, 0, "It takes 8 forecasts to say how well they hold; 1 is over so far."),
        (3, 4, "It takes 8 forecasts to say how well they hold; 7 are over so far."),
        (6, 2, "6 of 8 forecast ranges held."),
        (5, 3, "5 of 8 forecast ranges held, so the next ones are 25% wider."),
    ],
)
def test_from_eight_on_it_says_how_many_held(held, missed, words):
    known = forecast_record(kept(held, missed, still_running=4))
    assert known.sentence == words
    assert (known.over, known.held) == (held + missed, held)


@pytest.mark.parametrize(
    ("held", "missed", "widening"),
    [(0, 7, 1.0), (0, 8, 1.25), (5, 3, 1.25), (13, 7, 1.0), (12, 8, 1.25), (8, 0, 1.0)],
)
def test_ranges_widen_by_a_quarter_while_under_65_percent_hold(held, missed, widening):
    assert forecast_record(kept(held, missed)).widening == widening


def test_the_share_is_unknown_while_too_few_are_over():
    assert forecast_record(kept(7, 0)).share is None
    assert forecast_record(kept(6, 2)).share == 0.75


def test_brier_is_the_mean_squared_distance_of_chances_from_what_came():
    chances = [KeptChance(0.8, hit=True), KeptChance(0.6, hit=False), KeptChance(0.5)]
    assert brier(chances) == pytest.approx((0.04 + 0.36) / 2)
    assert forecast_record([], chances).brier == brier(chances)
    assert brier([KeptChance(0.5)]) is None


@given(st.lists(st.builds(KeptChance, st.floats(0, 1), st.none() | st.booleans())))
def test_brier_lies_between_0_and_1(chances):
    known = brier(chances)
    assert known is None or 0 <= known <= 1
