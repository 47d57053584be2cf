"""When a falling trend is put to the manager instead of being acted on."""

from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.records import PersonId
from bot.coaching.rhythm.cadence import decide, fix
from bot.coaching.rhythm.cadence_inputs import CadenceInputs
from bot.coaching.rhythm.market import (
    MarketProposal,
    Shortening,
    held_for_market,
    left_as_it_is,
    market_wide,
    more_often,
)
from bot.coaching.rhythm.trend import Trend
from bot.coaching.settings import Settings

SETTINGS = Settings()
TODAY = date(2026, 3, 31)
STEADY = CadenceInputs(Trend("flat", 0.0, 1.0), 12, "activities", 64, 4)
FALLING = replace(STEADY, trend=Trend("negative", -2.0, 0.7))

BEFORE = decide(STEADY, None, TODAY, SETTINGS)
FALLEN = decide(FALLING, BEFORE, TODAY, SETTINGS)


def test_more_than_half_of_a_team_falling_is_a_matter_of_the_market():
    assert market_wide(["negative", "negative", "flat"])
    assert not market_wide(["negative", "negative", "flat", "positive"])
    assert not market_wide([])


def test_one_rep_is_no_market():
    assert not market_wide(["negative"])
    assert market_wide(["negative", "negative"])


def test_a_market_matter_changes_nothing_by_itself():
    held = held_for_market(FALLEN, BEFORE)
    assert (FALLEN.interval, held.interval, held.flags) == (7, 14, ("market wide",))
    assert held.sentence.endswith(
        "most of your team's trends point down at once, so your manager decides whether we meet more often."
    )
    assert held_for_market(decide(FALLING, None, TODAY, SETTINGS), None).interval == 14


def test_what_would_change_nothing_is_not_held():
    assert held_for_market(BEFORE, None) == BEFORE
    weekly = decide(FALLING, FALLEN, TODAY, SETTINGS)
    assert held_for_market(weekly, FALLEN) == weekly
    fixed = fix(BEFORE, 28, "a quiet quarter", TODAY, SETTINGS)
    still = decide(FALLING, fixed, TODAY, SETTINGS)
    assert held_for_market(still, fixed) == still


def test_the_rep_reads_what_the_manager_decided():
    assert "keeps it as it is" in left_as_it_is(held_for_market(FALLEN, BEFORE)).sentence
    assert more_often(FALLEN).sentence.startswith("We meet every week:")
    assert "your manager meets you more often" in more_often(FALLEN).sentence


def test_nothing_more_is_asked_for_one_evaluation_period():
    asked = MarketProposal("k", PersonId("m"), TODAY, 2, 3, (Shortening(PersonId("a"), 14, 7),))
    assert asked.stands_on(TODAY + timedelta(days=27))
    assert not asked.stands_on(TODAY + timedelta(days=28))
    assert asked.names(PersonId("a"))
    assert not asked.names(PersonId("b"))
