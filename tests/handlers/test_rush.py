"""When more is pressed at once than can be done at once, a click is acknowledged when it is written down."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import MagicMock

import pytest
from sqlalchemy import select, text
from world import MANAGER, OTHER_REP, REP, START, STRANGER, World, a_click, a_world, title

from bot.app import Bot, open_bot
from bot.coaching.commitment import CoachingGoal, GoalState
from bot.sandbox.acts import Outcome
from bot.storage.tables import goal, goal_report, inbox, meeting
from bot.views.ids import ONE_TAP, ActionId, goal_value, report_value
from handlers import register

SAID = "My family 👩\u200d👩\u200d👧 & I:\n<@U0002> *no*"
REFUSED = "*What you pressed couldn't be done.*"


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with a_world(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def on_both(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url) as opened:
        yield opened


def rush(world: World) -> None:
    """Let each click find too many others under way."""
    world.bot.cases.receipts.crowd = 0


async def offered(world: World) -> tuple[CoachingGoal, ...]:
    await world.to_forks()
    return await world.goals(GoalState.OFFERED)


def yes(world: World, goal: CoachingGoal, *, by: str = REP) -> dict[str, Any]:
    return a_click(world.sandbox, by, ActionId.FORK_YES, goal_value(goal))


async def press(world: World, *clicks: dict[str, Any]) -> None:
    """Press, and see it acknowledged; nothing is worked off yet."""
    acks = await asyncio.gather(*(world.sandbox.courier.interact("interactive", click) for click in clicks))
    assert all(ack.acked and not ack.payload for ack in acks)


async def waiting(world: World) -> int:
    async with world.bot.database._begin() as connection:
        return len((await connection.scalars(select(inbox.c.body).where(inbox.c.body.is_not(None)))).all())


async def run_until_nothing_waits(world: World, *bots: Bot) -> None:
    stop = asyncio.Event()
    running = [asyncio.create_task(bot.rush.run(stop)) for bot in bots]
    async with asyncio.timeout(20):
        while await waiting(world):  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.gather(*running)


class Listeners:
    """Keeps which listener each button has; everything else that can be registered is taken and dropped."""

    def __init__(self) -> None:
        self.of_buttons: dict[str, Any] = {}

    def action(self, name: str) -> Any:
        return partial(self.of_buttons.__setitem__, name)

    def __getattr__(self, _: str) -> Any:
        return lambda *_arguments: lambda _listener: None


def test_exactly_the_buttons_that_open_no_form_may_wait() -> None:
    app = Listeners()
    register(app, MagicMock(), MagicMock(), wake=lambda: None)
    say_it_all = {name for name, listener in app.of_buttons.items() if "settle_click(" in inspect.getsource(listener)}
    by_way_of_one_function = {ActionId.MARKET_MORE_OFTEN, ActionId.MARKET_LEAVE}
    assert say_it_all | by_way_of_one_function == ONE_TAP


async def test_in_a_rush_a_click_is_acknowledged_when_it_is_kept_and_done_afterwards(on_both: World) -> None:
    (goal, *_) = await offered(on_both)
    rush(on_both)
    await press(on_both, yes(on_both, goal))
    assert await waiting(on_both) == 1
    assert await on_both.goals(GoalState.ACCEPTED) == ()
    await on_both.settle()
    assert [one.id for one in await on_both.goals(GoalState.ACCEPTED)] == [goal.id]
    assert await waiting(on_both) == 0


async def test_without_a_rush_a_click_is_done_before_it_is_acknowledged(world: World) -> None:
    (goal, *_) = await offered(world)
    await press(world, yes(world, goal))
    assert len(await world.goals(GoalState.ACCEPTED)) == 1
    assert await waiting(world) == 0


async def test_what_a_killed_process_acknowledged_is_done_by_the_next(world: World) -> None:
    (goal, *_) = await offered(world)
    rush(world)
    await press(world, yes(world, goal))
    await world.restart()
    assert await world.goals(GoalState.ACCEPTED) == ()
    await run_until_nothing_waits(world, world.bot)
    assert len(await world.goals(GoalState.ACCEPTED)) == 1


async def test_two_processes_that_find_the_same_click_do_it_once(on_both: World) -> None:
    goals = await offered(on_both)
    rush(on_both)
    await press(on_both, *(yes(on_both, goal) for goal in goals))
    await on_both.restart()
    other = await open_bot(on_both.bot.settings, on_both.bot.clock)
    await run_until_nothing_waits(on_both, on_both.bot, other)
    await other.close()
    assert [goal.version for goal in await on_both.goals(GoalState.ACCEPTED)] == [2] * len(goals)
    await on_both.settle()
    assert not any(REFUSED in said for said in on_both.texts(REP))


async def test_stopping_works_off_what_is_acknowledged(world: World) -> None:
    (goal, *_) = await offered(world)
    rush(world)
    stop = asyncio.Event()
    running = asyncio.create_task(world.bot.rush.run(stop))
    await asyncio.sleep(0.1)
    stop.set()
    await press(world, yes(world, goal))
    await running
    await world.bot.rush.work_off()
    assert len(await world.goals(GoalState.ACCEPTED)) == 1


async def test_the_same_click_delivered_twice_is_done_once_and_acknowledged_twice(world: World) -> None:
    (goal, *_) = await offered(world)
    rush(world)
    click = yes(world, goal)
    await press(world, click, click)
    await press(world, click)
    await world.settle()
    await press(world, click)
    await world.settle()
    (accepted,) = await world.goals(GoalState.ACCEPTED)
    assert accepted.version == 2
    assert not any(REFUSED in said for said in world.texts(REP))


async def test_what_a_rush_refuses_is_said_in_a_message_and_the_others_have_their_effect(world: World) -> None:
    (goal, other) = await offered(world)
    await press(world, yes(world, goal))
    rush(world)
    clicks = [yes(world, goal, by=OTHER_REP), yes(world, goal, by=STRANGER), yes(world, other)]
    clicks.append(a_click(world.sandbox, REP, ActionId.GOAL_APPROVE, goal_value(goal)))
    await press(world, *clicks)
    await world.settle()
    assert len(await world.goals(GoalState.ACCEPTED)) == 2
    assert await waiting(world) == 0
    refused = {user: [text for text in world.texts(user) if REFUSED in text] for user in (REP, OTHER_REP, STRANGER)}
    assert ["Only the rep's manager can approve" in text for text in refused[REP]] == [True]
    assert ["Only the rep whose goal this is" in text for text in refused[OTHER_REP]] == [True]
    assert refused[STRANGER] == []


async def test_one_persons_clicks_are_done_in_their_order(world: World) -> None:
    goal = await world.agree()
    rush(world)
    for action in (ActionId.REPORT_NOT_YET, ActionId.REPORT_NOT_YET, ActionId.REPORT_DONE):
        click = a_click(world.sandbox, REP, action, report_value(goal, START.date()))
        await press(world, click)
    world.bot.cases.receipts.crowd = 100  # the rush is over, yet what came before goes first
    await press(world, a_click(world.sandbox, REP, ActionId.REPORT_DONE, report_value(goal, START.date())))
    assert await waiting(world) == 4
    await world.settle()
    assert [one.state for one in await world.goals()].count(GoalState.KEPT) == 1
    assert not any(REFUSED in said for said in world.texts(REP))


async def test_a_button_that_opens_a_form_is_answered_at_once_also_in_a_rush(world: World) -> None:
    (goal, *_) = await offered(world)
    rush(world)
    await press(world, a_click(world.sandbox, REP, ActionId.FORK_CHANGE, goal_value(goal)))
    assert title(world.sandbox.open_view(REP))
    assert await waiting(world) == 0


async def test_what_no_database_can_keep_is_not_written_down(world: World) -> None:
    await offered(world)
    rush(world)
    await press(world, a_click(world.sandbox, REP, ActionId.FORK_YES, "g\x00:1"))
    assert await waiting(world) == 0


async def test_what_fails_every_time_is_told_and_let_go(world: World, caplog: pytest.LogCaptureFixture) -> None:
    (goal, *_) = await offered(world)
    rush(world)
    world.bot.rush.pauses = (0, 0)
    await press(world, yes(world, goal))
    async with world.bot.database._begin() as connection:
        await connection.execute(text("ALTER TABLE goal_history RENAME TO elsewhere"))
    await world.bot.rush.work_off()
    async with world.bot.database._begin() as connection:
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO goal_history"))
    await world.settle()
    assert [record.message for record in caplog.records].count("request.failed") == 2
    assert "rush.given_up" in [record.message for record in caplog.records]
    assert any("something went wrong on our side" in said for said in world.texts(REP))
    assert (await world.goals(GoalState.ACCEPTED), await waiting(world)) == ((), 0)


async def test_a_meeting_started_before_its_day_in_a_rush_is_refused_at_once_and_in_the_words_for_it(
    world: World,
) -> None:
    await world.until(MANAGER, ActionId.MEETING_START)
    rush(world)
    world.bot.rush.pauses = (0, 3600)  # whoever comes behind would wait for it
    await press(world, a_click(world.sandbox, MANAGER, ActionId.MEETING_START, (await world.meeting()).id))
    await world.settle()
    assert any("You can start it on its day" in said for said in world.texts(MANAGER))
    assert await waiting(world) == 0


async def test_what_time_was_to_mend_and_did_not_is_refused_in_the_words_for_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    meeting = await world.meeting()
    rush(world)
    world.bot.rush.pauses = (0, 0)
    world.sandbox.clock.set(meeting.appointment.starts_at - timedelta(minutes=5))  # and nothing that was due is done
    await press(world, a_click(world.sandbox, MANAGER, ActionId.MEETING_START, meeting.id))
    await world.bot.rush.work_off()
    await world.bot.delivery.run_once()
    assert any("The agenda isn't published yet" in said for said in world.texts(MANAGER))
    assert "rush.given_up" not in [record.message for record in caplog.records]
    assert await waiting(world) == 0


async def opened(world: World, kind: str) -> tuple[str, dict[str, Any]]:
    """Open one of the forms that are complete in themselves; returns whose it is, and what to type into each field."""
    if kind == "answers":
        await world.press(REP, await world.until(REP, ActionId.PROMPT_OPEN), ActionId.PROMPT_OPEN)
        return REP, {"text": SAID}
    if kind == "number":
        await world.agree()
        await world.press(REP, await world.until(REP, ActionId.REPORT_PARTLY), ActionId.REPORT_PARTLY)
        return REP, {"number": "1"}
    fork = (await world.to_forks())[0]
    if kind == "reason":
        await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        return REP, {"text": SAID}
    if kind == "excuse":
        await world.press(MANAGER, await world.until(MANAGER, ActionId.MEETING_EXCUSE), ActionId.MEETING_EXCUSE)
        return MANAGER, {"text": SAID}
    await world.press(REP, fork, ActionId.FORK_YES)
    await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_SEND_BACK)
    return MANAGER, {"text": SAID}


async def send(world: World, user: str, typed: dict[str, Any]) -> Outcome:
    """Fill every field of the form in front and send it; nothing is worked off yet."""
    view = world.sandbox.open_view(user)
    assert view is not None
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return await world.sandbox.submit(user, view["id"], {block: typed for block in inputs if typed})


async def stored(world: World) -> str:
    """Return all that a form may have brought about, and what waits."""
    async with world.bot.database._begin() as connection:
        kept = [(await connection.execute(select(table))).all() for table in (meeting, goal, goal_report)]
    return str(kept)


@pytest.mark.parametrize("kind", ["answers", "number", "reason", "excuse", "words"])
async def test_in_a_rush_a_form_that_is_complete_is_acknowledged_when_it_is_kept(on_both: World, kind: str) -> None:
    user, typed = await opened(on_both, kind)
    before = await stored(on_both)
    rush(on_both)
    outcome = await send(on_both, user, typed)
    assert (outcome.acked, outcome.errors, on_both.sandbox.open_view(user)) == (True, {}, None), "it closed"
    assert (await waiting(on_both), await stored(on_both)) == (1, before)
    await on_both.restart()
    await run_until_nothing_waits(on_both, on_both.bot)
    after = await stored(on_both)
    assert after != before
    assert kind == "number" or "My family" in after
    async with on_both.bot.database._begin() as connection:
        assert "family" not in str((await connection.execute(select(inbox))).all()), "what was typed is let go of"


@pytest.mark.parametrize("kind", ["number", "reason", "excuse", "words"])
async def test_in_a_rush_the_faults_of_a_form_stand_under_its_fields(world: World, kind: str) -> None:
    user, _ = await opened(world, kind)
    rush(world)
    outcome = await send(world, user, {})
    assert outcome.errors
    assert await waiting(world) == 0


async def test_a_form_whose_faults_only_the_database_shows_is_done_first_also_in_a_rush(world: World) -> None:
    await world.press(REP, (await world.to_forks())[0], ActionId.FORK_CHANGE)
    rush(world)
    due = (world.bot.clock.now() + timedelta(days=5)).date().isoformat()
    typed = {"number": {"number": "2"}, "due": {"day": due}, "plan": {"text": "Tuesdays at nine"}}
    view = world.sandbox.open_view(REP)
    assert view is not None
    assert not (await world.sandbox.submit(REP, view["id"], typed)).errors
    assert (await waiting(world), len(await world.goals(GoalState.ACCEPTED))) == (0, 1)


async def test_a_form_that_is_done_at_once_does_not_overtake_what_its_person_sent_before(on_both: World) -> None:
    user, typed = await opened(on_both, "number")
    rush(on_both)
    assert (await send(on_both, user, typed)).acked
    assert await waiting(on_both) == 1
    assert (await on_both.sandbox.command(user, "/goals", "report")).acked
    view = on_both.sandbox.open_view(user)
    assert view is not None
    said = {"result": {"choice": "partly"}, "number": {"number": "2"}}
    assert not (await on_both.sandbox.submit(user, view["id"], said)).errors
    await on_both.settle()
    (goal,) = await on_both.goals(GoalState.ACTIVE)
    assert (goal.done, await waiting(on_both)) == (2, 0), "the last word counts"


async def test_a_form_that_a_rush_refuses_is_told_in_a_message(world: World) -> None:
    user, typed = await opened(world, "reason")
    about = world.sandbox.open_view(user)["private_metadata"]
    (goal,) = [one for one in await world.goals(GoalState.OFFERED) if one.id in about]
    rush(world)
    await press(world, yes(world, goal))
    assert (await send(world, user, typed)).acked
    await world.settle()
    assert len(await world.goals(GoalState.ACCEPTED)) == 1
    assert [REFUSED in said for said in world.texts(REP)].count(True) == 1, world.texts(REP)


@pytest.mark.parametrize("words", ["g\x00", "half \ud83d a character"])
async def test_words_that_no_database_can_keep_are_not_written_down(world: World, words: str) -> None:
    user, _ = await opened(world, "reason")
    shown = world.sandbox.workspace.views.top(user)
    assert shown is not None
    form = world.sandbox.workspace.views.to_json(shown)
    state = {"values": {"reason": {"text": {"type": "plain_text_input", "value": words}}}}
    body = {"type": "view_submission", "user": {"id": user}, "view": form | {"state": state}}
    rush(world)
    assert world.bot.rush.takes(body) is None
    state["values"]["reason"]["text"]["value"] = SAID
    taken = world.bot.rush.takes(body)
    assert taken is not None
    assert "title" not in taken.body["view"]
