"""The commands that work on the database itself."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path
from typing import Any

from bot import logs
from bot.calendars.public_holidays import known_country
from bot.coaching.records import Person
from bot.config import Settings, load
from bot.crm import csv_files
from bot.doctor.database import DATABASE_FAULTS, database_fault
from bot.errors import ConfigurationError
from bot.services.intake import bring
from bot.services.restoration import came_back
from bot.storage import backup, migrate
from bot.storage.engine import connect

FAILED = 1
Commands = Any
"""What ``argparse`` gives for adding commands to, which has no public type."""


def add(commands: Commands) -> None:
    """Add the commands."""
    whose = commands.add_parser("whose", help="say who a mark in the log stands for")
    whose.add_argument("mark", metavar="MARK", help="like ~1f0c9a2b")
    whose.set_defaults(command=_whose)

    backing = commands.add_parser("backup", help="copy the SQLite file while the bot runs")
    backing.add_argument("file", type=Path, metavar="FILE", help="a new file")
    backing.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="put a backup back, and say nothing twice for it")
    restore.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="of cadence backup; none after pg_restore has put it back"
    )
    restore.set_defaults(command=_restore)

    commands.add_parser("migrate", help="bring the database up to date").set_defaults(command=_migrate)

    importing = commands.add_parser("import", help="import people, deals and goals from CSV files")
    importing.add_argument("folder", type=Path, metavar="DIR")
    importing.set_defaults(command=_import)


def _migrate(_: argparse.Namespace) -> int:
    upgrade(load(os.environ, need_slack=False).database_url)
    print("The database is up to date.")
    return 0


def upgrade(url: str) -> None:
    """Migrate. Raises ConfigurationError for a database that can't be reached, or that a newer Cadence migrated."""
    try:
        migrate.upgrade(url)
    except DATABASE_FAULTS as error:
        raise ConfigurationError(f"The database {database_fault(error)}.") from error


def _backup(options: argparse.Namespace) -> int:
    backup.copy_out(load(os.environ, need_slack=False).database_url, options.file)
    print(f"All that was committed is in {options.file}. It holds people's notes: keep it as you keep those.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    settings = load(os.environ, need_slack=False)
    if options.file is None:
        again = _made_ready(settings.database_url)
    else:
        again = 0

        def prepare(url: str) -> None:
            nonlocal again
            try:
                again = _made_ready(url)
            except ConfigurationError as error:
                raise ConfigurationError(f"Nothing was changed. {error}") from error

        moved = backup.put_back(settings.database_url, options.file, prepare)
        print(f"{options.file} is the database now." + (f" What was there before is {moved}." if moved else ""))
    print(
        f"{again} messages about what is open will be brought back to what the backup knows. For a month nothing is "
        "posted before Slack was asked whether it was said since the backup. Now start the bot."
    )
    return 0


def _made_ready(url: str) -> int:
    """Let a database that came back be what this version works with, and know that it did."""
    upgrade(url)
    return asyncio.run(_doubt(url))


async def _doubt(url: str) -> int:
    database = connect(url)
    try:
        async with database.transaction() as tx:
            return await came_back(tx)
    finally:
        await database.dispose()


def _whose(options: argparse.Namespace) -> int:
    settings = load(os.environ, need_slack=False)
    upgrade(settings.database_url)
    found = [person for person in asyncio.run(_people(settings)) if logs.mark(person.id) == options.mark]
    print("\n".join(f"{person.name} <{person.email}>" for person in found) or "Nobody whom the database knows.")
    return 0 if found else FAILED


async def _people(settings: Settings) -> tuple[Person, ...]:
    database = connect(settings.database_url)
    try:
        async with database.transaction() as tx:
            return await tx.people.all()
    finally:
        await database.dispose()


def _import(options: argparse.Namespace) -> int:
    settings = load(os.environ, need_slack=False)
    records = csv_files.read_folder(options.folder, known_country=known_country)
    upgrade(settings.database_url)
    counts = asyncio.run(_upsert(settings, records))
    print("Imported " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count) + ".")
    return 0


async def _upsert(settings: Settings, records: csv_files.Records) -> dict[str, int]:
    database = connect(settings.database_url)
    try:
        async with database.transaction() as tx:
            return await bring(tx, records)
    finally:
        await database.dispose()
