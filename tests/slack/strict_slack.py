"""A Slack that keeps its limits to the letter, within the process, so that a morning passes in virtual time."""

from __future__ import annotations

import asyncio
import math
import random
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

MINUTE = 60.0
CHANNEL_SECONDS = 1.0
WAY_SECONDS = (0.03, 0.25)
"""How long a call is under way, there and back alike."""


class StrictSlack(AsyncWebClient):
    """Answers 429 to a call more than ``per_minute`` of its method in the minute before it, wherever that begins.

    A channel takes one post a second. ``said`` are the moments at which each message was posted, ``refused`` counts
    the calls that got a 429, ``impatient`` those that were sent although Slack had asked for a rest by then.
    """

    def __init__(self, per_minute: Mapping[str, int], *, seed: int = 1) -> None:
        super().__init__(token="xoxb-strict", base_url="http://127.0.0.1:1/api/", retry_handlers=[])  # noqa: S106
        self._per_minute = per_minute
        self._random = random.Random(seed)  # noqa: S311
        self._taken: dict[str, deque[float]] = defaultdict(deque)
        self._posted: dict[str, float] = {}
        self._resting: dict[str, float] = {}
        self.said: dict[str, list[float]] = defaultdict(list)
        self.rewritten: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.impatient = 0

    async def api_call(self, api_method: str, **sent: Any) -> AsyncSlackResponse:
        """Stand in for the way over HTTP, which is all that is left out of the SDK's client."""
        asked = sent.get("json") or sent.get("params") or {}
        loop = asyncio.get_running_loop()
        self.impatient += self._resting.get(api_method, 0.0) > loop.time()
        await asyncio.sleep(self._random.uniform(*WAY_SECONDS))
        rest = self._rest(api_method, asked, loop.time())
        body = {"ok": False, "error": "ratelimited"} if rest else self._do(api_method, asked, loop.time())
        await asyncio.sleep(self._random.uniform(*WAY_SECONDS))
        answer = AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data=body,
            headers={"Retry-After": str(rest)} if rest else {},
            status_code=429 if rest else 200,
        )
        if rest:
            self.refused[api_method] += 1
            self._resting[api_method] = loop.time() + rest
            raise SlackApiError("ratelimited", answer)
        return answer

    def _rest(self, method: str, asked: dict[str, Any], now: float) -> int:
        """Return for how many seconds Slack wants to be left alone; 0 when it takes the call."""
        taken = self._taken[method]
        while taken and taken[0] <= now - MINUTE:
            taken.popleft()
        waits = [0.0]
        if len(taken) >= self._per_minute.get(method, 50):
            waits.append(taken[0] + MINUTE - now)
        if method == "chat.postMessage":
            waits.append(self._posted.get(_channel(asked), -CHANNEL_SECONDS) + CHANNEL_SECONDS - now)
        return math.ceil(max(waits))

    def _do(self, method: str, asked: dict[str, Any], now: float) -> dict[str, Any]:
        self._taken[method].append(now)
        key = asked["metadata"]["event_payload"]["key"] if "metadata" in asked else ""
        if method == "chat.postMessage":
            self._posted[_channel(asked)] = now
            self.said[key].append(now)
        elif method == "chat.update":
            self.rewritten[key].append(now)
        return {"ok": True, "channel": _channel(asked), "ts": f"{1 + now:.6f}"}


def _channel(asked: dict[str, Any]) -> str:
    """Return the DM's channel, also where it was called by its person."""
    named = str(asked.get("channel") or asked.get("users") or "")
    return named if named.startswith("D") else f"D{named}"
