"""A file that the app uploaded stands in blocks when Slack would show it; a workspace may lack a kind of block."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from demo_app import ANA
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

PNG = b"\x89PNG\r\n\x1a\n"
CHART = {"type": "data_visualization", "title": "Deals", "chart": {"type": "pie", "segments": []}}


async def uploaded(client: AsyncWebClient, name: str = "chart.png", **where: str) -> str:
    answer = await client.files_upload_v2(filename=name, content=PNG, title="Chart", **where)
    return str(answer["files"][0]["id"])


def image(file: str) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file}, "alt_text": "Three deals"}


async def posted(client: AsyncWebClient, *blocks: dict[str, Any]) -> list[str]:
    """Return what Slack had against the blocks; nothing where they were posted."""
    try:
        await client.chat_postMessage(channel=ANA.id, text="Deals", blocks=list(blocks))
    except SlackApiError as refused:
        return list(refused.response["errors"]) if refused.response["error"] == "invalid_blocks" else ["another error"]
    return []


async def test_a_file_without_a_channel_is_shown_nowhere_until_a_block_shows_it(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    file = await uploaded(client)
    assert sandbox.messages(ANA.id) == []
    assert await posted(client, image(file)) == []
    (message,) = sandbox.messages(ANA.id)
    assert message["blocks"][0]["slack_file"] == {"id": file}
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/sandbox/file/{file}") as shown:
        assert (shown.content_type, await shown.read()) == ("image/png", PNG)


@pytest.mark.parametrize(
    ("block", "place"),
    [
        (image("F0NEVER"), "/blocks/0"),
        ({"type": "context", "elements": [image("F0NEVER")]}, "/blocks/0/elements/0"),
        (
            {"type": "section", "text": {"type": "plain_text", "text": "a"}, "accessory": image("F0NEVER")},
            "/blocks/0/accessory",
        ),
    ],
    ids=["image", "context", "accessory"],
)
async def test_a_file_that_is_not_there_is_refused_with_its_place(client: AsyncWebClient, block, place) -> None:
    assert await posted(client, block) == [f"invalid slack file [json-pointer:{place}/slack_file]"]


async def test_a_file_that_is_no_image_is_refused(client: AsyncWebClient) -> None:
    assert len(await posted(client, image(await uploaded(client, "words.txt")))) == 1


async def test_a_test_can_let_a_file_take_its_time(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.take_time_for_files(2)
    file = await uploaded(client)
    assert [len(await posted(client, image(file))) for _ in range(4)] == [1, 1, 0, 0]


async def test_a_test_can_let_a_workspace_lack_a_kind_of_block(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.lack_blocks("data_visualization")
    assert await posted(client, CHART) == ["unsupported type: data_visualization [json-pointer:/blocks/0/type]"]
    assert sandbox.messages(ANA.id) == []
    sandbox.lack_blocks()
    assert await posted(client, CHART) == []
