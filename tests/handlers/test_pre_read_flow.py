"""Both read the same agenda a working day before, frozen, whatever the numbers are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from world import (
    MANAGER,
    OTHER_MANAGER,
    OTHER_REP,
    PEOPLE,
    REP,
    STRANGER,
    World,
    a_world,
    buttons,
    some_deals,
    some_records,
    words,
)

from bot.coaching.meeting import MeetingState
from bot.coaching.records import DealStatus
from bot.views.ids import ActionId


def agendas(world: World, user: str) -> list[dict[str, Any]]:
    return [message for message in world.sandbox.messages(user) if "Please read this before" in message["text"]]


def headings(message: dict[str, Any]) -> list[str]:
    """Return the topics without their minutes, which follow from the numbers."""
    return re.findall(r"^\*([^*]+)\* \(\d+ min\)", words(message), flags=re.MULTILINE)


async def test_each_reads_it_at_nine_of_their_own_morning_a_working_day_before(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.until(MANAGER, ActionId.PRE_READ_HOW)
        assert world.bot.clock.now() == datetime(2017, 10, 6, 13, tzinfo=UTC), (
            "Omar's 1:1 is on the 10th, after a holiday"
        )
        (omars,) = agendas(world, OTHER_REP)
        await world.until(REP, ActionId.PRE_READ_HOW)
        assert world.bot.clock.now() == datetime(2017, 10, 10, 14, tzinfo=UTC)
        hour = {user: int(float(agendas(world, user)[-1]["ts"])) for user in (REP, MANAGER)}
        assert datetime.fromtimestamp(hour[MANAGER], UTC) == datetime(2017, 10, 10, 13, tzinfo=UTC), "nine in New York"
        assert datetime.fromtimestamp(int(float(omars["ts"])), UTC) == datetime(2017, 10, 6, 7, tzinfo=UTC), "in Berlin"


async def test_the_skeleton_is_the_same_for_everybody_also_without_any_deal(sqlite_url: str) -> None:
    records = some_records(deals=some_deals("ruth"), goals=())
    async with a_world(sqlite_url, records) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        await world.until(OTHER_REP, ActionId.PRE_READ_HOW)
        (full,), (empty,) = agendas(world, REP), agendas(world, OTHER_REP)
        assert headings(full) == headings(empty)
        for message in (full, empty):
            kinds = [block["type"] for block in message["blocks"]]
            assert kinds[0] == "section"
            assert kinds[kinds.index("actions") + 1 :] in (["data_visualization"], []), "the rest is behind a button"
        assert headings(full) == [
            "Past",
            "Win What's Winnable",
            "Pipeline Balance",
            "Performance Aspirations",
        ]


async def test_numbers_stay_as_published_when_records_change_after(database_url: str) -> None:
    async with a_world(database_url) as world:
        invitation = await world.until(REP, ActionId.PROMPT_OPEN)
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        meeting = await world.meeting()
        async with world.bot.database.transaction() as tx:
            frozen = await tx.meetings.agenda(meeting.id)
        await world.import_people(*PEOPLE, deals=some_deals("ruth", name="Renamed after publication"))
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        await world.fill(REP, lambda _: {"text": "Late words"})
        async with world.bot.database.transaction() as tx:
            assert await tx.meetings.agenda(meeting.id) == frozen
        for user in (REP, MANAGER):
            shown = words(agendas(world, user)[-1])
            assert "Acme: GTX Pro" in shown
            assert "Renamed" not in shown
        await world.press(REP, agenda, ActionId.PRE_READ_HOW)
        assert "Renamed" not in world.told(REP)


async def test_the_manager_sees_the_answers_and_the_rep_does_not_read_them_twice(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        invitation = await world.until(REP, ActionId.PROMPT_OPEN)
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        await world.fill(REP, lambda _: {"text": "My very own words"})
        await world.until(REP, ActionId.PRE_READ_HOW)
        for user, theirs in ((MANAGER, True), (REP, False)):
            assert "My very own words" not in words(agendas(world, user)[-1]), "they are behind the button"
            assert ("My very own words" in await world.whole_agenda(user)) is theirs
        assert "See the answers and the rest" in words(agendas(world, MANAGER)[-1])
        assert "Changed since" not in words(agendas(world, MANAGER)[-1]), "they were there in time"


async def test_nobody_but_the_two_reads_an_agenda_and_an_admin_is_nobody_special(sqlite_url: str) -> None:
    admin = PEOPLE[3].__class__(PEOPLE[3].id, PEOPLE[3].name, PEOPLE[3].email, is_admin=True)
    async with a_world(sqlite_url, some_records(people=(*PEOPLE[:3], admin))) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        meeting = await world.meeting()
        for somebody in (OTHER_MANAGER, OTHER_REP):
            for button in (ActionId.PRE_READ_HOW, ActionId.PRE_READ_WHOLE):
                await world.press_unseen(somebody, button, meeting.id)
                assert "for the two who hold it" in world.told(somebody)
        await world.press_unseen(STRANGER, ActionId.PRE_READ_WHOLE, meeting.id)
        assert "I don't find you" in world.told(STRANGER)
        for command in ("/pipeline", "/1on1", "/goals", "/awesome"):
            assert "nobody else's" in await world.ask(OTHER_MANAGER, command, "@ruth")


async def test_the_reasons_of_all_topics_are_one_click_away_in_the_agenda_and_in_pipeline(
    sqlite_url: str,
) -> None:
    async with a_world(sqlite_url) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        await world.press(REP, agenda, ActionId.PRE_READ_HOW)
        told = world.told(REP)
        for topic in ("Past", "Win What's Winnable", "Pipeline Balance", "Performance Aspirations"):
            assert topic in told
        (all_of_it,) = buttons(agenda, ActionId.PRE_READ_HOW)
        await world.press_unseen(REP, ActionId.PRE_READ_HOW, f"{all_of_it['value']} balance")
        told = world.told(REP)
        assert "Pipeline Balance" in told
        assert "last useful day to start a deal" in told, "what is computed and not in the agenda"
        assert "Win What's Winnable" not in told
        await world.press_unseen(REP, ActionId.PIPELINE_HOW, "ruth")
        told = world.told(REP)
        for topic in ("Win What's Winnable", "Pipeline Balance", "Performance Aspirations", "are each worth"):
            assert topic in told
        await world.press_unseen(MANAGER, ActionId.PIPELINE_HOW, "ruth win")
        assert "What the numbers stand on" in world.told(MANAGER)
        for somebody in (OTHER_REP, OTHER_MANAGER):
            for value in ("ruth", "ruth win", "nobody"):
                await world.press_unseen(somebody, ActionId.PIPELINE_HOW, value)
                assert "nobody else's" in world.told(somebody)


async def test_the_whole_agenda_is_one_click_away_for_both_and_holds_what_the_screen_has_no_room_for(
    database_url: str, over: dict[str, str]
) -> None:
    async with a_world(database_url, **over) as world:
        await world.until(MANAGER, ActionId.PRE_READ_WHOLE)
        await world.until(REP, ActionId.PRE_READ_WHOLE)
        for user, other in ((REP, "Mara Quinn"), (MANAGER, "Ruth Adler")):
            whole = await world.whole_agenda(user)
            assert f"Your 1:1 with {other} on" in whole
            for said in ("Past", "Acme: GTX Pro", "still to win", "Performance Aspirations", "A choice for you"):
                assert said in whole
            assert ("has not answered the questions yet" in whole) is (user == MANAGER)


async def test_the_whole_agenda_of_a_1on1_that_is_over_or_not_yet_published_says_so(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        early = await world.meeting()
        await world.press_unseen(REP, ActionId.PRE_READ_WHOLE, early.id)
        assert "isn't published yet" in world.told(REP)
        await world.press_unseen(REP, ActionId.PRE_READ_WHOLE, "gone")
        assert "no longer there" in world.told(REP)
        agenda = await world.until(REP, ActionId.PRE_READ_WHOLE)
        await world.agree()
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        await world.press(REP, agenda, ActionId.PRE_READ_WHOLE, again=True)
        whole = world.told(REP)
        assert "is over. This is the agenda that you both had." in whole
        assert "Acme: GTX Pro" in whole


async def test_who_is_no_longer_the_reps_manager_reads_the_old_agenda_and_no_news_of_the_deals(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.until(MANAGER, ActionId.PRE_READ_WHOLE)
        await world.agree()
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        (held, *_) = [one for one in await world.meetings() if one.state is MeetingState.HELD]
        won = replace(some_deals("ruth")[-3], status=DealStatus.WON, close=date(2017, 10, 11), amount=77_000.0)
        await world.import_people(replace(PEOPLE[1], manager_id=PEOPLE[3].id), deals=(won,))
        for user, news in ((REP, True), (MANAGER, False)):
            await world.press_unseen(user, ActionId.PRE_READ_WHOLE, held.id)
            whole = world.told(user)
            assert "is over" in whole
            assert ("was won" in whole) is news
