"""What the minutes of a 1:1 are for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.agenda import minutes, offer_count, sentence
from bot.coaching.pre_read import AgendaMinutes
from bot.coaching.settings import Settings

SETTINGS = Settings()


def test_thirty_minutes_without_dollars():
    assert minutes(30, (0, 0, 0), SETTINGS) == AgendaMinutes(3, 11, 8, 8)


def test_forty_five_minutes_follow_the_dollars():
    assert minutes(45, (4_000, 4_000, 2_000), SETTINGS) == AgendaMinutes(4, 15, 15, 11)


def test_a_topic_without_dollars_keeps_its_fifth():
    assert minutes(60, (9_000, 0, 0), SETTINGS) == AgendaMinutes(6, 32, 11, 11)


def test_spare_minutes_with_equal_fractions_go_to_the_earlier_topic():
    assert minutes(30, (5, 5, 5), SETTINGS) == AgendaMinutes(3, 9, 9, 9)
    assert minutes(45, (5, 5, 5), SETTINGS) == AgendaMinutes(4, 14, 14, 13)


def test_a_negative_or_unknown_value_counts_as_none():
    assert minutes(30, (-5, float("nan"), 0), SETTINGS) == minutes(30, (0, 0, 0), SETTINGS)


@given(st.sampled_from((30, 45, 60)), st.tuples(*[st.floats(allow_nan=True)] * 3))
def test_minutes_always_add_up_and_the_past_takes_a_tenth_at_most(total, values):
    shared = minutes(total, values, SETTINGS)
    assert shared.past + shared.win + shared.balance + shared.aspiration == total
    assert shared.past <= total / 10
    assert min(shared.win, shared.balance, shared.aspiration) >= int(0.2 * (total - shared.past))


@pytest.mark.parametrize(("active", "offers"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_a_rep_holds_at_most_two_goals(active, offers):
    assert offer_count(active) == offers


def test_the_sentence_says_what_is_next_and_how_many_goals_fit():
    shared = minutes(30, (0, 0, 0), SETTINGS)
    head = "27 of our 30 minutes are about what's next; "
    assert sentence(shared, 1) == f"{head}you choose at most one new goal today because one is still open."
    assert sentence(shared, 0) == f"{head}you choose at most two new goals today."
    assert sentence(shared, 2) == f"{head}there is no new goal today because two are still open."
