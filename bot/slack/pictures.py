"""Pictures of charts as files of Slack's, each uploaded once for its reader however often its message is rewritten."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from bot.services.ports import Claimed
from bot.slack.attempt import Attempt, seconds_now
from bot.slack.chart_picture import CHART, picture
from bot.slack.errors import SlackFailureError
from bot.slack.messages import Messages
from bot.slack.pace import Pace
from bot.views.languages import language_of
from bot.views.message import Message

log = logging.getLogger(__name__)

UPLOAD = "files.getUploadURLExternal"
"""The first of an upload's calls, whose pace is that of all of them."""
NO_SCOPE = "missing_scope"
MOST_REMEMBERED = 500
REST_SECONDS = 60.0
DAY_SECONDS = 24 * 60 * 60.0

Block = dict[str, Any]


class Pictures:
    """Remembers which file shows which numbers to whom. Lost with the process: a picture uploaded twice harms nobody.

    Nobody shares a file with somebody else, though the numbers be the same. While Slack takes no files, messages go
    without.
    """

    def __init__(self, messages: Messages, pace: Pace) -> None:
        self._messages = messages
        self._pace = pace
        self._images: OrderedDict[str, Block] = OrderedDict()
        self._paused_until = 0.0

    async def instead_of_charts(self, attempt: Attempt) -> Message | None:
        """Return the message with a picture for each chart; None where Slack doesn't take a file now.

        Raises PostponedError when the lease would run out under an upload, and nothing else.
        """
        message = attempt.row.message
        blocks = []
        for block in message.blocks:
            shown = await self._image(attempt, block) if block.get("type") == CHART else block
            if shown is None:
                return None
            blocks.append(shown)
        return replace(message, blocks=blocks)

    def forget(self, row: Claimed) -> None:
        """Upload a message's pictures anew the next time: Slack refused to show these."""
        for block in row.message.blocks:
            self._images.pop(_name(row, block), None)

    def pause(self, error: str, seconds: float = DAY_SECONDS) -> None:
        """Upload none for so long, or as long as that was said before."""
        self._paused_until = max(self._paused_until, seconds_now() + seconds)
        log.warning("delivery.no_pictures", extra={"error": error, "seconds": seconds})

    async def _image(self, attempt: Attempt, chart: Block) -> Block | None:
        name = _name(attempt.row, chart)
        image = self._images.get(name) or await self._uploaded(attempt, chart)
        if image is None:
            return None
        self._images[name] = image
        self._images.move_to_end(name)
        if len(self._images) > MOST_REMEMBERED:
            self._images.popitem(last=False)
        return image | ({"block_id": chart["block_id"]} if "block_id" in chart else {})

    async def _uploaded(self, attempt: Attempt, chart: Block) -> Block | None:
        if self._is_paused():
            return None
        made = await asyncio.to_thread(picture, chart, language_of(attempt.row.message.language))
        if made is None:
            return None
        await attempt.turn(self._pace, UPLOAD)
        if self._is_paused():  # another upload failed meanwhile
            return None
        try:
            file = await self._messages.upload("chart.png", made.png, made.title, made.words)
        except SlackFailureError as failed:
            self.pause(failed.code, DAY_SECONDS if failed.code == NO_SCOPE else failed.retry_after or REST_SECONDS)
            return None
        return {"type": "image", "slack_file": {"id": file}, "alt_text": made.words}

    def _is_paused(self) -> bool:
        return seconds_now() < self._paused_until


def _name(row: Claimed, block: Block) -> str:
    return json.dumps([row.user, row.message.language, block], sort_keys=True)
