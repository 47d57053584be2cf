"""What a connection is asked for: given by --set, by standard input or at a prompt."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.errors import BadInputError
from bot.vendors.ask import Ask


def answers(asks: tuple[Ask, ...], options: argparse.Namespace) -> dict[str, str]:
    """Return each answer: from --set, standard input or a prompt. Raises BadInputError for one that isn't asked."""
    given = dict(_pair(one) for one in options.set)
    shown = [ask.name for ask in asks if ask.secret and not ask.file and ask.name in given]
    if shown:
        raise BadInputError(
            f"{shown[0]} is secret, and stays in the shell's history if it is given with --set: give it when you are "
            "asked, or with --stdin."
        )
    if options.stdin:
        given |= _from_stdin()
    unknown = sorted(set(given) - {ask.name for ask in asks})
    if unknown:
        names = ", ".join(ask.name for ask in asks)
        raise BadInputError(f"{', '.join(unknown)} isn't asked for: there are {names}.")
    for ask in asks:
        if not given.get(ask.name):
            given[ask.name] = _asked(ask) if ask.default is None else ask.default
    return given | {ask.name: _content(given[ask.name]) for ask in asks if ask.file}


def _content(value: str) -> str:
    """Return JSON as it is, and else what the file of that name holds. Raises BadInputError if it can't be read."""
    if value.lstrip().startswith("{"):
        return value
    try:
        return Path(value).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't text"
        raise BadInputError(f"The file {value} can't be read ({reason}): name the one that holds the key.") from error


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadInputError(f"--set {name} has no value: write --set {name}=...")
    return name, value.strip()


def _from_stdin() -> Mapping[str, str]:
    try:
        found = json.loads(sys.stdin.read())
    except ValueError as error:
        raise BadInputError('Standard input isn\'t JSON: write {"key": "..."}.') from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadInputError('Standard input must be one JSON object of texts: {"key": "..."}.')
    return found


def _asked(ask: Ask) -> str:
    if not sys.stdin.isatty():
        way = (
            f'Give it with --stdin, as JSON: {{"{ask.name}": "..."}}'
            if ask.secret
            else f"Give it: --set {ask.name}=..."
        )
        raise BadInputError(f"{ask.name} is needed: {ask.words}. {way}")
    given = (getpass.getpass if ask.secret else input)(f"{ask.words}: ").strip()
    if not given:
        raise BadInputError(f"{ask.name} is needed: nothing was connected.")
    return given
