"""The parser of the command line, which runs one command."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import doctor, logs, playbook_file
from bot.cli import database, running, sources
from bot.cli.values import day, https, instant, port, positive, whole
from bot.clock import SystemClock
from bot.config import load
from bot.crm.example import write_example
from bot.demo import crm, headless, interactive
from bot.demo.organisation import START
from bot.doctor.database import UNUSABLE, database_fault
from bot.errors import CadenceError
from bot.explain import explain
from bot.slack.manifest import manifest

log = logging.getLogger(__name__)

FAILED = 1
INTERRUPTED = 130
"""What a shell says of a program that Ctrl-C ended."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 something is wrong and said, 2 the command itself can't be read."""
    sys.exit(_run(_parser().parse_args(arguments)))


def _run(options: argparse.Namespace) -> int:
    logs.configure("ERROR", "text")  # a command says itself what is the matter; those that serve choose anew
    try:
        return int(options.command(options) or 0)
    except CadenceError as error:
        said = str(error)
    except UNUSABLE as error:
        said = f"The database {database_fault(error)}."
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads our output has seen enough, like head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        said = f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
    except Exception:
        log.exception("process.broke")  # the words of an exception may quote people, so Python doesn't print it
        return FAILED
    print(said, file=sys.stderr)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cadence", description="Runs sales 1:1s in Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="play a whole 1:1 cycle on real data in a local Slack")
    demo.add_argument("--headless", action="store_true", help="with simulated people, without a page")
    demo.add_argument("--weeks", type=positive, default=4, help="how many weeks to play headless (default 4)")
    demo.add_argument("--transcript", type=Path, help="write everything said and done to this file, as JSON lines")
    demo.add_argument(
        "--now", type=instant, default=START, help="where the clock starts (default 2017-10-02 07:00 UTC)"
    )
    demo.add_argument("--port", type=port, default=interactive.PORT, help="of the page, on loopback (default 8765)")
    demo.add_argument("--seed", type=whole, default=1, help="the simulated people's luck (default 1)")
    demo.add_argument("--source", choices=crm.SOURCES, help="read everything from a local CRM shaped like this one")
    demo.set_defaults(command=_demo)

    running.add(commands)
    database.add(commands)

    example = commands.add_parser("example", help="write CSV files to begin your own with")
    example.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    example.set_defaults(command=_example)

    explaining = commands.add_parser("explain", help="print every number of each rep with its inputs")
    explaining.add_argument("--data", type=Path, required=True, metavar="DIR", help="import format, or the public set")
    explaining.add_argument("--as-of", type=day, required=True, metavar="DATE", help="like 2017-10-02")
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
        "--http", type=https, metavar="URL", help="for HTTP mode: the public https address of /slack/events"
    )
    printing.set_defaults(command=_manifest)

    sources.add(commands, database.upgrade)

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


def _example(options: argparse.Namespace) -> int:
    folder = write_example(options.folder, SystemClock().now().date())
    print(f"{folder} holds people.csv, deals.csv and goals.csv: put your own rows there, then cadence import {folder}")
    return 0


def _explain(options: argparse.Namespace) -> int:
    playbook = load(os.environ, need_slack=False).playbook_path
    print(explain(options.data, options.as_of, rep=options.rep, as_json=options.json, playbook=playbook))
    return 0


def _check_playbook(options: argparse.Namespace) -> int:
    file = options.file or load(os.environ, need_slack=False).playbook_path
    findings = (*playbook_file.check_file(file), *(sources.unplaced(file) if options.source else ()))
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
