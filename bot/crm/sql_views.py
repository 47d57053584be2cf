"""The import format as views of any database that SQLAlchemy reaches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from types import NoneType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from bot.coaching.records import Records
from bot.coaching.said import say
from bot.coaching.wording import whole
from bot.crm.csv_header import places_of
from bot.crm.csv_table import Row, Table
from bot.crm.import_format import EVIDENCE, LAYOUTS, REQUIRED
from bot.crm.problems import Problems, quoted
from bot.crm.records_source import RecordsSource
from bot.crm.records_tables import records_of
from bot.errors import BadInputError, ConfigurationError
from bot.services.ports import Clock
from bot.services.source_errors import Fault, SourceError

TITLE = say("The database")
ONE_MOMENT = "REPEATABLE READ"  # no words: SQL
MOST_ROWS = 1_000_000
"""A view with more is refused: its records have to fit into memory."""
NAMING = {"people.csv": "email", "goals.csv": "rep_email", "activities.csv": "owner_email", "deals.csv": "id"}
"""By which column a row of a view is named in a problem: rows have no number there."""


def sql_source(
    url: str, clock: Clock, *, schema: str | None = None, known_country: Callable[[str], bool] | None = None
) -> RecordsSource:
    """Return the views people, deals, goals, activities, stage_history, verifiers and about, where they are.

    Raises ConfigurationError for an address that isn't one, or whose driver isn't installed.
    """
    engine = _engine(url)
    return RecordsSource("sql", TITLE, partial(read_views, engine, schema, known_country), clock)


def read_views(
    engine: sa.Engine, schema: str | None = None, known_country: Callable[[str], bool] | None = None
) -> Records:
    """Read every view in one read-only transaction, so that all are of one moment.

    Raises BadInputError with every problem's view, row, column and remedy; SourceError when the database can't be
    read. No error shows the address, which may hold a password.
    """
    problems = Problems()
    with _told(engine), engine.connect() as plain:
        connection = _of_one_moment(plain)
        there = sa.inspect(connection)
        tables: dict[str, Table | None] = {}
        for name in LAYOUTS:
            view = name.removesuffix(".csv")
            if there.has_table(view, schema):
                tables[name] = _read(connection, there, view, schema, problems)
                continue
            tables[name] = None
            if name in REQUIRED:
                columns = ", ".join(column.name for column in LAYOUTS[name] if column.required)
                fault = say("is missing: make a view or table of that name with {columns}", columns=columns)
                problems.add(view, fault)
    records = records_of(tables, known_country)
    problems.refuse_if_any(say("the database"))
    return records


class ViewTable(Table):
    """A view's rows, each named by its key in problems."""

    def __init__(self, view: str, columns: Iterable[str]) -> None:
        super().__init__(view, {name: name for name in columns}, delimiter=",")
        self._named_by = NAMING.get(f"{view}.csv", "deal_id")

    def place(self, number: int, column: str) -> str:
        named = self.rows[number - 1].text(self._named_by) if number <= len(self.rows) else ""
        if not named:
            return super().place(number, column)
        return say(
            "{file} with {key} {text}, column {column}",
            file=self.file,
            key=self._named_by,
            text=quoted(named),
            column=column,
        )


def _read(
    connection: sa.Connection, there: sa.Inspector, view: str, schema: str | None, problems: Problems
) -> Table | None:
    layout = LAYOUTS[f"{view}.csv"]
    own = [column["name"] for column in there.get_columns(view, schema)]
    prefix = EVIDENCE if view == "deals" else ""
    places = places_of(own, layout, view, problems, prefix, place=view, remedy=say("add it to the view"))
    if places is None:
        return None
    table = ViewTable(view, places)
    columns: dict[str, sa.ColumnClause[Any]] = {name: sa.column(own[at]) for name, at in places.items()}
    query = sa.select(*columns.values()).select_from(sa.table(view, schema=schema))
    for number, found in enumerate(connection.execution_options(yield_per=1000).execute(query), start=1):
        if number > MOST_ROWS:
            fault = say("has more than {most} rows: leave out what closed years ago", most=whole(MOST_ROWS))
            problems.add(view, fault)
            break
        texts: dict[str, str] = {}
        row = Row(table, number, texts, problems)
        table.rows.append(row)
        for name, value in zip(columns, found, strict=True):
            said = _text(value)
            if said is None:
                kind = type(value).__name__
                row.refuse(
                    name, say("is of a kind that can't be read ({kind}): cast it to text in the view", kind=kind)
                )
            texts[name] = said or ""
    return table


def _text(value: object) -> str | None:
    """Return a value as a file would have it; None for a kind that no cell can hold."""
    for kind, written in _WRITTEN.items():
        if isinstance(value, kind):
            return written(value)
    return None


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "",
    bool: lambda value: "yes" if value else "no",
    int: str,
    Decimal: lambda value: format(value, "f"),
    float: lambda value: format(Decimal(repr(value)), "f"),
    date: lambda value: value.isoformat(),  # an instant too
    str: str.strip,
    UUID: str,
}
"""How the kinds of values are written; the first that fits counts, for a bool is an int."""


def _engine(url: str) -> sa.Engine:
    try:
        return sa.create_engine(_with_driver(sa.make_url(url)), hide_parameters=True, poolclass=sa.NullPool)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigurationError(
            say(
                "This kind of database needs a driver that isn't installed ({why}): "
                "install it beside Cadence with pip.",
                why=str(error),
            )
        ) from error
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            say("The address of the database must look like postgresql://user:password@host:5432/database.")
        ) from error


def _with_driver(url: sa.URL) -> sa.URL:
    """Return the address with the driver that comes with Cadence, where it names none."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _of_one_moment(connection: sa.Connection) -> sa.Connection:
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level=ONE_MOMENT, postgresql_readonly=True)
    return connection


@contextmanager
def _told(engine: sa.Engine) -> Iterator[None]:
    """Turn what a database says into what kind of failure it is, and close what was opened."""
    try:
        yield
    except (BadInputError, SourceError):
        raise
    except DBAPIError as error:
        raise _as_source_error(error) from error
    except SQLAlchemyError as error:
        words = say("The database couldn't be read ({why}).", why=type(error).__name__)
        raise SourceError(Fault.ANSWER, words) from error
    finally:
        engine.dispose()


DENIED = frozenset({"42501"})
NO_ENTRY = frozenset({"28000", "28P01", "3D000"})


def _as_source_error(error: DBAPIError) -> SourceError:
    state = getattr(error.orig, "sqlstate", None)
    said = type(error.orig).__name__
    if state in DENIED:
        words = say("The database doesn't let this user read a view: grant it SELECT on each.")
        return SourceError(Fault.SCOPE, words, said=said)
    if state in NO_ENTRY:
        words = say("The database doesn't let this user in: check name, password and database in its address.")
        return SourceError(Fault.KEY, words, said=said)
    if isinstance(error.orig, sqlite3.DatabaseError) and not isinstance(error.orig, sqlite3.OperationalError):
        return SourceError(Fault.ANSWER, say("The database is no SQLite file that can be read."), said=said)
    words = say("The database couldn't be reached or gave up ({why}): check its address, user and password.", why=said)
    return SourceError(Fault.DOWN, words, said=said)
