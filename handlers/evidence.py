"""What a rep records of the customer's evidence for a deal."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.meeting import MeetingId
from bot.coaching.records import DealId
from bot.services.use_cases import UseCases
from bot.views import evidence as view
from bot.views.ids import ActionId, CallbackId, split_evidence_form
from handlers.replies import Click, renew_modal, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        form = cases.evidence.form(DealId(click.value), click.user, agenda=_agenda_under(body))
        await settle_opening(ack, client, click, form)

    async def recorded(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        form, user = body["view"], body["user"]["id"]
        deal, agenda = split_evidence_form(form["private_metadata"])

        async def record() -> dict[str, Any]:
            done = await cases.evidence.record(deal, user, view.parse(form), agenda=agenda)
            under = form.get("previous_view_id")
            if agenda is not None and under:
                await renew_modal(client, under, cases.publication.whole(agenda, user))
            return done

        await settle_form(ack, body, record())

    app.action(ActionId.EVIDENCE_RECORD)(open_form)
    app.view(CallbackId.EVIDENCE)(recorded)


def _agenda_under(body: dict[str, Any]) -> MeetingId | None:
    """Return the 1:1 in whose whole agenda somebody clicked; None for a click elsewhere."""
    clicked = body.get("view") or {}
    return MeetingId(clicked["private_metadata"]) if clicked.get("callback_id") == CallbackId.PRE_READ_WHOLE else None
