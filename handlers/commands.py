"""Slash commands, answered only to the one who asked."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.services.inquiries import Team
from bot.services.use_cases import UseCases
from bot.views import commands as view
from bot.views.message import Message
from handlers import cadence as cadence_surface
from handlers.replies import SAID

MENTION = re.compile(r"<@(?P<user>[UW][A-Z0-9]+)(\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Question:
    """A slash command as typed: ``mentions`` are Slack user ids, each once, ``words`` what else was said."""

    user: str
    mentions: tuple[str, ...]
    words: str

    @property
    def about(self) -> str | None:
        """Whom the question is about; None is the asker, also for who mentions nobody but oneself."""
        return self.mentions[0] if self.mentions and self.mentions[0] != self.user else None

    @property
    def is_own(self) -> bool:
        """Whether it is about the asker: to mention oneself is to mention nobody."""
        return self.about in (None, self.user)

    @classmethod
    def parse(cls, body: dict[str, Any]) -> Question:
        text = body.get("text") or ""
        return cls(
            user=body["user_id"],
            mentions=tuple(dict.fromkeys(mention["user"] for mention in MENTION.finditer(text))),
            words=" ".join(MENTION.sub(" ", text).split()),
        )


Answer = Callable[[Question], Awaitable[Message]]


def register(app: AsyncApp, cases: UseCases) -> None:
    async def pipeline(question: Question) -> Message:
        rep, numbers = await cases.inquiries.pipeline(question.user, question.about)
        return view.pipeline(rep, numbers, own=question.is_own)

    async def one_on_one(question: Question) -> Message:
        found = await cases.inquiries.one_on_one(question.user, question.about)
        if isinstance(found, Team):
            return view.team(found.manager, found.rows, found.figures)
        if found.manager is None:
            return view.refused(
                "Nobody is set as your manager, so no 1:1 is planned. Ask your admin to add manager_email."
            )
        return view.one_on_one(
            found.meeting, found.rep, found.manager, found.cadence, found.consistency, own=question.is_own
        )

    async def goals(question: Question) -> Message:
        found = await cases.inquiries.goals(question.user, question.about)
        return view.goals(found.goals, found.rep, found.record, own=question.is_own)

    async def awesome(question: Question) -> Message:
        amount = _amount_to_set(question)
        if amount is not None and question.about is not None:
            return view.refused(
                "Everybody sets their own awesome and nobody another's: mention somebody only to see theirs."
            )
        if amount is not None:
            rep, numbers = await cases.inquiries.set_awesome(question.user, amount)
        else:
            rep, numbers = await cases.inquiries.awesome(question.user, question.about)
        return view.awesome(numbers.aspiration, rep, own=question.is_own)

    for command, answer in (
        ("/pipeline", pipeline),
        ("/1on1", one_on_one),
        ("/goals", goals),
        ("/awesome", awesome),
        ("/cadence", partial(_cadence, cases)),
    ):
        app.command(command)(_listener(command, answer))


async def _cadence(cases: UseCases, question: Question) -> Message:
    return await cadence_surface.answer(
        cases, question.user, None if question.is_own else question.about, question.words
    )


def _listener(command: str, answer: Answer) -> Callable[..., Awaitable[None]]:
    async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
        question = Question.parse(body)
        message = await _answered(command, question, answer)
        await ack(response_type="ephemeral", **message.payload())

    return listen


async def _answered(command: str, question: Question, answer: Answer) -> Message:
    if question.words.lower() in ("help", "?"):
        return view.help(command)
    if len(question.mentions) > 1:
        return view.refused(f"One person at a time: mention one, or type {command} help.")
    sets_awesome = command == "/awesome" and _amount_to_set(question) is not None
    if question.words and not sets_awesome and command != "/cadence":
        said = textwrap.shorten(question.words, 80, placeholder="…")
        remedy = "Set your own figure with /awesome set 250k" if command == "/awesome" else "Mention somebody with @"
        return view.refused(f"I don't know '{said}' here. {remedy}, or type {command} help.")
    try:
        return await answer(question)
    except SAID as error:
        return view.refused(str(error))


def _amount_to_set(question: Question) -> str | None:
    """Return what follows "set", None for a question that sets nothing."""
    verb, _, amount = question.words.partition(" ")
    return amount if verb.lower() == "set" else None
