"""How much more of an activity fits a rep, and in which month a higher requirement is met."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.pipeline.achievable import Reach, achievable_rate, month_sentence, reach, steps, whole

TODAY = date(2026, 6, 29)
TWENTY_AND_ONCE_23 = [10.0] * 10 + [23.0] * 4 + [15.0] * 4 + [20.0] * 8
WEEKS = st.lists(st.integers(0, 60), max_size=40)


def test_usual_20_and_best_23_allow_at_most_23():
    known = reach(TWENTY_AND_ONCE_23)
    assert known == Reach(20, 23, 23)
    assert not known.from_zero


@pytest.mark.parametrize(
    ("weeks", "most"),
    [
        ([20] * 26, 22),  # 1.10 times the usual
        ([40] * 4 + [20] * 22, 25),  # the best is far off: never over 1.25 times the usual
        ([50] * 4 + [40] * 4 + [20] * 22, 25),  # 50 was 30 weeks ago, and 40 is far off too
        ([10] * 4 + [20] * 4, 18.75),  # the last weeks were better: the usual is their mean, 15
        ([12], 13.2),  # one week on record
    ],
)
def test_most_is_the_own_best_or_a_tenth_more_within_a_quarter(weeks, most):
    assert reach(weeks).most == pytest.approx(most)


def test_from_zero_the_lower_quarter_of_those_who_do_it_is_a_start():
    assert reach([0] * 26, [4, 8, 0, 12, 16, 0]).most == 7
    assert reach([], [5]).most == 5
    assert reach([9] * 4 + [0] * 8, [5]) == Reach(0, 9, 5)
    assert reach([0] * 26, [0, 0]).most is None
    assert reach([]).most is None


@pytest.mark.parametrize(
    ("per_week", "weeks", "number"), [(23, 4, 92), (1.1, 10, 11), (0.3, 4, 1), (0.1, 1, 1), (5.9, 1, 5)]
)
def test_whole_numbers_never_ask_for_more_than_fits_but_for_at_least_one(per_week, weeks, number):
    assert whole(per_week, weeks) == number


def test_a_rate_may_be_aimed_at_its_room_above_today():
    assert achievable_rate(0.30, 0.10) == pytest.approx(0.33)


def test_the_30_the_plan_asks_for_are_four_monthly_steps_away():
    known = steps(reach(TWENTY_AND_ONCE_23), 30, TODAY)
    assert known.sentence == (
        "You've done 23 a week before, so 22 is a stretch that fits; "
        "the 30 the plan asks for is four monthly steps away."
    )
    assert known.levels == pytest.approx((22, 24.2, 26.62, 29.282, 30))
    assert known.meets_in == date(2026, 10, 1)
    assert month_sentence(known) == "A tenth more each month meets what the plan asks for in October 2026."


def test_a_requirement_that_fits_is_met_this_month():
    known = steps(reach(TWENTY_AND_ONCE_23), 22.5, TODAY)
    assert (known.levels, known.meets_in) == ((22.5,), date(2026, 6, 1))
    assert known.sentence == "You've done 23 a week before, so the 23 the plan asks for fits."
    assert month_sentence(known) == "That meets what the plan asks for in June 2026 already."
    assert steps(reach([20] * 26), 18, TODAY).sentence == "You do 20 a week, so the 18 the plan asks for fits."


def test_who_never_did_more_hears_the_usual_number():
    assert steps(reach([3] * 26), 3.6, TODAY).sentence == (
        "You do 3 a week, so 3.3 is a stretch that fits; the 3.6 the plan asks for is one monthly step away."
    )


@pytest.mark.parametrize(("usual", "shown"), [(10.4, "10"), (9.94, "9.9"), (0.25, "0.3"), (1_250, "1,250")])
def test_small_numbers_keep_a_decimal(usual, shown):
    assert steps(reach([usual] * 26), usual, TODAY).sentence.startswith(f"You do {shown} a week")


def test_from_zero_the_first_step_is_a_start():
    known = steps(reach([0] * 26, [7]), 20, date(2026, 11, 30))
    assert known.sentence == (
        "You start from zero, so 7 is a start that fits; the 20 the plan asks for is twelve monthly steps away."
    )
    assert known.meets_in == date(2027, 11, 1)
    assert "13 monthly steps" in steps(reach([0] * 26, [6]), 20, TODAY).sentence
    assert steps(reach([9] * 4 + [0] * 8, [7]), 5, TODAY).sentence == (
        "You start again from zero, so the 5 the plan asks for fits."
    )


def test_without_any_record_nothing_is_invented():
    known = steps(reach([]), 20, TODAY)
    assert (known.levels, known.meets_in, month_sentence(known)) == ((), None, "")
    assert known.sentence == (
        "What fits you can't be said yet: you've done none in the last 8 weeks, and no record shows what a start is."
    )


@given(WEEKS, st.lists(st.integers(0, 60), max_size=8))
def test_what_fits_lies_within_a_tenth_and_a_quarter_above_the_usual(weeks, pool):
    known = reach(weeks, pool)
    if known.usual > 0:
        assert known.most is not None
        assert 1.1 * known.usual - 1e-9 <= known.most <= 1.25 * known.usual + 1e-9
    else:
        assert known.most is None or known.most > 0


@given(WEEKS, st.lists(st.integers(0, 60), max_size=8), st.floats(0.1, 500))
def test_steps_never_exceed_a_tenth_and_end_at_the_requirement(weeks, pool, required):
    now = reach(weeks, pool)
    known = steps(now, required, TODAY)
    if now.most is None:
        assert known.levels == ()
        return
    assert known.levels[-1] == pytest.approx(required)
    assert known.levels[0] <= now.most + 1e-9
    for before, after in pairwise(known.levels):
        assert before < after <= 1.1 * before + 1e-9
    if len(known.levels) > 1 and not now.from_zero:
        assert known.levels[0] <= 1.1 * now.usual + 1e-9
