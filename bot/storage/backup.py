"""A copy of a SQLite file that a running bot goes on writing to, and the way back. PostgreSQL has tools of its own."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.clock import SystemClock
from bot.errors import BadInputError, ConfigurationError
from bot.storage.engine import BUSY_MS, parse_url

_BESIDE = ("-wal", "-shm")
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def copy_out(url: str, to: Path) -> None:
    """Write all that is committed by now into a new file, which only its owner may read.

    Raises BadInputError when ``to`` is there already or can't be written, ConfigurationError for a database that isn't
    a SQLite file of Cadence's, can't be opened or is damaged.
    """
    source = _file(url)
    if to.exists():
        raise BadInputError(f"{to} is there already: name a new file.")
    if not source.exists():
        raise ConfigurationError(f"There is no database at {source}: check CADENCE_DATABASE_URL.")
    with _unfinished(to) as file:
        try:
            with closing(_open(source)) as connection:
                connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in _DAMAGED:
                raise _damaged(source, error) from error
            raise ConfigurationError(
                f"The database at {source} can't be read ({error}): check CADENCE_DATABASE_URL."
            ) from error
        try:
            _copy(source, file)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise
            raise _damaged(source, error) from error
        _check(file)
        _sync(file)
        file.rename(to)
        _sync(to.parent)


def put_back(url: str, copy: Path, prepare: Callable[[str], None] = lambda _: None) -> Path | None:
    """Let ``copy`` take the database's place; returns where what was there before now is, None if nothing was.

    ``prepare`` gets the address of what is to take the place, to make it ready for the bot: what it raises is raised,
    and nothing was changed then. Raises BadInputError when ``copy`` isn't a whole database of Cadence or there is no
    room for it, ConfigurationError when the database isn't a SQLite file or somebody has it open; the database is where
    it was then. Killed at any moment, either the one or the other is there, and whole.
    """
    target = _file(url)
    if target.is_dir():
        raise ConfigurationError(f"{target} is a folder: CADENCE_DATABASE_URL must name a file.")
    _check(copy)
    with _unfinished(target) as file:
        _copy(copy, file)
        prepare(f"sqlite:///{file}")
        _put_in_order(file)  # what was prepared, too, is in the one file that is renamed
        _let_the_same_have_it(file, target)
        _sync(file)
        aside = _keep_aside(target)
        file.replace(target)
        _sync(target.parent)
    return aside


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
        for beside in ("", *_BESIDE):
            Path(f"{file}{beside}").unlink(missing_ok=True)  # of one that was killed
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield file
    except (OSError, sqlite3.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadInputError(
            f"{to} can't be written ({reason}). Nothing was changed: mend that, then try again."
        ) from error
    finally:
        for beside in ("", *_BESIDE):
            Path(f"{file}{beside}").unlink(missing_ok=True)


def _check(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BadInputError(f"{copy} isn't a backup of Cadence ({error}): name another.") from error
    if verdict != "ok":
        raise BadInputError(f"{copy} is damaged ({verdict}): name another.")


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=BUSY_MS / 1000, isolation_level=None)


def _copy(source: Path, to: Path) -> None:
    """Write all that is committed, also what is in the file beside it, into an empty file."""
    with closing(_open(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))


def _damaged(source: Path, error: sqlite3.Error) -> ConfigurationError:
    return ConfigurationError(f"The database at {source} is damaged ({error}): put a backup back with cadence restore.")


def _put_in_order(file: Path) -> None:
    """Bring all that is beside a file into it. Raises OperationalError when somebody else has it open."""
    if not os.access(file, os.W_OK, effective_ids=True):  # SQLite wouldn't say who else has it open
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with closing(sqlite3.connect(file, timeout=1, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _let_the_same_have_it(file: Path, target: Path) -> None:
    """Let whoever may read and write what is there do so with what takes its place: root restores for others."""
    if not target.exists():
        return
    before = target.stat()
    for owner in (-1, before.st_uid):
        with suppress(PermissionError):  # only root gives to others, and anybody to a group of their own
            os.chown(file, owner, before.st_gid)
    file.chmod(stat.S_IMODE(before.st_mode))


def _keep_aside(target: Path) -> Path | None:
    """Give what is there a second name, so that the first can be given away without ever naming nothing."""
    if not target.exists():
        return None
    try:
        _put_in_order(target)
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            raise ConfigurationError(f"Something has {target} open: stop the bot first.") from error
        if code not in {*_DAMAGED, sqlite3.SQLITE_IOERR}:
            raise
        # Damaged, or its disk is: which is why it is put back. It is kept as it is.
    stamp = SystemClock().now().strftime("%Y%m%dT%H%M%SZ")
    names = (target.with_name(f"{target.name}.before-{stamp}{number}") for number in ("", *range(-2, -100, -1)))
    aside = next(name for name in names if not name.exists())
    try:
        os.link(target, aside)
    except OSError:  # a file system without second names
        target.rename(aside)
    for beside in _BESIDE:
        file = Path(f"{target}{beside}")
        if file.exists():
            file.rename(f"{aside}{beside}")
    return aside


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
