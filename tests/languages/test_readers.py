"""Whether each person is told things in the own language, and never in the one of whoever asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.coaching.records import PersonId
from bot.coaching.said import say
from bot.services import access
from bot.services.ports import SlackAccount
from bot.services.posting import tell
from bot.storage.store import Database
from bot.views import quiet, reminders
from bot.views.blocks import message, section
from bot.views.languages import ENGLISH, GERMAN
from bot.views.message import Message, WrongLanguageError
from bot.views.speaking import said_to, speak_with, speaking, spoken, tr
from tests.company import a_company, a_team
from tests.views.builders import WEEK, a_goal

PEOPLE = a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin"))
RUTH = PersonId("ruth")


def hello() -> Message:
    return message(tr("Pick a day"), section(say("Pick a day")))


def test_a_view_called_for_somebody_speaks_their_language_whatever_is_spoken_around_it() -> None:
    with speaking(GERMAN):
        assert said_to(replace(PEOPLE[1], locale="en-US"), hello).text == "Pick a day"
        assert hello().text == hello().blocks[0]["text"]["text"] == "Wähle einen Tag"
        assert spoken() is GERMAN
    assert spoken() is ENGLISH


async def test_a_message_in_another_language_than_its_readers_is_refused(store: Database) -> None:
    company = await a_company(store, PEOPLE)
    async with store.transaction() as tx:
        with speaking(GERMAN):
            made = hello()
        with pytest.raises(WrongLanguageError, match="ruth"):
            await tell(tx, PEOPLE[1], "hello", "hello", made, company.clock.now())


async def test_whoever_asks_is_answered_in_the_own_language(store: Database) -> None:
    await a_company(store, PEOPLE)
    with speaking(GERMAN):
        async with store.transaction() as tx:
            await access.known(tx, "U-ruth")
        assert spoken() is ENGLISH, "German isn't offered, and nobody said a locale"
    speak_with(None)


async def test_the_language_slack_says_is_followed_and_outlives_what_does_not_say_it(store: Database) -> None:
    company = await a_company(store, PEOPLE)

    async def locale() -> str:
        async with store.transaction() as tx:
            found = await tx.people.get(RUTH)
        assert found is not None
        return found.locale

    assert await locale() == ""
    await company.cases.roster.changed("U-ruth", email=None, zone="Europe/Berlin", deleted=False, locale="de-DE")
    assert await locale() == "de-DE"
    await company.cases.roster.changed("U-ruth", email=None, zone="Europe/Paris", deleted=False)
    await company.cases.roster.link([SlackAccount(RUTH, "U-ruth", "Europe/Paris")])
    assert await locale() == "de-DE"
    await company.cases.roster.link([SlackAccount(RUTH, "U-ruth", "Europe/Paris", locale="en-US")])
    assert await locale() == "en-US"


def test_how_many_were_left_out_is_counted_on_in_every_language() -> None:
    with speaking(GERMAN):
        gathered = None
        for number in range(quiet.MOST_GATHERED + 2):
            gathered = quiet.gathered(gathered, f"digest:{number}", hello())
    assert gathered is not None
    assert gathered.blocks[-1]["elements"][0]["text"] == "2 weitere hier nicht gezeigt."


def test_a_field_for_a_number_holds_digits_that_slack_takes_in_every_language() -> None:
    with speaking(GERMAN):
        form = reminders.number_modal(a_goal(done=1_200.5), "partly", WEEK)
    assert form["blocks"][1]["element"]["initial_value"] == "1200.5"
