"""Yes, change it, not now, and which goal makes room: the rep's answers at a fork."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.changed_goals import NewTerms
from bot.services.forks import GoalRef
from bot.services.use_cases import UseCases
from bot.views import forks as view
from bot.views.ids import ActionId, CallbackId, split_goal, split_swap
from handlers.replies import Click, settle_click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def yes(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.forks.accept(GoalRef(*split_goal(click.value)), click.user))

    async def change(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.forks.form(GoalRef(*split_goal(click.value)), click.user))

    async def changed(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        ref = GoalRef(*split_goal(form["private_metadata"]))
        new = NewTerms(*view.parse_change(form))
        await settle_form(ack, body, cases.forks.change(ref, body["user"]["id"], new))

    async def swapped(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        goal, version, changed = split_swap(form["private_metadata"])
        chosen = view.parse_drop(form)
        dropped = GoalRef(*split_goal(chosen)) if chosen else None
        new = None if changed is None else NewTerms(*changed)
        await settle_form(ack, body, cases.forks.swap(GoalRef(goal, version), body["user"]["id"], dropped, new))

    async def not_now(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        ref = GoalRef(*split_goal(click.value))
        await settle_opening(ack, client, click, cases.forks.form(ref, click.user, decline=True))

    async def declined(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        ref = GoalRef(*split_goal(form["private_metadata"]))
        await settle_form(ack, body, cases.forks.decline(ref, body["user"]["id"], view.parse_reason(form)))

    app.action(ActionId.FORK_YES)(yes)
    app.action(ActionId.FORK_CHANGE)(change)
    app.view(CallbackId.FORK_CHANGE)(changed)
    app.view(CallbackId.FORK_FULL)(swapped)
    app.action(ActionId.FORK_NOT_NOW)(not_now)
    app.view(CallbackId.FORK_DECLINE)(declined)
