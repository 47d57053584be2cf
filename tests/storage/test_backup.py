"""A SQLite file is copied whole while the bot writes, and put back without ever being half there."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from examples import ANOTHER_REP

from bot.coaching.records import Records
from bot.errors import BadInputError, ConfigurationError
from bot.storage import backup, migrate
from bot.storage.engine import connect


async def names(url: str) -> list[str]:
    database = connect(url)
    try:
        async with database.transaction() as tx:
            return [person.name for person in await tx.people.all()]
    finally:
        await database.dispose()


async def write(url: str, name: str) -> None:
    database = connect(url)
    async with database.transaction() as tx:
        await tx.facts.upsert(Records(people=(replace(ANOTHER_REP, name=name, manager_id=None),)))
    await database.dispose()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy.sqlite3"


async def test_a_copy_has_all_that_is_committed_and_nothing_else(sqlite_url: str, copy: Path) -> None:
    await write(sqlite_url, "Ana")
    database = connect(sqlite_url)
    async with database.transaction() as tx:
        await tx.facts.upsert(Records(people=(replace(ANOTHER_REP, name="Not yet", manager_id=None),)))
        backup.copy_out(sqlite_url, copy)
    await database.dispose()
    assert await names(f"sqlite:///{copy}") == ["Ana"]
    assert os.stat(copy).st_mode & 0o077 == 0, "it holds people's notes"  # noqa: PTH116
    assert not copy.with_name("copy.sqlite3.unfinished").exists()


async def test_a_backup_takes_the_databases_place_and_what_was_there_is_kept(sqlite_url: str, copy: Path) -> None:
    await write(sqlite_url, "Ana")
    backup.copy_out(sqlite_url, copy)
    await write(sqlite_url, "Later")
    moved = backup.put_back(sqlite_url, copy)
    assert moved is not None
    assert await names(sqlite_url) == ["Ana"]
    assert await names(f"sqlite:///{moved}") == ["Later"]
    migrate.check(sqlite_url)


async def test_a_damaged_database_is_replaced_too(sqlite_url: str, copy: Path, tmp_path: Path) -> None:
    await write(sqlite_url, "Ana")
    backup.copy_out(sqlite_url, copy)
    (tmp_path / "cadence.sqlite3").write_bytes(b"the disk failed" * 1000)
    assert backup.put_back(sqlite_url, copy) is not None
    assert await names(sqlite_url) == ["Ana"]


async def test_a_backup_is_put_where_nothing_is(sqlite_url: str, copy: Path, tmp_path: Path) -> None:
    await write(sqlite_url, "Ana")
    backup.copy_out(sqlite_url, copy)
    assert backup.put_back(f"sqlite:///{tmp_path / 'new.sqlite3'}", copy) is None
    assert await names(f"sqlite:///{tmp_path / 'new.sqlite3'}") == ["Ana"]


async def test_while_a_bot_has_it_open_the_database_is_left_alone(sqlite_url: str, copy: Path) -> None:
    await write(sqlite_url, "Ana")
    backup.copy_out(sqlite_url, copy)
    database = connect(sqlite_url)
    async with database.transaction() as tx:
        await tx.facts.version()
    with pytest.raises(ConfigurationError, match="stop the bot first"):
        backup.put_back(sqlite_url, copy)
    await database.dispose()
    assert backup.put_back(sqlite_url, copy) is not None


@pytest.mark.parametrize("content", [b"no database", b""], ids=["other", "empty"])
def test_what_isnt_a_backup_of_cadence_is_refused_before_anything_is_moved(
    sqlite_url: str, copy: Path, content: bytes
) -> None:
    copy.write_bytes(content)
    with pytest.raises(BadInputError, match="isn't a backup of Cadence"):
        backup.put_back(sqlite_url, copy)
    with sqlite3.connect(copy.parent / "cadence.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
    connection.close()


def test_no_file_is_overwritten_by_a_backup(sqlite_url: str, copy: Path) -> None:
    copy.write_text("something else")
    with pytest.raises(BadInputError, match="is there already"):
        backup.copy_out(sqlite_url, copy)
    assert copy.read_text() == "something else"


@contextmanager
def no_room(size: int = 100_000) -> Iterator[None]:
    """No file may grow larger, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_backup_for_which_there_is_no_room_leaves_nothing_behind(sqlite_url: str, copy: Path) -> None:
    await write(sqlite_url, "Ana")
    before = sorted(copy.parent.iterdir())
    with no_room(), pytest.raises(BadInputError, match=r"can't be written .* Nothing was changed"):
        backup.copy_out(sqlite_url, copy)
    assert sorted(copy.parent.iterdir()) == before
    backup.copy_out(sqlite_url, copy)
    assert await names(f"sqlite:///{copy}") == ["Ana"]


async def test_a_database_stays_where_it_was_when_there_is_no_room_for_the_backup(sqlite_url: str, copy: Path) -> None:
    await write(sqlite_url, "Ana")
    backup.copy_out(sqlite_url, copy)
    await write(sqlite_url, "Later")
    before = sorted(copy.parent.iterdir())
    with no_room(), pytest.raises(BadInputError, match=r"can't be written .* Nothing was changed"):
        backup.put_back(sqlite_url, copy)
    assert sorted(copy.parent.iterdir()) == before
    assert await names(sqlite_url) == ["Later"]


def test_a_backup_in_a_folder_that_isnt_there_is_told_by_its_own_name(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"nowhere/copy can't be written \(No such file or directory\)"):
        backup.copy_out(sqlite_url, tmp_path / "nowhere" / "copy")


def test_a_damaged_database_isnt_backed_up(sqlite_url: str, copy: Path) -> None:
    (copy.parent / "cadence.sqlite3").write_bytes(b"the disk failed" * 1000)
    with pytest.raises(ConfigurationError, match=r"is damaged .* put a backup back"):
        backup.copy_out(sqlite_url, copy)
    assert not [file for file in copy.parent.iterdir() if file.name.startswith(copy.name)]


def test_for_postgresql_its_own_tools_are_named(copy: Path) -> None:
    for attempt in (backup.copy_out, backup.put_back):
        with pytest.raises(ConfigurationError, match="pg_dump"):
            attempt("postgresql://u@h/d", copy)
