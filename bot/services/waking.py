"""Keeps what nobody waits for until its reader works, also when it could be sent only now."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfoNotFoundError

from bot.services.office import Office
from bot.services.ports import Claimed


class WakingHours:
    """Asked right before a post: since it was due the bot was down, Slack refused it, or leave began."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def sleeps_until(self, claimed: Claimed) -> datetime | None:
        """Return the next working hour of somebody to whom the message is to be posted then; None says now.

        What is awaited is said now, and so is what has to be said by now; nothing is put off past that. Where nobody
        knows what time it is, in a zone that this machine's tzdata hasn't, it is said now rather than never.
        """
        now = self._office.clock.now()
        awaited = claimed.awaited_until is not None and now <= claimed.awaited_until
        if awaited or (claimed.latest is not None and claimed.latest <= now):
            return None
        async with self._office.store.reading() as tx:
            reader = await tx.people.get(claimed.to)
            if reader is None:
                return None
            try:
                when = await self._office.at_work(tx, reader, latest=claimed.latest)
            except ZoneInfoNotFoundError:
                return None
        return when if when > self._office.clock.now() else None  # the clock went on meanwhile
