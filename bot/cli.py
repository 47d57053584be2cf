"""The command line: `cadence COMMAND`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from pathlib import Path

from bot import cli_sources, doctor, logs, playbook_file
from bot.app import open_bot
from bot.calendars.public_holidays import known_country
from bot.clock import SpedClock, SystemClock, is_loopback
from bot.coaching.records import Person
from bot.config import Settings, load
from bot.crm import csv_files
from bot.crm.example import write_example
from bot.demo import crm, headless, interactive
from bot.demo.organisation import START
from bot.errors import CadenceError, ConfigurationError
from bot.explain import explain
from bot.manifest import manifest
from bot.services.ports import Clock
from bot.services.restoration import came_back
from bot.services.roster import bring
from bot.slack.errors import Outcome, SlackFailureError
from bot.storage import backup, migrate
from bot.storage.engine import connect
from scheduler.runner import stopped_by_signals

log = logging.getLogger(__name__)

FAILED = 1
INTERRUPTED = 130
"""What a shell says of a program that Ctrl-C ended."""
LAST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 something is wrong and said, 2 the command itself can't be read."""
    sys.exit(_run(_parser().parse_args(arguments)))


def _run(options: argparse.Namespace) -> int:
    logs.configure("ERROR", "text")  # a command says itself what is the matter; those that serve choose anew
    try:
        return int(options.command(options) or 0)
    except CadenceError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads our output has seen enough, like head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cadence", description="Runs sales 1:1s in Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="play a whole 1:1 cycle on real data in a local Slack")
    demo.add_argument("--headless", action="store_true", help="with simulated people, without a page")
    demo.add_argument("--weeks", type=_positive, default=4, help="how many weeks to play headless (default 4)")
    demo.add_argument("--transcript", type=Path, help="write everything said and done to this file, as JSON lines")
    demo.add_argument(
        "--now", type=_instant, default=START, help="where the clock starts (default 2017-10-02 07:00 UTC)"
    )
    demo.add_argument("--port", type=_port, default=interactive.PORT, help="of the page, on loopback (default 8765)")
    demo.add_argument("--seed", type=_whole, default=1, help="the simulated people's luck (default 1)")
    demo.add_argument("--source", choices=crm.SOURCES, help="read everything from a local CRM shaped like this one")
    demo.set_defaults(command=_demo)

    run = commands.add_parser("run", help="run the bot")
    run.add_argument("--now", type=_instant, help="for staging on a local Slack only: where the clock starts")
    run.add_argument(
        "--speed", type=_number, default=1.0, help="for staging only: seconds of the clock per real second"
    )
    run.set_defaults(command=_serve)

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

    example = commands.add_parser("example", help="write CSV files to begin your own with")
    example.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    example.set_defaults(command=_example)

    explaining = commands.add_parser("explain", help="print every number of each rep with its inputs")
    explaining.add_argument("--data", type=Path, required=True, metavar="DIR", help="import format, or the public set")
    explaining.add_argument("--as-of", type=_day, required=True, metavar="DATE", help="like 2017-10-02")
    explaining.add_argument("--rep", help="only this rep, by name")
    explaining.add_argument("--json", action="store_true")
    explaining.set_defaults(command=_explain)

    playbook = commands.add_parser("playbook", help="work on the playbook").add_subparsers(required=True)
    check = playbook.add_parser("check", help="say what hangs loose in a playbook")
    check.add_argument("file", type=Path, nargs="?", help="default: the one in use")
    check.add_argument("--source", action="store_true", help="also find the connected CRM's stages it doesn't place")
    check.set_defaults(command=_check_playbook)

    printing = commands.add_parser("manifest", help="print the app manifest to create the Slack app from")
    printing.add_argument(
        "--http", type=_https, metavar="URL", help="for HTTP mode: the public https address of /slack/events"
    )
    printing.set_defaults(command=_manifest)

    cli_sources.add(commands, _upgrade)

    commands.add_parser("doctor", help="check settings, database, Slack and people").set_defaults(command=_doctor)
    return parser


def _demo(options: argparse.Namespace) -> int:
    logs.configure("WARNING", "text")
    if options.headless:
        played = headless.play(options.now, options.weeks, options.transcript, seed=options.seed)
        print(asyncio.run(played))
        return 0
    asyncio.run(interactive.show(options.now, options.port, source=options.source))
    return 0


def _serve(options: argparse.Namespace) -> int:
    settings = load(os.environ, need_slack=True)
    logs.configure(settings.log_level, settings.log_format)
    clock = _clock(settings, options.now, options.speed)
    _upgrade(settings.database_url)
    try:
        asyncio.run(_run_until_stopped(settings, clock))
    except CadenceError:
        raise
    except Exception:
        log.exception("process.broke")  # the words of an exception may quote people, so Python doesn't print it
        return FAILED
    return 0


async def _run_until_stopped(settings: Settings, clock: Clock) -> None:
    bot = await open_bot(settings, clock, trust_slack_clock=not isinstance(clock, SpedClock))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bot.close)  # the runner does it too, once it has begun
        stop = await stack.enter_async_context(stopped_by_signals())
        try:
            await bot.cases.first_day.open()
            unmatched = await bot.match_people()
        except SlackFailureError as error:
            raise ConfigurationError(f"{error} {_remedy(error)}") from error
        for person in unmatched:
            log.warning("people.unmatched", extra={"person": person.id})
        await bot.cases.first_day.greet()
        await bot.cases.roster.plan_all()
        await bot.runner().run_until(stop)


def _remedy(error: SlackFailureError) -> str:
    if error.outcome is Outcome.STOP:
        return error.remedy
    return "Check SLACK_API_URL and the way to it, then start again."


def _clock(settings: Settings, now: datetime | None, speed: float) -> Clock:
    """Return the real clock, or a moved one for staging.

    Raises ConfigurationError unless the moved one is for a local Slack: real people mustn't be written to in a hurry.
    """
    if now is None and speed == 1.0:
        return SystemClock()
    if not is_loopback(settings.slack_api_url):
        raise ConfigurationError(
            "--now and --speed move the bot's clock and are for a local Slack only: set SLACK_API_URL to an address "
            "on loopback, or leave them out.",
        )
    return SpedClock(now or SystemClock().now(), speed)


def _migrate(_: argparse.Namespace) -> int:
    _upgrade(load(os.environ, need_slack=False).database_url)
    print("The database is up to date.")
    return 0


def _upgrade(url: str) -> None:
    """Migrate. Raises ConfigurationError for a database that can't be reached, or that a newer Cadence migrated."""
    try:
        migrate.upgrade(url)
    except doctor.DATABASE_FAULTS as error:
        raise ConfigurationError(f"The database {doctor.database_fault(error)}.") from error


def _backup(options: argparse.Namespace) -> int:
    backup.copy_out(load(os.environ, need_slack=False).database_url, options.file)
    print(f"All that was committed is in {options.file}. It holds people's notes: keep it as you keep those.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    settings = load(os.environ, need_slack=False)
    if options.file is not None:
        moved = backup.put_back(settings.database_url, options.file)
        print(f"{options.file} is the database now." + (f" What was there before is {moved}." if moved else ""))
    _upgrade(settings.database_url)
    again = asyncio.run(_doubt(settings))
    print(
        f"{again} messages about what is open will be brought back to what the backup knows. For a month nothing is "
        "posted before Slack was asked whether it was said since the backup. Now start the bot."
    )
    return 0


async def _doubt(settings: Settings) -> int:
    database = connect(settings.database_url)
    try:
        async with database.transaction() as tx:
            return await came_back(tx)
    finally:
        await database.dispose()


def _whose(options: argparse.Namespace) -> int:
    settings = load(os.environ, need_slack=False)
    _upgrade(settings.database_url)
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
    _upgrade(settings.database_url)
    counts = asyncio.run(_upsert(settings, records))
    print("Imported " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count) + ".")
    return 0


def _example(options: argparse.Namespace) -> int:
    folder = write_example(options.folder, SystemClock().now().date())
    print(f"{folder} holds people.csv, deals.csv and goals.csv: put your own rows there, then cadence import {folder}")
    return 0


async def _upsert(settings: Settings, records: csv_files.Records) -> dict[str, int]:
    database = connect(settings.database_url)
    try:
        async with database.transaction() as tx:
            return await bring(tx, records)
    finally:
        await database.dispose()


def _explain(options: argparse.Namespace) -> int:
    playbook = load(os.environ, need_slack=False).playbook_path
    print(explain(options.data, options.as_of, rep=options.rep, as_json=options.json, playbook=playbook))
    return 0


def _check_playbook(options: argparse.Namespace) -> int:
    file = options.file or load(os.environ, need_slack=False).playbook_path
    findings = (*playbook_file.check_file(file), *(cli_sources.unplaced(file) if options.source else ()))
    print("\n".join(findings) or "The playbook holds together: nothing hangs loose.")
    return FAILED if findings else 0


def _manifest(options: argparse.Namespace) -> int:
    described = manifest("http", options.http) if options.http else manifest()
    print(json.dumps(described, indent=2))
    return 0


def _doctor(_: argparse.Namespace) -> int:
    findings = asyncio.run(doctor.examine(os.environ))
    print("\n".join(str(finding) for finding in findings))
    return FAILED if any(not finding.good for finding in findings) else 0


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't an instant like 2017-10-02T09:00+02:00") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a day like 2017-10-02") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number") from error


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number") from error


def _positive(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _port(text: str) -> int:
    number = _whole(text)
    if not 0 <= number <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"must be 0 (any free one) to {LAST_PORT}")
    return number


def _https(text: str) -> str:
    if not text.startswith("https://"):
        raise argparse.ArgumentTypeError("Slack must reach it: give its public address, https://...")
    return text
