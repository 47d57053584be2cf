"""What a rep reads about a horizon, in every state of pipeline, goal and window."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from bot.coaching.basis.ground import OpenDeal
from bot.coaching.pipeline.balance import balance
from bot.coaching.pipeline.periods import Target
from tests.coaching.balance_builders import END, SETTINGS, TODAY, a_curve, a_ground, a_target, open_deal

LIVE, OLD, LATE, WORTHLESS = open_deal(), open_deal(58, 50_000.0, stale=True), open_deal(60), open_deal(amount=0.0)
SOON = TODAY + timedelta(days=2)
MAY = (date(2026, 5, 1), date(2026, 5, 31))
NEED = "You need 3.5x and have 1.7x: your $100k of pipeline is worth about $29k by the 11th"


def said(*deals: OpenDeal, target: Target | None = None, ends: date = END, name: str = "month", **changes) -> str:
    return balance(a_ground(*deals, **changes), name, ends, target, SETTINGS).sentence


@pytest.mark.parametrize(
    ("deals", "rest"),
    [
        ([LIVE], "your $100k of pipeline is worth about $29k by the 11th."),
        ([], "you have no open deals yet."),
        ([OLD], "you have no live deals, and your older ones are worth about $3.8k by the 11th."),
        ([WORTHLESS], "you have no live deals with an amount."),
    ],
)
def test_without_a_goal_it_asks_for_one_and_says_what_the_pipeline_is_worth(deals, rest):
    assert said(*deals) == f"Set your goal first, then we can say what is still missing; {rest}"


@pytest.mark.parametrize(
    ("remaining", "pace", "rest"),
    [
        (60_000, 4, "so 26 starts close the gap, 4 more than your pace."),
        (60_000, 4.5, "so 26 starts close the gap, 1 more than your pace."),
        (60_000, 5, "so 26 starts close the gap, no more than your usual pace."),
        (140_000, 4, "so 91 starts close the gap, 69 more than your pace."),
        (6_000_000, 4, "and new starts alone can't close the gap: what moves this one is win rate or size."),
    ],
)
def test_starts_are_said_beside_the_pace(remaining, pace, rest):
    assert said(LIVE, target=a_target(remaining), starts_per_week=pace).endswith(f" by the 11th, {rest}")


def test_one_start_closes_and_two_close():
    assert said(LIVE, target=a_target(29_000)).endswith("so 1 start closes the gap, no more than your usual pace.")
    assert said(LIVE, target=a_target(30_500)).endswith("so 2 starts close the gap, no more than your usual pace.")


def test_pipeline_that_is_enough_covers_what_is_left():
    assert said(LIVE, target=a_target(20_000)) == (
        "You need 3.5x and have 5.0x: your $100k of pipeline is worth about $29k by the 11th, "
        "which covers the $20k still to win."
    )


def test_older_deals_are_named_where_they_change_the_worth():
    assert said(LIVE, OLD, target=a_target()).startswith(
        "You need 3.5x and have 1.7x: your $100k of live pipeline and your older deals are worth about $32k by the 11th"
    )
    tiny = open_deal(58, 100.0, stale=True)
    assert said(LIVE, tiny, target=a_target()).startswith(NEED)


def test_without_live_deals_no_multiple_is_said():
    rest = "so 49 starts close the $60k gap by the 11th, 27 more than your pace."
    assert said(target=a_target()) == f"You have no open deals yet, {rest}"
    assert said(WORTHLESS, target=a_target()) == f"You have no live deals with an amount, {rest}"
    assert said(OLD, target=a_target()) == (
        "You have no live deals, and your older ones are worth about $3.8k by the 11th, "
        "so 46 starts close the gap, 24 more than your pace."
    )


def test_pipeline_too_old_to_be_won_in_time_says_so():
    assert said(LATE, target=a_target()) == (
        "At its age your $100k of pipeline is unlikely to bring anything by the 11th, "
        "so 49 starts close the gap, 27 more than your pace."
    )


def test_a_shut_window_says_what_moves_it_instead_of_a_number():
    assert said(LIVE, target=a_target(), ends=SOON) == (
        "You need 70.0x and have 1.7x: your $100k of pipeline is worth about $1.4k by the 3rd, "
        "and new starts from now on would be won after that; what moves this one is win rate or size."
    )


@pytest.mark.parametrize(("name", "built"), [("month", "the quarter"), ("quarter", "the year"), ("year", "next year")])
def test_a_shut_window_without_pipeline_points_to_the_next_one(name, built):
    end = "the 3rd" if name == "month" else "3 April"
    assert said(target=a_target(), ends=SOON, name=name) == (
        f"You have no open deals yet, and new starts from now on would be won after {end}; they build {built}."
    )


def test_a_window_that_is_over_says_what_counts_now():
    assert said(LIVE, target=a_target(), ends=TODAY) == (
        "This window ended on the 1st with $60k still to win; what you start now builds the quarter."
    )


def test_without_any_win_known_no_number_of_starts_is_claimed():
    assert said(LIVE, target=a_target(), curve=a_curve(0.0)) == (
        "None of the opportunities like yours has been won yet, so nothing is expected of your pipeline so far "
        "and we can't say how many starts close the gap by the 11th."
    )
    unknown = "no win with an amount is known yet, so we can't say how many starts close the"
    assert said(LIVE, target=a_target(), deal_size=0.0) == f"{NEED}; {unknown} gap."
    assert said(target=a_target(), deal_size=0.0) == f"You have no open deals yet; {unknown} $60k gap by the 11th."


@pytest.mark.parametrize(
    ("name", "after"),
    [("month", "the quarter is next"), ("quarter", "the year is next"), ("year", "next year is yours to shape")],
)
def test_past_the_goal_it_says_what_is_next(name, after):
    target = Target(*MAY, 90_000.0, 95_000.0)
    assert said(LIVE, target=target, name=name) == (
        f"You've made your goal for the month, with $95k won of $90k; {after}."
    )
    assert said(LIVE, target=Target(*MAY, 0.0, 0.0, is_share=True), name=name) == (
        f"There is nothing left to win for the month; {after}."
    )


@pytest.mark.parametrize(
    ("name", "ends", "shown"),
    [
        *(("month", date(2026, 5, day), f"the {day}{suffix}") for day, suffix in ((1, "st"), (2, "nd"), (3, "rd"))),
        *(("month", date(2026, 5, day), f"the {day}th") for day in (4, 11, 12, 13, 20, 30)),
        *(("month", date(2026, 5, day), f"the {day}{suffix}") for day, suffix in ((21, "st"), (22, "nd"), (31, "st"))),
        ("quarter", date(2026, 6, 30), "30 June"),
        ("year", date(2027, 12, 31), "31 December 2027"),
    ],
)
def test_a_day_is_named_so_that_it_can_only_be_one(name, ends, shown):
    assert f" by {shown}, " in said(LIVE, target=a_target(1e6), name=name, ends=ends)


def test_money_is_in_the_reporting_currency():
    euros = balance(a_ground(LIVE), "month", END, a_target(20_000.0), replace(SETTINGS, currency="EUR")).sentence
    assert "€100k of pipeline" in euros
    assert "$" not in euros


PIPELINES = ([], [LIVE], [OLD], [LATE], [WORTHLESS], [LIVE, OLD], [open_deal(0, 1e9)])
TARGETS = (None, *map(a_target, (-5.0, 0.0, 1.0, 29_000.0, 60_000.0, 1e9)))
LASTS = (TODAY, SOON, END, date(2027, 12, 31))
GROUNDS = ({}, {"deal_size": 0.0}, {"curve": a_curve(0.0)}, {"starts_per_week": 0.0})


@pytest.mark.parametrize("name", ["month", "quarter", "year"])
def test_every_state_is_one_plain_sentence_to_the_rep(name):
    for deals, target, ends, changes in product(PIPELINES, TARGETS, LASTS, GROUNDS):
        sentence = said(*deals, target=target, ends=ends, name=name, **changes)
        assert re.fullmatch(r"[A-Z][^\n]*[a-z0-9]\.", sentence)
        assert not re.search(r"\b1 starts|\b0 starts|  |None\b(?! of)|nan|inf\b|\. [A-Z]", sentence)
        assert not re.search(r"average|rank|team|should|fail|behind|only\b", sentence)
        assert len(sentence) < 300
