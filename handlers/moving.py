"""The button with which either of the two moves a 1:1."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.meeting import MeetingId
from bot.services.use_cases import UseCases
from bot.views import moving as view
from bot.views.ids import ActionId, CallbackId
from handlers.replies import Click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def move(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.moving.form(MeetingId(click.value), click.user))

    async def picked(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        meeting = MeetingId(form["private_metadata"])
        start, words = view.parse_move(form)
        await settle_form(ack, body, cases.moving.move(meeting, body["user"]["id"], start, words))

    app.action(ActionId.MEETING_MOVE)(move)
    app.view(CallbackId.MEETING_MOVE)(picked)
