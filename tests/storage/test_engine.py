"""Which addresses of databases are taken, and that no refusal shows a password."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.coaching.records import Records
from bot.errors import ConfigurationError
from bot.storage.engine import connect, parse_url
from bot.storage.one_trip import OneTripConnection


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///cadence.sqlite3", "sqlite+aiosqlite:///cadence.sqlite3"),
        ("sqlite:////data/cadence.sqlite3", "sqlite+aiosqlite:////data/cadence.sqlite3"),
        ("sqlite+pysqlite:///cadence.sqlite3", "sqlite+aiosqlite:///cadence.sqlite3"),
        ("postgres://ann:pa%40ss@db:5432/cadence", "postgresql+psycopg://ann:pa%40ss@db:5432/cadence"),
        ("postgresql+asyncpg://ann@db/cadence?sslmode=require", "postgresql+psycopg://ann@db/cadence?sslmode=require"),
    ],
)
def test_an_address_gets_our_driver_and_keeps_the_rest(given: str, used: str) -> None:
    assert parse_url(given).render_as_string(hide_password=False) == used


@pytest.mark.parametrize(
    "given",
    [
        "",
        "hunter2",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://ann:hunter2@db/cadence",
        "postgresql://ann:hunter2@db:x/y",
        "postgresql://ann:pa@hunter2@db:5432/cadence",
        "postgresql://ann:pa@ss/hunter2@db/cadence",
    ],
)
def test_any_other_address_is_refused_with_an_example_and_without_the_password(given: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sqlite:///cadence\.sqlite3") as refused:
        parse_url(given)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("option", ["timeout=hunter2", "hunter2=1"])
def test_options_that_sqlite_doesnt_have_are_refused_without_their_values(option: str) -> None:
    with pytest.raises(ConfigurationError, match="after the question mark") as refused:
        parse_url(f"sqlite:///cadence.sqlite3?{option}")
    assert "hunter2" not in str(refused.value)


async def test_a_statement_is_one_trip_to_the_thread_of_sqlite(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips: list[object] = []
    whole = OneTripConnection._execute

    async def counted(connection: OneTripConnection, call: Any, *arguments: Any, **options: Any) -> Any:
        trips.append(call)
        return await whole(connection, call, *arguments, **options)

    database = connect(sqlite_url)
    async with database.transaction() as tx:
        monkeypatch.setattr(OneTripConnection, "_execute", counted)
        assert await tx.facts.version() == 0
        assert await tx.people.all() == ()
        assert len(trips) == 2
    await database.dispose()


async def test_options_of_an_address_reach_sqlite(sqlite_url: str) -> None:
    database = connect(f"{sqlite_url}?mode=ro&uri=true".replace("sqlite:///", "sqlite:///file:"))
    with pytest.raises(OperationalError, match="readonly"):
        async with database.transaction() as tx:
            await tx.facts.upsert(Records())
    await database.dispose()
