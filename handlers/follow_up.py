"""The weekly buttons under each goal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.follow_up import Result
from bot.services.forks import GoalRef
from bot.services.use_cases import UseCases
from bot.views import reminders as view
from bot.views.ids import ActionId, CallbackId, split_counted, split_number_form, split_report
from handlers.replies import Click, settle_click, settle_form, settle_opening

Listener = Callable[..., Awaitable[None]]


def register(app: AsyncApp, cases: UseCases) -> None:
    def one_tap(result: Result) -> Listener:
        async def report(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            click = Click.parse(body)
            goal, version, week = split_report(click.value)
            work = cases.follow_up.report(GoalRef(goal, version), click.user, week, result, None)
            await settle_click(ack, client, click, work)

        return report

    async def counted(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        goal, version, week, number = split_counted(click.value)
        work = cases.follow_up.confirm(GoalRef(goal, version), click.user, week, number)
        await settle_click(ack, client, click, work)

    async def partly(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        goal, version, week = split_report(click.value)
        form = cases.follow_up.number_form(GoalRef(goal, version), click.user, Result.PARTLY, week)
        await settle_opening(ack, client, click, form)

    async def number(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        goal, version, week, result = split_number_form(form["private_metadata"])
        done = view.parse_number(form)
        work = cases.follow_up.report(GoalRef(goal, version), body["user"]["id"], week, Result(result), done)
        await settle_form(ack, body, work)

    app.action(ActionId.REPORT_COUNTED)(counted)
    app.action(ActionId.REPORT_DONE)(one_tap(Result.DONE))
    app.action(ActionId.REPORT_NOT_YET)(one_tap(Result.NOT_YET))
    app.action(ActionId.REPORT_NOT_RELEVANT)(one_tap(Result.OBSOLETE))
    app.action(ActionId.REPORT_PARTLY)(partly)
    app.view(CallbackId.REPORT_NUMBER)(number)
