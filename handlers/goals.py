"""The command /goals: what there is, and how it goes."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.services.addressing import Asked
from bot.services.use_cases import UseCases
from bot.views import commands as view
from bot.views import goal_report
from bot.views.ids import CallbackId
from bot.views.message import Message
from handlers.replies import settle_form


async def answer(cases: UseCases, user: str, asked: Asked) -> Message | dict[str, Any]:
    """Do or show what was asked with /goals."""
    if asked.verb == "report":
        return await cases.goal_list.report_form(user, asked.about)
    found = await cases.goal_list.goals(user, asked.about)
    return view.goals(found.goals, found.rep, found.record, own=asked.is_own)


def register(app: AsyncApp, cases: UseCases) -> None:
    async def reported(ack: AsyncAck, body: dict[str, Any]) -> None:
        filled = goal_report.parse(body["view"])
        await settle_form(ack, cases.goal_list.report(body["user"]["id"], filled))

    app.view(CallbackId.GOAL_REPORT)(reported)
