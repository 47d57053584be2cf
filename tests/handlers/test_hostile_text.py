"""Whatever people and CRMs write, it is shown as it is: it calls nobody, links nowhere and breaks nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from world import MANAGER, PEOPLE, REP, World, a_world, buttons, some_deals, some_records

from bot.coaching.records import Records
from bot.sandbox.server import Sandbox
from bot.views.ids import ActionId

EVIL = "<!channel> <@U0001> <https://evil.example|here> & *bold* _it_ ~no~ `tick` ```fence``` \n> quote\x00\u202e 🎉 "
LONG = EVIL * 30
TOKEN = re.compile(r"<(?!!date\^)[^>]*>")
"""Markup that Slack would act on; we write only dates ourselves."""


def evil_records() -> Records:
    people = tuple(replace(person, name=f"{EVIL}{person.id}", team=EVIL) for person in PEOPLE)
    deals = tuple(
        replace(deal, name=LONG[:900], account=EVIL, stage="Proposal", product=EVIL) for deal in some_deals("ruth")
    )
    return some_records(people=people, deals=(*deals, *some_deals("omar")))


def everything_shown(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return all that the bot ever said: messages and their rewritings, modals, home tabs, answers."""
    return [entry for entry in sandbox.journal if "method" in entry]


def texts(node: Any, *, plain: bool = False) -> list[tuple[str, bool]]:
    """Return every text with whether it is plain: Slack reads no markup in those."""
    if isinstance(node, dict):
        plain = node.get("type") == "plain_text" if "text" in node and isinstance(node["text"], str) else plain
        own = [(node["text"], plain)] if isinstance(node.get("text"), str) else []
        return own + [found for key, value in node.items() if key != "text" or not own for found in texts(value)]
    if isinstance(node, list):
        return [found for value in node for found in texts(value)]
    return []


async def fill_all(world: World, user: str, text: str) -> None:
    view = world.sandbox.open_view(user)
    assert view is not None
    for block in view["blocks"]:
        element = block.get("element", {})
        if element.get("type") == "plain_text_input":
            assert len(text) <= element.get("max_length", 3000)
    done = await world.fill(user, lambda block: {"number": "2"} if block == "number" else {"text": text})
    assert not done.errors
    assert not done.problem


@pytest.mark.parametrize("words", [EVIL, "🎉" * 450, "&" * 900], ids=["markup", "emoji", "ampersands"])
async def test_no_text_of_people_or_crms_is_acted_on_anywhere(sqlite_url: str, words: str) -> None:
    async with a_world(sqlite_url, evil_records()) as world:
        invitation = await world.until(REP, ActionId.PROMPT_OPEN)
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        await fill_all(world, REP, words)
        await world.press(REP, await world.until(REP, ActionId.PRE_READ_HOW), ActionId.PRE_READ_HOW)
        world.told(REP)
        await world.whole_agenda(REP)
        await world.whole_agenda(MANAGER)
        first, second = await world.to_forks()
        await world.settle()
        meeting = await world.meeting()
        closing = next(
            shown
            for shown in world.sandbox.messages(MANAGER)
            if any(button["value"] == meeting.id for button in buttons(shown, ActionId.MEETING_EXCUSE))
        )
        await world.press(REP, first, ActionId.FORK_NOT_NOW)
        await fill_all(world, REP, words)
        await world.press(REP, first, ActionId.FORK_NOT_NOW, again=True)
        world.told(REP)
        await world.press(REP, second, ActionId.FORK_YES)
        request = await world.until(MANAGER, ActionId.GOAL_APPROVE)
        await world.press(MANAGER, request, ActionId.GOAL_SEND_BACK)
        await fill_all(world, MANAGER, words)
        await world.press(REP, await world.until(REP, ActionId.FORK_YES), ActionId.FORK_YES)
        await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_APPROVE)
        for user in (REP, MANAGER):
            for command in ("/pipeline", "/1on1", "/goals", "/cadence", "/awesome"):
                about = "" if user == REP else "@ruth"
                await world.ask(user, command, about)
            await world.ask(user, "/goals", words)
            await world.ask(user, "/awesome", f"set {words}")
            await world.ask(user, "/cadence", f"set @ruth 7 because {words[:280]}")
            await world.ask(user, "/1on1")
            assert (await world.sandbox.open_home(user)).acked
            await world.settle()
            assert world.sandbox.home(user) is not None
        await world.until(REP, ActionId.REPORT_DONE)
        message = next(m for m in world.sandbox.messages(MANAGER) if m["ts"] == closing["ts"])
        await world.press(MANAGER, message, ActionId.MEETING_EXCUSE)
        await fill_all(world, MANAGER, words)
        await world.press(MANAGER, message, ActionId.MEETING_EXCUSE, again=True)
        world.told(MANAGER)

        shown = everything_shown(world.sandbox)
        assert {"chat.postMessage", "chat.update", "views.open", "views.publish", "command_answer"} <= {
            entry["method"] for entry in shown
        }
        for entry in shown:
            for text, plain in [(str(entry.get("text") or ""), False), *texts(entry.get("blocks") or [])]:
                if not plain:
                    assert not TOKEN.search(text), (entry["method"], text)
                assert "\x00" not in text
        depth = await world.bot.database.deliveries.depth()
        assert not depth.get("failed"), json.dumps(depth)


async def test_three_thousand_characters_are_refused_by_slack_or_kept_whole(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        invitation = await world.until(REP, ActionId.PROMPT_OPEN)
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        view = world.sandbox.open_view(REP)
        assert view is not None
        most = view["blocks"][1]["element"].get("max_length", 3000)
        over = await world.fill(REP, lambda _: {"text": "x" * (most + 1)})
        assert not over.sent
        assert not (await world.fill(REP, lambda _: {"text": "<&>" * (most // 3)})).errors
        assert {len(text) for _, text in (await world.meeting()).answers} == {most // 3 * 3}
        await world.until(MANAGER, ActionId.PRE_READ_HOW)
        await world.until(REP, ActionId.PRE_READ_HOW)
        await world.press(REP, invitation, ActionId.PROMPT_OPEN, again=True)
        assert world.sandbox.open_view(REP) is not None
        assert not (await world.bot.database.deliveries.depth()).get("failed")


@pytest.mark.parametrize("broken", ["\ud83d", "\x00", "\udca1 \ud83d"], ids=ascii)
async def test_half_a_character_is_kept_as_a_sign_that_everybody_can_read(database_url: str, broken: str) -> None:
    async with a_world(database_url) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        fix = f"set <@{REP}> 14 because of {broken} training"
        asked = {"command": "/cadence", "text": fix, "user_id": MANAGER, "trigger_id": "1.2.3"}
        assert (await world.sandbox.courier.interact("slash_commands", asked)).acked
        await world.settle()
        kept = broken.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd").replace("\udca1", "\ufffd")
        assert f"of {kept} training" in await world.ask(MANAGER, "/cadence", f"why <@{REP}>")
        await world.press(REP, await world.until(REP, ActionId.PROMPT_OPEN), ActionId.PROMPT_OPEN)
        assert (await world.fill(REP, lambda _: {"text": f"a {broken} here"})).acked
        assert {words for _, words in (await world.meeting()).answers} == {f"a {kept} here"}
