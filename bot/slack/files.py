"""Giving somebody a file in the DM with the bot, in the background."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.said import say
from bot.errors import UserError
from bot.services.calendar_feeds import Refused
from bot.slack.errors import FAILURES, failure

log = logging.getLogger(__name__)

NOT_TAKEN = say("Slack didn't take the file. Please try once more in a minute.")


@dataclass(frozen=True, slots=True)
class _Asked:
    user: str
    name: str
    content: bytes
    words: str
    refused: Refused


class SlackFiles:
    """It takes three calls, for which nobody who typed a command can wait; ``run`` makes them, one file at a time."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._waiting: deque[_Asked] = deque()
        self._woken = asyncio.Event()

    def give(self, user: str, name: str, content: bytes, words: str, refused: Refused) -> None:
        self._waiting.append(_Asked(user, name, content, words, refused))
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Give what is asked for until ``stop``, then what is still waiting."""
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                self._woken.clear()
                if not await self.work_off():
                    woken = asyncio.ensure_future(self._woken.wait())
                    await asyncio.wait({woken, stopped}, return_when=asyncio.FIRST_COMPLETED)
                    woken.cancel()
            await self.work_off()
        finally:
            stopped.cancel()

    async def work_off(self) -> int:
        """Give all that waits; returns how many files that were."""
        done = 0
        while self._waiting:
            asked = self._waiting.popleft()
            done += 1
            try:
                await self._give(asked)
            except UserError as error:
                await asked.refused(error)
        return done

    async def _give(self, asked: _Asked) -> None:
        """Raises UserError, with what helps, when Slack doesn't take it."""
        try:
            opened = await self._client.conversations_open(users=asked.user)
            dm: dict[str, str] = opened["channel"]
            await self._client.files_upload_v2(
                filename=asked.name,
                content=asked.content,
                title=asked.name,
                channel=dm["id"],
                initial_comment=asked.words,
            )
        except FAILURES as error:
            code = failure(error).code
            log.warning("file.refused", extra={"error": code})
            if code == "missing_scope":
                raise UserError(
                    say(
                        "I may not give files yet: ask your admin to update the app from `cadence manifest`, "
                        "which has the scope files:write now."
                    )
                ) from error
            raise UserError(NOT_TAKEN) from error
