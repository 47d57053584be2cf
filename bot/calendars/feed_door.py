"""The HTTP address of people's calendars."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.calendars.icalendar_text import feed_text
from bot.services.calendar_feeds import CalendarEntry

PATH = "/ics/{secret}.ics"
FRESH_SECONDS = 300

Entries = Callable[[str], Awaitable[tuple[CalendarEntry, ...] | None]]


def feed_address(base: str, secret: str) -> str:
    """Return the address to subscribe to under the public address ``base``."""
    return f"{base.rstrip('/')}{PATH.format(secret=secret)}"


def add_feeds(app: web.Application, entries: Entries) -> None:
    """Answer PATH on ``app``: 200 with the calendar, 304 when it is as it was, 404 for an address that isn't one."""

    async def answer(request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        shown = await entries(secret)
        if shown is None:  # the same as for a path that never was: an address can't be guessed at
            raise web.HTTPNotFound
        body = feed_text(shown, hashlib.sha256(secret.encode()).hexdigest()[:32])
        tag = hashlib.sha256(body).hexdigest()[:32]
        response = web.Response(body=body, content_type="text/calendar", charset="utf-8")
        if any(known.value in (tag, "*") for known in request.if_none_match or ()):
            response = web.Response(status=304)
        response.etag = tag
        response.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"  # no words: HTTP
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    app.router.add_get(PATH, answer)
