"""Which activities go with more outcomes, and what a planned number of them brings."""

import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.rates import Rate
from bot.coaching.four_ps.predict import (
    Effect,
    Grade,
    Weeks,
    Wording,
    delay_weeks,
    effect,
    effect_of,
    forecast,
    grade,
    own_effect,
    planned_for,
    sentence,
    split,
)
from bot.coaching.wording import half_up

TODAY = date(2026, 6, 29)
DEMOS = Wording("demos", "started", "deals")
COUNTS = st.integers(0, 30)
REPS = st.lists(st.tuples(COUNTS, COUNTS), max_size=20).map(
    lambda pairs: Weeks([pair[0] for pair in pairs], [pair[1] for pair in pairs])
)
EFFECTS = st.builds(
    Effect, st.none() | st.floats(0.1, 10), st.floats(0.01, 3), COUNTS, COUNTS, st.just(Grade.NOT_SHOWN)
).map(lambda known: known if known.ratio else Effect(None, None, known.weeks, known.outcomes, Grade.NOT_SHOWN))


def weeks(*pairs: tuple[int, int], times: int = 1) -> Weeks:
    return Weeks([pair[0] for pair in pairs] * times, [pair[1] for pair in pairs] * times)


def test_weeks_with_much_are_those_above_the_own_median():
    known = effect([weeks((1, 1), (2, 2), (3, 4), (9, 6))], 0)
    assert known.ratio == pytest.approx((10 / 2) / (3 / 2))
    assert known.se == pytest.approx(math.sqrt(1 / 10 + 1 / 3))
    assert (known.weeks, known.outcomes) == (4, 13)


def test_a_week_at_the_median_counts_as_little():
    known = effect([weeks((0, 1), (0, 2), (0, 3), (5, 4))], 0)
    assert known.ratio == pytest.approx(4 / (6 / 3))


def test_an_outcome_belongs_to_the_activity_of_its_delay_before():
    known = effect([Weeks([1, 9, 1, 9, 1, 9], [0, 0, 2, 6, 2, 6])], 2)
    assert known.ratio == pytest.approx(3)
    assert known.weeks == 4


def test_a_good_rep_is_not_mistaken_for_a_good_activity():
    quiet_but_good = weeks((0, 10), (1, 10), times=6)
    busy_but_new = weeks((20, 1), (30, 1), times=6)
    uneven = weeks((5, 8), (5, 8), (9, 8), times=4)
    assert effect([quiet_but_good, busy_but_new, uneven], 0).ratio == pytest.approx(1)


def test_a_rep_whose_weeks_are_all_alike_says_nothing():
    alike = weeks((5, 3), times=20)
    other = weeks((1, 2), (3, 4), times=8)
    assert effect([alike, other], 0) == effect([other], 0)
    assert effect([alike], 0) == Effect(None, None, 0, 0, Grade.NOT_SHOWN)
    assert effect([], 0) == effect([weeks((1, 1))], 4) == Effect(None, None, 0, 0, Grade.NOT_SHOWN)


def test_without_outcomes_on_one_side_nothing_is_shown():
    for pairs in (((1, 0), (9, 4)), ((1, 4), (9, 0))):
        known = effect([weeks(*pairs, times=20)], 0)
        assert (known.ratio, known.se, known.grade) == (None, None, Grade.NOT_SHOWN)


@pytest.mark.parametrize(("rep", "delay"), [(Weeks([1, 2], [1]), 0), (Weeks([1, 2], [1, 2]), -1)])
def test_counts_of_other_weeks_are_refused(rep, delay):
    with pytest.raises(ValueError, match="same weeks"):
        effect([rep], delay)


@pytest.mark.parametrize(
    ("ratio", "se", "number", "outcomes", "word"),
    [
        (1.4, 0.2, 12, 30, Grade.CLEAR),  # 1.4 / exp(.256) = 1.08
        (1.4, 0.2, 11, 30, Grade.LIKELY),
        (1.4, 0.2, 12, 29, Grade.LIKELY),
        (1.4, 0.3, 12, 30, Grade.LIKELY),  # 1.4 / exp(.384) = .95, 1.4 / exp(.202) = 1.14
        (1.4, 0.5, 12, 30, Grade.NOT_SHOWN),  # 1.4 / exp(.337) = .9993
        (1.0, 0.0, 99, 99, Grade.NOT_SHOWN),
        (0.5, 0.1, 99, 99, Grade.NOT_SHOWN),
    ],
)
def test_a_ratio_is_clear_likely_or_not_shown_yet(ratio, se, number, outcomes, word):
    assert grade(ratio, se, number, outcomes) is word


def test_outcomes_of_both_kinds_of_weeks_make_the_30():
    known = effect([weeks((1, 1), (9, 3), times=8)], 0)
    assert (known.weeks, known.outcomes, known.grade) == (16, 32, Grade.CLEAR)
    one_sided = effect([weeks((1, 0), (9, 3), times=8)], 0)
    assert (one_sided.weeks, one_sided.outcomes) == (16, 24)


def test_one_record_that_shows_it_is_enough():
    own, team = Effect(1.4, 0.3, 20, 40, Grade.LIKELY), Effect(1.4, 0.9, 20, 40, Grade.NOT_SHOWN)
    assert own_effect(own, team).grade is Grade.LIKELY


def test_the_own_ratio_is_drawn_to_the_teams_by_inverse_variance():
    own = Effect(2.0, 0.3, 20, 40, Grade.CLEAR)
    team = Effect(1.2, 0.1, 200, 400, Grade.CLEAR)
    mixed = own_effect(own, team)
    assert mixed.ratio == pytest.approx(math.sqrt(2.0 * 1.2))  # equal weights: .3 and .3
    assert mixed.se == pytest.approx(0.3 / math.sqrt(2))
    assert (mixed.weeks, mixed.outcomes, mixed.grade) == (20, 40, Grade.CLEAR)


def test_what_neither_record_shows_their_mean_does_not_show_either():
    own = Effect(1.3, 0.8, 20, 40, Grade.NOT_SHOWN)
    team = Effect(1.4, 0.9, 20, 40, Grade.NOT_SHOWN)
    assert grade(1.4, 0.28, 20, 40) is Grade.LIKELY
    assert own_effect(own, team).grade is Grade.NOT_SHOWN


def test_the_teams_record_alone_shows_nothing_of_a_rep():
    own = Effect(None, None, 4, 0, Grade.NOT_SHOWN)
    assert own_effect(own, Effect(1.8, 0.05, 200, 900, Grade.CLEAR)) == own


def test_without_a_teams_ratio_the_own_stands():
    own = Effect(1.8, 0.2, 20, 90, Grade.CLEAR)
    assert own_effect(own, Effect(None, None, 0, 0, Grade.NOT_SHOWN)) == own


def test_the_sentence_says_how_sure_it_is():
    assert sentence(Effect(1.42, 0.3, 20, 40, Grade.LIKELY), DEMOS) == (
        "In weeks with more demos you started 1.4 times as many deals; that's likely, not proven."
    )
    assert sentence(Effect(1.04, 0.01, 20, 40, Grade.CLEAR), DEMOS) == (
        "In weeks with more demos you started 1.04 times as many deals; that's clear from your weeks."
    )


@pytest.mark.parametrize("ratio", [None, 0.4, 1.0, 9.9])
def test_no_sentence_claims_an_effect_that_is_not_shown(ratio):
    told = sentence(Effect(ratio, 0.5, 20, 40, Grade.NOT_SHOWN), DEMOS)
    assert told == "Whether more demos go with more deals for you isn't shown yet."
    assert "times" not in told


@pytest.mark.parametrize(
    ("days", "delay"), [([], None), ([3], 0), ([4], 1), ([7, 8, 30], 1), ([-3, 0], 0), ([10, 11], 2)]
)
def test_the_usual_delay_is_the_median_in_whole_weeks(days, delay):
    assert delay_weeks(days) == delay


def test_a_forecast_is_the_planned_number_at_the_own_rate():
    known = forecast(40, Rate(0.25, 25), TODAY, ("demos", "starts"))
    assert known is not None
    spread = 1.2816 * math.sqrt(10 + 100 / 25)
    assert (known.expected, known.through) == (10, date(2026, 7, 27))
    assert (known.low, known.high) == pytest.approx((10 - spread, 10 + spread))
    assert known.sentence == (
        "40 demos in the next 28 days: about 10 starts (6 to 14) if they go like your usual ones."
    )


def test_a_range_does_not_go_below_nothing_and_widens_with_the_record():
    narrow = forecast(1, Rate(1.0, 5), TODAY, ("demos", "starts"))
    wide = forecast(1, Rate(1.0, 5), TODAY, ("demos", "starts"), widening=1.25)
    assert narrow is not None
    assert wide is not None
    assert narrow.low == wide.low == 0
    assert wide.high - wide.expected == pytest.approx(1.25 * (narrow.high - narrow.expected))
    assert narrow.sentence.startswith("1 demo in the next 28 days: about 1 start (0 to 2)")


@pytest.mark.parametrize(("planned", "known"), [(4, Rate(None, 0)), (4, Rate(0.0, 0)), (-1, Rate(0.2, 5))])
def test_without_a_rate_there_is_no_forecast(planned, known):
    assert forecast(planned, known, TODAY, ("demos", "starts")) is None


@given(st.lists(REPS, max_size=6), st.integers(0, 3), st.randoms(use_true_random=False))
def test_it_does_not_matter_which_rep_is_listed_first(reps, delay, random):
    shuffled = list(reps)
    random.shuffle(shuffled)
    assert effect(shuffled, delay) == effect(reps, delay)


@given(EFFECTS, EFFECTS)
def test_the_own_ratio_lies_between_both_records_and_is_never_graded_above_both(own, team):
    mixed = own_effect(own, team)
    order = list(Grade)
    assert order.index(mixed.grade) <= max(order.index(own.grade), order.index(team.grade))
    if own.ratio and team.ratio and mixed.ratio:
        assert min(own.ratio, team.ratio) * 0.999 <= mixed.ratio <= max(own.ratio, team.ratio) * 1.001


@given(st.integers(0, 500), st.floats(0.001, 3), st.floats(0.5, 500))
def test_a_forecast_lies_in_its_range_and_shows_whole_numbers_of_it(planned, value, successes):
    known = forecast(planned, Rate(value, successes), TODAY, ("demos", "starts"))
    assert known is not None
    assert 0 <= known.low <= known.expected <= known.high
    shown = re.search(r"\((\d+) to (\d+)\)", known.sentence)
    assert shown is not None
    least, most = int(shown[1]), int(shown[2])
    assert known.low <= least or least == half_up(known.expected)
    assert most <= known.high or most == half_up(known.expected)
    assert least <= half_up(known.expected) <= most


def test_outcomes_that_come_later_are_told_as_later():
    known = Effect(1.4, 0.1, 30, 60, Grade.LIKELY)
    for delay, said in ((1, "1.4 times as many deals a week later;"), (3, "1.4 times as many deals 3 weeks later;")):
        assert said in sentence(known, DEMOS, delay)


def test_the_parts_of_reps_add_up_to_their_effect_and_can_be_taken_out_again():
    ann, bob = weeks((1, 1), (9, 5), times=8), weeks((0, 2), (3, 3), (7, 6), times=5)
    together = split(ann, 1) + split(bob, 1)
    assert effect_of(together) == effect([ann, bob], 1)
    assert together - split(ann, 1) == split(bob, 1)


@pytest.mark.parametrize(
    ("days", "usual", "planned"),
    [(28, 10.0, 20), (14, 10.0, 40), (7, 0.0, 20), (14, None, 40), (31, 10.0, 20 * 28 / 31), (0, None, 560)],
)
def test_after_a_goals_day_the_usual_ones_go_on(days, usual, planned):
    assert planned_for(20, days, usual) == pytest.approx(planned)
