"""The whole of a manager's week, behind its message."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.use_cases import UseCases
from bot.views.ids import ActionId, split_week
from handlers.replies import Click, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def whole(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.digest.whole(split_week(click.value), click.user))

    app.action(ActionId.DIGEST_WHOLE)(whole)
