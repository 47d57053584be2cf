"""Socket Mode connections that are replaced when they go deaf (platform facts, section 4.4)."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.errors import ConfigurationError
from bot.services.watch import UNWATCHED, Watch
from bot.slack.client import is_on_loopback
from bot.slack.errors import FAILURES, Outcome, failure

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
RECEIPT = 200


@dataclass(frozen=True, slots=True)
class LineState:
    """How a connection is, in seconds: since it was opened or renewed, and since it last gave a sign of life."""

    age: float
    silent: float


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler that knows which listeners are still at work, because closing doesn't wait for them."""

    def __init__(self, app: AsyncApp, app_token: str, *, ping_interval: float, watch: Watch) -> None:
        super().__init__(app, app_token, ping_interval=ping_interval)
        self._watch = watch
        self.lasts = math.inf
        self.at_work: set[asyncio.Task[Any]] = set()
        if is_on_loopback(app.client.base_url):
            self.client.proxy = None

    async def dial(self) -> None:
        """Return when connected; tries for ever."""
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def hang_up(self) -> None:
        await self.close_async()  # type: ignore[no-untyped-call]

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        task = asyncio.current_task()
        if task is not None:
            self.at_work.add(task)
            task.add_done_callback(self.at_work.discard)
        began, done = time.monotonic(), False
        try:
            answer = await run_async_bolt_app(self.app, req)
            await send_async_response(client, req, answer, began)
            done = answer.status == RECEIPT
        finally:
            self._watch.answered(req.type, time.monotonic() - began, done=done)


class _Line:
    """One connection, and the last moment (monotonic) it gave a sign of life."""

    def __init__(self, handler: _Handler, url: str | None = None) -> None:
        self.handler = handler
        self.opened = self.heard = time.monotonic()
        self.is_up = False
        self._session: object = None
        self._sign: object = None
        handler.client.wss_uri = url
        self._dialling = asyncio.create_task(handler.dial())

    async def check(self) -> None:
        """Look for a pong since the last check: ``is_connected`` alone stays true on a half-open connection."""
        client = self.handler.client
        connected = self._dialling.done() and await client.is_connected()
        session, sign = id(client.current_session), (id(client.current_session), client.last_ping_pong_time)
        if connected and session != self._session:
            self._session = session
            self.opened = time.monotonic()
        if connected and sign != self._sign:
            self._sign = sign
            self.heard = time.monotonic()
        self.is_up = connected

    async def close(self, within: float) -> None:
        """Let listeners at work end, then hang up; neither may take longer than ``within`` seconds.

        Slack sends on as long as the line is there, so there may be others at work when the first have ended.
        """
        give_up_at = time.monotonic() + within
        while self.handler.at_work and (left := give_up_at - time.monotonic()) > 0:
            await asyncio.wait(set(self.handler.at_work), timeout=left)
        self._dialling.cancel()
        await asyncio.wait({self._dialling})
        try:
            async with asyncio.timeout(within):
                await self.handler.hang_up()
        except TimeoutError:
            log.warning("sockets.close_hangs")
        finally:
            await self.handler.client.aiohttp_client_session.close()


class Sockets:
    """Keeps ``connections`` lines open, so that Slack has one while another is refreshed. Durations are in seconds.

    A line silent for ``patience`` is replaced by a wholly new client: the SDK's own reconnection can redial a dead
    address for ever. So is one that Slack, which says at its beginning how long it lasts, should have ended ``overdue``
    ago: it answers pings, and nothing that people do comes by it any more.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        connections: int = 2,
        patience: float = 60,
        overdue: float = 600,
        check_every: float = 15,
        close_timeout: float = 5,
        ping_interval: float = PING_SECONDS,
        watch: Watch = UNWATCHED,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._connections = connections
        self._patience = patience
        self._overdue = overdue
        self._check_every = check_every
        self._close_timeout = close_timeout
        self._ping_interval = ping_interval
        self._watch = watch
        self._lines: list[_Line] = []
        self._closing: set[asyncio.Task[None]] = set()

    def connected(self) -> int:
        """Return how many lines were up when last looked at; the bot hears nothing at 0."""
        return sum(line.is_up for line in self._lines)

    def lines(self) -> tuple[LineState, ...]:
        """Return how each line is, by its place; it is looked at every ``check_every`` seconds."""
        now = time.monotonic()
        return tuple(LineState(age=now - line.opened, silent=now - line.heard) for line in self._lines)

    async def start(self, within: float = 10) -> None:
        """Connect; returns when a line is up or ``within`` has passed, for the watchdog goes on trying.

        Raises ConfigurationError when Slack refuses the app token.
        """
        url = await self._first_url()
        self._lines = [_Line(self._handler(), url if number == 0 else None) for number in range(self._connections)]
        give_up_at = time.monotonic() + within
        while time.monotonic() < give_up_at:
            await self._check()
            if self.connected() == self._connections:
                return
            await asyncio.sleep(min(0.05, self._check_every))

    async def run(self, stop: asyncio.Event) -> None:
        """Watch the lines until ``stop`` and replace those that went deaf."""
        while not stop.is_set():
            await self._check()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._check_every):
                    await stop.wait()

    async def close(self) -> None:
        lines, self._lines = self._lines, []
        await asyncio.gather(*(line.close(self._close_timeout) for line in lines), *self._closing)

    async def _check(self) -> None:
        for place, line in enumerate(self._lines):
            await line.check()
            now = time.monotonic()
            silent = now - line.heard
            if silent > self._patience or (line.is_up and now - line.opened > line.handler.lasts + self._overdue):
                log.warning("sockets.replaced", extra={"place": place, "silent_seconds": round(silent)})
                self._lines[place] = _Line(self._handler())
                closing = asyncio.create_task(line.close(self._close_timeout))
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)

    def _handler(self) -> _Handler:
        handler = _Handler(self._app, self._app_token, ping_interval=self._ping_interval, watch=self._watch)
        handler.client.message_listeners.append(partial(self._note, handler))
        return handler

    async def _note(self, handler: _Handler, _client: object, message: dict[str, Any], _raw: str | None = None) -> None:
        """Keep how long a line is to last.

        Warn of connections Slack counts that nobody here holds: it sends clicks there, and they are lost.
        """
        if message.get("type") != "hello":
            return
        handler.lasts = float((message.get("debug_info") or {}).get("approximate_connection_time") or math.inf)
        if int(message.get("num_connections") or 0) > self._connections + 1:
            log.warning(
                "sockets.more_connections_than_ours",
                extra={"count": message["num_connections"], "ours": self._connections},
            )

    async def _first_url(self) -> str | None:
        """Ask for an address ourselves, as the handler would repeat a wrong token for ever; None if Slack is away."""
        try:
            answer = await self._app.client.apps_connections_open(app_token=self._app_token)
        except FAILURES as error:
            failed = failure(error)
            if failed.outcome is Outcome.STOP:
                raise ConfigurationError(  # no words: of the command line
                    f"Slack refused SLACK_APP_TOKEN ({failed.code}). It must be an app-level token (xapp-...) of this"
                    " app with the scope connections:write, and Socket Mode must be on."
                ) from error
            log.warning("sockets.slack_away", extra={"error": failed.code})
            return None
        return str(answer.get("url"))
