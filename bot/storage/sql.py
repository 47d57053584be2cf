"""The two statements that SQLAlchemy spells differently for each database, and the database's own clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, func, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.types import UTC

Row = Mapping[str, Any]


async def upsert(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Row],
    *,
    replace: Collection[str],
    where: ColumnElement[bool] | None = None,
) -> None:
    """Insert ``rows``; where the primary key is there already, replace the ``replace`` columns (none: leave the row).

    ``where`` limits which of the rows that are there may be replaced.
    """
    if rows:
        await connection.execute(_upserting(connection.dialect.name, table, tuple(replace), where), list(rows))


@lru_cache(maxsize=64)
def _upserting(dialect: str, table: Table, replace: tuple[str, ...], where: ColumnElement[bool] | None) -> Insert:
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    keys = [column.name for column in table.primary_key]
    if not replace:
        return insert.on_conflict_do_nothing(index_elements=keys)
    new = {name: insert.excluded[name] for name in replace}
    return insert.on_conflict_do_update(index_elements=keys, set_=new, where=where)


async def insert_once(connection: AsyncConnection, table: Table, row: Row) -> bool:
    """Insert ``row`` unless one of its unique keys is there already; whether it was inserted."""
    insert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
    # SQLAlchemy keeps no row count of an INSERT, so the row itself has to come back.
    statement = insert.values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return (await connection.execute(statement)).one_or_none() is not None


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> Sequence[Any]:
    """Insert those of ``rows`` whose primary key isn't there yet; returns the keys that were inserted."""
    insert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
    statement = insert.on_conflict_do_nothing().returning(*table.primary_key)
    return (await connection.scalars(statement, list(rows))).all() if rows else ()


def database_clock(connection: AsyncConnection) -> ColumnElement[datetime]:
    """The database's own clock: the one clock that all replicas share and that no test or demo moves."""
    if connection.dialect.name == "sqlite":
        return type_coerce(func.strftime("%Y-%m-%d %H:%M:%f", "now"), UTC())
    return type_coerce(func.clock_timestamp(), UTC())


async def database_now(connection: AsyncConnection) -> datetime:
    """What the database's clock says, in UTC."""
    return (await connection.execute(select(database_clock(connection)))).scalar_one()
