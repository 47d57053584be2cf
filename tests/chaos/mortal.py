"""The real bot with points at its seams where a fate can strike; the bot's own code knows nothing of it.

The seams are where the process touches the outside: each write and commit of the database, each call of Slack before,
in flight and after, each request before and after its receipt. A point is named by what the process works on there,
such as ``duty.publish.committed``, ``click.fork_yes.answered`` or ``chat.postMessage.in_flight``.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import aiohttp
from fate import Fate, SharedClock, activity, doing
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import bot.app
import bot.slack.authorization
import bot.slack.client
import bot.storage.engine
from bot.app import Bot, open_bot
from bot.calendars.public_holidays import holidays_of, known_country
from bot.clock import SystemClock
from bot.config import load
from bot.services.arrivals import is_written_down
from bot.services.ports import Duty, Received, Transaction
from bot.slack.client import open_session
from bot.slack.delivery import Delivery
from bot.storage import migrate
from bot.storage.store import Database
from scheduler.runner import stopped_by_signals

Order = dict[str, Any]
"""What the nursery is asked for: ``work`` names the function below, the rest is its arguments."""

RECEIPT_SECONDS = 0.01
"""After so long the receipt of a request has left."""

_writes: ContextVar[list[int] | None] = ContextVar("writes", default=None)


def warm_up() -> None:
    """Let what every process would find out once be known before it is forked."""
    known_country("US")
    holidays_of("US", range(2016, 2020))
    available_timezones()
    inspect.stack()  # Bolt asks for it, and it looks up the file of every module


def live(order: Order) -> None:
    """Be a process until the end: what the nursery calls in its fork."""
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND)
    what, points, passes = order.get("fate") or ("", (), 0)
    fate = Fate(log, what, frozenset(points), passes)
    logging.basicConfig(filename=order["diary"], level=logging.INFO, format="%(process)d %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # so short a tick is often skipped
    if order["work"] == "migrate":
        with _writing_has_points(fate):
            migrate.upgrade(order["environment"]["CADENCE_DATABASE_URL"])
        return
    _make_mortal(fate, order["pace"])
    asyncio.run({"bot": _be_a_bot, "sender": _be_a_sender}[order["work"]](order))


async def _be_a_bot(order: Order) -> None:
    """What `cadence run` does, by the clock that the controlling process moves."""
    bot = await _open(order, SharedClock(Path(order["clock"])), trust_slack_clock=False)
    bot.cases.receipts.crowd = order.get("crowd", bot.cases.receipts.crowd)
    async with stopped_by_signals() as stop:
        await bot.cases.first_day.open()
        await bot.match_people()
        await bot.cases.first_day.greet()
        await bot.cases.rounds.plan_all()
        activity.set("tick")
        await bot.runner().run_until(stop)


async def _be_a_sender(order: Order) -> None:
    """Only delivery, by the real clock, as it runs in production."""
    bot = await _open(order, SystemClock(), trust_slack_clock=True)
    async with stopped_by_signals() as stop:
        await bot.delivery.run(stop)
    await bot.close()


async def _open(order: Order, clock: Any, *, trust_slack_clock: bool) -> Bot:
    settings = load(order["environment"], need_slack=True)
    return await open_bot(settings, clock, paced=False, trust_slack_clock=trust_slack_clock)


def _make_mortal(fate: Fate, pace: dict[str, float]) -> None:
    """Put the points into the wiring of this process, and shorten the leases."""
    bot.storage.engine.Database = functools.partial(_MortalDatabase, fate=fate)  # type: ignore[misc]
    bot.slack.client.AsyncWebClient = functools.partial(_MortalClient, fate=fate)  # type: ignore[misc]
    bot.slack.authorization.AsyncApp = functools.partial(_MortalApp, fate=fate)  # type: ignore[misc]
    bot.app.Delivery = functools.partial(Delivery, **pace)  # type: ignore[misc]
    bot.app.open_session = functools.partial(_open_session, fate)  # type: ignore[misc]
    migrate.check = _take_for_granted  # comparing all tables takes a second, and who asks the doctor asks often here


def _take_for_granted(_: str) -> None:
    """Find the tables as they should be."""


class _MortalDatabase(Database):
    def __init__(self, engine: AsyncEngine, *, fate: Fate) -> None:
        self._fate = fate
        event.listen(engine.sync_engine, "after_cursor_execute", functools.partial(_wrote, fate))
        super().__init__(engine)
        self.deliveries = _MortalDeliveries(self.deliveries)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self._named()

    @asynccontextmanager
    async def _named(self) -> AsyncIterator[Transaction]:
        """Name what is done after the duty that is claimed, and note the duties whose transaction committed."""
        with doing(activity.get()):
            async with super().transaction() as tx:
                claimed = list[Duty]()
                _name(tx, claimed)
                yield tx
            for duty in claimed:
                self._fate.note("did", duty.key)

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        token = _writes.set(counter := [0])
        try:
            async with super()._begin() as connection:
                yield connection
                if counter[0]:
                    self._fate.at(f"{activity.get()}.written")
            if counter[0]:
                self._fate.at(f"{activity.get()}.committed")
        finally:
            _writes.reset(token)


def _wrote(fate: Fate, _connection: Any, cursor: Any, _statement: str, _values: Any, context: Any, *_: Any) -> None:
    counter = _writes.get()
    changed = context.isinsert or ((context.isupdate or context.isdelete) and cursor.rowcount > 0)
    if counter is not None and changed:
        counter[0] += 1
        fate.at(f"{activity.get()}.writing")


@contextmanager
def _writing_has_points(fate: Fate) -> Iterator[None]:
    """Give every statement of a migration a point, and note which revisions this process ran."""

    class Steps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.msg.startswith("Running"):
                fate.note("did", "migration")
                fate.at("migration.begun")

    steps = Steps()
    logging.getLogger("alembic.runtime.migration").addHandler(steps)
    yield
    logging.getLogger("alembic.runtime.migration").removeHandler(steps)


def _name(tx: Any, claimed: list[Duty]) -> None:
    """Let the transaction's repositories tell what is worked on, also those that it opens when it reads ahead."""
    open_again = tx._open

    def opened(connection: AsyncConnection) -> None:
        open_again(connection)
        name()

    def name() -> None:
        tx.duties, tx.inbox = _NamingDuties(tx.duties, claimed), _NamingInbox(tx.inbox)

    tx._open = opened
    name()


class _NamingDuties:
    def __init__(self, duties: Any, claimed: list[Duty]) -> None:
        self._duties = duties
        self._claimed = claimed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._duties, name)

    async def claim(self, now: Any, limit: int) -> tuple[Duty, ...]:
        return self._named(await self._duties.claim(now, limit))

    async def claim_alike(self, first: Duty, now: Any, limit: int, *, but: Any) -> tuple[Duty, ...]:
        return self._named(await self._duties.claim_alike(first, now, limit, but=but))

    async def release(self, *duties: Duty) -> None:
        await self._duties.release(*duties)
        self._claimed[:] = [one for one in self._claimed if one not in duties]

    def _named(self, claimed: tuple[Duty, ...]) -> tuple[Duty, ...]:
        for duty in claimed:
            self._claimed.append(duty)
            activity.set(f"duty.{duty.kind}")
        return claimed


class _NamingInbox:
    def __init__(self, inbox: Any) -> None:
        self._inbox = inbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inbox, name)

    async def write_down(self, *received: Received) -> frozenset[str]:
        activity.set("rush")
        written: frozenset[str] = await self._inbox.write_down(*received)
        return written


class _MortalDeliveries:
    def __init__(self, deliveries: Any) -> None:
        self._deliveries = deliveries

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._deliveries, name)

        async def named(*args: Any, **kwargs: Any) -> Any:
            with doing(f"delivery.{name}"):
                return await method(*args, **kwargs)

        return named


class _MortalClient(AsyncWebClient):
    def __init__(self, *args: Any, fate: Fate, **kwargs: Any) -> None:
        self._fate = fate
        super().__init__(*args, **kwargs)

    async def api_call(self, api_method: str, **kwargs: Any) -> Any:
        self._fate.at(f"{api_method}.before")
        answer = await super().api_call(api_method, **kwargs)
        self._fate.at(f"{api_method}.after")
        return answer


def _open_session(fate: Fate) -> aiohttp.ClientSession:
    async def sent(_session: Any, _context: Any, chunk: aiohttp.TraceRequestChunkSentParams) -> None:
        # Called just before the bytes go out, which happens before the loop comes to the next call.
        asyncio.get_running_loop().call_soon(fate.at, f"{chunk.url.name}.in_flight")

    session = open_session()
    trace = aiohttp.TraceConfig()
    trace.on_request_chunk_sent.append(sent)
    trace.freeze()
    session.trace_configs.append(trace)
    return session


class _MortalApp(AsyncApp):
    def __init__(self, *args: Any, fate: Fate, **kwargs: Any) -> None:
        self._fate = fate
        super().__init__(*args, **kwargs)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        what = _kind(req.body if isinstance(req.body, dict) else json.loads(req.body))
        if is_written_down():
            what = f"late.{what}"
        with doing(what):
            self._fate.at(f"{what}.arrived")
            response = await super().async_dispatch(req)
            self._fate.at(f"{what}.answered")
            if is_written_down():
                return response  # its receipt left when it was written down
            asyncio.get_running_loop().call_later(RECEIPT_SECONDS, self._fate.at, f"{what}.receipt_sent")
            return response


def _kind(body: dict[str, Any]) -> str:
    if body.get("actions"):
        return f"click.{body['actions'][0]['action_id']}"
    if body.get("view"):
        return f"form.{body['view']['callback_id']}"
    if body.get("command"):
        return "command"
    return f"event.{body['event']['type']}"
