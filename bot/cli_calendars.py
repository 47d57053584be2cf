"""Connecting and leaving a calendar from the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.calendars.kinds import KINDS, make
from bot.clock import SystemClock
from bot.config import Settings
from bot.services.ports.sync import Connection
from bot.surroundings import calendars
from bot.vault import Vault

FAILED = 1
SHOWN = 20


async def connect_calendar(name: str, given: Mapping[str, str], settings: Settings) -> int:
    """Try a calendar with what was told, keep it if anybody's can be read, and say whose can't."""
    kind, vault, clock = KINDS[name], Vault(settings.vault_keys()), SystemClock()
    told = {key: _content(value) if key == "key" else value for key, value in given.items()}
    secrets = {ask.name: told[ask.name] for ask in kind.asks if ask.secret}
    sealed = vault.seal(secrets)  # before anything is tried, so that a missing key is said first
    async with calendars(settings) as connection:
        provider = make(name, told, clock)
        try:
            read, unread = await connection.reached(provider)
        finally:
            await provider.close()
        print(f"{'ok  ' if read else 'FIX '} calendars: {len(read)} of your people's can be read")
        if unread:
            more = f" and {len(unread) - SHOWN} more" if len(unread) > SHOWN else ""
            print(f"no   calendars: these can't, so only the 1:1 hours count there: {', '.join(unread[:SHOWN])}{more}")
        if not read:
            print(f"{kind.title} isn't connected: docs/sources.md says what it needs.", file=sys.stderr)
            return FAILED
        plain = {key: value for key, value in told.items() if key not in secrets}
        await connection.connect(Connection(name, plain, sealed, clock.now()))
    print(f"{kind.title} is connected: a running bot writes 1:1s there within {settings.calendar_minutes} minutes.")
    return 0


async def disconnect_calendar(name: str, settings: Settings) -> None:
    async with calendars(settings) as connection:
        await connection.disconnect(name)
    print(f"{name} is disconnected and its secrets are gone. What stands in the calendars stays; revoke the key there.")


def _content(value: str) -> str:
    """Return what a file holds, where a key is given by its file."""
    if not value.lstrip().startswith("{"):
        with suppress(OSError, ValueError):
            return Path(value).read_text(encoding="utf-8")
    return value
