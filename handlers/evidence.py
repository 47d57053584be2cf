"""What a rep records of the customer's evidence for a deal."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.records import DealId
from bot.services.use_cases import UseCases
from bot.views import evidence as view
from bot.views.ids import ActionId, CallbackId
from handlers.replies import Click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.evidence.form(DealId(click.value), click.user))

    async def recorded(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        deal = DealId(form["private_metadata"])
        await settle_form(ack, cases.evidence.record(deal, body["user"]["id"], view.parse(form)))

    app.action(ActionId.EVIDENCE_RECORD)(open_form)
    app.view(CallbackId.EVIDENCE)(recorded)
