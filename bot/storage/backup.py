"""A copy of a SQLite file that a running bot goes on writing to, and the way back. PostgreSQL has tools of its own."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.clock import SystemClock
from bot.errors import BadInputError, ConfigurationError
from bot.storage.engine import BUSY_MS, parse_url

_BESIDE = ("-wal", "-shm")
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def copy_out(url: str, to: Path) -> None:
    """Write all that is committed by now into a new file, which only its owner may read.

    Raises BadInputError when ``to`` is there already or can't be written, ConfigurationError for a database that isn't
    a SQLite file or is damaged.
    """
    source = _file(url)
    if to.exists():
        raise BadInputError(f"{to} is there already: name a new file.")
    if not source.exists():
        raise ConfigurationError(f"There is no database at {source}: check CADENCE_DATABASE_URL.")
    with _unfinished(to) as file:
        try:
            with closing(sqlite3.connect(source, timeout=BUSY_MS / 1000, isolation_level=None)) as connection:
                connection.execute("VACUUM INTO ?", (str(file),))
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise
            raise ConfigurationError(
                f"The database at {source} is damaged ({error}): put a backup back with cadence restore."
            ) from error
        _check(file)
        _keep(file, to)


def put_back(url: str, copy: Path) -> Path | None:
    """Let ``copy`` take the database's place; returns where what was there before now is, None if nothing was.

    Raises BadInputError when ``copy`` isn't a whole database of Cadence or there is no room for it, ConfigurationError
    when the database isn't a SQLite file or somebody has it open; the database is where it was then.
    """
    target = _file(url)
    _check(copy)
    with _unfinished(target) as file:
        shutil.copyfile(copy, file)
        moved = _move_aside(target)
        _keep(file, target)
    return moved


def _file(url: str) -> Path:
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise ConfigurationError(
            "PostgreSQL is backed up by pg_dump and put back by pg_restore: docs/operations.md says how. "
            "After pg_restore run cadence restore without a file."
        )
    return Path(parsed.database or "")


@contextmanager
def _unfinished(to: Path) -> Iterator[Path]:
    """Give an empty file beside ``to`` that only its owner may read; what fails leaves nothing of it behind."""
    file = to.with_name(f"{to.name}.unfinished")
    try:
        file.unlink(missing_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield file
    except (OSError, sqlite3.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadInputError(
            f"{to} can't be written ({reason}). Nothing was changed: mend that, then try again."
        ) from error
    finally:
        file.unlink(missing_ok=True)


def _check(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BadInputError(f"{copy} isn't a backup of Cadence ({error}): name another.") from error
    if verdict != "ok":
        raise BadInputError(f"{copy} is damaged ({verdict}): name another.")


def _move_aside(target: Path) -> Path | None:
    if not target.exists():
        return None
    try:
        with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as connection:
            # Nobody else may have the file open for this, and all that is beside it gets into it.
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise ConfigurationError(f"Something has {target} open: stop the bot first.") from error
    except sqlite3.DatabaseError:
        pass  # damaged, which is why it is put back; it is kept as it is
    stamp = SystemClock().now().strftime("%Y%m%dT%H%M%SZ")
    aside = target.with_name(f"{target.name}.before-{stamp}")
    for beside in ("", *_BESIDE):
        file = Path(f"{target}{beside}")
        if file.exists():
            file.rename(f"{aside}{beside}")
    return aside


def _keep(unfinished: Path, to: Path) -> None:
    """Give a finished file its name, so that it is there whole or not at all, also when the power fails."""
    _sync(unfinished)
    unfinished.rename(to)
    _sync(to.parent)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
