"""Who begins: an admin's choices, and the manager's answer."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.use_cases import UseCases
from bot.views import inviting as view
from bot.views.ids import ActionId, CallbackId, split_invitation
from handlers.replies import Click, settle_click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def open_invite(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.inviting.form(click.user))

    async def invite(ack: AsyncAck, body: dict[str, Any]) -> None:
        await settle_form(ack, body, cases.inviting.invite_by_form(body["user"]["id"], view.parse(body["view"])))

    async def open_stop(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.inviting.stop_form(click.user))

    async def stop(ack: AsyncAck, body: dict[str, Any]) -> None:
        await settle_form(ack, body, cases.inviting.stop(body["user"]["id"], view.parse(body["view"])))

    async def everybody(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.inviting.everybody(click.user))

    async def begin(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.inviting.begin(*split_invitation(click.value), click.user))

    async def later(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.inviting.not_now(*split_invitation(click.value), click.user))

    async def why(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        manager, _ = split_invitation(click.value)
        await settle_opening(ack, client, click, cases.inviting.why(manager, click.user))

    app.action(ActionId.HOME_INVITE)(open_invite)
    app.view(CallbackId.INVITATION)(invite)
    app.action(ActionId.HOME_STOP)(open_stop)
    app.view(CallbackId.INVITATION_STOP)(stop)
    app.action(ActionId.HOME_EVERYBODY)(everybody)
    app.action(ActionId.INVITATION_BEGIN)(begin)
    app.action(ActionId.INVITATION_LATER)(later)
    app.action(ActionId.INVITATION_WHY)(why)
