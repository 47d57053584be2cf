"""The command /goals: what there is, what is new, and how it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.addressing import Asked
from bot.services.use_cases import UseCases
from bot.views import commands as view
from bot.views import goal_builder as builder
from bot.views import goal_report
from bot.views.ids import ActionId, CallbackId
from bot.views.message import Message
from handlers.replies import Click, settle_form, settle_opening


async def answer(cases: UseCases, user: str, asked: Asked) -> Message | dict[str, Any]:
    """Do or show what was asked with /goals."""
    if asked.verb == "new":
        return await cases.goal_builder.start(user, asked.about, asked.rest)
    if asked.verb == "report":
        return await cases.goal_list.report_form(user, asked.about)
    found = await cases.goal_list.goals(user, asked.about)
    return view.goals(found.goals, found.rep, found.record, own=asked.is_own)


def register(app: AsyncApp, cases: UseCases) -> None:
    async def reported(ack: AsyncAck, body: dict[str, Any]) -> None:
        filled = goal_report.parse(body["view"])
        await settle_form(ack, body, cases.goal_list.report(body["user"]["id"], filled))

    async def begun(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        work = cases.goal_builder.shape(body["user"]["id"], builder.read_carried(form), *builder.parse_start(form))
        await settle_form(ack, body, work)

    async def shaped(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        work = cases.goal_builder.take(body["user"]["id"], builder.read_carried(form), builder.parse_shape(form))
        await settle_form(ack, body, work)

    async def nearest(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        key, filled = builder.parse_nearest(form)
        carried = replace(builder.read_carried(form), choice=key)
        await settle_form(ack, body, cases.goal_builder.take_nearest(body["user"]["id"], carried, filled))

    async def new(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.goal_builder.start(click.user, None, ""))

    async def report(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.goal_list.report_form(click.user, None))

    app.action(ActionId.HOME_NEW_GOAL)(new)
    app.action(ActionId.HOME_REPORT)(report)
    app.view(CallbackId.GOAL_REPORT)(reported)
    app.view(CallbackId.GOAL_NEW)(begun)
    app.view(CallbackId.GOAL_SHAPE)(shaped)
    app.view(CallbackId.GOAL_NEAREST)(nearest)
