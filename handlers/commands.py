"""Slash commands, answered only to the one who asked."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import UserError
from bot.services.inquiries import Team
from bot.services.use_cases import UseCases
from bot.views import commands as view
from bot.views.message import Message

MENTION = re.compile(r"<@(?P<user>[UW][A-Z0-9]+)(\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Question:
    """A slash command as typed: ``about`` is the Slack user id of a mention, ``words`` what else was said."""

    user: str
    about: str | None
    words: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> Question:
        text = body.get("text") or ""
        mention = MENTION.search(text)
        return cls(
            user=body["user_id"],
            about=None if mention is None else mention["user"],
            words=MENTION.sub("", text).strip(),
        )


Answer = Callable[[Question], Awaitable[Message]]


def register(app: AsyncApp, cases: UseCases) -> None:
    async def pipeline(question: Question) -> Message:
        rep, numbers = await cases.inquiries.pipeline(question.user, question.about)
        return view.pipeline(rep, numbers)

    async def one_on_one(question: Question) -> Message:
        found = await cases.inquiries.one_on_one(question.user, question.about)
        if isinstance(found, Team):
            return view.team(found.manager, found.rows)
        if found.manager is None:
            return view.refused(
                "Nobody is set as your manager, so no 1:1 is planned. Ask your admin to add manager_email."
            )
        return view.one_on_one(found.meeting, found.rep, found.manager, found.cadence, found.consistency)

    async def goals(question: Question) -> Message:
        rep, found = await cases.inquiries.goals(question.user, question.about)
        return view.goals(found, rep)

    async def awesome(question: Question) -> Message:
        verb, _, amount = question.words.partition(" ")
        if verb.lower() == "set":
            rep, numbers = await cases.inquiries.set_awesome(question.user, amount)
        else:
            rep, numbers = await cases.inquiries.awesome(question.user, question.about)
        return view.awesome(numbers.aspiration, rep)

    for command, answer in (
        ("/pipeline", pipeline),
        ("/1on1", one_on_one),
        ("/goals", goals),
        ("/awesome", awesome),
    ):
        app.command(command)(_listener(command, answer))


def _listener(command: str, answer: Answer) -> Callable[..., Awaitable[None]]:
    async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
        question = Question.parse(body)
        message = await _answered(command, question, answer)
        await ack(response_type="ephemeral", **message.payload())

    return listen


async def _answered(command: str, question: Question, answer: Answer) -> Message:
    if question.words.lower() in ("help", "?"):
        return view.help(command)
    if question.words and question.about is None and command != "/awesome":
        return view.refused(f"I don't know '{question.words}' here. Mention somebody with @, or type {command} help.")
    try:
        return await answer(question)
    except UserError as error:
        return view.refused(str(error))
