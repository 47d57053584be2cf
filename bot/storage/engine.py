"""Opens the database a URL names, with the settings on which "nothing is lost" rests."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, SAWarning
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import ConfigurationError
from bot.storage.one_trip import OneTripConnection
from bot.storage.store import READS_ONLY, Database

BUSY_MS = 30_000
"""How long SQLite waits for another process's transaction before it says "database is locked"."""


def parse_url(url: str) -> URL:
    """The URL with our driver in it: aiosqlite for a SQLite file, psycopg for PostgreSQL.

    Raises ConfigurationError for anything else. The message never shows the URL, which may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(_ADVICE) from error
    match parsed.get_backend_name():
        case "sqlite" if parsed.database not in {None, "", ":memory:"}:
            ours = parsed.set(drivername="sqlite+aiosqlite")
            _try_options(ours)
            return ours
        # An @ that isn't the last one of an address is of its password: a part of that would pass for the host.
        case "postgresql" | "postgres" if "@" not in f"{parsed.host}{parsed.database}":
            return parsed.set(drivername="postgresql+psycopg")
        case _:
            raise ConfigurationError(_ADVICE)


_ADVICE = (
    "The database's address must look like sqlite:///cadence.sqlite3 or "
    "postgresql://user:password@host:5432/database, with signs such as @ in a password by their codes (%40). "
    "Set CADENCE_DATABASE_URL."
)


def _try_options(parsed: URL) -> None:
    """Raises ConfigurationError for options that SQLite doesn't have, or with values that they can't have."""
    try:
        with warnings.catch_warnings(action="error", category=SAWarning):
            parsed.get_dialect()().create_connect_args(parsed)
    except (ValueError, ArgumentError, SAWarning) as error:
        raise ConfigurationError(
            "The options after the question mark of the database's address aren't SQLite's: correct them in "
            "CADENCE_DATABASE_URL, or leave them out."
        ) from error


def connect(url: str) -> Database:
    """The store at ``url``, which must have been migrated. Opens no connection yet.

    No error of the database shows the values that were to be written: people's words don't belong in a log.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        choices: dict[str, Any] = {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}
        # Said here, for a server may be set up otherwise: what compares and sets reads the row as it is by then.
        return Database(create_async_engine(parsed, isolation_level="READ COMMITTED", hide_parameters=True, **choices))
    engine = create_async_engine(parsed, async_creator=_sqlite_creator(parsed), hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", begin_immediately)
    return Database(engine)


def _sqlite_creator(parsed: URL) -> Callable[[], OneTripConnection]:
    arguments, options = parsed.get_dialect()().create_connect_args(parsed)
    return lambda: OneTripConnection(partial(sqlite3.connect, *arguments, **options))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own way neither begins a transaction for SELECT nor for DDL; begin_immediately does both.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # NORMAL may lose the last commits when the power fails
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def begin_immediately(connection: Connection) -> None:
    """Take SQLite's write lock at once: a transaction that reads first can't get it later and would fail."""
    reads_only = connection.get_execution_options().get(READS_ONLY)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
