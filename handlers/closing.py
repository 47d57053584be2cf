"""Start, held, excuse: the manager's buttons of a 1:1."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.meeting import MeetingId
from bot.services.use_cases import UseCases
from bot.views import closing as view
from bot.views.ids import ActionId, CallbackId
from handlers.replies import Click, settle_click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def start(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.forks.begin(MeetingId(click.value), click.user))

    async def held(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.closing.held(MeetingId(click.value), click.user))

    async def excuse(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.closing.form(MeetingId(click.value), click.user))

    async def excused(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        meeting = MeetingId(form["private_metadata"])
        await settle_form(ack, body, cases.closing.excuse(meeting, body["user"]["id"], view.parse_excuse(form)))

    app.action(ActionId.MEETING_START)(start)
    app.action(ActionId.MEETING_HELD)(held)
    app.action(ActionId.MEETING_EXCUSE)(excuse)
    app.view(CallbackId.MEETING_EXCUSE)(excused)
