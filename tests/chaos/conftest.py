"""The fork server, started once for all tests here."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import databases
import pytest
from nursery import Nursery, Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    running = Server.open()
    yield running
    running.close()


@pytest.fixture
async def nursery(server: Server) -> AsyncIterator[Nursery]:
    async with Nursery(server) as opened:
        yield opened


@pytest.fixture
def other_sqlite_url(tmp_path: Path) -> str:
    """A second migrated SQLite database for the same test."""
    return databases.new_sqlite(tmp_path / "other.sqlite3")


@pytest.fixture
def other_postgresql_url() -> Iterator[str]:
    """A second migrated PostgreSQL database for the same test."""
    name = f"test_{uuid.uuid4().hex}"
    yield databases.new_postgresql(name)
    databases.drop_postgresql(name)


@pytest.fixture
def empty_postgresql_url() -> Iterator[str]:
    """A PostgreSQL database without any table."""
    name = f"test_{uuid.uuid4().hex}"
    yield databases.empty_postgresql(name)
    databases.drop_postgresql(name)
