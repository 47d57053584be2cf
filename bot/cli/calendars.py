"""Connecting and leaving a calendar from the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping

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
    secrets, plain = kind.parted(given)
    sealed = vault.seal(secrets)  # before anything is tried, so that a missing key is said first
    async with calendars(settings) as connection:
        provider = make(name, given, clock)
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
        await connection.connect(Connection(name, plain, sealed, clock.now()))
    print(f"{kind.title} is connected: a running bot writes 1:1s there within {settings.calendar_minutes} minutes.")
    return 0


async def disconnect_calendar(name: str, settings: Settings) -> None:
    async with calendars(settings) as connection:
        await connection.disconnect(name)
    print(f"{name} is disconnected and its secrets are gone. What stands in the calendars stays; revoke the key there.")
