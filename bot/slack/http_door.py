"""Slack's requests over HTTP, for installations with a public address; equal to Socket Mode in all that follows."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.clock import SystemClock
from bot.services.watch import UNWATCHED, Watch
from bot.slack.sockets import RECEIPT, LineState
from bot.web_door import WebDoor

log = logging.getLogger(__name__)

PATH = "/slack/events"
BODY_BYTES = 1024 * 1024
"""Four times what Slack lets a view be, which is the largest thing it sends."""
OLD_SECONDS = 300
STAMP_DIGITS = 20
"""More than any second has, and fewer than Python refuses to read or to compare with one."""
FORM = "application/x-www-form-urlencoded"


class HttpDoor(WebDoor):
    """Serves events, clicks, forms and commands on one path.

    Whether Slack sent a request, and now, is known before anything of it is read: by its signature over the raw body
    and its age. ``port`` 0 takes a free one, then in ``port``. ``extend`` may add paths of other subjects to the same
    server.
    """

    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str,
        *,
        host: str,
        port: int,
        extend: Callable[[web.Application], None] | None = None,
        watch: Watch = UNWATCHED,
    ) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._watch = watch
        served = web.Application(client_max_size=BODY_BYTES)
        served.router.add_post(PATH, self._answer)
        served.router.add_get(PATH, self._look)
        if extend is not None:
            extend(served)
        super().__init__(served, host=host, port=port)

    def connected(self) -> int:
        """Return 1 while it listens: nothing shows whether Slack knows the address."""
        return int(self.is_open())

    def lines(self) -> tuple[LineState, ...]:
        """Return nothing: each request has a connection of its own."""
        return ()

    async def run(self, stop: asyncio.Event) -> None:
        await stop.wait()

    async def _answer(self, request: web.Request) -> web.Response:
        """Answer 200 once what was asked is done, as an acknowledgement; else the status that says why not.

        401 wrong signature or too old, 413 too large, 400 not to be read, 500 a fault of ours. Slack brings
        an event again that isn't answered with 200, and tells the person of a click, a form or a command.
        """
        try:
            raw = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, "size")
        except web.RequestPayloadError:  # packed in a way that can't be undone, or broken off
            return _refused(400, "form")
        if doubt := self._doubt(request, raw):
            return web.Response() if _only_looks_at_the_certificate(request, raw) else _refused(401, doubt)
        try:
            body = _read(request.content_type, raw.decode())
        except (ValueError, RecursionError):
            return _refused(400, "form")
        # As from a socket: what Slack's library does besides is to check the signature again, and to lose a command
        # that has the word "payload" in it.
        asked = AsyncBoltRequest(mode="socket_mode", body=body, headers=dict(request.headers))
        began, done = time.monotonic(), False
        try:
            answer = await to_aiohttp_response(await self._app.async_dispatch(asked))
            done = answer.status == RECEIPT
        finally:
            self._watch.answered(_kind(request.content_type, body), time.monotonic() - began, done=done)
        return answer

    async def _look(self, request: web.Request) -> web.Response:
        return web.Response(status=200 if request.query.get("ssl_check") == "1" else 405)

    def _doubt(self, request: web.Request, body: bytes) -> str:
        """Return what speaks against it that Slack sent this now; "" when nothing does."""
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")  # no words: HTTP
        mark = request.headers.get("X-Slack-Signature", "")  # no words: HTTP
        if not (stamp.isascii() and stamp.isdigit() and mark.isascii()) or len(stamp) > STAMP_DIGITS:
            return "signature"
        if abs(SystemClock().now().timestamp() - int(stamp)) > OLD_SECONDS:
            return "age"
        try:
            return "" if self._verifier.is_valid(body, stamp, mark) else "signature"
        except UnicodeDecodeError:
            return "signature"


def _only_looks_at_the_certificate(request: web.Request, raw: bytes) -> bool:
    """Whether Slack, which doesn't sign this, only tries whether the connection is safe: nothing is asked."""
    return request.content_type == FORM and dict(parse_qsl(raw.decode(errors="replace"))).get("ssl_check") == "1"


def _read(content_type: str, body: str) -> dict[str, Any]:
    """Return what stands in JSON, a form, or the JSON in a form's ``payload``. Raises ValueError for all else."""
    if content_type == FORM:
        fields = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        if "payload" not in fields:
            return fields
        body = fields["payload"]
    read = json.loads(body)
    if not isinstance(read, dict):
        raise ValueError("not an object")  # noqa: TRY004 - a value of the request, not a type of ours
    return read


def _kind(content_type: str, body: dict[str, Any]) -> str:
    """Return what a socket's envelope would call it."""
    if content_type != FORM:
        return "events_api"
    return "slash_commands" if "command" in body else "interactive"


def _refused(status: int, why: str) -> web.Response:
    log.warning("http.refused", extra={"status": status, "why": why})
    return web.Response(status=status)
