"""Over HTTP and over Socket Mode alike, what goes astray on the way has one effect or none, and the person knows."""

from __future__ import annotations

import asyncio
from typing import Any

from world import MANAGER, REP, World, a_world, buttons, words

from bot.coaching.commitment import GoalState
from bot.coaching.records import PersonId
from bot.sandbox import Mishap
from bot.sandbox.acts import Outcome
from bot.views.ids import ActionId


def moved(number: int, zone: str) -> dict[str, Any]:
    user = {"id": REP, "tz": zone, "deleted": False, "profile": {"email": "ruth@example.com"}}
    return {
        "type": "event_callback",
        "team_id": "T0SANDBOX",
        "event_id": f"Ev{number}",
        "event": {"type": "user_change", "user": user},
    }


async def zone_of_ruth(world: World) -> str:
    async with world.bot.database.transaction() as tx:
        ruth = await tx.people.get(PersonId("ruth"))
    assert ruth is not None
    return ruth.timezone


async def versions(world: World) -> list[int]:
    return [goal.version for goal in await world.goals(GoalState.ACCEPTED)]


async def test_a_click_that_arrives_twice_at_once_has_one_effect_and_both_are_acknowledged(
    database_url: str, over: dict[str, str]
) -> None:
    async with a_world(database_url, **over) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.courier.next(Mishap.TWICE)
        assert (await world.press(REP, fork, ActionId.FORK_YES)).acked
        assert await versions(world) == [2]
        assert world.sandbox.open_view(REP) is None, "the second of the two says nothing"
        assert words(world.course(MANAGER)).count("said yes") == 1


async def test_an_event_that_arrives_twice_at_once_is_acknowledged(database_url: str, over: dict[str, str]) -> None:
    async with a_world(database_url, **over) as world:
        world.sandbox.courier.next(Mishap.TWICE)
        assert (await world.deliver("events_api", moved(1, "Asia/Tokyo"))).acked
        assert await zone_of_ruth(world) == "Asia/Tokyo"


async def test_who_never_saw_the_receipt_presses_again_and_gets_it(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.courier.next(Mishap.UNHEARD)
        outcome = await world.press(REP, fork, ActionId.FORK_YES)
        assert (outcome.acked, bool(outcome.problem)) == (False, True)
        assert await versions(world) == [2]
        assert (await world.press(REP, fork, ActionId.FORK_YES, again=True)).acked
        assert await versions(world) == [2]
        assert world.sandbox.open_view(REP) is None


async def test_a_form_whose_receipt_was_lost_is_taken_once(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        world.sandbox.courier.next(Mishap.UNHEARD)
        assert not (await world.fill(REP, lambda _: {"text": "Their buyer is away"})).acked
        assert (await world.fill(REP, lambda _: {"text": "Their buyer is away"})).acked, "the form is still open"
        assert world.sandbox.open_view(REP) is None
        (declined,) = await world.goals(GoalState.DECLINED)
        assert (declined.words, declined.version) == ("Their buyer is away", 2)


async def test_who_writes_on_after_a_receipt_that_was_lost_has_the_last_word_kept(
    database_url: str, over: dict[str, str]
) -> None:
    async with a_world(database_url, **over) as world:
        await world.press(REP, await world.until(REP, ActionId.PROMPT_OPEN), ActionId.PROMPT_OPEN)
        world.sandbox.courier.next(Mishap.UNHEARD)
        assert not (await world.fill(REP, lambda _: {"text": "Their buyer is away"})).acked
        assert (await world.fill(REP, lambda _: {"text": "Their buyer is back"})).acked, "the form is still open"
        assert {words for _, words in (await world.meeting()).answers} == {"Their buyer is back"}


async def test_who_writes_something_else_after_a_receipt_that_was_lost_is_told_what_holds(
    sqlite_url: str, over: dict[str, str]
) -> None:
    async with a_world(sqlite_url, **over) as world:
        for user, button, shown in (
            (REP, ActionId.FORK_NOT_NOW, "answered with not now"),
            (MANAGER, ActionId.MEETING_EXCUSE, "closed already (excused: She is ill)"),
        ):
            await world.press(user, await world.until(user, button), button)
            world.sandbox.courier.next(Mishap.UNHEARD)
            assert not (await world.fill(user, lambda _: {"text": "She is ill"})).acked
            assert (await world.fill(user, lambda _: {"text": "She is back"})).acked
            assert shown in world.told(user)
        (declined,) = await world.goals(GoalState.DECLINED)
        assert declined.words == "She is ill"


async def test_what_never_arrived_changed_nothing_and_can_be_done_again(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.courier.next(Mishap.LOST)
        assert (await world.press(REP, fork, ActionId.FORK_YES)).problem
        assert await versions(world) == []
        assert (await world.press(REP, fork, ActionId.FORK_YES)).acked
        assert await versions(world) == [2]


async def test_an_event_that_never_arrived_is_brought_again(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        world.sandbox.courier.next(Mishap.LOST)
        world.sandbox.courier.next(Mishap.UNHEARD)
        assert (await world.deliver("events_api", moved(1, "Asia/Tokyo"))).acked
        assert await zone_of_ruth(world) == "Asia/Tokyo"


async def test_of_two_answers_in_the_wrong_order_the_first_to_arrive_counts(
    sqlite_url: str, over: dict[str, str]
) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        world.sandbox.courier.next(Mishap.OVERTAKEN)
        earlier = asyncio.create_task(click(world, fork, ActionId.FORK_YES))
        await world.sandbox.courier.until_one_waits()
        assert (await world.fill(REP, lambda _: {"text": "Their buyer is away"})).acked
        assert (await earlier).acked
        assert "Settled already" in world.told(REP), "the later one to arrive is told"
        (declined,) = await world.goals(GoalState.DECLINED)
        assert declined.version == 2


async def test_work_that_outlasts_slacks_patience_is_done_once_however_often_it_is_asked_for(
    sqlite_url: str, over: dict[str, str]
) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.courier.way.ack_seconds = 0.3  # type: ignore[attr-defined]
        async with world.bot.database.transaction():  # everybody else waits for this one to end
            assert not (await click(world, fork, ActionId.FORK_YES)).acked
            event = asyncio.create_task(world.sandbox.courier.event(moved(1, "Asia/Tokyo")))
            await asyncio.sleep(0.5)
        assert (await event).acked, "when Slack brought it again, it was done"
        await world.settle()
        assert await versions(world) == [2]
        assert await zone_of_ruth(world) == "Asia/Tokyo"


async def click(world: World, message: dict[str, Any], action: ActionId) -> Outcome:
    """Press a button without letting the bot write its answer."""
    value = buttons(message, action)[0]["value"]
    channel = world.sandbox.workspace.person(REP).channel
    return await world.sandbox.click(REP, channel, message["ts"], action, value, even_if_gone=True)
