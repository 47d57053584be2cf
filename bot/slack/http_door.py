"""Slack's requests over HTTP, for installations with a public address; equal to Socket Mode in all that follows."""

from __future__ import annotations

import asyncio

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

PATH = "/slack/events"


class HttpDoor:
    """Serves events, clicks, forms and commands on one path.

    Bolt checks signature and age of each request before any listener sees it. ``port`` 0 takes a free one, then in
    ``port``.
    """

    def __init__(self, app: AsyncApp, *, host: str, port: int) -> None:
        self._runner = web.AppRunner(app.web_app(path=PATH), access_log=None)
        self._host = host
        self.port = port

    def connected(self) -> int:
        """Return 1 while it listens: nothing shows whether Slack knows the address."""
        return int(bool(self._runner.addresses))

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def run(self, stop: asyncio.Event) -> None:
        await stop.wait()

    async def close(self) -> None:
        """Let requests at work end, then stop listening."""
        await self._runner.cleanup()
