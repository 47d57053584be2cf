"""Lets what waits to be said to somebody follow them to another zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import instant
from bot.services.office import Office
from bot.services.ports import Transaction, Waiting


class Relocation:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def follow(self, tx: Transaction, people: Iterable[tuple[Person, Person]]) -> None:
        """Let each message that waits come at the hour it was meant for, by the clocks where the person is now.

        ``people`` are those who may have moved, each before and after it.
        """
        moved = {after.id: (before, after) for before, after in people if before.timezone != after.timezone}
        if not moved:
            return
        for person, messages in (await tx.outbox.waiting_for(moved, self._office.clock.now())).items():
            for waiting in messages:
                await tx.outbox.time_anew(waiting, await self._due(tx, waiting, *moved[person]))

    async def _due(self, tx: Transaction, waiting: Waiting, before: Person, after: Person) -> datetime:
        now = self._office.clock.now()
        meant = waiting.due_at.astimezone(ZoneInfo(before.timezone))
        there = instant(meant.date(), meant.time(), after.timezone)
        due = there if there > now else await self._office.at_work(tx, after)
        return due if waiting.latest is None else max(now, min(due, waiting.latest))
