"""Each calendar provider over its own local stand-in, held against the vendor's contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from bot.calendars.google.account import ServiceAccount
from bot.calendars.google.provider import GoogleCalendar
from bot.calendars.graph.provider import App, GraphCalendar
from bot.services.ports import Clock
from bot.services.ports.calendars import CalendarProvider
from bot.vendors.budget import Budget
from tests.calendars.local_calendars import Held, LocalGoogle, LocalGraph, key_file
from tests.vendors.contract import Contract
from tests.vendors.vendor_server import VendorServer, serving

SECRET = "app-secret~0123456789"  # noqa: S105 - of nothing
GOOGLE = Contract("google-calendar-v3.openapi.json", base="/calendar/v3")
GRAPH = Contract("msgraph-calendar-v1.0.openapi.json", base="/v1.0", also=["$select"])


@dataclass
class Opened:
    """``told`` is what an admin would tell to connect it."""

    provider: CalendarProvider
    held: Held
    server: VendorServer
    login: VendorServer
    told: dict[str, str]


async def _never(_: float) -> None:
    return


@asynccontextmanager
async def google(clock: Clock) -> AsyncIterator[Opened]:
    local = LocalGoogle(Held())
    async with serving(VendorServer(local.answer, GOOGLE)) as server, serving(VendorServer(local.login)) as login:
        account = ServiceAccount.read(key_file())
        provider = GoogleCalendar(
            account, clock, address=server.url, token_address=login.url, budget=Budget(), sleep=_never
        )
        try:
            yield Opened(
                provider, local.held, server, login, {"key": key_file(), "address": server.url, "login": login.url}
            )
        finally:
            await provider.close()


@asynccontextmanager
async def graph(clock: Clock) -> AsyncIterator[Opened]:
    local = LocalGraph(Held(), SECRET)
    async with serving(VendorServer(local.answer, GRAPH)) as server, serving(VendorServer(local.login)) as login:
        app = App("acme.example", "client-1", SECRET)
        provider = GraphCalendar(app, clock, address=server.url, login=login.url, budget=Budget(), sleep=_never)
        try:
            told = {"tenant": app.tenant, "client": app.client_id, "secret": SECRET}
            yield Opened(provider, local.held, server, login, told | {"address": server.url, "login": login.url})
        finally:
            await provider.close()


OPENERS: dict[str, Callable[[Clock], AbstractAsyncContextManager[Opened]]] = {"google": google, "graph": graph}
