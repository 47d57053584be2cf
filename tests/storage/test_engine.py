"""Which addresses of databases are taken, and that no refusal shows a password."""

from __future__ import annotations

import pytest

from bot.errors import ConfigurationError
from bot.storage.engine import parse_url


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
    ],
)
def test_any_other_address_is_refused_with_an_example_and_without_the_password(given: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sqlite:///cadence\.sqlite3") as refused:
        parse_url(given)
    assert "hunter2" not in str(refused.value)
