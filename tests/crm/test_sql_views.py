"""Views of a database are read as files are: typed, whole or not at all, and with a remedy for whoever made them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from bot.clock import ManualClock
from bot.coaching.records import DealStatus, Records
from bot.crm.sql_views import read_views, sql_source
from bot.errors import BadInputError, ConfigurationError
from bot.services.source_errors import Fault, SourceError
from bot.storage.engine import parse_url
from tests.crm.held import NOW

SCHEMA = "crm"


@pytest.fixture
def warehouse(database_url: str) -> Iterator[sa.Engine]:
    """A database with typed tables of a manager, a rep and an open deal, under names of its own."""
    url = parse_url(database_url)
    engine = sa.create_engine(url.set(drivername=url.drivername.removesuffix("+aiosqlite")), poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in STATEMENTS:
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()


STATEMENTS = (
    "CREATE TABLE staff (mail TEXT, full_name TEXT, boss TEXT, joined DATE, is_there BOOLEAN)",
    "INSERT INTO staff VALUES ('Mia@Example.com', 'Mia Boss', NULL, NULL, TRUE)",
    "INSERT INTO staff VALUES ('rob@example.com', ' Rob Rep ', 'mia@example.com', '2016-02-01', TRUE)",
    "CREATE TABLE opportunity (id INTEGER, mail TEXT, title TEXT, state TEXT, value NUMERIC(12,2), made TIMESTAMP)",
    "INSERT INTO opportunity VALUES (7, 'rob@example.com', 'Acme', 'open', 1200.50, '2017-03-31 14:30:00')",
    "CREATE TABLE target (mail TEXT, since DATE, upto DATE, value DOUBLE PRECISION)",
    "INSERT INTO target VALUES ('rob@example.com', '2017-01-01', '2017-03-31', 90000.0)",
    """CREATE VIEW people_view AS SELECT mail AS email, full_name AS name, boss AS manager_email, joined AS first_day,
    is_there AS active FROM staff""",
)
VIEWS = {
    "people": "SELECT * FROM people_view",
    "deals": "SELECT id, mail AS owner_email, title AS name, state AS status, 'Proposal' AS stage, made AS start,"
    " NULL AS close, value AS amount, 'a signed plan' AS \"evidence.closure_plan\" FROM opportunity WHERE FALSE",
    "goals": "SELECT mail AS rep_email, since AS period_start, upto AS period_end, value AS amount FROM target",
}
DEALS = (
    "SELECT id, mail AS owner_email, title AS name, state AS status, 'Proposal' AS stage, made AS start,"
    " NULL AS close, value AS amount FROM opportunity"
)


def make(engine: sa.Engine, **changes: str | None) -> None:
    with engine.begin() as connection:
        for name, query in (VIEWS | {"deals": DEALS} | changes).items():
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
            if query is not None:
                connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def problems(engine: sa.Engine) -> str:
    with pytest.raises(BadInputError) as refused:
        read_views(engine)
    return str(refused.value)


def test_typed_columns_become_records(warehouse: sa.Engine) -> None:
    make(warehouse)
    found = read_views(warehouse)
    mia, rob = found.people
    assert (mia.email, rob.name, rob.manager_id, rob.first_day, rob.active) == (
        "mia@example.com", "Rob Rep", mia.id, date(2016, 2, 1), True
    )  # fmt: skip
    (deal,) = found.deals
    assert (deal.id, deal.owner, deal.status, deal.amount, deal.start, deal.close) == (
        "7", rob.id, DealStatus.OPEN, 1200.5, date(2017, 3, 31), None
    )  # fmt: skip
    assert [(goal.rep, goal.start, goal.amount) for goal in found.goals] == [(rob.id, date(2017, 1, 1), 90_000.0)]


def test_a_view_that_is_not_needed_may_be_missing_and_a_needed_one_may_not(warehouse: sa.Engine) -> None:
    make(warehouse, goals=None)
    said = problems(warehouse)
    assert "goals: is missing: make a view or table of that name with rep_email, period_start" in said
    assert "activities" not in said


def test_a_missing_column_is_named_with_its_view(warehouse: sa.Engine) -> None:
    make(warehouse, people="SELECT email, name FROM people_view")
    assert "people: column manager_email is missing: add it to the view" in problems(warehouse)


def test_a_row_that_cannot_be_read_is_named_by_its_key(warehouse: sa.Engine) -> None:
    make(warehouse, deals=DEALS.replace("state AS status", "'maybe' AS status"))
    assert "deals with id '7', column status: 'maybe'" in problems(warehouse)


def test_who_is_not_in_the_view_of_people_is_named(warehouse: sa.Engine) -> None:
    make(warehouse, deals=DEALS.replace("mail AS", "'joe@example.com' AS"))
    assert "deals with id '7', column owner_email: 'joe@example.com' isn't in people:" in problems(warehouse)


def test_nothing_is_read_when_anything_is_wrong(warehouse: sa.Engine) -> None:
    make(warehouse, goals=VIEWS["goals"].replace("upto AS", "'soon' AS"))
    assert "Nothing was imported from the database: 1 problem to mend first." in problems(warehouse)


def test_binary_is_refused_and_not_guessed_at(warehouse: sa.Engine) -> None:
    binary = "CAST('x' AS BYTEA)" if warehouse.dialect.name == "postgresql" else "x'00'"
    make(warehouse, deals=DEALS.replace("title AS name", f"{binary} AS name"))
    assert "deals with id '7', column name: is of a kind that can't be read (bytes)" in problems(warehouse)


async def test_the_views_are_read_anew_for_each_sync(warehouse: sa.Engine) -> None:
    make(warehouse)
    source = sql_source(warehouse.url.render_as_string(hide_password=False), ManualClock(NOW))
    await source.account()
    assert [page.records[0].amount async for page in source.deals(None, None)] == [1200.5]
    with warehouse.begin() as connection:
        connection.exec_driver_sql("UPDATE opportunity SET value = 900")
    await source.account()
    assert [page.records[0].amount async for page in source.deals(None, None)] == [900.0]


def test_views_may_stand_in_a_schema_of_their_own(postgresql_url: str) -> None:
    engine = sa.create_engine(parse_url(postgresql_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in (*STATEMENTS, f"CREATE SCHEMA {SCHEMA}"):
            connection.exec_driver_sql(statement)
        for name, query in (VIEWS | {"deals": DEALS}).items():
            connection.exec_driver_sql(f"CREATE VIEW {SCHEMA}.{name} AS {query}")
    assert isinstance(read_views(engine, SCHEMA), Records)
    with pytest.raises(BadInputError, match="people: is missing"):
        read_views(engine)


def test_a_user_who_may_not_read_a_view_is_told_to_be_granted_it(postgresql_url: str) -> None:
    engine = sa.create_engine(parse_url(postgresql_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in (*STATEMENTS, "CREATE ROLE reader_of_nothing LOGIN"):
            connection.exec_driver_sql(statement)
        for name, query in (VIEWS | {"deals": DEALS}).items():
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")
    try:
        barred = sa.create_engine(engine.url.set(username="reader_of_nothing"), poolclass=sa.NullPool)
        with pytest.raises(SourceError, match="grant it SELECT") as refused:
            read_views(barred)
        assert refused.value.fault is Fault.SCOPE
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP OWNED BY reader_of_nothing")
            connection.exec_driver_sql("DROP ROLE reader_of_nothing")


async def test_a_database_that_is_not_there_is_down_and_its_password_stays_unsaid() -> None:
    source = sql_source("postgresql://me:s3cret@127.0.0.1:1/crm?connect_timeout=2", ManualClock(NOW))
    with pytest.raises(SourceError) as failed:
        await source.account()
    assert failed.value.fault is Fault.DOWN
    assert "s3cret" not in str(failed.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [("nonsense s3cret", "must look like"), ("mysql://me:s3cret@host/crm", "driver"), ("odd://s3cret", "driver")],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(url: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        sql_source(url, ManualClock(NOW))
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_no_database_is_named(tmp_path) -> None:
    (tmp_path / "crm.sqlite3").write_text("not a database, but long enough to be looked at as one" * 20)
    with pytest.raises(SourceError, match="no SQLite file"):
        read_views(sa.create_engine(f"sqlite:///{tmp_path / 'crm.sqlite3'}"))
