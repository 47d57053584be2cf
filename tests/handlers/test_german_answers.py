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
