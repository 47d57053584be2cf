"""The sandbox as a whole: a server on loopback, and the person's side as methods."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox import files_api, response_url, web_api
from bot.sandbox.acts import Acts, Outcome
from bot.sandbox.aim import NOTHING, Values
from bot.sandbox.clock import SandboxClock
from bot.sandbox.core import Core
from bot.sandbox.courier import Courier
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.page_api import PageApi
from bot.sandbox.people import SandboxPerson, user_object
from bot.sandbox.request_url import RequestUrl
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.tickets import Tickets
from bot.sandbox.workspace import App, Workspace

Json = dict[str, Any]
LOOPBACK = "127.0.0.1"
OWN_NAMES = frozenset({"127.0.0.1", "localhost"})
BODY_BYTES = 4 * 1024 * 1024
SHUTDOWN_SECONDS = 1.0


class Sandbox:
    """A small local Slack. Start it, point a Slack app at ``api_url``, and act as its people."""

    def __init__(
        self,
        people: Sequence[SandboxPerson],
        commands: Sequence[str],
        *,
        now: datetime,
        bot_token: str = "xoxb-sandbox",  # noqa: S107 - a token of nothing
        app_token: str = "xapp-sandbox",  # noqa: S107
        team: str = "T0SANDBOX",
        port: int = 0,
        app_name: str = "Cadence",
        speed: float = 1.0,
    ) -> None:
        self.clock = SandboxClock(now, speed=speed)
        self.journal = Journal(self.clock)
        self.faults = Faults()
        self.tickets = Tickets()
        self.workspace = Workspace(people, App(name=app_name, team=team), self.clock)
        self.core = Core(
            self.workspace, self.clock, self.journal, self.faults, self.tickets, tuple(commands), bot_token, app_token
        )
        self.socket = SocketMode(self.core)
        self.courier = Courier(self.socket)
        self._acts = Acts(self.core, self.courier)
        self._page = PageApi(self.core, self._acts)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """http://127.0.0.1:port, once started."""
        return self.core.url

    @property
    def api_url(self) -> str:
        """The base_url for Slack's SDK; ends with a slash."""
        return f"{self.core.url}/api/"

    async def start(self) -> None:
        """Listen on loopback. Raises OSError when the port is taken."""
        server = web.Application(middlewares=[_only_from_here], client_max_size=BODY_BYTES)

        async def call(request: web.Request) -> web.StreamResponse:
            return await web_api.answer(self.core, request)

        async def respond(request: web.Request) -> web.StreamResponse:
            return await response_url.answer(self.core, request)

        server.add_routes(
            [
                web.route("*", "/api/{method}", call),
                web.post("/response/{name}", respond),
                web.get("/link/", self.socket.link),
                *self._page.routes(),
                *files_api.routes(self.core),
            ]
        )
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.core.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self._page.close()
        await self.socket.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def refuse_token(self, code: str = "token_revoked") -> None:
        """Refuse every call with the bot's token from now on, as after it was revoked; "" takes it again."""
        self.core.token_refused = code

    def refuse_app_token(self, code: str = "token_revoked") -> None:
        """Give out no address for Socket Mode any more; "" does again. Connections that are there stay."""
        self.core.app_token_refused = code

    def close_messages_tab(self, *, closed: bool = True) -> None:
        """Let the app's settings have no Messages tab: nobody can be written to."""
        self.workspace.messages_tab = not closed

    def lack_blocks(self, *kinds: str) -> None:
        """Let this workspace have no blocks of these kinds yet, as while Slack brings them out; none lacks none."""
        self.core.missing_blocks = frozenset(kinds)

    def take_time_for_files(self, waits: int) -> None:
        """Let each file uploaded from now on be refused in blocks so often before it is processed."""
        self.core.file_waits = waits

    def call(self, url: str, signing_secret: str) -> None:
        """From now on reach the app at ``url`` and no longer over its connections: an app listens on one of the two."""
        self.courier.way = RequestUrl(url, signing_secret)

    async def click(
        self,
        user_id: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        values: Values = NOTHING,
        even_if_gone: bool = False,
    ) -> Outcome:
        """Use an element of a message; see Acts.click."""
        return await self._acts.click(
            user_id, channel, ts, action_id, value, block_id=block_id, values=values, even_if_gone=even_if_gone
        )

    async def click_in_view(
        self,
        user_id: str,
        view_id: str,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        values: Values = NOTHING,
    ) -> Outcome:
        """Use an element of a modal or the Home tab."""
        return await self._acts.click_in_view(user_id, view_id, action_id, value, block_id=block_id, values=values)

    async def submit(self, user_id: str, view_id: str, values: Values) -> Outcome:
        """Fill and submit the modal in front; see Acts.submit."""
        return await self._acts.submit(user_id, view_id, values)

    async def close_view(self, user_id: str, view_id: str, *, all_of_them: bool = False) -> Outcome:
        return await self._acts.close_view(user_id, view_id, all_of_them=all_of_them)

    async def command(self, user_id: str, command: str, text: str = "") -> Outcome:
        """Type a slash command; the ephemeral answer is ``outcome.response``."""
        return await self._acts.command(user_id, command, text)

    async def open_home(self, user_id: str, tab: str = "home") -> Outcome:
        return await self._acts.open_home(user_id, tab)

    async def say(self, user_id: str, text: str) -> Outcome:
        """Write to the bot in the DM."""
        return await self._acts.say(user_id, text)

    async def change_person(self, user_id: str, **changes: Any) -> Outcome:
        """Change a person (tz, deleted, name, ...) and send the event user_change."""
        person = self.workspace.change_person(user_id, **changes)
        now = self.clock.now()
        shown = user_object(person, self.workspace.app.team, now, with_email=True, with_locale=True)
        return await self._acts.tell_user_changed(shown)

    def open_view(self, user_id: str) -> Json | None:
        """Return the modal in front of the person as Slack's view object, or None."""
        view = self.workspace.views.top(user_id)
        return self.workspace.views.to_json(view) if view else None

    def home(self, user_id: str) -> Json | None:
        """Return the person's Home tab as Slack's view object, or None when never published."""
        view = self.workspace.views.home(user_id)
        return self.workspace.views.to_json(view) if view else None

    def messages(self, user_id: str, *, with_ephemeral: bool = False) -> list[Json]:
        """Return the messages of the person's DM with the bot, oldest first."""
        channel = self.workspace.person(user_id).channel
        found = self.workspace.in_channel(channel, with_ephemeral=with_ephemeral)
        return [message.to_json(self.workspace.app) for message in found]


@web.middleware
async def _only_from_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a request that came by another name (DNS rebinding) or from another site's page."""
    if urlsplit(f"//{request.host}").hostname not in OWN_NAMES:
        return web.Response(status=421, text="The sandbox answers on 127.0.0.1 only.")
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        return web.Response(status=403, text="The sandbox takes no requests from other sites.")
    return await handler(request)
