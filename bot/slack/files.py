"""Giving somebody a file in the DM with the bot."""

from __future__ import annotations

import logging

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError

log = logging.getLogger(__name__)


class SlackFiles:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def give(self, user: str, name: str, content: bytes, words: str) -> None:
        """Put a file into the person's DM with a word to it. Raises UserError, with what helps, when Slack doesn't."""
        try:
            opened = await self._client.conversations_open(users=user)
            dm: dict[str, str] = opened["channel"]
            await self._client.files_upload_v2(
                filename=name, content=content, title=name, channel=dm["id"], initial_comment=words
            )
        except SlackApiError as error:
            code = str(error.response.get("error", ""))
            log.warning("file.refused", extra={"error": code})
            if code == "missing_scope":
                raise UserError(
                    "I may not give files yet: ask your admin to update the app from `cadence manifest`, "
                    "which has the scope files:write now."
                ) from error
            raise UserError("Slack didn't take the file. Please try once more in a minute.") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("file.refused", extra={"error": type(error).__name__})
            raise UserError("Slack didn't take the file. Please try once more in a minute.") from error
