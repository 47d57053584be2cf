"""The manager approves a rep's yes or sends it back with words, and only that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from world import MANAGER, OTHER_MANAGER, REP, World, a_world, buttons, words

from bot.coaching.commitment import GoalState
from bot.views.ids import ActionId

WORDS = "Could it be *three* by Friday? <!channel>"


async def asked(world: World) -> dict[str, Any]:
    """Let the rep say yes, and return what the manager is asked."""
    await world.press(REP, (await world.to_forks())[0], ActionId.FORK_YES)
    return await world.until(MANAGER, ActionId.GOAL_APPROVE)


def asked_now(world: World) -> list[dict[str, Any]]:
    """Return the messages that ask the manager to approve, as they stand."""
    return [message for message in world.sandbox.messages(MANAGER) if buttons(message, ActionId.GOAL_APPROVE)]


async def send_back(world: World, request: dict[str, Any], text: str) -> dict[str, str]:
    await world.press(MANAGER, request, ActionId.GOAL_SEND_BACK)
    return dict((await world.fill(MANAGER, lambda _: {"text": text})).errors)


async def test_approving_makes_the_goal_active_once_however_often_it_is_clicked(database_url: str) -> None:
    async with a_world(database_url) as world:
        request = await asked(world)
        await world.press(MANAGER, request, ActionId.GOAL_APPROVE)
        await world.press(MANAGER, request, ActionId.GOAL_APPROVE, again=True)
        assert world.sandbox.open_view(MANAGER) is None
        (goal,) = await world.goals(GoalState.ACTIVE)
        assert goal.version == 3
        assert "Agreed by both" in words(world.course(REP)), "the rep sees it where the choice was"


async def test_a_yes_in_the_managers_night_is_asked_about_in_the_morning(database_url: str) -> None:
    async with a_world(database_url) as world:
        (first, second) = await world.to_forks()
        await world.press(REP, first, ActionId.FORK_YES)
        assert len(asked_now(world)) == 1, "in the 1:1 itself it comes at once"
        await world.go_to(datetime(2017, 10, 12, 2, tzinfo=UTC))  # ten in the evening in New York
        await world.press(REP, second, ActionId.FORK_YES)
        assert len(asked_now(world)) == 1
        await world.go_to(datetime(2017, 10, 12, 12, 59, tzinfo=UTC))
        assert len(asked_now(world)) == 1
        await world.go_to(datetime(2017, 10, 12, 13, tzinfo=UTC))
        requests = asked_now(world)
        assert len(requests) == 2
        await send_back(world, requests[1], "By when?")
        await world.go_to(datetime(2017, 10, 13, 3, tzinfo=UTC))
        (again,) = [m for m in world.sandbox.messages(REP) if buttons(m, ActionId.FORK_YES)]
        await world.press(REP, again, ActionId.FORK_YES)
        assert [m["ts"] for m in asked_now(world)] == [m["ts"] for m in requests], "rewritten at once, which is silent"


async def test_sent_back_returns_to_the_rep_as_a_new_version_with_the_words(database_url: str) -> None:
    async with a_world(database_url) as world:
        request = await asked(world)
        await world.press(MANAGER, request, ActionId.GOAL_SEND_BACK)
        assert (await world.fill(MANAGER, lambda _: {"text": "  "})).errors.keys() == {"words"}
        assert not (await world.fill(MANAGER, lambda _: {"text": WORDS})).errors
        (goal,) = await world.goals(GoalState.SENT_BACK)
        assert (goal.version, goal.words) == (3, WORDS)
        again = [
            m for m in world.sandbox.messages(REP) if buttons(m, ActionId.FORK_YES) and "sent this back" in m["text"]
        ]
        assert "Could it be" in words(again[0])
        assert "<!channel>" not in str(again[0])

        await world.press(REP, again[0], ActionId.FORK_YES)
        fresh = [m for m in world.sandbox.messages(MANAGER) if buttons(m, ActionId.GOAL_APPROVE)]
        assert [m["ts"] for m in fresh] == [request["ts"]], "the same message asks again"
        await world.press(MANAGER, request, ActionId.GOAL_APPROVE, again=True)
        assert "Settled already" in world.told(MANAGER), "the version first seen isn't the one that now stands"
        assert not await world.goals(GoalState.ACTIVE)
        await world.press(MANAGER, fresh[0], ActionId.GOAL_APPROVE)
        assert len(await world.goals(GoalState.ACTIVE)) == 1


async def test_a_rep_may_still_say_not_now_to_what_was_sent_back(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        request = await asked(world)
        await send_back(world, request, "Twice as many?")
        again = [m for m in world.sandbox.messages(REP) if "sent this back" in m["text"]]
        await world.press(REP, again[0], ActionId.FORK_NOT_NOW)
        await world.fill(REP, lambda _: {"text": "Too much at once"})
        (declined,) = await world.goals(GoalState.DECLINED)
        assert declined.words == "Too much at once"
        shown = next(m for m in world.sandbox.messages(MANAGER) if m["ts"] == request["ts"])
        assert "Too much at once" in words(shown)
        assert not buttons(shown, ActionId.GOAL_APPROVE)


async def test_nobody_but_the_reps_manager_approves_or_sends_back(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        request = await asked(world)
        value = buttons(request, ActionId.GOAL_APPROVE)[0]["value"]
        for somebody in (REP, OTHER_MANAGER):
            for action in (ActionId.GOAL_APPROVE, ActionId.GOAL_SEND_BACK):
                await world.press_unseen(somebody, action, value)
                assert "Only the rep's manager" in world.told(somebody)
        assert len(await world.goals(GoalState.ACCEPTED)) == 1


async def test_what_is_unreadable_on_a_button_is_answered_with_a_way_on(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for value in ("", "nonsense", "gnone:1", "g:1:2:3"):
            for action in (ActionId.GOAL_APPROVE, ActionId.FORK_YES, ActionId.FORK_CHANGE):
                assert (await world.press_unseen(REP, action, value)).acked
                assert "/goals" in world.told(REP)
