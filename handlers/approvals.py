"""The manager's buttons under a goal that a rep said yes to."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.forks import GoalRef
from bot.services.use_cases import UseCases
from bot.views import approvals as view
from bot.views.ids import ActionId, CallbackId, split_goal
from handlers.replies import Click, settle_click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def approve(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.approvals.approve(GoalRef(*split_goal(click.value)), click.user))

    async def send_back(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.approvals.form(GoalRef(*split_goal(click.value)), click.user))

    async def sent_back(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        ref = GoalRef(*split_goal(form["private_metadata"]))
        await settle_form(ack, body, cases.approvals.send_back(ref, body["user"]["id"], view.parse_words(form)))

    app.action(ActionId.GOAL_APPROVE)(approve)
    app.action(ActionId.GOAL_SEND_BACK)(send_back)
    app.view(CallbackId.SEND_BACK)(sent_back)
