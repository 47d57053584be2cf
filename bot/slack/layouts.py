"""The forms in which a message is tried where Slack refuses its blocks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import TypeVar

from bot.slack.attempt import Attempt, seconds_now
from bot.slack.chart_picture import CHART
from bot.slack.errors import Outcome, SlackFailureError
from bot.slack.pictures import DAY_SECONDS, Pictures
from bot.views.message import Message

log = logging.getLogger(__name__)

TEXT_LIMIT = 3000
PROCESSING_SECONDS = (1.0, 2.0, 4.0)

Answer = TypeVar("Answer")


class Form(Enum):
    """How much of a message is shown, from all of it to the least."""

    AS_MADE = auto()
    WITH_PICTURES = auto()
    WITHOUT_CHARTS = auto()
    IN_PLAIN_WORDS = auto()


class Layouts:
    """Shows each message in the fullest form that Slack takes, and remembers for a day that it takes no charts.

    Slack brings out a new kind of block workspace by workspace, and refuses the whole message where it isn't there yet.
    ``waits`` are the seconds before each further try to show a picture that Slack is still processing.
    """

    def __init__(self, pictures: Pictures, waits: Sequence[float] = PROCESSING_SECONDS) -> None:
        self._pictures = pictures
        self._waits = waits
        self._charts_again = 0.0

    async def shown(self, attempt: Attempt, write: Callable[[Message], Awaitable[Answer]]) -> Answer:
        """Return what ``write`` answers to the first form that Slack takes.

        Slack did nothing with a form whose blocks it refused, so the next one says nothing twice. Raises
        SlackFailureError where Slack takes not even plain words, or fails for another reason than the blocks.
        """
        refused: dict[Form, SlackFailureError] = {}
        for form in self._forms(attempt.row.message):
            message = await self._made(form, attempt)
            if message is None:
                continue
            try:
                answer = await self._once_processed(message, write)
            except SlackFailureError as failed:
                if failed.outcome is not Outcome.LAYOUT:
                    raise
                refused[form] = failed
            else:
                self._learn(attempt, refused, form)
                return answer
        raise refused[Form.IN_PLAIN_WORDS]

    def _forms(self, message: Message) -> list[Form]:
        if not has_charts(message):
            return [Form.AS_MADE, Form.IN_PLAIN_WORDS]
        return [form for form in Form if form is not Form.AS_MADE or seconds_now() >= self._charts_again]

    async def _made(self, form: Form, attempt: Attempt) -> Message | None:
        message = attempt.row.message
        match form:
            case Form.AS_MADE:
                return message
            case Form.WITH_PICTURES:
                return await self._pictures.instead_of_charts(attempt)
            case Form.WITHOUT_CHARTS:
                return without_charts(message)
            case Form.IN_PLAIN_WORDS:
                return plain(message)

    async def _once_processed(self, message: Message, write: Callable[[Message], Awaitable[Answer]]) -> Answer:
        for wait in self._waits:
            try:
                return await write(message)
            except SlackFailureError as failed:
                if not failed.about_file:
                    raise
            await asyncio.sleep(wait)
        return await write(message)

    def _learn(self, attempt: Attempt, refused: dict[Form, SlackFailureError], taken: Form) -> None:
        """Draw from what was refused and what was taken what needn't be tried with the next message."""
        row = attempt.row
        if pictures := refused.get(Form.WITH_PICTURES):
            self._pictures.forget(row)
            if taken is Form.WITHOUT_CHARTS and not pictures.about_file:
                self._pictures.pause(pictures.code)
        code = next((failed.code for failed in refused.values()), "")
        if taken is Form.IN_PLAIN_WORDS:
            log.error("delivery.blocks_refused", extra={"key": row.key, "kind": row.kind, "error": code})
        elif Form.AS_MADE in refused:
            self._charts_again = seconds_now() + DAY_SECONDS
            log.warning("delivery.no_charts", extra={"key": row.key, "kind": row.kind, "error": code})


def has_charts(message: Message) -> bool:
    return any(block.get("type") == CHART for block in message.blocks)


def without_charts(message: Message) -> Message:
    """Return a message without its charts, whose numbers stand in it as text."""
    return replace(message, blocks=[block for block in message.blocks if block.get("type") != CHART])


def plain(message: Message) -> Message:
    """Say in one section what Slack refused to show in blocks."""
    text = message.text if len(message.text) <= TEXT_LIMIT else message.text[: TEXT_LIMIT - 1] + "…"
    return replace(message, text=text, blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": text}}])
