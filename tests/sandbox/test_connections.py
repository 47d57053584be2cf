"""Socket Mode: several connections take turns, and a broken one is replaced."""

from __future__ import annotations

import aiohttp
import pytest
from demo_app import ANA, Demo
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox


async def test_connections_take_turns(demo: Demo) -> None:
    second = AsyncSocketModeHandler(demo.app, "xapp-sandbox", web_client=demo.client)
    heard: list[str] = []
    second.client.on_message_listeners.append(lambda message: _note(heard, message.data))
    await second.connect_async()
    await demo.sandbox.socket.until_connected(2)
    for _ in range(4):
        assert (await demo.sandbox.command(ANA.id, "/pipeline")).acked
    await second.close_async()
    assert sum("slash_commands" in frame for frame in heard) == 2


async def test_an_app_asked_to_reconnect_does(demo: Demo) -> None:
    await demo.sandbox.socket.disconnect()
    await demo.sandbox.socket.until_replaced()
    assert (await demo.sandbox.command(ANA.id, "/pipeline")).acked


async def test_without_a_connection_the_person_is_told(sandbox: Sandbox) -> None:
    outcome = await sandbox.command(ANA.id, "/pipeline")
    assert not outcome.acked
    assert "not connected" in outcome.problem


async def test_a_link_needs_the_app_s_token_and_works_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.apps_connections_open(app_token="xoxb-sandbox")  # noqa: S106
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]  # noqa: S106
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
        assert (await link.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def _note(heard: list[str], frame: str) -> None:
    heard.append(frame)
