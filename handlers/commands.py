"""Slash commands, answered only to the one who asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.said import say
from bot.errors import NotAllowedError
from bot.services.addressing import Asked, Grammar
from bot.services.schedule import Team
from bot.services.use_cases import UseCases
from bot.views import command_help
from bot.views import commands as view
from bot.views import schedule as schedule_view
from bot.views.message import Message
from handlers import away, cadence, calendar, goals
from handlers.questions import GRAMMARS, Question
from handlers.replies import SAID, open_modal

Shown = Message | dict[str, Any]
"""A message that only the asker sees, or a modal."""

Answer = Callable[[UseCases, str, Asked], Awaitable[Shown]]

TOO_LATE = say("That took too long to open. Please type it once more.")


def register(app: AsyncApp, cases: UseCases) -> None:
    answers: dict[str, Answer] = {
        "/pipeline": pipeline,
        "/1on1": one_on_one,
        "/goals": goals.answer,
        "/cadence": cadence.answer,
        "/awesome": awesome,
    }
    for grammar in GRAMMARS:
        app.command(grammar.command)(_listener(cases, grammar, answers[grammar.command]))


async def pipeline(cases: UseCases, user: str, asked: Asked) -> Shown:
    rep, numbers = await cases.inquiries.pipeline(user, asked.about)
    return view.pipeline(rep, numbers, own=asked.is_own)


async def one_on_one(cases: UseCases, user: str, asked: Asked) -> Shown:
    aside: dict[str, Callable[[], Awaitable[Shown]]] = {
        "move": lambda: cases.schedule.move(user, asked.about),
        "agenda": lambda: cases.schedule.agenda(user, asked.about),
        "quiet": lambda: cases.budget.show(user),
        "away": lambda: away.answer(cases, user, asked),
        "calendar": lambda: calendar.answer(cases, user, asked.rest),
    }
    if asked.verb in aside:
        return await aside[asked.verb]()
    if asked.verb == "why":
        why = await cases.schedule.why(user, asked.about)
        of = why.found
        return schedule_view.why(
            of.meeting, of.last, of.rep, of.manager, of.decision, why.sentences, own=of.rep.id == why.asker
        )
    found = await cases.schedule.next(user, asked.about)
    if isinstance(found, Team):
        return schedule_view.team(found.manager, found.rows, found.figures)
    if found.manager is None:
        return view.refused(
            say("Nobody is set as your manager, so no 1:1 is planned. Ask your admin to add manager_email.")
        )
    rhythm = "" if found.decision is None else found.decision.sentence
    return schedule_view.one_on_one(
        found.meeting, found.rep, found.manager, rhythm, found.consistency, own=asked.is_own
    )


async def awesome(cases: UseCases, user: str, asked: Asked) -> Shown:
    if asked.verb == "set":
        if not asked.is_own:
            raise NotAllowedError(
                say("Everybody sets their own awesome and nobody another's: mention somebody only to see theirs.")
            )
        rep, numbers = await cases.inquiries.set_awesome(user, asked.rest)
    else:
        rep, numbers = await cases.inquiries.awesome(user, asked.about)
    if asked.verb == "path":
        return view.path(numbers, cases.inquiries.playbook, rep, own=asked.is_own)
    return view.awesome(numbers.aspiration, rep, own=asked.is_own)


def _listener(cases: UseCases, grammar: Grammar, answer: Answer) -> Callable[..., Awaitable[None]]:
    async def listen(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        question = Question.parse(body)
        shown = await _answered(cases, grammar, question, answer)
        if isinstance(shown, dict):
            if await open_modal(client, question.trigger, shown):
                await ack()
                return
            shown = view.refused(TOO_LATE)
        await ack(response_type="ephemeral", **shown.payload())

    return listen


async def _answered(cases: UseCases, grammar: Grammar, question: Question, answer: Answer) -> Shown:
    if question.asks_for_help:
        await cases.addressing.greet(question.user)
        return command_help.help(grammar.command)
    if len(question.mentions) > 1:
        await cases.addressing.greet(question.user)
        return view.refused(say("One person at a time: mention one, or type {command} help.", command=grammar.command))
    try:
        asked = await cases.addressing.read(question.user, question.mentions, question.words, grammar)
        return await answer(cases, question.user, asked)
    except SAID as error:
        return view.refused(str(error))
