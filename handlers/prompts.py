"""The rep's questions before a 1:1, and what is behind an agenda's or a pipeline's buttons."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.meeting import MeetingId
from bot.coaching.records import PersonId
from bot.services.use_cases import UseCases
from bot.views import prompts as view
from bot.views.ids import ActionId, CallbackId, split_how
from handlers.replies import Click, settle_form, settle_opening


def register(app: AsyncApp, cases: UseCases) -> None:
    async def open_questions(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.prompts.open(MeetingId(click.value), click.user))

    async def answers(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = body["view"]
        meeting = MeetingId(form["private_metadata"])
        await settle_form(ack, body, cases.prompts.answer(meeting, body["user"]["id"], view.parse(form)))

    async def how(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        meeting, topic = split_how(click.value)
        await settle_opening(ack, client, click, cases.publication.how(MeetingId(meeting), click.user, topic))

    async def whole(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.publication.whole(MeetingId(click.value), click.user))

    async def how_now(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        rep, topic = split_how(click.value)
        await settle_opening(ack, client, click, cases.publication.how_now(PersonId(rep), click.user, topic))

    app.action(ActionId.PROMPT_OPEN)(open_questions)
    app.view(CallbackId.PROMPT_ANSWERS)(answers)
    app.action(ActionId.PRE_READ_HOW)(how)
    app.action(ActionId.PRE_READ_WHOLE)(whole)
    app.action(ActionId.PIPELINE_HOW)(how_now)
