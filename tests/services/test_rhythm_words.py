"""What people type after /cadence is understood in any order, and refused with an example."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.services.rhythm_words import Asked, asked


@pytest.mark.parametrize("words", ["", "why", "Why?", "how often"])
def test_without_more_one_asks_why(words: str) -> None:
    assert asked(words) == Asked("why")


def test_team_and_free_are_one_word() -> None:
    assert asked("TEAM") == Asked("team")
    for words in ("free", "release", "Free, please"):
        assert asked(words) == Asked("free")


@pytest.mark.parametrize(
    ("often", "days"),
    [
        ("7", 7),
        ("7 days", 7),
        ("weekly", 7),
        ("every week", 7),
        ("once a week", 7),
        ("every 7 days", 7),
        ("14", 14),
        ("every 2 weeks", 14),
        ("every two weeks", 14),
        ("every other week", 14),
        ("biweekly", 14),
        ("bi-weekly", 14),
        ("fortnightly", 14),
        ("every fortnight", 14),
        ("twice a month", 14),
        ("2w", 14),
        ("28", 28),
        ("28 days apart", 28),
        ("every four weeks", 28),
        ("monthly", 28),
        ("once a month", 28),
        ("every month", 28),
        ("Every 3 Weeks", 21),
        ("wöchentlich", 7),
        ("jede Woche", 7),
        ("einmal in der Woche", 7),
        ("alle 2 Wochen", 14),
        ("alle zwei Wochen", 14),
        ("14-tägig", 14),
        ("zweimal im Monat", 14),
        ("alle 14 Tage", 14),
        ("einmal im Monat", 28),
        ("monatlich", 28),
        ("zweimal pro Monat", 14),
        ("2x im Monat", 14),
        ("1x pro Woche", 7),
        ("einmal die Woche", 7),
        ("ein Mal im Monat", 28),
        ("woechentlich", 7),
        ("zweiwöchentlich", 14),
        ("2-wöchentlich", 14),
        ("vierzehntaegig", 14),
        ("14 tägig", 14),
        ("vierwöchig", 28),
        ("jeden Montag", 7),
        ("jeden zweiten Montag", 14),
        ("every other Tuesday", 14),
        ("jede zweite Woche", 14),
        ("10", 10),
    ],
)
@pytest.mark.parametrize(
    "typed",
    [
        "set {} because the launch is near",
        "SET to {}, because the launch is near",
        "{} because the launch is near",
        "{}, denn the launch is near",
        "because the launch is near: {}",
        "set because the launch is near, {}",
        "because the launch is near set {}.",
        "set {} the launch is near",
        "set {}: the launch is near",
    ],
)
def test_how_often_and_why_may_come_in_any_order_and_words(typed: str, often: str, days: int) -> None:
    assert asked(typed.format(often)) == Asked("set", days, "the launch is near")


def test_a_reason_keeps_its_numbers_and_its_own_because() -> None:
    assert asked("set 7 because 3 deals close in 2 weeks and") == Asked("set", 7, "3 deals close in 2 weeks and")
    assert asked("set weekly because we lost because of price").reason == "we lost because of price"


def test_a_reason_after_weil_keeps_it_as_its_verb_stands_last() -> None:
    assert asked("set 14, weil das neue Produkt Übung braucht").reason == "weil das neue Produkt Übung braucht"
    assert asked("weil viel los ist: wöchentlich") == Asked("set", 7, "weil viel los ist")


@pytest.mark.parametrize("words", ["warum", "wie oft", "warum so oft"])
def test_why_may_be_asked_in_german(words: str) -> None:
    assert asked(words) == Asked("why")


def test_no_reason_is_left_for_the_service_to_ask_for() -> None:
    assert asked("set 14") == Asked("set", 14, "")


@pytest.mark.parametrize("words", ["set", "set because of the launch", "because I say so", "alle paar Wochen weil so"])
def test_without_how_often_an_example_is_shown(words: str) -> None:
    with pytest.raises(BadInputError, match="/cadence set @rep 14 because"):
        asked(words)


def test_what_is_not_understood_is_named() -> None:
    with pytest.raises(BadInputError, match=r"'teapot'.*cadence help"):
        asked("teapot")


def test_a_reason_has_to_fit_under_every_date() -> None:
    assert asked(f"set 7 because {'x' * 300}").reason == "x" * 300
    with pytest.raises(BadInputError, match="at most 300"):
        asked(f"set 7 because {'x' * 301}")


@given(st.text())
def test_whatever_is_typed_is_understood_or_refused_with_a_sentence(words: str) -> None:
    try:
        known = asked(words)
    except BadInputError:
        return
    assert known.wish == "set" or known == Asked(known.wish)
