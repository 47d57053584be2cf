"""What every test may ask for: a migrated database of its own, on both engines."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import databases
import pytest
from hypothesis import settings

from bot.logs import OURS
from bot.storage.engine import connect
from bot.storage.store import Database

settings.register_profile("cadence", deadline=None)  # a busy machine is no fault; make bench measures speed
settings.load_profile("cadence")


def pytest_configure(config: pytest.Config) -> None:
    if databases.FOLDER not in os.environ:
        databases.open_folder()
        config.add_cleanup(databases.close_folder)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command sets up the process's logging, on a stream that ends with its test: the next test has none of it."""
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in (*OURS, "apscheduler"))]
    handlers, levels = root.handlers[:], [logger.level for logger in loggers]
    yield
    root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    return databases.new_sqlite(tmp_path / "cadence.sqlite3")


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    name = f"test_{uuid.uuid4().hex}"
    yield databases.new_postgresql(name)
    databases.drop_postgresql(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own; the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    """The store over ``database_url``."""
    database = connect(database_url)
    yield database
    await database.dispose()
