"""Goes round between our 1:1s and a connected calendar, again and again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta

from bot.calendars.taken import TakenByCalendars
from bot.services.calendar_entries import CalendarEntriesKeeping, Removal, Writing
from bot.services.calendar_ports import CalendarProvider, Taken
from bot.services.ports import Clock
from bot.services.source_errors import Fault, SourceError

log = logging.getLogger(__name__)

AHEAD = timedelta(days=45)
"""So far ahead people's times are looked at: beyond the latest day of any next 1:1."""


class CalendarKeeper:
    """A part of the process; several replicas may run one each, for everything it does may be done twice.

    Times are looked at every ``seconds``. A round that fails is told in the log and tried again at the next.
    """

    def __init__(
        self,
        provider: CalendarProvider,
        keeping: CalendarEntriesKeeping,
        taken: TakenByCalendars,
        clock: Clock,
        *,
        seconds: float,
    ) -> None:
        self._provider = provider
        self._keeping = keeping
        self._taken = taken
        self._clock = clock
        self._seconds = seconds
        self.failing: SourceError | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Go round until ``stop``."""
        self._taken.set(await self._keeping.take_in({}))
        while not stop.is_set():
            await self.round()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await stop.wait()
        await self._provider.close()

    async def round(self) -> None:
        """Look at everybody's times, follow what people moved, then write what is to be written."""
        try:
            await self._look_at_times()
            for entry, owner in await self._keeping.to_look_at():
                await self._keeping.found(entry, await self._provider.look(owner, entry.ref))
            for one in await self._keeping.to_do():
                await self._do(one)
        except SourceError as error:
            self.failing = error
            log.warning("calendar.failed", extra={"provider": self._provider.name, "fault": error.fault.value})
        else:
            self.failing = None
            log.debug("calendar.kept", extra={"provider": self._provider.name})

    async def _look_at_times(self) -> None:
        people = await self._keeping.people()
        now = self._clock.now()
        said = await self._provider.busy(people, now, now + AHEAD)
        read: dict[str, tuple[Taken, ...]] = {email: times for email, times in said.items() if times is not None}
        if unread := len(people) - len(read):
            log.info("calendar.unread", extra={"provider": self._provider.name, "people": unread})
        known = await self._keeping.take_in({people[email]: times for email, times in read.items()})
        self._taken.set(known)
        await self._keeping.make_way(known)

    async def _do(self, one: Writing | Removal) -> None:
        """Write one entry; that its owner has no calendar there keeps nobody else from theirs."""
        try:
            if isinstance(one, Removal):
                await self._provider.remove(one.owner, one.entry.ref)
                await self._keeping.removed(one)
            else:
                await self._keeping.written(one, await self._provider.put(one.invitation, one.ref))
        except SourceError as error:
            if error.fault not in (Fault.NOT_THERE, Fault.SCOPE, Fault.REQUEST):
                raise
            log.warning("calendar.refused", extra={"provider": self._provider.name, "fault": error.fault.value})
