"""What an admin presses while setting up."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.use_cases import UseCases
from bot.views.ids import ActionId
from handlers.replies import Click, settle_click, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def open_ways(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.first_day.ways(click.user))

    async def check(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.checkups.ask_by_button(click.user))

    app.action(ActionId.FIRST_DAY_SOURCE)(open_ways)
    app.action(ActionId.HOME_CHECK)(check)
