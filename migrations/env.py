"""Runs migrations: all or nothing, once however many replicas start together, and never through the models."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.storage.engine import BUSY_MS, begin_immediately, parse_url
from bot.storage.tables import metadata
from bot.storage.types import UTC, OneOf

MIGRATING = 0x0CADE9CE
"""The number of the advisory lock that says "somebody is migrating this database"."""


def plain_type(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """Write our column types into a revision as what they are in the database, so that it imports no model."""
    if kind != "type":
        return False
    if isinstance(item, UTC):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, OneOf):
        return "sa.Text()"
    if isinstance(item, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    if isinstance(item, sa.BigInteger) and item._variant_mapping:  # noqa: SLF001 - there is no public name
        return "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')"
    return False


def configure(connection: sa.Connection, *, per_migration: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        transaction_per_migration=per_migration,
        render_item=plain_type,
        render_as_batch=False,
        compare_server_default=connection.dialect.name != "sqlite",  # which has no word for Identity
    )


def migrate_sqlite(connection: sa.Connection) -> None:
    """In one transaction. Foreign keys are off: with them on, rebuilding a parent table deletes its children."""
    configure(connection, per_migration=False)
    with context.begin_transaction():
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            msg = f"the migration would leave rows that point nowhere: {broken[:10]}"
            raise RuntimeError(msg)


def migrate_postgresql(connection: sa.Connection) -> None:
    """One transaction per revision, under a lock that outlives them."""
    connection.execute(sa.select(sa.func.pg_advisory_lock(MIGRATING)))
    connection.execute(sa.text("SET lock_timeout = '10s'"))
    connection.execute(sa.text("SET statement_timeout = '10min'"))
    connection.commit()
    configure(connection, per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
    # The lock ends with the connection, which the pool doesn't keep.


def prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = OFF")
    enter_wal(connection)


def enter_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, for good. SQLite doesn't wait here while another process has the file open; we do."""
    give_up = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def run() -> None:
    url = context.config.attributes.get("url") or parse_url(context.get_x_argument(as_dictionary=True)["url"])
    sqlite = url.get_backend_name() == "sqlite"
    engine = sa.create_engine(url.set(drivername="sqlite") if sqlite else url, poolclass=sa.NullPool)
    if sqlite:
        sa.event.listen(engine, "connect", prepare_sqlite)
        sa.event.listen(engine, "begin", begin_immediately)
    with engine.connect() as connection:
        (migrate_sqlite if sqlite else migrate_postgresql)(connection)
    engine.dispose()


run()
