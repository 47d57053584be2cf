"""What a rep is told of how the own cadence came about."""

from dataclasses import replace
from datetime import date

import pytest

from bot.coaching.rhythm.cadence import CadenceDecision, decide, fix
from bot.coaching.rhythm.cadence_inputs import CadenceInputs
from bot.coaching.rhythm.cadence_words import explained
from bot.coaching.rhythm.market import held_for_market
from bot.coaching.rhythm.trend import Trend
from bot.coaching.settings import Settings

SETTINGS = Settings()
TODAY = date(2026, 3, 31)
EXAMPLE = CadenceInputs(Trend("flat", 0.96, 1.04), 12, "activities", 64, 4)
DOWN = replace(EXAMPLE, trend=Trend("negative", -2.0, 0.7))


def told(inputs: CadenceInputs = EXAMPLE, previous: CadenceDecision | None = None) -> tuple[str, ...]:
    return explained(decide(inputs, previous, TODAY, SETTINGS), SETTINGS)


def test_the_specifications_example_is_told_step_by_step():
    activity, cycle, together, trend, after = told()
    assert activity == (
        "You did about 12 key activities a week in the last 8 weeks: one 1:1 can coach on 20, "
        "which asks for one every 12 days."
    )
    assert cycle == "A typical win takes about 64 days over 4 stages: one 1:1 a stage is one every 16 days."
    assert together == "Together that is 13.7 days. Of 7, 14, 28 days the numbers alone choose every 2 weeks."
    assert trend == (
        "What you start and win is 4% more in your last 13 weeks, against the 13 they are compared with. "
        "That is no more than chance does by itself (Z +1.0, size 1.04): your trend is steady."
    )
    assert after == (
        "We look again at the first 1:1 held on 28 April or later; a trend that points down counts at once, "
        "and only a steady one lengthens it."
    )


def test_deal_events_are_called_that():
    first, *_ = told(replace(EXAMPLE, activities_per_week=0.4, basis="events"))
    assert first.startswith("You had less than one deal event a week (starts, stage moves and closings; nobody logs")
    assert first.endswith("one 1:1 can coach on 8, which asks for one every 4 weeks.")


def test_what_is_unknown_is_said_to_be():
    activity, cycle, together, trend, _ = told(CadenceInputs(Trend("flat")))
    assert "no key activities or deal events" in activity
    assert "no cycle is known" in cycle
    assert together == "With neither known we begin in the middle: every 2 weeks."
    assert "too little on record" in trend


@pytest.mark.parametrize(
    ("trend", "said"),
    [
        (Trend("negative", -2.0, 0.7), "30% less in your last 13 weeks"),
        (
            Trend("negative", -2.0, 0.7),
            "more than chance alone often does (Z -2.0, size 0.70): your trend points",
        ),
        (Trend("flat", -2.0, 0.9), "more than chance alone often does, but too little to act on"),
        (Trend("flat", 0.0, 1.0), "is the same in your last 13 weeks"),
        (Trend("positive", 2.0, 1.5), "your trend points up"),
    ],
)
def test_the_trend_is_told_in_plain_words_with_its_figures(trend, said):
    assert said in told(replace(EXAMPLE, trend=trend))[3]


def test_a_new_rep_reads_of_no_trend():
    sentences = told(replace(DOWN, first_day=TODAY))
    assert "never rarer" in sentences[2]
    assert "no trend is read" in sentences[3]


def test_what_comes_next_depends_on_who_decides():
    before = decide(EXAMPLE, None, TODAY, SETTINGS)
    fixed = fix(before, 7, "the new product", TODAY, SETTINGS)
    assert "until your manager frees it" in explained(fixed, SETTINGS)[-1]
    held = held_for_market(decide(DOWN, before, TODAY, SETTINGS), before)
    assert "Your manager is asked" in explained(held, SETTINGS)[-1]
