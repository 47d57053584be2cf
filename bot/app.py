"""Builds everything; the only place that does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot import doctor
from bot.calendars.connected import ConnectedCalendar
from bot.calendars.feed_door import add_feeds, feed_address
from bot.calendars.icalendar_text import file_text
from bot.calendars.keeper import CalendarKeeper
from bot.calendars.taken import TakenByCalendars
from bot.coaching.records import Person
from bot.config import Settings
from bot.errors import TryLaterError
from bot.health import Health, HealthServer
from bot.metrics import Metrics, Present
from bot.services.calendar_feeds import Outlets
from bot.services.ports import Clock
from bot.services.syncing import Syncing
from bot.services.use_cases import UseCases, use_cases
from bot.services.watch import Watch
from bot.slack.authorization import bolt_app
from bot.slack.client import open_session, web_client
from bot.slack.delivery import Delivery
from bot.slack.directory import SlackDirectory
from bot.slack.errors import REFUSALS
from bot.slack.files import SlackFiles
from bot.slack.http_door import HttpDoor
from bot.slack.pace import PER_MINUTE, Pace
from bot.slack.sockets import LineState, Sockets
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.surroundings import office, syncing
from bot.vault import Vault
from bot.web_door import WebDoor
from handlers.rush import Rush
from scheduler.checking import Checking
from scheduler.jobs import DueWork
from scheduler.lookout import Lookout
from scheduler.runner import Door, Part, Runner
from scheduler.syncing import SourceReader

log = logging.getLogger(__name__)

TICK_LATE_SECONDS = 60
"""Without a good tick for so long the process isn't ready."""
PATIENCE_SECONDS = 2
"""So long a probe waits for the database: supervisors have little patience themselves."""


class Transport(Door, Part, Protocol):
    """The way in from Slack: Socket Mode or HTTP."""

    def connected(self) -> int:
        """Return how many connections are up; the bot hears nothing at 0."""

    def lines(self) -> tuple[LineState, ...]:
        """Return how each lasting connection is; there is none over HTTP."""


@dataclass(slots=True)
class Bot:
    """A running bot's parts. ``open`` makes it, ``close`` ends what has no door of its own."""

    settings: Settings
    clock: Clock
    database: Database
    session: aiohttp.ClientSession
    client: AsyncWebClient
    app: AsyncApp
    cases: UseCases
    delivery: Delivery
    rush: Rush
    files: SlackFiles
    due_work: DueWork
    lookout: Lookout
    sockets: Transport
    feeds: WebDoor | None
    calendar_keeper: CalendarKeeper
    syncing: Syncing
    metrics: Metrics

    async def match_people(self) -> tuple[Person, ...]:
        """Look everybody up in Slack by e-mail address; returns the people without a match."""
        return await self.cases.roster.match()

    async def next_due(self) -> datetime | None:
        """Return when a duty or a message falls due next."""
        dues = (await self.cases.ticks.next_due(), await self.database.deliveries.next_due())
        return min((due for due in dues if due is not None), default=None)

    async def present(self) -> Present:
        """Return how the process is right now; a database that is away or hangs is part of that."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                waiting = await self.cases.backlog.look(self.database.deliveries)
        except (SQLAlchemyError, TryLaterError, TimeoutError, OSError):
            waiting = None
        connections, tick_age = self.sockets.connected(), self.due_work.seconds_since_good()
        sends = self.delivery.stopped_because is None
        return Present(
            ready=connections > 0 and tick_age < TICK_LATE_SECONDS and sends and waiting is not None,
            sends=sends,
            tick_age=tick_age,
            connections=connections,
            lines=self.sockets.lines(),
            waiting=waiting,
        )

    async def health(self) -> Health:
        now = await self.present()
        return Health(
            live=True,
            ready=now.ready,
            details={
                "sockets": now.connections,
                "seconds_since_tick": round(now.tick_age, 1),
                "outbox": "the database doesn't answer" if now.waiting is None else now.waiting.outbox,
                "sending_stopped_because": self.delivery.stopped_because,
            },
        )

    async def figures(self) -> bytes:
        """Return the page that Prometheus reads."""
        return self.metrics.page(await self.present())

    def runner(self, *, parts: Sequence[Part] = ()) -> Runner:
        """Return the process's life: sockets and health as doors, delivery and watchdog as parts."""
        health = HealthServer(self.health, self.figures, host=self.settings.health_host, port=self.settings.health_port)
        return Runner(
            self.due_work,
            parts=(
                self.rush,
                self.delivery,
                self.files,
                self.sockets,
                self.lookout,
                SourceReader(self.syncing),
                Checking(self.cases.checkups, wake=self.delivery.wake),
                self.calendar_keeper,
                *parts,
            ),
            doors=(health, self.sockets, *([] if self.feeds is None else [self.feeds])),
            dispose=self.close,
            tick_seconds=self.settings.tick_seconds,
        )

    async def close(self) -> None:
        await self.session.close()
        await self.database.dispose()


async def open_bot(settings: Settings, clock: Clock, *, paced: bool = True, trust_slack_clock: bool = True) -> Bot:
    """Build a bot over a migrated database. Raises ConfigurationError and BadInputError; opens no connection yet."""
    metrics = Metrics()
    database = connect(settings.database_url)
    pace = Pace({**PER_MINUTE, "chat.postMessage": settings.messages_per_minute}) if paced else Pace.off()
    taken = TakenByCalendars()
    house = office(settings, database, clock, metrics, taken)  # before anything is opened that would have to be closed
    reading = syncing(settings, house)
    session = open_session()
    client = web_client(settings.bot_token(), settings.slack_api_url, session)
    files = SlackFiles(client)
    cases = use_cases(
        house,
        SlackDirectory(client),
        REFUSALS,
        Outlets(
            address_of=None if settings.calendar_url is None else partial(feed_address, settings.calendar_url),
            text_of=file_text,
            files=files,
        ),
        partial(doctor.examine_running, settings),
    )
    delivery = Delivery(
        database.deliveries,
        client,
        clock=clock,
        pace=pace,
        in_flight=settings.sends_in_flight,
        trust_slack_clock=trust_slack_clock,
        watch=metrics,
        waking=cases.waking,
    )
    app = bolt_app(client, settings.bot_token(), settings.signing_secret())
    rush = Rush(app, cases.receipts, wake=delivery.wake)
    handlers.register(app, cases, rush, wake=delivery.wake)
    sockets = _transport(settings, app, cases, metrics)
    return Bot(
        settings=settings,
        clock=clock,
        database=database,
        session=session,
        client=client,
        app=app,
        cases=cases,
        delivery=delivery,
        rush=rush,
        files=files,
        due_work=DueWork(cases.ticks, clock, wake=delivery.wake, watch=metrics),
        lookout=Lookout(cases.troubles, cases.undelivered, sockets.connected, wake=delivery.wake),
        sockets=sockets,
        feeds=_feeds(settings, cases),
        calendar_keeper=CalendarKeeper(
            ConnectedCalendar(cases.calendar_connection.current, Vault(settings.vault_keys()), clock),
            cases.calendar_keeping,
            taken,
            clock,
            seconds=settings.calendar_minutes * 60,
        ),
        syncing=reading,
        metrics=metrics,
    )


def _transport(settings: Settings, app: AsyncApp, cases: UseCases, watch: Watch) -> Transport:
    if settings.transport == "http":
        feeds = None if settings.calendar_url is None else partial(add_feeds, entries=cases.calendar_feeds.entries)
        return HttpDoor(
            app, settings.signing_secret(), host=settings.host, port=settings.port, extend=feeds, watch=watch
        )
    return Sockets(app, settings.app_token(), connections=settings.socket_connections, watch=watch)


def _feeds(settings: Settings, cases: UseCases) -> WebDoor | None:
    """Return a door of their own for people's calendars; over HTTP they come in by Slack's."""
    if settings.calendar_url is None or settings.transport == "http":
        return None
    served = web.Application()
    add_feeds(served, cases.calendar_feeds.entries)
    return WebDoor(served, host=settings.host, port=settings.port)


async def settle(bot: Bot) -> None:
    """Do and send all that is due by the bot's clock, until nothing is left: what a runner does, in one go."""
    while await work_off(bot):
        pass


async def work_off(bot: Bot) -> bool:
    """Do all duties that are due, then send until a batch isn't full; whether there was anything to do."""
    busy = await bot.rush.work_off() > 0
    busy = await bot.files.work_off() > 0 or busy
    busy = await bot.due_work() > 0 or busy
    full = True
    while full:
        sent = await bot.delivery.run_once()
        busy = busy or sent > 0
        full = sent >= bot.settings.sends_in_flight
        await asyncio.sleep(0)
    return busy
