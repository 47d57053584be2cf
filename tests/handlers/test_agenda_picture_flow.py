"""An agenda in a workspace that Slack hasn't brought charts to yet."""

from __future__ import annotations

from typing import Any

import pytest
from world import MANAGER, REP, World, a_world, buttons

from bot.views import limits
from bot.views.ids import ActionId
from bot.views.message import Message


def agendas(world: World, reader: str) -> list[dict[str, Any]]:
    return [message for message in world.sandbox.messages(reader) if buttons(message, ActionId.PRE_READ_HOW)]


@pytest.mark.parametrize("reader", [REP, MANAGER])
async def test_the_agenda_comes_once_with_its_numbers_as_a_picture_and_all_its_buttons(
    sqlite_url: str, reader: str
) -> None:
    async with a_world(sqlite_url) as world:
        world.sandbox.lack_blocks("data_visualization")
        agenda = await world.until(reader, ActionId.PRE_READ_HOW)
        (image,) = [block for block in agenda["blocks"] if block["type"] == "image"]
        assert "Quarter: Still to win" in image["alt_text"]
        assert world.sandbox.core.files[image["slack_file"]["id"]]["name"] == "chart.png"
        assert len(agendas(world, reader)) == 1
        limits.check(Message(agenda["text"], agenda["blocks"]))


async def test_without_the_scope_for_files_the_agenda_comes_without_a_picture(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        world.sandbox.lack_blocks("data_visualization")
        world.sandbox.core.scopes = tuple(scope for scope in world.sandbox.core.scopes if scope != "files:write")
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        kinds = {block["type"] for block in agenda["blocks"]}
        assert "table" in kinds
        assert not kinds & {"image", "data_visualization"}
        assert world.bot.delivery.stopped_because is None
