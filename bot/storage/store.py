"""The unit of work: one database transaction with all repositories."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from datetime import datetime
from typing import cast

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.coaching.records import PersonId
from bot.coaching.said import say
from bot.errors import TryLaterError
from bot.services import ports
from bot.services.ports.calendars import CalendarEntries, TakenTimes
from bot.services.ports.checkups import Checkups
from bot.services.ports.invitations import Invitations
from bot.services.ports.sync import Connections, Syncs
from bot.storage.ahead import Ahead
from bot.storage.cadences import StoredCadences
from bot.storage.calendar_entries import StoredCalendarEntries, StoredTakenTimes
from bot.storage.calendar_feeds import StoredCalendarFeeds
from bot.storage.checkups import StoredCheckups
from bot.storage.deliveries import StoredDeliveries
from bot.storage.duties import StoredDuties
from bot.storage.evidence import StoredEvidence
from bot.storage.facts import StoredFacts
from bot.storage.forecasts import StoredForecasts
from bot.storage.goals import StoredGoals
from bot.storage.homes import StoredHomes
from bot.storage.inbox import StoredInbox
from bot.storage.invitations import StoredInvitations
from bot.storage.market_proposals import StoredMarketProposals
from bot.storage.meetings import StoredMeetings
from bot.storage.outbox import StoredOutbox
from bot.storage.people import StoredPeople
from bot.storage.sql import database_now
from bot.storage.standings import StoredStandings
from bot.storage.sync_state import StoredConnections
from bot.storage.syncs import StoredSyncs
from bot.storage.troubles import StoredTroubles
from bot.storage.waiting_rows import WaitingRows

READS_ONLY = "reads_only"
"""The option of a connection to SQLite that takes no write lock, and sees what was committed when it began."""


class StoredTransaction:
    """The repositories over one connection; what they did commits or rolls back together."""

    people: ports.People
    facts: ports.Facts
    evidence: ports.Evidence
    meetings: ports.Meetings
    goals: ports.Goals
    cadences: ports.Cadences
    forecasts: ports.Forecasts
    market_proposals: ports.MarketProposals
    standings: ports.Standings
    invitations: Invitations
    checkups: Checkups
    calendar_feeds: ports.CalendarFeeds
    calendar_entries: CalendarEntries
    taken_times: TakenTimes
    connections: Connections
    syncs: Syncs
    duties: ports.Duties
    homes: ports.Homes
    outbox: ports.Outbox
    inbox: ports.Inbox
    troubles: ports.Troubles

    def __init__(self, connection: AsyncConnection) -> None:
        self._waiting = WaitingRows(connection)
        self._ahead: Ahead | None = None
        self.homes = self._homes = StoredHomes(connection)
        self.invitations = StoredInvitations(connection)
        self.checkups = StoredCheckups(connection)
        self._open(connection)
        people = StoredPeople(connection)
        self.people, self.facts = people, StoredFacts(connection, people)
        self.meetings = StoredMeetings(connection)
        self.goals = StoredGoals(connection)
        self.cadences = StoredCadences(connection)
        self.standings = StoredStandings(connection)
        self.outbox = StoredOutbox(connection)

    async def ahead(self, people: Collection[PersonId]) -> None:
        await self._reading_ahead().read(frozenset(people))

    async def ahead_of_plans(self, people: Collection[PersonId], messages: Collection[str]) -> None:
        await self._reading_ahead().read_for_plans(frozenset(people), messages)

    def _reading_ahead(self) -> Ahead:
        if self._ahead is None:
            connection = cast("AsyncConnection", self._waiting)  # it has all of it that a repository uses
            self._ahead = Ahead(connection)
            self._open(connection)
            self.people, self.facts = self._ahead.people, self._ahead.facts
            self.meetings, self.goals, self.outbox = self._ahead.meetings, self._ahead.goals, self._ahead.outbox
            self.cadences, self.standings = self._ahead.cadences, self._ahead.standings
        return self._ahead

    async def write(self) -> None:
        """Write what waits, before the commit."""
        await self._waiting.write()
        await self._homes.write()

    def _open(self, connection: AsyncConnection) -> None:
        """Make the repositories that know of nothing ahead."""
        self.evidence = StoredEvidence(connection)
        self.forecasts = StoredForecasts(connection)
        self.market_proposals = StoredMarketProposals(connection)
        self.calendar_feeds = StoredCalendarFeeds(connection)
        self.calendar_entries = StoredCalendarEntries(connection)
        self.taken_times = StoredTakenTimes(connection)
        self.connections = StoredConnections(connection)
        self.syncs = StoredSyncs(connection)
        self.duties = StoredDuties(connection)
        self.inbox = StoredInbox(connection)
        self.troubles = StoredTroubles(connection)


class Database:
    """The store of one process. Make it with ``engine.connect`` and end it with ``dispose``."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite has one writer, and its own queue for that is unfair: some would wait for seconds.
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._inside: set[asyncio.Task[object]] = set()
        self.deliveries: ports.Deliveries = StoredDeliveries(self._begin)

    @property
    def writers(self) -> int:
        """PostgreSQL works on one transaction while we think about the next."""
        return 1 if self._turn else 2

    def transaction(self) -> AbstractAsyncContextManager[ports.Transaction]:
        """Raises RuntimeError inside another transaction of the same task, which would wait for itself.

        Raises TryLaterError when the database gave this transaction up in favour of another, and nothing of it was
        kept, or when PostgreSQL was lost; lost while committing, nobody knows.
        """
        return self._transaction()

    def reading(self) -> AbstractAsyncContextManager[ports.Transaction]:
        """A transaction that only reads, all of it as of one instant, while others write. Raises as ``transaction``."""
        return self._reading()

    async def now(self) -> datetime:
        """What the database's own clock says, in UTC."""
        async with self._begin() as connection:
            return await database_now(connection)

    async def dispose(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[ports.Transaction]:
        at_one_instant = {} if self._turn else {"isolation_level": "REPEATABLE READ"}  # no words: SQL
        engine = self._engine.execution_options(**{READS_ONLY: True}, **at_one_instant)
        with _said():
            async with engine.connect() as connection:
                yield StoredTransaction(connection)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[ports.Transaction]:
        with _said():
            async with self._begin() as connection:
                transaction = StoredTransaction(connection)
                yield transaction
                await transaction.write()

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        task = asyncio.current_task()
        if task is None or task in self._inside:
            raise RuntimeError("a transaction was opened inside another one")
        self._inside.add(task)
        try:
            async with self._turn or nullcontext(), self._engine.begin() as connection:
                yield connection
        finally:
            self._inside.discard(task)


GAVE_WAY = say("Somebody changed the same thing at the same moment. Please try once more.")
LOST = say(
    "I can't reach my database at the moment, so I don't know whether this was kept. Please try once more in a minute: "
    "what was kept isn't done twice."
)


@contextmanager
def _said() -> Iterator[None]:
    """Raise TryLaterError for what time can mend, with the sentence that says so."""
    try:
        yield
    except DBAPIError as error:
        if _gave_way(error.orig):
            raise TryLaterError(GAVE_WAY) from error
        if _was_lost(error.orig):
            raise TryLaterError(LOST) from error
        raise


def _was_lost(error: BaseException | None) -> bool:
    """Whether the connection broke or none came about, as when PostgreSQL restarts: where in the work, nobody knows."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def _gave_way(error: BaseException | None) -> bool:
    """Whether the database ended a transaction for another's sake, and the same again would work."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return isinstance(error, (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure))
