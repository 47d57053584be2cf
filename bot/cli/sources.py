"""The commands about connected sources: connect, disconnect, sync, match, keys."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.calendars.kinds import KINDS as CALENDAR_KINDS
from bot.calendars.public_holidays import known_country
from bot.cli.answers import answers
from bot.cli.calendars import connect_calendar, disconnect_calendar
from bot.cli.database import Commands
from bot.clock import SystemClock
from bot.config import Settings, load
from bot.crm.connected import ConnectedSources
from bot.crm.kinds import KINDS
from bot.errors import CadenceError, ConfigurationError
from bot.services.home import Home
from bot.services.matching import Matching
from bot.services.ports.sync import Connection, SyncState
from bot.services.source_check import Had, check
from bot.services.source_errors import SourceError
from bot.services.sync_verifiers import mapped_fields
from bot.services.syncing import Syncing
from bot.storage.engine import connect
from bot.surroundings import office, syncing
from bot.vault import Vault, new_key

FAILED = 1
NAMED = 10
"""So many people are named; a longer list isn't read."""


def add(commands: Commands, prepare: Callable[[str], None]) -> None:
    """Add the commands; ``prepare`` brings the database of an address up to date."""
    connecting = commands.add_parser("connect", help="connect a CRM, a database, a folder or a calendar")
    connecting.add_argument("source", choices=[*KINDS, *CALENDAR_KINDS])
    connecting.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="answer a question here")
    connecting.add_argument("--stdin", action="store_true", help="read the answers from standard input, as JSON")
    connecting.add_argument("--fields", action="store_true", help="list the fields that verifiers can be mapped to")
    connecting.set_defaults(command=lambda options: _prepared(_connect, options, prepare))

    leaving = commands.add_parser("disconnect", help="forget a connected source and its secrets")
    leaving.add_argument("source")
    leaving.add_argument(
        "--forget",
        action="store_true",
        help="what it alone said (deals, activities, goals, who manages whom) no longer counts: another takes over",
    )
    leaving.set_defaults(command=lambda options: _prepared(_disconnect, options, prepare))

    reading = commands.add_parser("sync", help="read connected sources now")
    reading.add_argument("--whole", action="store_true", help="read everything, not only what changed")
    reading.add_argument("--accept-vanished", action="store_true", help="believe it when most deals are gone")
    reading.set_defaults(command=lambda options: _prepared(_sync, options, prepare))

    matching = commands.add_parser("match", help="say who of a source is who of your people")
    matching.add_argument("source")
    matching.add_argument("who", help="the id or address that cadence doctor lists")
    whom = matching.add_mutually_exclusive_group(required=True)
    whom.add_argument("email", nargs="?", help="the address of one of your people")
    whom.add_argument("--forget", action="store_true", help="go by the address again")
    matching.set_defaults(command=lambda options: _prepared(_match, options, prepare))

    keys = commands.add_parser("keys", help="the keys that seal the secrets of sources").add_subparsers(required=True)
    keys.add_parser("new", help="print a key").set_defaults(command=_new_key)
    turning = keys.add_parser("rotate", help="seal all secrets with the first key of the setting")
    turning.set_defaults(command=lambda options: _prepared(_rotate, options, prepare))


def _prepared(
    command: Callable[[argparse.Namespace, Settings], Any], options: argparse.Namespace, prepare: Callable[[str], None]
) -> int:
    settings = load(os.environ, need_slack=False)
    prepare(settings.database_url)
    return int(asyncio.run(command(options, settings)) or 0)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Syncing]:
    database = connect(settings.database_url)
    try:
        yield syncing(settings, office(settings, database, SystemClock()))
    finally:
        await database.dispose()


async def _connect(options: argparse.Namespace, settings: Settings) -> int:
    if options.source in CALENDAR_KINDS:
        return await connect_calendar(options.source, answers(CALENDAR_KINDS[options.source].asks, options), settings)
    kind, vault, clock = KINDS[options.source], Vault(settings.vault_keys()), SystemClock()
    async with _opened(settings) as sources:
        await sources.may_connect(options.source)  # before anything is asked
    given = answers(kind.asks, options)
    secrets, plain = kind.parted(given)
    sealed = vault.seal(secrets) if secrets else ""  # before anything is tried, so that a missing key is said first
    async with _opened(settings) as sources:
        fields = mapped_fields(sources.playbook)
        source = ConnectedSources(vault, clock, known_country=known_country).from_given(options.source, given, fields)
        if sys.stderr.isatty():
            print(f"Trying {kind.title}, for minutes where it doesn't answer.", file=sys.stderr)
        try:
            found = await check(source)
            listed = await source.fields() if options.fields else ()
        finally:
            await source.close()
        print("\n".join(map(_line, found)))
        for field in listed:
            print(f"     {field.name}: {field.label} ({field.kind})")
        if any(not one.good and one.needed for one in found):
            print(f"{kind.title} isn't connected: mend the above first.", file=sys.stderr)
            return FAILED
        await sources.connect(Connection(options.source, plain, sealed, clock.now()))
    print(f"{kind.title} is connected. `cadence sync` reads it now; a running bot does within a minute.")
    return 0


def _line(had: Had) -> str:
    return f"{'ok  ' if had.good else 'FIX ' if had.needed else 'no  '} {had.need}: {had.words}"


async def _disconnect(options: argparse.Namespace, settings: Settings) -> None:
    if options.source in CALENDAR_KINDS:
        await disconnect_calendar(options.source, settings)
        return
    async with _opened(settings) as sources:
        left = await sources.disconnect(options.source, forget=options.forget)
    kind = KINDS[options.source]
    gone = " and its secrets are gone. Revoke the key there too." if kind.has_secrets else "."
    print(f"{kind.title} is disconnected{gone}")
    if options.forget:
        print("\n".join(_forgotten(kind.title, [one.name for one in left])))


def _forgotten(title: str, people: Sequence[str]) -> Iterator[str]:
    """Give a line for each thing that became of what a source had brought."""
    yield (
        "Its deals, activities and revenue goals no longer count. What you imported stays, and what people said and "
        "agreed in Cadence."
    )
    if people:
        more = f" and {len(people) - NAMED} more" if len(people) > NAMED else ""
        yield (
            f"Only {title} knew these: {', '.join(people[:NAMED])}{more}. They stay, with what they said and agreed, "
            "but without a manager: 1:1s that are planned with them end by tomorrow morning, with the reason. They go "
            "on once another source, or a people.csv that you import, has their addresses with a manager's."
        )


async def _sync(options: argparse.Namespace, settings: Settings) -> int:
    async with _opened(settings) as sources:
        connected = await sources.connections()
        if not connected:
            raise ConfigurationError(f"No source is connected: `cadence connect` one of {', '.join(KINDS)}.")
        for connection in connected:
            try:
                done = await sources.run(
                    connection.name, whole=options.whole, accept_vanished=options.accept_vanished, progress=_progress
                )
            except SourceError as error:
                raise CadenceError(f"{error}\nNothing of it is shown: what was read last stands.") from error
            _tell(done)
    return 0


async def _progress(state: SyncState) -> None:
    if sys.stderr.isatty():
        print(f"\r{state.read:,} deals read", end="", file=sys.stderr, flush=True)


def _tell(state: SyncState) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    kind = "everything" if state.whole else "what changed"
    print(f"{KINDS[state.source].title}: read {kind}, {state.read:,} deals.")
    for note in state.notes:
        print(f"  {note}")


async def _match(options: argparse.Namespace, settings: Settings) -> None:
    database = connect(settings.database_url)
    try:
        house = office(settings, database, SystemClock())
        matching = Matching(house, Home(house))
        person = await matching.match(options.source, options.who, None if options.forget else options.email)
    finally:
        await database.dispose()
    whom = "whoever has the same address" if person is None else person.name
    print(f"From the next sync on {options.who} is {whom}.")


def _new_key(_: argparse.Namespace) -> int:
    print(new_key())
    return 0


async def _rotate(_: argparse.Namespace, settings: Settings) -> None:
    vault = Vault(settings.vault_keys())
    async with _opened(settings) as sources:
        count = await sources.reseal(vault.reseal)
    print(f"Sealed the secrets of {count} connected sources with the first key. The others can be taken away.")


def unplaced(file: Path | None) -> tuple[str, ...]:
    """Return a line for each stage of the connected sources, and each mapped field, that the playbook gets wrong."""
    return asyncio.run(_unplaced(load(os.environ, need_slack=False), file))


async def _unplaced(settings: Settings, file: Path | None) -> tuple[str, ...]:
    chosen = settings.model_copy(update={"playbook": file})
    lines: list[str] = []
    async with _opened(chosen) as sources:
        for connection in await sources.connections():
            title = KINDS[connection.name].title
            for stage, shown in await sources.unplaced_stages(connection.name):
                of = f" of {stage.pipeline_name}" if stage.pipeline_name else ""
                lines.append(
                    f"{title}: the stage '{shown}'{of} is in no stage of the playbook: add it to crm of one, "
                    "or leave it out as long as customers have given nothing there"
                )
            lines += await sources.unknown_fields(connection)
    return tuple(lines)
