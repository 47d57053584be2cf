"""Which calendars there are, what each needs to be told, and how one is made of that."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.calendars.google.account import TOKEN_ADDRESS, ServiceAccount
from bot.calendars.google.provider import ADDRESS as GOOGLE
from bot.calendars.google.provider import GoogleCalendar
from bot.calendars.graph.provider import ADDRESS as GRAPH
from bot.calendars.graph.provider import LOGIN, App, GraphCalendar
from bot.coaching.said import say
from bot.services.ports import Clock
from bot.services.ports.calendars import CalendarProvider
from bot.vendors.ask import Ask, Kind, known


def _google(given: Mapping[str, str], clock: Clock) -> CalendarProvider:
    account = ServiceAccount.read(given["key"])
    return GoogleCalendar(account, clock, address=given["address"], token_address=given["login"])


def _graph(given: Mapping[str, str], clock: Clock) -> CalendarProvider:
    app = App(given["tenant"], given["client"], given["secret"])
    return GraphCalendar(app, clock, address=given["address"], login=given["login"])


KINDS: Mapping[str, Kind[[Mapping[str, str], Clock], CalendarProvider]] = MappingProxyType(  # no words: names, asks
    {
        "google": Kind(
            "Google Calendar",
            (
                Ask("key", "JSON key of the service account, or the file that holds it", secret=True, file=True),
                Ask("address", "address of the API", default=GOOGLE),
                Ask("login", "address of the log-in", default=TOKEN_ADDRESS),
            ),
            _google,
        ),
        "graph": Kind(
            "Microsoft 365",
            (
                Ask("tenant", "directory (tenant) id"),
                Ask("client", "application (client) id"),
                Ask("secret", "client secret", secret=True),
                Ask("address", "address of the API", default=GRAPH),
                Ask("login", "address of the log-in", default=LOGIN),
            ),
            _graph,
        ),
    }
)


def make(name: str, given: Mapping[str, str], clock: Clock) -> CalendarProvider:
    """Return a provider of what was told. Raises ConfigurationError for what can't be used."""
    kind = known(KINDS, name, say("a calendar"))
    return kind.make(kind.complete(given), clock)
