"""What keeps the bot from reaching people is told once to who can mend it, and once more when it is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from world import MANAGER, OTHER_MANAGER, PEOPLE, REP, World, a_world

from bot.coaching.meeting import MeetingState
from bot.coaching.records import PersonId
from bot.sandbox import refused
from bot.services.troubles import PATIENCE
from bot.storage.tables import outbox
from bot.views.ids import ActionId
from scheduler.lookout import Lookout

MARA, RUTH, OMAR, NINA = PEOPLE
ADMIN = OTHER_MANAGER
TROUBLE = ("refuses my messages", "takes my messages again", "couldn't be delivered", "didn't get everything")
TROUBLE += ("hear no clicks", "hear clicks again", "tell me who is who", "tells me again who is who")


@asynccontextmanager
async def a_world_with_an_admin(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url) as world:
        await world.import_people(replace(NINA, is_admin=True))
        await world.settle()
        await world.go_to(world.bot.clock.now() + timedelta(hours=9))
        yield world


async def look(world: World, times: int = 3) -> None:
    """Let the lookout look as often, and whatever waits be tried in between; a second look must change nothing."""
    for _ in range(times):
        await world.bot.lookout.look()
        async with world.bot.database.deliveries._begin() as connection:  # type: ignore[attr-defined]
            await connection.execute(update(outbox).values(not_before=None))
        world.bot.delivery._ask_again = 0.0
        await world.settle()


def troubles(world: World, user: str) -> list[str]:
    """Return what somebody was told of troubles, as it stands now."""
    return [text for text in world.texts(user) if any(words in text for words in TROUBLE)]


async def next_message(world: World) -> None:
    """Go to the questions before Ruth's 1:1, without asking whether they arrive."""
    due = (await world.meeting()).appointment.starts_at - timedelta(days=1)
    await world.go_to(due)


@pytest.mark.parametrize(("code", "remedy"), [("token_revoked", "tokens"), ("missing_scope", "manifest")])
async def test_of_a_refused_token_the_admin_is_told_when_it_is_over_and_all_the_rest_is_sent(
    database_url: str, code: str, remedy: str
) -> None:
    async with a_world_with_an_admin(database_url) as world:
        world.sandbox.refuse_token(code)
        await next_message(world)
        before = {user: len(world.texts(user)) for user in (REP, MANAGER, ADMIN)}
        await look(world)
        assert not (await world.bot.health()).ready
        assert remedy in str((await world.bot.health()).details["sending_stopped_because"])
        assert {user: len(world.texts(user)) for user in before} == before
        world.sandbox.refuse_token("")
        await look(world, 6)
        assert world.find(REP, ActionId.PROMPT_OPEN) is not None
        (told,) = troubles(world, ADMIN)
        assert "takes my messages again" in told
        assert code in told
        assert troubles(world, REP) == troubles(world, MANAGER) == []


async def test_a_closed_messages_tab_waits_and_is_told_once_it_is_open(sqlite_url: str) -> None:
    async with a_world_with_an_admin(sqlite_url) as world:
        world.sandbox.close_messages_tab()
        await next_message(world)
        await look(world)
        assert "Messages tab" in str((await world.bot.health()).details["sending_stopped_because"])
        world.sandbox.close_messages_tab(closed=False)
        await look(world, 6)
        assert world.find(REP, ActionId.PROMPT_OPEN) is not None
        (told,) = troubles(world, ADMIN)
        assert "messages_tab_disabled" in told


async def test_a_history_that_may_not_be_read_is_told_while_it_lasts_and_again_when_it_is_over(
    sqlite_url: str,
) -> None:
    async with a_world_with_an_admin(sqlite_url) as world:
        world.sandbox.faults.next("chat.postMessage", refused("fatal_error"))
        world.sandbox.faults.next("conversations.history", refused("missing_scope"), times=100)
        await next_message(world)
        await look(world, 4)
        (told,) = troubles(world, ADMIN)
        assert "refuses my messages" in told
        assert "cadence manifest" in told
        world.sandbox.faults.clear()
        world.bot.delivery._quarantine = 0
        await look(world, 6)
        (told,) = troubles(world, ADMIN)
        assert "takes my messages again" in told, "the same message, rewritten"


async def test_the_same_trouble_again_on_the_same_day_is_no_second_message(sqlite_url: str) -> None:
    async with a_world_with_an_admin(sqlite_url) as world:
        cases = world.bot.cases.troubles
        for _ in range(3):
            await cases.deaf()
            await world.settle()
            assert "hear no clicks" in troubles(world, ADMIN)[-1]
            await cases.hears()
            await world.settle()
            assert len(troubles(world, ADMIN)) == 1
        await world.go_to(world.bot.clock.now() + timedelta(days=2))
        await cases.deaf()
        await world.settle()
        assert len(troubles(world, ADMIN)) == 2


async def test_who_is_deactivated_without_our_being_told_gets_nothing_more_and_the_manager_reads_why(
    database_url: str,
) -> None:
    async with a_world_with_an_admin(database_url) as world:
        await world.until(REP, ActionId.FORK_YES)
        world.sandbox.workspace.change_person(REP, deleted=True)  # and no event tells of it
        seen = len(world.texts(REP))
        message = next(m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler now" in m["text"])
        await world.press(MANAGER, message, ActionId.MEETING_HELD)
        await world.go_to(world.bot.clock.now() + timedelta(hours=20))
        await look(world)
        async with world.bot.database.transaction() as tx:
            account = await tx.people.account_of(PersonId("ruth"))
        assert account is not None
        assert account.deleted
        assert (await world.meetings())[0].state is MeetingState.EXCUSED
        assert len(world.texts(REP)) == seen
        assert troubles(world, ADMIN) == [], "people leave: that is no trouble"
        await world.go_to(world.bot.clock.now() + timedelta(days=10))
        await look(world)
        assert len(world.texts(REP)) == seen
        assert any("be reached in Slack" in str(message) for message in world.sandbox.messages(MANAGER))


async def test_a_change_of_zone_or_account_that_slack_never_told_is_found_the_next_day(sqlite_url: str) -> None:
    async with a_world_with_an_admin(sqlite_url) as world:
        world.sandbox.workspace.change_person(REP, tz="Asia/Tokyo", email="ruth.adler@example.com")
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        async with world.bot.database.transaction() as tx:
            ruth = await tx.people.get(PersonId("ruth"))
        assert ruth is not None
        assert ruth.timezone == "Asia/Tokyo"


async def test_what_is_given_up_is_told_once_to_the_admin_with_a_remedy_and_to_the_manager(database_url: str) -> None:
    async with a_world_with_an_admin(database_url) as world:
        world.sandbox.faults.next("chat.postMessage", refused("restricted_action"))
        await next_message(world)
        await look(world)
        (told,) = troubles(world, ADMIN)
        assert "to Omar Blake" in told
        assert "restricts who may post" in told
        (told,) = troubles(world, MANAGER)
        assert "Omar Blake" in told
        assert "ask in person" in told


async def test_slack_that_does_not_say_who_is_who_for_hours_is_told_and_then_over(sqlite_url: str) -> None:
    async with a_world_with_an_admin(sqlite_url) as world:
        world.sandbox.faults.next("users.list", refused("missing_scope"), times=1000)
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        await look(world)
        assert troubles(world, ADMIN) == []
        for _ in range(int(PATIENCE / timedelta(hours=1)) + 12):
            await world.go_to(world.bot.clock.now() + timedelta(hours=1))
            await look(world, 1)
        (told,) = troubles(world, ADMIN)
        assert "doesn't tell me who is who" in told
        world.sandbox.faults.clear()
        await world.go_to(world.bot.clock.now() + timedelta(hours=33))
        await look(world)
        (told,) = troubles(world, ADMIN)
        assert "tells me again who is who" in told


async def test_a_process_that_slack_has_no_connection_to_tells_it_once_and_when_it_is_over(sqlite_url: str) -> None:
    async with a_world_with_an_admin(sqlite_url) as world:
        open_lines = 2
        lookout = Lookout(
            world.bot.cases.troubles,
            world.bot.cases.undelivered,
            lambda: open_lines,
            wake=world.bot.delivery.wake,
            deaf_after=0,
        )
        await lookout.look()
        await world.settle()
        assert troubles(world, ADMIN) == []
        open_lines = 0
        for _ in range(3):
            await lookout.look()
            await world.settle()
        (told,) = troubles(world, ADMIN)
        assert "SLACK_APP_TOKEN" in told
        open_lines = 1
        for _ in range(3):
            await lookout.look()
            await world.settle()
        (told,) = troubles(world, ADMIN)
        assert "hear clicks again" in told
