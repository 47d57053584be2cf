"""Whoever chose German in Slack is answered in German, errors, help and forms too; nobody else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from world import MANAGER, REP, a_world

from bot.views import languages
from bot.views.languages import ENGLISH, GERMAN


@pytest.fixture(autouse=True)
def _german_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "LANGUAGES", (ENGLISH, replace(GERMAN, offered=True)))


async def test_what_one_types_is_answered_in_the_own_language(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        later = world.bot.clock.now() + timedelta(minutes=1)
        await world.bot.cases.roster.changed(REP, email=None, zone=None, deleted=False, as_of=later, locale="de-DE")
        assert "verstehe ich hier nicht" in await world.ask(REP, "/goals", "irgendwas")
        assert "Schreib es so: /1on1 away 3. Dez." in await world.ask(REP, "/1on1", "away irgendwann")
        assert "Immer eine Person" in await world.ask(REP, "/goals", "@ruth @omar")
        assert "`/1on1 why` sagt, woher das Datum kommt" in await world.ask(REP, "/1on1", "help")
        assert "I don't know" in await world.ask(MANAGER, "/goals", "irgendwas")
        assert "One person at a time" in await world.ask(MANAGER, "/goals", "@ruth @omar")


@pytest.mark.parametrize(
    ("command", "typed", "said"),
    [
        ("/goals", "Hilfe", "/goals report"),
        ("/goals", "zeig meine", "*You have no goals yet.*"),
        ("/1on1", "warum", "It is your first one"),
        ("/1on1", "wann", "Your next 1:1 with Mara Quinn"),
        ("/1on1", "themen", "The agenda as it would be today"),
        ("/1on1", "Nachrichten", "never on public holidays"),
        ("/1on1", "kalender aus", "You have no calendar address"),
        ("/1on1", "krank morgen", "You are away on"),
        ("/cadence", "warum", "How often you meet your manager, and why"),
        ("/cadence", "wie oft", "How often you meet your manager, and why"),
        ("/awesome", "setze 250 Tsd", "Awesome for you is $250k"),
        ("/awesome", "weg", "The way to awesome"),
        ("/pipeline", "zeige", "Your pipeline"),
    ],
)
async def test_german_words_for_what_to_do_are_understood_whatever_one_is_told_in(
    sqlite_url: str, command: str, typed: str, said: str
) -> None:
    async with a_world(sqlite_url) as world:
        assert said in await world.ask(REP, command, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "verschieben",
        "verschiebe mein 1:1 bitte",
        "verschieben auf nächsten Dienstag um halb drei",
        "move to next Tuesday at 3 pm",
        "verlegen auf den 12. Oktober, 14:30 Uhr",
        "verschieben um eine Woche",
    ],
)
async def test_a_day_typed_with_the_wish_to_move_opens_the_form_that_asks_for_it(sqlite_url: str, typed: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.sandbox.command(REP, "/1on1", typed)
        view = world.sandbox.open_view(REP)
        assert view is not None
        assert view["title"]["text"] == "Move the 1:1"


async def test_words_that_are_no_day_are_refused_after_a_wish_to_move(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert "I don't know" in await world.ask(REP, "/1on1", "verschieben auf Sankt Nimmerlein")


async def test_a_manager_fixes_and_frees_the_rhythm_in_german(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        told = await world.ask(MANAGER, "/cadence", "festlegen @ruth alle zwei Wochen, weil der Start ansteht")
        assert "You meet Ruth Adler every 2 weeks from now on" in told
        assert "> weil der Start ansteht" in told
        assert "The numbers choose again" in await world.ask(MANAGER, "/cadence", "freigeben ruth")
