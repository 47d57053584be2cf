"""What the doctor finds of the connected calendar."""

from __future__ import annotations

from contextlib import AsyncExitStack

from bot.calendars.connected import ConnectedCalendar
from bot.clock import SystemClock
from bot.coaching.said import say
from bot.config import Settings
from bot.doctor.naming import some
from bot.errors import CadenceError
from bot.services.ports.checkups import Finding
from bot.surroundings import calendars
from bot.vault import Vault


async def calendar(settings: Settings) -> list[Finding]:
    """Say whether the calendar answers, and whose it doesn't tell of; nothing where none is connected."""
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(calendars(settings))
        except CadenceError:  # the playbook can't be read, which has been said
            return []
        try:
            connected = ConnectedCalendar(connection.current, Vault(settings.vault_keys()), SystemClock())
            stack.push_async_callback(connected.close)
            provider = await connected.provider()
            if provider is None:
                return []
            read, unread = await connection.reached(provider)
        except CadenceError as error:
            return [Finding(say("calendar"), good=False, sentence=str(error))]
    reached = say("{n} of your people's calendars can be read", n=len(read))
    findings = [Finding(provider.title, good=bool(read), sentence=reached)]
    if unread:
        words = say("these can't be read, so nothing avoids their times: {names}", names=some(unread))
        findings.append(Finding(provider.title, good=False, sentence=words))
    return findings
