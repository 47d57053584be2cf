"""The HTTP interface of the page in the browser and of the bot's clock: /sandbox/..."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

from aiohttp import web

from bot.sandbox.acts import Acts, Outcome
from bot.sandbox.clock import ClockRefusedError, Coming
from bot.sandbox.core import Core
from bot.sandbox.journal import Entry
from bot.sandbox.people import SandboxPerson
from bot.sandbox.refusals import NotThereError, RefusalError
from bot.sandbox.views import View

Json = dict[str, Any]
STEP = re.compile(r"\+(\d{1,4})([mhdw])")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST_WAIT = 25.0
HEARTBEAT = 15.0
REPORTED_WITHIN = 2.0
QUEUE = 1_000
SHOWN = 200  # messages on the page
PAGE_FILES = {
    "index.html": "text/html",
    "app.js": "text/javascript",
    "blocks.js": "text/javascript",
    "composer.js": "text/javascript",
    "mrkdwn.js": "text/javascript",
    "modal.js": "text/javascript",
    "style.css": "text/css",
}
POLICY = "default-src 'self'; img-src 'self' https: data:; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class PageApi:
    """Routes for the page; only a browser on this machine that came by the loopback address gets in."""

    def __init__(self, core: Core, acts: Acts) -> None:
        self._core, self._acts = core, acts
        self._watchers: set[asyncio.Queue[str]] = set()
        core.journal.subscribe(self._tell_of_entry)
        core.clock.subscribe(lambda: self._tell({"kind": "clock"}))

    def routes(self) -> list[web.RouteDef]:
        posts: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "command": self._command,
            "home": self._home,
            "say": self._say,
            "read": self._read,
            "clock": self._move_clock,
            "coming": self._announce,
        }
        return [
            web.get("/", self._file),
            web.get("/{name:[a-z]+\\.(?:js|css|html)}", self._file),
            web.get("/sandbox/workspace", self._workspace),
            web.get("/sandbox/person/{user}", self._person),
            web.get("/sandbox/clock", self._clock),
            web.get("/sandbox/journal", self._journal),
            web.get("/sandbox/events", self._events),
            *(web.post(f"/sandbox/{name}", _answering(handler)) for name, handler in posts.items()),
        ]

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        if name not in PAGE_FILES:
            raise web.HTTPNotFound
        text = resources.files("bot.sandbox").joinpath("page", name).read_text(encoding="utf-8")
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=text, content_type=PAGE_FILES[name], headers=headers)

    async def _workspace(self, _: web.Request) -> web.Response:
        workspace = self._core.workspace
        return web.json_response(
            {
                "app": {"name": workspace.app.name, "bot_user": workspace.app.bot_user},
                "team": workspace.app.team_name,
                "commands": self._core.commands,
                "people": [self._listed(person) for person in workspace.people.values()],
                "clock": self._clock_json(),
            }
        )

    async def _person(self, request: web.Request) -> web.Response:
        workspace, user = self._core.workspace, request.match_info["user"]
        person = workspace.people.get(user)
        if person is None:
            return web.json_response({"error": f"There is no {user}."}, status=404)
        messages = tuple(workspace.in_channel(person.channel, with_ephemeral=True))[-SHOWN:]
        top = workspace.views.top(user)
        return web.json_response(
            {
                "person": self._listed(person),
                "channel": person.channel,
                "messages": [message.to_json(workspace.app) for message in messages],
                "home": self._view(workspace.views.home(user)),
                "modal": self._view(top),
                "modals": len(workspace.views.stack(user)),
                "clock": self._clock_json(),
                "coming": {
                    "mine": _coming_json(self._core.clock.next_for(user)),
                    "any": _coming_json(self._core.clock.next_for()),
                },
            }
        )

    async def _clock(self, request: web.Request) -> web.Response:
        """Tell the time; the bot tells in the query when it is next due and whether it rests.

        With ``after=VERSION&wait=SECONDS`` the answer waits until the clock has been moved since.
        """
        query = request.query
        clock = self._core.clock
        try:
            if "idle" in query or "next_due" in query:
                due = query.get("next_due")
                clock.report(_instant(due) if due else None, idle=query.get("idle") == "1")
            if "after" in query:
                wait = min(float(query.get("wait", "0")), LONGEST_WAIT)
                await clock.changed_since(int(query["after"]), within=wait)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(self._clock_json())

    async def _journal(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "0")
        start = int(since) if since.isdigit() else 0
        return web.json_response({"entries": self._core.journal.entries[start:], "next": len(self._core.journal)})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one for each thing that changed, so that the page looks again."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self._watchers.add(queue)
        try:
            await response.write(b"retry: 1000\n\n")
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        told = await queue.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if told == CLOSING:
                    return response
                await response.write(f"data: {told}\n\n".encode())
        except ConnectionResetError:
            return response
        finally:
            self._watchers.discard(queue)

    def close(self) -> None:
        """End the streams of events, so that the server can stop."""
        for queue in self._watchers:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(CLOSING)

    async def _click(self, sent: Json) -> Json:
        user, action_id, value, block_id = sent["user"], sent["action_id"], sent.get("value"), sent.get("block_id")
        values = sent.get("values") or {}
        if "view_id" in sent:
            act = self._acts.click_in_view(user, sent["view_id"], action_id, value, block_id=block_id, values=values)
        else:
            act = self._acts.click(
                user, sent["channel"], sent["ts"], action_id, value, block_id=block_id, values=values
            )
        return self._shown(await act)

    async def _submit(self, sent: Json) -> Json:
        return self._shown(await self._acts.submit(sent["user"], sent["view_id"], sent.get("values") or {}))

    async def _close(self, sent: Json) -> Json:
        all_of_them = bool(sent.get("all"))
        return self._shown(await self._acts.close_view(sent["user"], sent["view_id"], all_of_them=all_of_them))

    async def _command(self, sent: Json) -> Json:
        return self._shown(await self._acts.command(sent["user"], sent["command"], sent.get("text") or ""))

    async def _home(self, sent: Json) -> Json:
        return self._shown(await self._acts.open_home(sent["user"], sent.get("tab") or "home"))

    async def _say(self, sent: Json) -> Json:
        return self._shown(await self._acts.say(sent["user"], sent["text"]))

    async def _read(self, sent: Json) -> Json:
        self._core.workspace.read(sent["user"])
        return {}

    async def _move_clock(self, sent: Json) -> Json:
        clock, to = self._core.clock, str(sent.get("to") or "")
        if "speed" in sent:
            clock.speed = float(sent["speed"])
        if to == "next" and "user" in sent:
            with suppress(TimeoutError):  # what a person did a moment ago may change what comes next for them
                await clock.until_idle(within=REPORTED_WITHIN)
            clock.move_to_next_for(str(sent["user"]))
        elif to == "next":
            clock.move_to_next_due()
        elif step := STEP.fullmatch(to):
            clock.set(clock.now() + timedelta(**{UNITS[step[2]]: int(step[1])}))
        elif to:
            clock.set(_instant(to))
        return self._clock_json()

    async def _announce(self, sent: Json) -> Json:
        """Take down what the bot says is coming: [{"at": instant, "who": [user ids], "what": words}]."""
        events = [Coming(_instant(one["at"]), tuple(one["who"]), str(one["what"])) for one in sent["events"]]
        self._core.clock.announce(events)
        return {}

    def _shown(self, outcome: Outcome) -> Json:
        self._tell({"kind": "act"})
        return outcome.to_json()

    def _listed(self, person: SandboxPerson) -> Json:
        return {
            "id": person.id,
            "name": person.name,
            "title": person.title,
            "tz": person.tz,
            "locale": person.locale,
            "handle": person.handle,
            "deleted": person.deleted,
            "unread": self._core.workspace.unread(person.id),
        }

    def _view(self, view: View | None) -> Json | None:
        return self._core.workspace.views.to_json(view) if view else None

    def _clock_json(self) -> Json:
        clock = self._core.clock
        due = clock.next_due
        return {
            "now": clock.now().isoformat(),
            "speed": clock.speed,
            "version": clock.version,
            "next_due": due.isoformat() if due else None,
            "idle": clock.idle,
        }

    def _tell_of_entry(self, entry: Entry) -> None:
        self._tell({"kind": "entry", "user": entry.get("to") or entry.get("by")})

    def _tell(self, what: Json) -> None:
        told = json.dumps(what)
        for queue in self._watchers:
            if not queue.full():  # a page that far behind looks again anyway
                queue.put_nowait(told)


CLOSING = "closing"


def _answering(handler: Callable[[Json], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Wrap an act: JSON in, JSON out, and a sentence when it can't be done."""

    async def answer(request: web.Request) -> web.Response:
        try:
            sent = await request.json() if request.content_type == "application/json" else None
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            return web.json_response({"error": "Send a JSON object."}, status=400)
        try:
            return web.json_response(await handler(sent))
        except NotThereError as error:
            problem, status = str(error), 200  # an ordinary answer: the screen was behind
        except KeyError as error:
            problem, status = f"Say which {error.args[0]}.", 400
        except ClockRefusedError as error:
            problem, status = str(error), 409
        except (RefusalError, ValueError, OverflowError) as error:
            problem, status = str(error), 400
        return web.json_response({"error": problem}, status=status)

    return answer


def _coming_json(event: Coming | None) -> Json | None:
    return {"at": event.at.isoformat(), "who": list(event.who), "what": event.what} if event else None


def _instant(text: str) -> datetime:
    """Return the instant of an ISO text with its zone. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ClockRefusedError(f"{text} needs its zone, such as {text}Z.")
    return instant.astimezone(UTC)
