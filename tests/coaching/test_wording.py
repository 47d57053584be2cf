"""Numbers as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.wording import count, half_up, money, share, units


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "$0"),
        (-0.2, "$0"),
        (999.4, "$999"),
        (999.5, "$1.0k"),
        (1_338, "$1.3k"),
        (9_949, "$9.9k"),
        (9_950, "$10k"),
        (18_333, "$18k"),
        (-4_500, "-$4.5k"),
        (999_499, "$999k"),
        (999_500, "$1.0M"),
        (12_340_000, "$12.3M"),
    ],
)
def test_money_is_short_and_rounded_half_up(value, said):
    assert money(value) == said


def test_other_currencies_have_their_sign_or_code():
    assert (money(500, "EUR"), money(500, "CHF")) == ("€500", "CHF 500")


@pytest.mark.parametrize(("value", "whole"), [(0.5, 1), (1.5, 2), (2.5, 3), (2.49, 2), (-0.5, 0)])
def test_halves_round_up(value, whole):
    assert half_up(value) == whole


@pytest.mark.parametrize(
    ("value", "said"), [(0, "none"), (10 / 30, "a third"), (0.5, "half"), (0.76, "three quarters"), (1, "all")]
)
def test_shares_are_fractions_people_say(value, said):
    assert share(value) == said


def test_one_is_not_plural():
    assert (count(1, "deal"), count(2, "deal")) == ("1 deal", "2 deals")


@given(st.floats(-1e12, 1e12))
def test_money_always_has_its_sign_once(value):
    assert money(value).count("$") == 1


@pytest.mark.parametrize(
    ("number", "plural", "said"),
    [
        (2, "calls", "2 calls"),
        (1, "calls", "1 call"),
        (0, "calls", "0 calls"),
        (1, "role-plays", "1 role-play"),
        (1, "summaries", "1 summary"),
        (1, "pitches", "1 pitch"),
        (1, "practice", "1 practice"),
        (1, "progress", "1 progress"),
        (1, "Anrufe", "1 Anruf"),
        (1, "Termine", "1 Termin"),
        (1, "Erstgespräche", "1 Erstgespräch"),
        (1, "Präsentationen", "1 Präsentation"),
        (1, "Übungen", "1 Übung"),
        (1, "Mails", "1 Mail"),
        (3, "Anrufe", "3 Anrufe"),
        (1200, "calls", "1,200 calls"),
        (2.5, "hours", "2.5 hours"),
    ],
)
def test_one_of_a_unit_loses_its_plural(number: float, plural: str, said: str) -> None:
    assert units(number, plural) == said
