"""A SQLite file is copied whole while the bot writes, and put back without ever being half there."""

from __future__ import annotations

import os
import pwd
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import databases
import pytest
from examples import ANOTHER_REP

from bot.clock import ManualClock
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


async def copied_before(url: str, copy: Path) -> None:
    """Copy a database that has Ana, who is called Later since."""
    await write(url, "Ana")
    backup.copy_out(url, copy)
    await write(url, "Later")


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
    await copied_before(sqlite_url, copy)
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
    await copied_before(sqlite_url, copy)
    before = sorted(copy.parent.iterdir())
    with no_room(), pytest.raises(BadInputError, match=r"can't be written .* Nothing was changed"):
        backup.put_back(sqlite_url, copy)
    assert sorted(copy.parent.iterdir()) == before
    assert await names(sqlite_url) == ["Later"]


async def test_what_was_committed_beside_the_copied_file_comes_back_too(sqlite_url: str, copy: Path) -> None:
    await write(sqlite_url, "Ana")
    backup.copy_out(sqlite_url, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            connection.execute("UPDATE person SET name = 'Beside'")
        backup.put_back(sqlite_url, copy)
    assert await names(sqlite_url) == ["Beside"]


async def test_what_cant_be_made_ready_takes_nobodys_place(sqlite_url: str, copy: Path) -> None:
    await copied_before(sqlite_url, copy)
    before = sorted(copy.parent.iterdir())

    def refuse(url: str) -> None:
        migrate.upgrade(url)
        raise ConfigurationError("It is of a newer Cadence.")

    with pytest.raises(ConfigurationError, match="newer"):
        backup.put_back(sqlite_url, copy, refuse)
    assert sorted(copy.parent.iterdir()) == before
    assert await names(sqlite_url) == ["Later"]


async def test_what_made_it_ready_is_in_the_file_that_takes_the_place(sqlite_url: str, copy: Path) -> None:
    await write(sqlite_url, "Ana")
    backup.copy_out(sqlite_url, copy)

    def rename(url: str) -> None:
        migrate.upgrade(url)
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute("UPDATE person SET name = 'Ready'")

    backup.put_back(sqlite_url, copy, rename)
    assert await names(sqlite_url) == ["Ready"]


async def test_killed_at_its_last_step_a_restore_leaves_the_database_there(
    sqlite_url: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await copied_before(sqlite_url, copy)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        backup.put_back(sqlite_url, copy)
    assert (copy.parent / "cadence.sqlite3").exists(), "a bot that starts now mustn't begin with an empty one"
    assert await names(sqlite_url) == ["Later"]


async def test_where_a_file_cant_have_two_names_the_database_is_moved(
    sqlite_url: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await copied_before(sqlite_url, copy)

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    moved = backup.put_back(sqlite_url, copy)
    assert await names(sqlite_url) == ["Ana"]
    assert await names(f"sqlite:///{moved}") == ["Later"]


async def test_two_restores_in_one_second_keep_what_the_first_put_aside(
    sqlite_url: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await copied_before(sqlite_url, copy)
    monkeypatch.setattr(backup, "SystemClock", lambda: ManualClock(datetime(2026, 11, 26, tzinfo=UTC)))
    moved = backup.put_back(sqlite_url, copy)
    again = backup.put_back(sqlite_url, copy)
    assert await names(f"sqlite:///{moved}") == ["Later"]
    assert await names(f"sqlite:///{again}") == ["Ana"]


async def test_a_folder_in_the_databases_place_stays(tmp_path: Path, sqlite_url: str, copy: Path) -> None:
    backup.copy_out(sqlite_url, copy)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(ConfigurationError, match="is a folder"):
        backup.put_back(f"sqlite:///{folder}", copy)
    assert folder.is_dir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_database_that_may_only_be_read_stays_whoever_has_it_open() -> None:
    with TemporaryDirectory() as name:
        folder, file, copy = Path(name), Path(name) / "cadence.sqlite3", Path(name) / "copy.sqlite3"
        url = databases.new_sqlite(file)
        backup.copy_out(url, copy)
        folder.chmod(0o777)
        file.chmod(0o644)
        copy.chmod(0o644)
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
        try:
            with pytest.raises(BadInputError, match=r"\(Permission denied\). Nothing was changed"):
                backup.put_back(url, copy)
        finally:
            os.seteuid(0)
        assert file.exists()
        assert not list(folder.glob("*.before-*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can restore for somebody else")
def test_whose_the_database_was_can_still_write_it(sqlite_url: str, copy: Path) -> None:
    backup.copy_out(sqlite_url, copy)
    file, nobody = copy.parent / "cadence.sqlite3", pwd.getpwnam("nobody")
    os.chown(file, nobody.pw_uid, nobody.pw_gid)
    file.chmod(0o640)
    backup.put_back(sqlite_url, copy)
    found = file.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (nobody.pw_uid, nobody.pw_gid, 0o640)


def test_the_database_of_something_else_is_told_from_a_bad_backup(sqlite_url: str, copy: Path) -> None:
    (copy.parent / "cadence.sqlite3").write_bytes(b"")
    with pytest.raises(ConfigurationError, match=r"database at .* can't be read .*: check CADENCE_DATABASE_URL"):
        backup.copy_out(sqlite_url, copy)
    assert not copy.exists()


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
