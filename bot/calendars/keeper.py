"""Goes round between our 1:1s and the connected calendar, again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from bot.calendars.taken import TakenByCalendars
from bot.errors import CadenceError
from bot.services.calendar_entries import CalendarEntriesKeeping, Removal, Writing
from bot.services.ports import Clock
from bot.services.ports.calendars import CalendarProvider, Taken
from bot.services.source_errors import Fault, SourceError

log = logging.getLogger(__name__)

AHEAD = timedelta(days=45)
"""So far ahead people's times are looked at: beyond the latest day of any next 1:1."""


class Connected(Protocol):
    async def provider(self) -> CalendarProvider | None: ...
    async def close(self) -> None: ...


class CalendarKeeper:
    """A part of the process; several replicas may run one each, for everything it does may be done twice.

    A round begins every ``seconds``. One that fails is told in the log and tried again at the next.
    """

    def __init__(
        self,
        connected: Connected,
        keeping: Callable[[str], CalendarEntriesKeeping],
        taken: TakenByCalendars,
        clock: Clock,
        *,
        seconds: float,
    ) -> None:
        self._connected = connected
        self._keeping = keeping
        self._taken = taken
        self._clock = clock
        self._seconds = seconds
        self.failing: CadenceError | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Go round until ``stop``."""
        try:
            while not stop.is_set():
                await self.round()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await stop.wait()
        finally:
            await self._connected.close()

    async def round(self) -> None:
        """Look at everybody's times, follow what people moved, then write what is to be written."""
        provider, self.failing = None, None
        try:
            provider = await self._connected.provider()
            if provider is None:
                self._taken.set({})
                return
            await self._go_round(provider, self._keeping(provider.name))
        except CadenceError as error:
            self.failing = error
            fault = error.fault.value if isinstance(error, SourceError) else type(error).__name__
            log.warning("calendar.failed", extra={"provider": provider.name if provider else "", "fault": fault})

    async def _go_round(self, provider: CalendarProvider, keeping: CalendarEntriesKeeping) -> None:
        if self._taken.is_empty():  # the process is new: what was known before does until the calendar has answered
            self._taken.set(await keeping.take_in({}))
        await self._look_at_times(provider, keeping)
        for entry, owner in await keeping.to_look_at():
            await keeping.found(entry, await provider.look(owner, entry.ref))
        for one in await keeping.to_do():
            await self._do(provider, keeping, one)

    async def _look_at_times(self, provider: CalendarProvider, keeping: CalendarEntriesKeeping) -> None:
        people = await keeping.people()
        now = self._clock.now()
        said = await provider.busy(people, now, now + AHEAD)
        read: dict[str, tuple[Taken, ...]] = {email: times for email, times in said.items() if times is not None}
        if unread := len(people) - len(read):
            log.info("calendar.unread", extra={"provider": provider.name, "people": unread})
        known = await keeping.take_in({people[email]: times for email, times in read.items()})
        self._taken.set(known)
        await keeping.make_way(known)

    async def _do(self, provider: CalendarProvider, keeping: CalendarEntriesKeeping, one: Writing | Removal) -> None:
        """Write one entry; that its owner has no calendar there keeps nobody else from theirs."""
        try:
            if isinstance(one, Removal):
                await provider.remove(one.owner, one.entry.ref)
                await keeping.removed(one)
            else:
                await keeping.written(one, await provider.put(one.invitation, one.ref))
        except SourceError as error:
            if error.fault not in (Fault.NOT_THERE, Fault.SCOPE, Fault.REQUEST):
                raise
            log.warning("calendar.refused", extra={"provider": provider.name, "fault": error.fault.value})
