"""Slack's requests over HTTP, for installations with a public address; equal to Socket Mode in all that follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.web_door import WebDoor

PATH = "/slack/events"


class HttpDoor(WebDoor):
    """Serves events, clicks, forms and commands on one path.

    Bolt checks signature and age of each request before any listener sees it. ``port`` 0 takes a free one, then in
    ``port``. ``extend`` may add paths of other subjects to the same server.
    """

    def __init__(
        self, app: AsyncApp, *, host: str, port: int, extend: Callable[[web.Application], None] | None = None
    ) -> None:
        served = app.web_app(path=PATH)
        if extend is not None:
            extend(served)
        super().__init__(served, host=host, port=port)

    def connected(self) -> int:
        """Return 1 while it listens: nothing shows whether Slack knows the address."""
        return int(self.is_open())

    async def run(self, stop: asyncio.Event) -> None:
        await stop.wait()
