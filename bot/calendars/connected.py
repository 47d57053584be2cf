"""The connected calendar, opened, and opened anew when it is connected anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.calendars.kinds import make
from bot.services.ports import Clock
from bot.services.ports.calendars import CalendarProvider
from bot.services.ports.sync import Connection


class Vault(Protocol):
    def open(self, sealed: str) -> dict[str, str]: ...


class ConnectedCalendar:
    """``current`` tells what is connected now: an admin may connect and disconnect while the bot runs."""

    def __init__(self, current: Callable[[], Awaitable[Connection | None]], vault: Vault, clock: Clock) -> None:
        self._current = current
        self._vault = vault
        self._clock = clock
        self._opened: tuple[Connection, CalendarProvider] | None = None

    async def provider(self) -> CalendarProvider | None:
        """Return the calendar, None where none is connected. Raises ConfigurationError for what can't be used."""
        connection = await self._current()
        if self._opened is not None and self._opened[0] != connection:
            await self.close()
        if self._opened is None and connection is not None:
            secrets = self._vault.open(connection.secret)
            self._opened = connection, make(connection.name, {**connection.options, **secrets}, self._clock)
        return None if self._opened is None else self._opened[1]

    async def close(self) -> None:
        if self._opened is not None:
            opened, self._opened = self._opened[1], None
            await opened.close()
