"""An admin's word on who is who, from the home tab."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.use_cases import UseCases
from bot.views import matching as view
from bot.views import slack_account
from bot.views.ids import ActionId, CallbackId
from handlers.replies import Click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.matching.form(click.value, click.user))

    async def said(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        work = cases.matching.say(form["private_metadata"], body["user"]["id"], view.parse(form))
        await settle_form(ack, body, work)

    async def open_account(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.slack_accounts.form(click.user))

    async def account_said(ack: AsyncAck, body: dict[str, Any]) -> None:
        filled = slack_account.parse(body["view"])
        await settle_form(ack, body, cases.slack_accounts.say(body["user"]["id"], filled))

    app.action(ActionId.HOME_ACCOUNT)(open_account)
    app.view(CallbackId.ACCOUNT)(account_said)
    app.action(ActionId.HOME_MATCH)(open_form)
    app.view(CallbackId.MATCH)(said)
