"""A database with views under the contract suite of the sources."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bot.clock import ManualClock
from bot.coaching.records import Records
from bot.crm.records_source import RecordsSource
from bot.crm.sql_views import read_views
from tests.crm import csv_case
from tests.crm.held import NOW, Held, Opened


def fill(engine: sa.Engine, folder: Path) -> None:
    """Make a view of each file, over a table of its cells."""
    with engine.begin() as connection:
        for file in sorted(folder.glob("*.csv")):
            with file.open(newline="") as opened:
                header, *rows = csv.reader(opened)
            quote = connection.dialect.identifier_preparer.quote
            columns = ", ".join(f"{quote(name)} TEXT" for name in header)
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {file.stem}")
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS raw_{file.stem}")
            connection.exec_driver_sql(f"CREATE TABLE raw_{file.stem} ({columns})")
            connection.exec_driver_sql(f"CREATE VIEW {file.stem} AS SELECT * FROM raw_{file.stem}")  # noqa: S608 - names of ours
            if rows:
                named = sa.table(f"raw_{file.stem}", *map(sa.column, header))
                blank = [{name: cell or None for name, cell in zip(header, row, strict=True)} for row in rows]
                connection.execute(named.insert(), blank)


@asynccontextmanager
async def opened(held: Held, folder: Path) -> AsyncIterator[Opened]:
    engine = sa.create_engine(f"sqlite:///{folder / 'crm.sqlite3'}", poolclass=sa.NullPool)

    def written_first() -> Records:
        csv_case.write(held, folder)
        fill(engine, folder)
        return read_views(engine)

    source = RecordsSource("sql", "The database", written_first, ManualClock(NOW))
    yield Opened(source, held)
    await source.close()


SQL = replace(csv_case.CSV, name="sql", open=opened)
