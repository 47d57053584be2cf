"""The forms in which a message is tried where Slack refuses its blocks."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from bot.services.ports import Claimed
from bot.slack.errors import Outcome, SlackFailureError
from bot.views.message import Message

log = logging.getLogger(__name__)

TEXT_LIMIT = 3000
CHART = "data_visualization"

Answer = TypeVar("Answer")


async def shown(row: Claimed, write: Callable[[Message], Awaitable[Answer]]) -> Answer:
    """Return what ``write`` answers to the first form that Slack takes: as it was made, without charts, in plain words.

    Raises SlackFailureError where Slack takes not even plain words, or fails for another reason than the blocks.
    """
    *fuller, last = _forms(row.message)
    for form in fuller:
        try:
            return await write(form)
        except SlackFailureError as failed:
            if failed.outcome is not Outcome.LAYOUT:
                raise
            code = failed.code
        log.error("delivery.blocks_refused", extra={"key": row.key, "kind": row.kind, "error": code})
    return await write(last)


def _forms(message: Message) -> Iterator[Message]:
    yield message
    bare = without_charts(message)
    if len(bare.blocks) < len(message.blocks):
        yield bare
    yield plain(message)


def without_charts(message: Message) -> Message:
    """Return a message without its charts, whose numbers stand in it as text.

    Slack brings out a new kind of block workspace by workspace, and refuses the whole message where it isn't there yet.
    """
    return Message(text=message.text, blocks=[block for block in message.blocks if block.get("type") != CHART])


def plain(message: Message) -> Message:
    """Say in one section what Slack refused to show in blocks."""
    text = message.text if len(message.text) <= TEXT_LIMIT else message.text[: TEXT_LIMIT - 1] + "…"
    return Message(text=text, blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": text}}])
