"""The Slack calls that delivery makes, each with its time limit and with the mark a message is found again by."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import FAILURES, Outcome, SlackFailureError, failure
from bot.views.message import Message

EVENT_TYPE = "cadence"
PAGE = 200
ALT_TEXT = 1000
"""Of a file; of an image block it may be longer."""
BLOCK_ID_LIMIT = 255


class _Response(Protocol):
    def get(self, key: str, default: Any = None) -> Any: ...


class Messages:
    """Every method raises SlackFailureError and nothing else when Slack, or the way to it, fails."""

    def __init__(self, client: AsyncWebClient, timeout: float) -> None:
        self._client = client
        self._timeout = timeout

    async def open(self, user: str) -> str:
        """Return the channel of the bot's DM with ``user``."""
        answer = await self._ask(self._client.conversations_open(users=user))
        return str(answer.get("channel", {})["id"])

    async def post(self, channel: str, key: str, message: Message) -> tuple[str, str]:
        """Post ``message`` under ``key`` to a channel, or by a user's id to the DM; returns its channel and ts."""
        answer = await self._ask(
            self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=_marked(key, message),
                metadata=_metadata(key),
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return str(answer.get("channel")), str(answer.get("ts"))

    async def update(self, channel: str, ts: str, key: str, message: Message) -> None:
        await self._ask(
            self._client.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=_marked(key, message),
                metadata=_metadata(key),
            ),
        )

    async def upload(self, name: str, content: bytes, title: str, words: str) -> str:
        """Give Slack a file that nobody sees until a block shows it; returns its id. ``words`` are its alt text."""
        try:
            answer = await self._ask(
                self._client.files_upload_v2(filename=name, content=content, title=title, alt_txt=words[:ALT_TEXT]),
            )
            return str(answer.get("files")[0]["id"])
        except (LookupError, TypeError) as error:  # an answer that isn't what Slack documents, to any of three calls
            raise SlackFailureError(Outcome.UNKNOWN, type(error).__name__) from error

    async def publish(self, user: str, message: Message) -> None:
        """Show ``message``'s blocks on the person's Home tab."""
        await self._ask(self._client.views_publish(user_id=user, view={"type": "home", "blocks": message.blocks}))

    async def find(
        self,
        channel: str,
        key: str,
        *,
        newer_than: str | None = None,
        oldest: datetime | None,
        pages: int,
    ) -> str | None:
        """Return the ts of our newest message in ``channel`` that bears ``key`` and is newer than ``newer_than``.

        ``oldest`` bounds the look-back where Slack's clock may be compared with ours; None reads the newest pages.
        Raises SlackFailureError also when the history is longer than ``pages`` pages and bounded by ``oldest``.
        """
        floor = _instant(newer_than)
        cursor = ""
        for _ in range(pages):
            answer = await self._ask(
                self._client.conversations_history(
                    channel=channel,
                    include_all_metadata=True,
                    limit=PAGE,
                    cursor=cursor or None,
                    oldest=None if oldest is None else f"{oldest.timestamp():.6f}",
                ),
            )
            marked = [str(entry["ts"]) for entry in answer.get("messages") or () if _bears(entry, key)]
            fresh = [ts for ts in marked if _instant(ts) > floor]
            if fresh:
                return max(fresh, key=_instant)
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None
        if oldest is not None:
            raise SlackFailureError(Outcome.UNKNOWN, "history_too_long")
        return None

    async def token_works(self) -> bool:
        """Ask Slack whether the bot is still known; a failure to answer counts as no."""
        try:
            await self._ask(self._client.auth_test())
        except SlackFailureError:
            return False
        return True

    async def _ask(self, call: Awaitable[_Response]) -> _Response:
        try:
            async with asyncio.timeout(self._timeout):
                return await call
        except FAILURES as error:
            raise failure(error) from error


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _marked(key: str, message: Message) -> list[dict[str, Any]]:
    """Return the blocks with ``key`` on the first: a second mark, should Slack not give the metadata back."""
    if not message.blocks or len(key) > BLOCK_ID_LIMIT or "block_id" in message.blocks[0]:
        return message.blocks
    return [{**message.blocks[0], "block_id": key}, *message.blocks[1:]]


def _bears(entry: dict[str, Any], key: str) -> bool:
    """Tell whether ``entry`` of a history is ours and bears ``key``; what people post has no ``bot_id``."""
    if not entry.get("bot_id"):
        return False
    payload = (entry.get("metadata") or {}).get("event_payload") or {}
    blocks = entry.get("blocks") or [{}]
    return key in (payload.get("key"), blocks[0].get("block_id"))


def _instant(ts: str | None) -> tuple[int, int]:
    """Split Slack's ts, which orders the messages of a channel: seconds and a counter, no fraction to be rounded."""
    seconds, _, count = (ts or "0").partition(".")
    return int(seconds or 0), int(count or 0)
