"""A sandbox with three people and a tiny app in it, built on the real slack-bolt."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from demo_app import ANA, BEN, GONE, MODAL, NOW, OFFER, Demo
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    box = Sandbox([ANA, BEN, GONE], ["/pipeline"], now=NOW, speed=0)
    box.socket.ack_seconds = 0.3
    await box.start()
    yield box
    await box.stop()


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient("xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
async def demo(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[Demo]:
    logger = logging.getLogger("demo")
    app = AsyncApp(client=client, logger=logger, process_before_response=True)
    demo = Demo(sandbox, client, app)

    @app.action("yes")
    async def yes(ack: Any, body: dict[str, Any], respond: Any) -> None:
        demo.heard.append(body)
        await ack()
        await respond(text="Agreed", replace_original=True)

    @app.action("change")
    async def change(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        demo.heard.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        await ack()

    @app.view("plan")
    async def plan(ack: Any, body: dict[str, Any]) -> None:
        demo.heard.append(body)
        text = body["view"]["state"]["values"]["when"]["text"]["value"]
        if text == "never":
            await ack(response_action="errors", errors={"when": "Never is too late."})
        elif text == "again":
            await ack(response_action="update", view={**MODAL, "title": {"type": "plain_text", "text": "Again"}})
        elif text == "more":
            await ack(response_action="push", view={**MODAL, "title": {"type": "plain_text", "text": "More"}})
        elif text == "wrong key":
            await ack(response_action="errors", errors={"no_such_block": "Where?"})
        else:
            await ack()

    @app.command("/pipeline")
    async def pipeline(ack: Any, body: dict[str, Any]) -> None:
        demo.heard.append(body)
        await ack(text=f"You asked: {body['text']}", response_type="ephemeral")

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        demo.heard.append(body)
        view = {"type": "home", "blocks": OFFER}
        await client.views_publish(user_id=event["user"], view=view)

    handler = AsyncSocketModeHandler(app, "xapp-sandbox", logger=logger, web_client=client)
    await handler.connect_async()
    await sandbox.socket.until_connected()
    yield demo
    await handler.close_async()
